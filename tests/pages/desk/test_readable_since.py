"""What somebody read before an issue is handed on, moved, merged, redacted or left is theirs afterwards, or not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.actions.sides.test_merge import with_a_third
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.pages.issues.test_redacting import take_out
from tests.reports.pdf_words import words_on
from tests.site import Guest, Site
from tracker.actions import escalate
from tracker.actions.add_note import add_note
from tracker.actions.sides.hand_down import hand_down
from tracker.actions.sides.hand_to_colleague import hand_to_colleague
from tracker.actions.sides.merge import merge, remove_side
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.queries.people import key_in
from tracker.records.issue import Issue
from tracker.rules.rings import Ring

SEARCH = "/issues?q=zymurgy"
PATHS = (
    *("/issues/RIV-1", "/issues/RIV-2", "/issues", SEARCH, "/", "/issues/list.csv", "/bodies/RIV/steering"),
    *(f"/reports/RIV/{name}" for name in ("themes.json", "ladder.json", "ladder.csv", "ladder.pdf")),
)
MARK, SOON = "zymurgy", MONDAY + timedelta(hours=1)
CAST = ("sam", "jo", "kim", "lee", "mo", "ines", "stan")


@dataclass(frozen=True)
class Change:
    """How it is before, what is done then, and who reads the mark before and after it."""

    made: Callable[[Session, Cast], object]
    done: Callable[[Site], object]
    before: set[str]
    after: set[str]


def named(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast, title=f"{MARK} of somebody", ring=Ring.NAMED)


def for_holders(session: Session, cast: Cast) -> None:
    add_note(session, make_issue(session, cast).ref, doer(cast, "sam"), text=f"{MARK} between us", ring=Ring.TIER)


def noted(session: Session, cast: Cast) -> None:
    add_note(session, make_issue(session, cast).ref, doer(cast, "sam"), text=f"{MARK} of a person", ring=Ring.SHARED)


def of_three(session: Session, cast: Cast) -> None:
    with_a_third(session, cast).title = f"{MARK} letters"


def at_the_top(session: Session, cast: Cast) -> None:
    ref = make_issue(session, cast, title=f"{MARK} letters").ref
    escalate.by_holder(session, ref, doer(cast, "kim"), cause="legal deadline", reason="Soon", to=4)


def twice(session: Session, cast: Cast) -> None:
    make_issue(session, cast)
    make_issue(session, cast, by="jo", now=SOON, title=f"{MARK} letters")


def handed(site: Site) -> None:
    with site.db.write() as session:
        lee = key_in("RIV", "lee@council.example")
        hand_to_colleague(session, "RIV-1", doer(site.cast, "kim", SOON), colleague=lee)


def escalated(site: Site) -> None:
    with site.db.write() as session:
        escalate.by_holder(session, "RIV-1", doer(site.cast, "kim", SOON), cause="legal deadline", reason="Soon", to=2)


def without_a_third(site: Site) -> None:
    with site.db.write() as session:
        remove_side(session, "RIV-1", doer(site.cast, "kim", SOON), side="community", reason="Not theirs.")


def down_again(site: Site) -> None:
    with site.db.write() as session:
        hand_down(session, "RIV-1", doer(site.cast, "dana", SOON), to=1, reason="On the ward.")


def merged(site: Site) -> None:
    with site.db.write() as session:
        merge(session, "RIV-2", doer(site.cast, "kim", SOON), same_as="RIV-1")


def left(site: Site) -> None:
    with site.db.write() as session:
        change, lead = with_leaver("kim@council.example", "council"), site.cast.actor("chris")
        revise(session, site.cast.partnership.id, change, actor=lead, now=SOON)


SIDES = {"sam", "jo", "kim", "lee"}
CHANGES = {
    "handed to a colleague, a note for holders": Change(for_holders, handed, {"sam", "kim"}, {"sam", "kim", "lee"}),
    "escalated, about a person": Change(named, escalated, {"sam", "kim"}, {"sam", "kim", "jo", "lee"}),
    "a side taken out": Change(of_three, without_a_third, {*SIDES, "mo", "ines"}, SIDES),
    "handed down from where the whole body reads": Change(at_the_top, down_again, {*SIDES, "ines"}, SIDES),
    "merged": Change(twice, merged, SIDES, SIDES),
    "redacted": Change(noted, lambda site: take_out(site, "alex", MARK), SIDES, set()),
    "left by a holder": Change(for_holders, left, {"sam", "kim"}, {"sam", "jo", "lee"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_who_reads_it_before_and_after(site: Site, name: str) -> None:
    change = CHANGES[name]
    with site.db.write() as session:
        change.made(session, site.cast)
    assert readers(site) == change.before
    change.done(site)
    site.now = SOON + timedelta(minutes=10)
    assert readers(site) == change.after


def readers(site: Site) -> set[str]:
    """Who finds the mark on any path."""
    guests = {who: site.guest(who) for who in CAST}
    return {who for who, guest in guests.items() if any(MARK in shown(guest, path) for path in PATHS)}


def shown(guest: Guest, path: str) -> str:
    """What an answer shows; of a search, which says again what was looked for, whether anything is found."""
    answer = guest.get(path)
    if path == SEARCH:
        return MARK if "/issues/RIV-" in answer.text else ""
    if answer.headers.get("content-type", "") == "application/pdf":
        return words_on(answer.content).lower()
    return answer.text.lower()
