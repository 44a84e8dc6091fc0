"""The steps on an issue: the page offers what may be sent, and nothing else."""

import pytest

from tests.issue_makers import doer, make_issue
from tests.site import Site
from tracker.actions import escalate
from tracker.rules.lifecycle import Cause

ADDRESS = "/issues/RIV-1/escalation"
FORM = {"cause": Cause.RISK.value, "tier": "3", "reason": "A fall is likely."}


@pytest.mark.parametrize("skip, offered, status", [("anyone", True, 303), ("", False, 403)])
def test_front_line_staff_are_offered_to_take_it_up_where_the_ladder_lets_anyone_do_so(
    site: Site, skip: str, offered: bool, status: int
) -> None:
    with site.db.write() as session:
        cast = site.cast
        session.add(cast.ladder)
        session.add(cast.partnership)
        cast.ladder.skip = skip
        cast.partnership.changed()
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause=Cause.RISK)
    sam = site.guest("sam")
    assert (f'action="{ADDRESS}"' in sam.get("/issues/RIV-1").text) is offered
    assert sam.post(ADDRESS, FORM).status_code == status
