"""Similar issues beside the form for raising, as a block and as a page."""

import pytest

from tests.issue_makers import doer, make_issue
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions import escalate
from tracker.rules.lifecycle import Cause

LIKE = "/issues/similar?title=Letter+without+medication+list"


def test_the_block_shows_what_is_similar_with_its_sides_and_where_it_is(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    block = site.guest("kim").htmx(LIKE, "similar").text
    assert block.strip().startswith('<div id="similar"')
    assert "RIV-1 · Riverside Hospitals and Riverside Council · with Front line" in block
    assert 'formaction="/issues/RIV-1/occurrences"' in block


def test_without_scripts_it_is_a_page_that_leads_on_to_raising(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, worked_round=True)
    page = site.guest("kim").get(f"{LIKE}&detail=Again&with=acute").text
    assert "Is it one of these?" in said(page)
    assert "RIV-1 · Riverside Hospitals and Riverside Council · resolved, worked round" in said(page)
    assert 'href="/issues/new?title=Letter%20without%20medication%20list&amp;detail=Again"' in page


def test_one_that_is_resolved_is_only_shown(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, worked_round=True)
    block = site.guest("kim").htmx(LIKE, "similar").text
    assert "RIV-1" in block
    assert "formaction" not in block


def test_whoever_may_only_read_is_not_offered_to_say_that_it_happened_to_them_too(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    block = site.guest("alex").htmx(LIKE, "similar").text
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
    typing = {who: f"form{action}" in guest.htmx(LIKE, "similar").text for who, guest in guests.items()}
    assert typing == {who: action in guest.get("/issues/RIV-1").text for who, guest in guests.items()}


def test_a_holder_who_is_a_steering_member_and_nothing_else_may_say_that_it_happened_to_them_too(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        escalate.by_holder(session, issue.ref, doer(site.cast, "kim"), cause=Cause.RISK, to=4)
    assert 'formaction="/issues/RIV-1/occurrences"' in site.guest("dana").htmx(LIKE, "similar").text


@pytest.mark.parametrize("who", ["mo", "stan"])
def test_nobody_else_finds_it_similar(site: Site, who: str) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    assert "RIV-1" not in site.guest(who).get(LIKE).text


@pytest.mark.parametrize("query", ["", "?title=%22", "?title=the", "?title=%00&with=x", "?partnership=XYZ&title=a+b"])
def test_whatever_is_typed_the_page_stands(site: Site, query: str) -> None:
    answer = site.guest("sam").get(f"/issues/similar{query}")
    assert answer.status_code == 200
    assert "It takes two or more words that say what it is about." in said(answer.text)
