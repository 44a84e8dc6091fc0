"""Issues taken in from history, on the pages where people meet them."""

import re
from datetime import datetime

import pytest

from tests.exchange.history.histories import history, issue_of, taken_in
from tests.issue_makers import kinds
from tests.makers import LONG_AGO
from tests.site import Site
from tracker.records.ladder import LadderVersion
from tracker.records.partnership import Partnership

RAISED = {"event": "raised", "to_organisation": "council", "title": "Late letters", "person": "Zed"}
EVERYTHING = (
    RAISED,
    {"event": "acknowledged", "organisation": "council"},
    "note",
    {"event": "note", "organisation": "mars", "detail": "we come in peace"},
    {"event": "note", "organisation": "council", "detail": "we look into it"},
    "occurred",
    {"event": "handed_over", "to_organisation": "mars", "detail": "not ours"},
    "handed_over",
    {"event": "escalated", "detail": "urgent"},
    "handed_down",
    {"event": "paused", "to_organisation": "mars"},
    "resumed",
    "proposed",
    "resolved",
)


def text(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.mark.parametrize("length", range(1, len(EVERYTHING) + 1))
def test_a_past_issue_has_a_page_at_every_point_of_its_life(site: Site, length: int) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history(*EVERYTHING[:length]))

    page = site.guest("kim").get("/issues/RIV-1")

    assert page.status_code == 200
    assert "Late letters" in page.text


def test_what_outsiders_said_and_did_stands_in_the_story(site: Site) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history(*EVERYTHING))

    page = text(site.guest("kim").get("/issues/RIV-1").text)

    for said in (
        "raised by Zed, Riverside Hospitals",
        "Riverside Council acknowledged it",
        "mars wrote: we come in peace",
        "we look into it",
        "Riverside Hospitals handed it over to mars: not ours",
        "Riverside Hospitals paused it, waiting for mars (from the file)",
        "Resolved, how is not recorded",
    ):
        assert said in page


@pytest.mark.parametrize(
    "address", ["/", "/issues", "/issues?q=letters", "/bodies/RIV/front", "/issues?state=resolved"]
)
def test_past_issues_stand_in_lists_like_others(site: Site, address: str) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history(*EVERYTHING[:3]), history(*EVERYTHING, issue="A-2"))

    assert site.guest("kim").get(address).status_code == 200


def test_a_past_issue_that_is_open_can_be_ended_here(site: Site) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history(*EVERYTHING[:2]))
    kim, sam = site.guest("lee"), site.guest("jo")
    kim.get("/issues/RIV-1")
    kim.post("/issues/RIV-1/proposal", {"outcome": "solved", "done": "a new form"})
    sam.get("/issues/RIV-1")
    sam.post("/issues/RIV-1/agreement")

    assert "resolved" in text(sam.get("/issues/RIV-1").text)


def test_a_past_issue_that_is_over_can_be_reopened_here(site: Site) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history(*EVERYTHING))
    jo = site.guest("jo")
    jo.get("/issues/RIV-1")

    answer = jo.post("/issues/RIV-1/reopening", {"reason": "It came back."})

    assert answer.status_code == 303
    assert "It came back." in text(jo.get("/issues/RIV-1").text)


@pytest.mark.parametrize("told", [RAISED, {"event": "raised", "title": "Late letters"}], ids=["two sides", "one side"])
def test_one_that_is_on_no_ladder_is_reopened_onto_the_one_in_force(site: Site, told: dict[str, object]) -> None:
    in_force(site, None)
    with site.db.write() as session:
        taken_in(session, site.cast, history(told, "resolved"))
    jo = site.guest("jo")
    assert 'action="/issues/RIV-1/reopening"' not in jo.get("/issues/RIV-1").text
    refused = jo.post("/issues/RIV-1/reopening", {"reason": "It came back."})
    assert (refused.status_code, "no version of a default ladder is in force" in refused.text) == (409, True)
    in_force(site, LONG_AGO)
    assert jo.post("/issues/RIV-1/reopening", {"reason": "It came back."}).status_code == 303
    with site.db.read() as session:
        issue = issue_of(session)
        assert (issue.tier, issue.ladder_version_id, issue.due_at is not None) == (1, site.cast.ladder.id, True)
        assert kinds(session, issue)[-2:] == ["reopened", "routed"]


def test_one_of_a_single_side_is_over_when_that_side_says_how(site: Site) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history({"event": "raised", "title": "Late letters"}))
    jo = site.guest("jo")
    assert jo.post("/issues/RIV-1/proposal", {"outcome": "solved", "done": "a new form"}).status_code == 303
    assert "Resolved, solved" in text(jo.get("/issues/RIV-1").text)


def test_one_of_a_single_side_that_came_back_is_to_be_raised_anew(site: Site) -> None:
    with site.db.write() as session:
        taken_in(session, site.cast, history({"event": "raised", "title": "Late letters"}, "resolved"))
    answer = site.guest("jo").post("/issues/RIV-1/occurrences", {"occurred_on": "2026-04-20"})
    assert (answer.status_code, "Raise a new issue instead" in answer.text) == (409, True)


def test_an_open_one_that_is_on_no_ladder_is_routed_onto_the_one_in_force(site: Site) -> None:
    in_force(site, None)
    with site.db.write() as session:
        taken_in(session, site.cast, history(RAISED))
    in_force(site, LONG_AGO)
    jo = site.guest("jo")
    assert "would go to" in jo.get("/issues/RIV-1").text
    assert jo.post("/issues/RIV-1/routing").status_code == 303
    with site.db.read() as session:
        assert issue_of(session).due_at is not None


def in_force(site: Site, at: datetime | None) -> None:
    """The one ladder there is comes into force, or is in force no more."""
    with site.db.write() as session:
        session.get_one(LadderVersion, site.cast.ladder.id).in_force_at = at
        session.get_one(Partnership, site.cast.partnership.id).version += 1
