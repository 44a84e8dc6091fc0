"""Issues taken in from history, on the pages where people meet them."""

import re

import pytest

from tests.exchange.histories import history, taken_in
from tests.site import Site

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
        "Riverside Hospitals paused it, waiting for mars",
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
