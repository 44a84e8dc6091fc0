"""The steps on an issue: the page offers what may be sent, and nothing else."""

import inspect
from collections import Counter

import pytest
from pydantic.fields import FieldInfo

from tests.actions.test_resolve import LATER, resolved
from tests.issue_makers import ask_stayed_fixed, doer, make_issue
from tests.site import Site
from tracker.actions import escalate, resolve
from tracker.pages.issues.steps import STEPS, WRITTEN, IssueStep
from tracker.pages.web.page import environment
from tracker.rules.lifecycle import Cause
from tracker.rules.rings import MAY, Step

ADDRESS = "/issues/RIV-1/escalation"
LINE = 200  # letters of what is chosen or named, rather than written
FORM = {"cause": Cause.RISK.value, "tier": "3", "reason": "A fall is likely."}


def test_every_step_has_one_row_and_a_policy() -> None:
    apart = [Step.REWORD, Step.REDACT]  # a part of amending; a page of its own
    assert Counter([*(step.policy for step in STEPS.values()), *apart]) == Counter(Step)
    assert set(MAY) == set(Step)


def test_every_step_has_its_part_of_the_template_and_every_part_its_step() -> None:
    assert list(vars(environment().get_template("issues/_steps.html").module)["parts"]) == list(STEPS)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_an_action_takes_what_its_form_gives(step: IssueStep) -> None:
    nothing_typed = step.form.model_construct(None, **dict.fromkeys(step.form.model_fields, ""))
    inspect.signature(step.do).bind("session", "RIV-1", "doer", **nothing_typed.given())


def test_what_people_write_in_their_own_words_is_known_for_every_step() -> None:
    longest = {name: _longest(each) for step in STEPS.values() for name, each in step.form.model_fields.items()}
    assert {name for name, length in longest.items() if length > LINE} <= set(WRITTEN) <= longest.keys()


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


def test_whoever_raised_it_is_asked_first_of_all_whether_it_stayed_fixed_a_second_time_too(site: Site) -> None:
    with site.db.write() as session:
        issue = resolved(session, site.cast)
        ask_stayed_fixed(session, site.cast, issue)
        resolve.say_stayed_fixed(session, issue.ref, doer(site.cast, "sam", LATER), fixed=False)
        resolve.reopen(session, issue.ref, doer(site.cast, "jo", LATER), reason="It came back.")
        resolve.propose(session, issue.ref, doer(site.cast, "jo", LATER), outcome="solved", done="Mended.")
        resolve.agree(session, issue.ref, doer(site.cast, "lee", LATER))
        ask_stayed_fixed(session, site.cast, issue)
    assert '<div class="best" aria-label="Your next step" role="group">\n    <h2>Did it stay fixed?</h2>' in (
        site.guest("sam").get("/issues/RIV-1").text
    )


def _longest(field: FieldInfo) -> int:
    return max((each.max_length for each in field.metadata if hasattr(each, "max_length")), default=0)
