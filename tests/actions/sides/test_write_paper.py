"""Two-sided papers: sealed until all are in or the time is up, then open together; nothing moves by one before."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, ring_all, told
from tracker.actions import escalate
from tracker.actions.sides.merge import remove_side
from tracker.actions.sides.write_paper import papers_until, write_paper
from tracker.database import Database
from tracker.queries.packs import stories_of
from tracker.queries.story import story
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.records.sides.papers import SealedPaper
from tracker.rules.events.papers import PaperOpened
from tracker.rules.lifecycle import Cause
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, WrongInput

LATER = MONDAY + timedelta(hours=2)
PARTS = {"facts": "Three letters in March.", "view": "Nobody owns the form.", "asks": "One form, owned by the ward."}


def at_the_top(session: Session, cast: Cast) -> Issue:
    """An issue with the steering group, which asks for papers: Priya and Dana hold it."""
    issue = make_issue(session, cast)
    escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause=Cause.LEGAL, reason="Soon", to=4)
    return issue


def write(session: Session, cast: Cast, issue: Issue, who: str, now: datetime = LATER, **changed: str) -> None:
    write_paper(session, issue.ref, doer(cast, who, now), **{**PARTS, **changed})
    session.flush()


def opened(session: Session, issue: Issue) -> list[str]:
    found = select(Event).where(Event.issue_id == issue.id, Event.kind == PaperOpened.name).order_by(Event.position)  # type: ignore[arg-type]
    return [str(each.details["side"]) for each in session.exec(found)]


def test_a_paper_moves_nothing_that_the_other_side_sees(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        session.flush()
        dana = cast.viewer("dana")
        before = issue.version, story(session, issue, dana)
        write(session, cast, issue, "priya")
        assert (issue.version, story(session, issue, dana)) == before
        announce_all(session, LATER)
        assert told(session, "paper_written") == set()
        assert kinds(session, issue)[-1] == "paper_written"


def test_once_every_side_has_written_all_are_open_in_the_order_of_the_sides(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        write(session, cast, issue, "dana", asks="A form of our own.")
        assert opened(session, issue) == []
        write(session, cast, issue, "priya")
        assert opened(session, issue) == ["acute", "council"]
        assert session.exec(select(SealedPaper)).all() == []
        (ours, theirs) = [each.event for each in story(session, issue, cast.viewer("sam"))[-2:]]
        assert [each.text for each in ours.passages()] == [*PARTS.values()]
        assert theirs.passages()[-1].text == "A form of our own."
        announce_all(session, LATER)
        assert {"priya", "dana", "sam"} <= told(session, "paper_opened")


def test_a_working_day_before_the_limit_the_time_is_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        write(session, cast, issue, "priya")
        until = papers_until(issue, ladder_context(issue, cast.arrangement(session)), LATER).at
        assert issue.due_at is not None
        assert until < issue.due_at
        ring_all(session, until - timedelta(minutes=1))
        assert opened(session, issue) == []
        ring_all(session, until)
        assert opened(session, issue) == ["acute"]
        write(session, cast, issue, "dana", until)
        assert opened(session, issue) == ["acute", "council"]


def test_until_it_is_open_a_side_writes_its_paper_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        write(session, cast, issue, "priya")
        write(session, cast, issue, "priya", asks="Two forms.")
        (sealed,) = session.exec(select(SealedPaper)).all()
        assert sealed.asks == "Two forms."
        write(session, cast, issue, "dana")
        with pytest.raises(MoveNotAllowed, match="open already"):
            write(session, cast, issue, "priya")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_said(db: Database, cast: Cast, part: str) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        with pytest.raises(WrongInput):
            write(session, cast, issue, "priya", LATER, **{part: " "})


@pytest.mark.parametrize("who, refusal", [("stan", NotThere), ("ines", MayNot), ("alex", MayNot), ("kim", MayNot)])
def test_nobody_else_writes_one(db: Database, cast: Cast, who: str, refusal: type[Exception]) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        with pytest.raises(refusal):
            write(session, cast, issue, who)


def test_below_a_tier_that_asks_for_papers_there_is_none(db: Database, cast: Cast) -> None:
    with db.write() as session, pytest.raises(MoveNotAllowed, match="asks for no papers"):
        write(session, cast, make_issue(session, cast), "kim")


def test_a_pack_has_what_is_open_and_nothing_that_is_sealed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = at_the_top(session, cast)
        write(session, cast, issue, "priya")
        assert "paper_opened" not in {row.kind for row in stories_of(session, [issue.id])[issue.id]}
        write(session, cast, issue, "dana")
        told_of = [row for row in stories_of(session, [issue.id])[issue.id] if row.kind == "paper_opened"]
        assert [row.details["side"] for row in told_of] == ["acute", "council"]


def with_a_third(session: Session, cast: Cast) -> Issue:
    issue = at_the_top(session, cast)
    issue.join_side(cast.arrangement(session).organisations[cast.community.id], "it was named", at=MONDAY)
    session.flush()
    return issue


def test_what_a_side_had_sealed_that_is_taken_out_is_opened_to_nobody(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = with_a_third(session, cast)
        write(session, cast, issue, "ines")
        remove_side(session, issue.ref, doer(cast, "priya", LATER), side="community", reason="The other ward.")
        for who in ("priya", "dana"):
            write(session, cast, issue, who)
        assert (opened(session, issue), issue.sealed_papers()) == (["acute", "council"], [])


def test_for_the_paper_of_a_side_that_is_taken_out_nobody_waits(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = with_a_third(session, cast)
        for who in ("priya", "dana"):
            write(session, cast, issue, who)
        assert opened(session, issue) == []
        remove_side(session, issue.ref, doer(cast, "priya", LATER), side="community", reason="The other ward.")
        assert opened(session, issue) == ["acute", "council"]
