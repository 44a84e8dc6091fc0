"""“May your words be quoted?” on the page of an issue."""

import re
from html import unescape
from typing import Any

import pytest
from sqlmodel import select

from tests.issue_makers import doer, make_issue
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions.quote import let_quote
from tracker.database import statement_count
from tracker.records.quotation import Quotation
from tracker.rules.lifecycle import Kind
from tracker.rules.rings import Ring

ADDRESS, BACK = "/issues/RIV-1/quotation", "/issues/RIV-1/quotation-withdrawal"
WORDS = "We wait, and nobody can say why."
BOTH = {"agrees": "yes", "left_out": "yes"}


@pytest.fixture
def raised(site: Site) -> Site:
    """RIV-1, raised by Sam of the Hospitals with the Council."""
    with site.db.write() as session:
        make_issue(session, site.cast)
    return site


@pytest.fixture
def quoted(raised: Site) -> Site:
    """RIV-1, of which Sam lets words be quoted."""
    with raised.db.write() as session:
        let_quote(session, "RIV-1", doer(raised.cast, "sam"), text=WORDS, agrees=True, left_out=True)
    return raised


def kept(site: Site) -> list[str]:
    with site.db.read() as session:
        return list(session.exec(select(Quotation.text)))


def typed(page: str) -> str:
    """What stands in the field of the words."""
    found = re.search(r'<textarea id="quotation-text".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def test_whoever_raised_it_is_asked_with_their_own_words_to_begin_from_and_told_who_would_read_it(raised: Site) -> None:
    page = raised.guest("sam").get("/issues/RIV-1").text
    form = said(page)
    assert "<summary>May your words be quoted?</summary>" in page
    assert typed(page) == "Third letter this month."
    assert "at most 500 letters" in form
    both = "Riverside Hospitals (5 people) and Riverside Council (5 people)"
    assert f"Read by {both}; the steering members and leads of" in form
    assert "I agree that this is quoted in the reports and packs of this partnership, without my name" in form
    assert "I have left out names and whatever would tell who it is about" in form


def test_what_others_of_their_side_wrote_in_is_neither_offered_to_them_nor_quoted_for_theirs(raised: Site) -> None:
    mended = {"title": "Letters come late", "detail": "They are careless over there.", "severity": "serious"}
    assert raised.guest("jo").post("/issues/RIV-1/amendment", mended).status_code == 303
    browser = raised.guest("sam")
    assert typed(browser.get("/issues/RIV-1").text) == "Third letter this month."
    for words in ("They are careless over there.", "Letters  come late"):
        answer = browser.post(ADDRESS, {"text": words, **BOTH})
        assert answer.status_code == 422
        assert "Somebody else wrote these words: you can let your own be quoted." in answer.text
    assert browser.post(ADDRESS, {"text": "Third letter this month.", **BOTH}).status_code == 303
    assert kept(raised) == ["Third letter this month."]


def test_without_a_detail_the_title_is_there_to_begin_from(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, detail="")
    assert typed(site.guest("sam").get("/issues/RIV-1").text) == "Letters arrive without the medication list"


@pytest.mark.parametrize("who", ["jo", "alex", "kim", "lee"])
def test_nobody_else_is_asked(quoted: Site, who: str) -> None:
    page = quoted.guest(who).get("/issues/RIV-1").text
    assert "quoted?" not in page
    assert "/quotation" not in page
    assert WORDS not in page


@pytest.mark.parametrize(
    "who, status", [("jo", 403), ("alex", 403), ("kim", 403), ("lee", 403), ("bea", 404), ("ines", 404), ("stan", 404)]
)
def test_nobody_else_agrees_or_takes_back(quoted: Site, who: str, status: int) -> None:
    browser = quoted.guest(who)
    assert browser.post(ADDRESS, {"text": "Mine", **BOTH}).status_code == status
    assert browser.post(BACK).status_code == status
    assert kept(quoted) == [WORDS]


def test_agreed_it_is_kept_shown_with_one_button_and_said_to_be_frozen_in_packs(raised: Site) -> None:
    browser = raised.guest("sam")
    assert browser.post(ADDRESS, {"text": WORDS, **BOTH}).status_code == 303
    page = browser.get("/issues/RIV-1").text
    assert kept(raised) == [WORDS]
    assert f"<blockquote>{WORDS}</blockquote>" in page
    assert "A pack that was published stays as it was." in page
    assert "Sam Okafor (Riverside Hospitals) agreed to be quoted in reports, without their name" in said(page)
    assert f'action="{ADDRESS}"' not in page


def test_one_button_takes_it_back_whatever_happened_meanwhile(quoted: Site) -> None:
    browser = quoted.guest("sam")
    assert browser.post(BACK, {"version": "1"}).status_code == 303
    page = browser.get("/issues/RIV-1").text
    assert kept(quoted) == []
    assert f'action="{ADDRESS}"' in page
    assert WORDS not in page


@pytest.mark.parametrize(
    "fields, reason",
    [
        ({"text": WORDS, "left_out": "yes"}, "Nothing is quoted unless you agree to it"),
        ({"text": WORDS, "agrees": "yes"}, "Say that they tell of nobody"),
        ({"text": "", **BOTH}, "Write the words that may be quoted."),
        ({"text": "word " * 110, **BOTH}, "Keep it to 500 letters; this has 549."),
    ],
)
def test_a_mistake_is_the_same_page_unfolded_with_the_reason_and_what_was_typed(
    raised: Site, fields: dict[str, str], reason: str
) -> None:
    answer = raised.guest("sam").post(ADDRESS, fields)
    assert answer.status_code == 422
    assert answer.text.count(reason) == 2
    assert '<details class="step" open><summary>May your words be quoted?</summary>' in answer.text
    assert typed(answer.text).strip() == fields["text"].strip()
    assert kept(raised) == []


def test_what_may_identify_a_person_is_warned_of_and_quoted_only_as_it_is(raised: Site) -> None:
    browser = raised.guest("sam")
    fields = {"text": "Ring 07700 900123 and wait.", **BOTH}
    answer = browser.post(ADDRESS, fields)
    assert (answer.status_code, kept(raised)) == (422, [])
    assert '<a href="#quotation-text">a phone number: 07700 900123</a>' in answer.text
    assert browser.post(ADDRESS, {**fields, "as_it_is": "yes"}).status_code == 303
    assert kept(raised) == [fields["text"]]


@pytest.mark.parametrize(
    "told, why",
    [
        ({"ring": Ring.NAMED}, "It concerns a person"),
        ({"ring": Ring.ORGANISATION}, "Only your organisation knows of it"),
        ({"kind": Kind.EARLY_WARNING}, "An early warning is in no report"),
    ],
)
def test_of_what_few_know_and_of_early_warnings_nothing_is_asked_and_it_is_refused_with_a_sentence(
    site: Site, told: dict[str, Any], why: str
) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, **told).ref
    browser = site.guest("sam")
    assert "/quotation" not in browser.get(f"/issues/{ref}").text
    answer = browser.post(f"/issues/{ref}/quotation", {"text": WORDS, **BOTH})
    assert answer.status_code == 409
    assert why in answer.text
    assert kept(site) == []


def test_who_keeps_their_name_inside_is_not_told_on_by_the_story(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, hide_reporter=True)
        let_quote(session, "RIV-1", doer(site.cast, "sam"), text=WORDS, agrees=True, left_out=True)
    page = said(site.guest("lee").get("/issues/RIV-1").text)
    assert "agreed to be quoted" not in page
    assert "agreed to be quoted" in said(site.guest("jo").get("/issues/RIV-1").text)


def test_the_page_asks_no_more_of_the_database_than_before(quoted: Site) -> None:
    browser = quoted.guest("sam")
    browser.get("/issues/RIV-1")
    with statement_count(quoted.db) as sent:
        browser.get("/issues/RIV-1")
    assert len([each for each in sent if each != "BEGIN"]) <= 8
