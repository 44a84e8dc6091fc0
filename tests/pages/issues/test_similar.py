"""Similar issues beside the form for raising, as a block and as a page."""

import re

import pytest

from tests.issue_makers import doer, make_issue
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions import escalate
from tracker.rules.lifecycle import Cause

SIMILAR = "/issues/similar"
LIKE = {"title": "Letter without medication list"}


def test_the_block_shows_what_is_similar_with_its_sides_and_where_it_is(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    block = site.guest("kim").send_htmx(SIMILAR, "similar", LIKE).text
    assert block.strip().startswith('<div id="similar"')
    assert "RIV-1 · Riverside Hospitals and Riverside Council · with Front line" in block
    assert 'formaction="/issues/RIV-1/occurrences"' in block


def test_without_scripts_it_is_a_page_that_leads_back_to_raising(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, worked_round=True)
    page = site.guest("kim").post(SIMILAR, {**LIKE, "detail": "Again", "with": "acute"}).text
    assert "Is it one of these?" in said(page)
    assert "RIV-1 · Riverside Hospitals and Riverside Council · resolved, worked round" in said(page)
    assert "go back to the form, where what you wrote still stands" in said(page)


def test_one_that_is_resolved_is_only_shown(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, worked_round=True)
    block = site.guest("kim").send_htmx(SIMILAR, "similar", LIKE).text
    assert "RIV-1" in block
    assert "formaction" not in block


def test_whoever_may_only_read_is_not_offered_to_say_that_it_happened_to_them_too(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    block = site.guest("alex").send_htmx(SIMILAR, "similar", LIKE).text
    assert "RIV-1" in block
    assert "formaction" not in block


@pytest.mark.parametrize("tier", [1, 4])
def test_whoever_the_page_of_an_issue_lets_say_that_it_happened_again_may_say_so_while_typing(
    site: Site, tier: int
) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        if tier > 1:
            escalate.by_holder(session, issue.ref, doer(site.cast, "kim"), cause=Cause.RISK, to=tier)
    guests = {who: site.guest(who) for who in ("sam", "kim", "jo", "owen", "priya", "dana", "alex", "ines")}
    action = 'action="/issues/RIV-1/occurrences"'
    typing = {who: f"form{action}" in guest.send_htmx(SIMILAR, "similar", LIKE).text for who, guest in guests.items()}
    assert typing == {who: action in guest.get("/issues/RIV-1").text for who, guest in guests.items()}


def test_a_holder_who_is_a_steering_member_and_nothing_else_may_say_that_it_happened_to_them_too(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        escalate.by_holder(session, issue.ref, doer(site.cast, "kim"), cause=Cause.RISK, to=4)
    assert 'formaction="/issues/RIV-1/occurrences"' in site.guest("dana").send_htmx(SIMILAR, "similar", LIKE).text


@pytest.mark.parametrize("who", ["mo", "stan"])
def test_nobody_else_finds_it_similar(site: Site, who: str) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    assert "RIV-1" not in site.guest(who).post(SIMILAR, LIKE).text


TYPED: tuple[dict[str, str], ...] = (
    {},
    {"title": '"'},
    {"title": "the"},
    {"title": "a", "with": "x"},
    {"partnership": "XYZ", "title": "a b"},
)


@pytest.mark.parametrize("fields", TYPED, ids=str)
def test_whatever_is_typed_the_page_stands(site: Site, fields: dict[str, str]) -> None:
    answer = site.guest("sam").post(SIMILAR, fields)
    assert answer.status_code == 200
    assert "It takes two or more words that say what it is about." in said(answer.text)


def test_what_is_typed_is_sent_as_a_form_of_ones_own(site: Site) -> None:
    sam = site.guest("sam")
    page = sam.get("/issues/new?title=Kangaroo&detail=Kangaroo").text
    assert not re.search('value="[^"]*Kangaroo|>Kangaroo', page)
    assert 'hx-post="/issues/similar"' in page
    assert sam.post(SIMILAR, {**LIKE, "csrf": "forged"}).status_code == 403
    assert sam.get("/issues/similar?title=Kangaroo").status_code == 405
