"""Pages speak plain words: none of those that only the agreement and the code use."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.pages.test_who_may_read import addresses, plant
from tests.site import Site
from tracker.actions import escalate, resolve
from tracker.actions.add_note import add_note
from tracker.rules.lifecycle import Cause

OLD = re.compile(
    r"\bball\b|opposite number|tak(e|es|en|ing) (it|this) up|\btook it up|\brubs?\b|\brubbing\b|\bmend(s|ed)?\b|"
    r"\bamend(s|ed|ment)?\b|rout(e|ed|es|ing) it anew|is routed",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_READ_ALOUD = re.compile(r' (?:aria-label|title|placeholder|alt)="([^"]*)"')


def happen(session: Session, site: Site) -> None:
    """One of what an issue can go through, so that every sentence stands on a page."""
    issue = make_issue(session, site.cast, title="Late letters")
    add_note(session, issue.ref, doer(site.cast, "kim"), text="We agreed to look.", spoke=True)
    cause = Cause.SUBJECT
    escalate.by_holder(session, issue.ref, doer(site.cast, "kim"), cause=cause, reason="It is about her.", to=3)
    resolve.propose(session, issue.ref, doer(site.cast, "rita"), outcome="solved", done="A new form.")
    resolve.give_back(session, issue.ref, doer(site.cast, "owen"), reason="Not yet.")
    make_issue(session, site.cast, title="Nobody answers the telephone")


@pytest.mark.parametrize("name", ["jo", "priya", "alex"])
def test_no_page_has_a_word_that_only_the_agreement_uses(site: Site, name: str) -> None:
    plant(site)
    with site.db.write() as session:
        happen(session, site)
    site.now += timedelta(hours=1)
    guest, walked = site.guest(name), 0
    for address in [*addresses(site, "GET"), "/issues/RIV-4", "/issues/RIV-5"]:
        answer = guest.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            walked += answer.status_code == 200
            found = OLD.search(words(answer.text))
            assert found is None, f"{address}: {found[0]}"
    assert walked > 20


def words(page: str) -> str:
    """What a page says, to eyes and to ears."""
    return " ".join([*_READ_ALOUD.findall(page), *_UNREAD.sub(" ", page).split()])
