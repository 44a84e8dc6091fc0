"""Today is the reporter's: by the clock of the organisation for which they say what happened."""

from datetime import UTC, datetime

import pytest

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.site import Site
from tracker.records.partnership import Organisation, Partnership

TUESDAY_IN_AUCKLAND = datetime(2026, 4, 27, 20, 30, tzinfo=UTC)  # still Monday in London, the partnership's zone
SAID = {"title": "Letters arrive late", "severity": "serious", "with": "council"}


def move_to(site: Site, cast: Cast, zone: str) -> None:
    """Riverside Hospitals work the same hours by another clock; with the Council they still share some."""
    with site.db.write() as session:
        hours = {"zone": zone, "mon-sun": ["00:00-24:00"]}
        session.get_one(Organisation, cast.acute.id).calendar = hours
        session.get_one(Partnership, cast.partnership.id).changed()


def test_it_is_today_for_whoever_reports_it(site: Site) -> None:
    move_to(site, site.cast, "Pacific/Auckland")
    site.now = TUESDAY_IN_AUCKLAND
    sam = site.guest("sam")
    form = sam.get("/issues/new").text
    assert 'value="2026-04-28" autocomplete="off" max="2026-04-28"' in form
    assert sam.post("/issues/new", {**SAID, "occurred_on": "2026-04-28", "once": "a"}).status_code == 303
    page = sam.get("/issues/RIV-1").text
    assert 'max="2026-04-28"' in page
    again = sam.post("/issues/RIV-1/occurrences", {"occurred_on": "2026-04-28", "once": "b"})
    assert again.status_code == 303


@pytest.mark.parametrize("address", ["/issues/new", "/issues/RIV-1/occurrences"])
def test_their_tomorrow_is_refused_and_so_is_anothers_today(site: Site, address: str) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    move_to(site, site.cast, "Pacific/Auckland")
    site.now = TUESDAY_IN_AUCKLAND
    for who, day in (("sam", "2026-04-29"), ("kim", "2026-04-28")):
        fields = {**SAID, "with": "council" if who == "sam" else "acute", "occurred_on": day, "once": who}
        answer = site.guest(who).post(address, fields)
        assert (answer.status_code, "Give the day it happened: today or earlier." in answer.text) == (422, True), who
