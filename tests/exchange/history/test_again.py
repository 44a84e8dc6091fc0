"""A history file that comes a second time: the same, grown, or told differently."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, func, select

from tests.exchange.history.histories import events_of, history, issue_of, on, taken_in
from tests.issue_makers import doer
from tests.makers import MONDAY, Cast
from tests.records.chains import broken_links
from tracker.actions.add_note import add_note
from tracker.actions.counting.months import count_one
from tracker.database import Database
from tracker.measures.periods import month_number
from tracker.queries.issues import load
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.records.note import Note
from tracker.records.tally import Fix
from tracker.records.timer import Timer
from tracker.rules.lifecycle import State
from tracker.rules.rings import Ring

RAISED = {"event": "raised", "to_organisation": "council", "title": "Late"}
SOLVED = {"event": "resolved", "outcome": "solved"}
LATER = MONDAY + timedelta(days=7)


def rows_kept(session: Session) -> list[int]:
    tables = (Issue, IssueSide, Event, Note, Occurrence, Timer)
    return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def counted_months(session: Session, now: datetime = MONDAY) -> None:
    """What the clock does with months that are out of date, a while after."""
    while count_one(session, now=now + timedelta(minutes=2)):
        pass


@pytest.mark.both_databases
def test_a_second_run_of_the_same_file_changes_nothing(db: Database, cast: Cast) -> None:
    told = (RAISED, {"event": "note", "detail": "seen"}, "occurred", {"event": "paused", "to_organisation": "mars"})
    with db.write() as session:
        taken_in(session, cast, history(*told), history("raised", "resolved", issue="A-2"))
        before, as_it_was = rows_kept(session), issue_of(session).model_dump()
        found = taken_in(session, cast, history(*told), history("raised", "resolved", issue="A-2"), now=LATER)
        session.expire_all()

        assert ([case.ref for case in found.unchanged], found.new, found.grown) == (["A-1", "A-2"], [], [])
        assert rows_kept(session) == before
        assert issue_of(session).model_dump() == as_it_was


@pytest.mark.both_databases
def test_a_case_that_has_grown_is_continued(db: Database, cast: Cast) -> None:
    more = ("escalated", {"event": "note", "detail": "seen"}, {"event": "handed_over", "to_organisation": "community"})
    with db.write() as session:
        taken_in(session, cast, history(RAISED))
        found = taken_in(session, cast, history(RAISED, *more, "occurred", "resolved"), now=LATER)
    with db.write() as session:
        issue = load(session, "RIV-1", cast.viewer("mo"), for_change=True)
        events, broken = events_of(session), broken_links(session)

    assert [growth.case.ref for growth in found.grown] == ["A-1"]
    assert [event.kind for event in events][1:] == ["escalated", "noted", "handed_over", "occurred", "resolved"]
    assert (issue.events, issue.occurrences, broken) == (6, 2, [])
    assert (issue.state, issue.tier, issue.ball_with_id) == (State.RESOLVED, 2, cast.community.id)
    assert issue.side_ids == (cast.acute.id, cast.council.id, cast.community.id)
    assert ([holder.active for holder in issue.holders], issue.timers) == ([False, False], [])


def test_a_continued_chain_still_stands_on_what_came_before(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "note"))
        old = [event.digest for event in events_of(session)]
        taken_in(session, cast, history(RAISED, "note", "note"), now=LATER)
        new = [event.digest for event in events_of(session)]

    assert new[:2] == old
    assert len(set(new)) == 3


def test_a_fix_that_a_grown_case_takes_back_is_counted_no_more(db: Database, cast: Cast) -> None:
    first = ({**RAISED, "at": "2025-01-06"}, {**SOLVED, "at": "2025-06-09"})
    more = ({"event": "reopened", "at": "2025-12-01"}, {**SOLVED, "at": "2025-12-08"})
    with db.write() as session:
        taken_in(session, cast, history(*first))
        counted_months(session)
        taken_in(session, cast, history(*first, *more), now=LATER)
        counted_months(session, LATER)

        assert [each.month for each in session.exec(select(Fix))] == [month_number(date(2025, 12, 8))]


def test_a_limit_goes_on_where_only_words_were_added(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "escalated"))
        due = issue_of(session).due_at
        taken_in(session, cast, history(RAISED, "escalated", {"event": "note", "detail": "seen"}), now=LATER)
        session.expire_all()

        assert (issue_of(session).due_at, issue_of(session).entered_at) == (due, MONDAY)


def test_a_limit_begins_anew_where_the_tier_has_changed_or_it_was_reopened(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED), history(RAISED, "resolved", issue="A-2"))
        rows = history(RAISED, "escalated"), history(RAISED, "resolved", "reopened", issue="A-2")
        taken_in(session, cast, *rows, now=LATER)
        session.expire_all()
        issues = [issue_of(session, reference) for reference in ("A-1", "A-2")]

    assert [(issue.entered_at, issue.tier, issue.state) for issue in issues] == [
        (LATER, 2, State.RAISED),
        (LATER, 1, State.OPEN),
    ]


@pytest.mark.parametrize(
    "before, now, row, reason",
    [
        pytest.param(
            ["raised", "note"], ["raised", "escalated"], 3, "the file tells it differently", id="another event"
        ),
        pytest.param(
            ["raised", {"event": "note", "detail": "seen"}],
            ["raised", {"event": "note", "detail": "not seen"}, "note"],
            3,
            "the file tells it differently",
            id="another text",
        ),
        pytest.param(
            ["raised", {"event": "note", "at": on(0, 3).isoformat()}],
            ["raised", {"event": "note", "at": on(0, 4).isoformat()}],
            3,
            "the file tells it differently",
            id="another time",
        ),
        pytest.param(["raised", "note"], ["raised"], 2, "2 events of it were taken in before", id="less than before"),
    ],
)
def test_a_case_told_differently_is_left_as_it_was(
    db: Database, cast: Cast, before: list[str], now: list[str], row: int, reason: str
) -> None:
    with db.write() as session:
        taken_in(session, cast, history(*before))
        kept = rows_kept(session)
        found = taken_in(session, cast, history(*now), now=LATER)

        assert [(each.ref, each.row) for each in found.left] == [("A-1", row)]
        assert found.left[0].reason.startswith(reason)
        assert rows_kept(session) == kept


def test_a_case_that_has_moved_on_here_is_left_where_it_is(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED))
        add_note(session, "RIV-1", doer(cast, "kim"), text="We look into it.", ring=Ring.SHARED)
        found = taken_in(session, cast, history(RAISED, "resolved"), now=LATER)
        again = taken_in(session, cast, history(RAISED), now=LATER)

        assert [each.reason for each in found.left] == ["it has grown in the file, but has moved on here too"]
        assert [case.ref for case in again.unchanged] == ["A-1"]
        assert issue_of(session).state is State.OPEN  # a note that all can read acknowledges


def test_what_was_taken_out_since_is_no_difference(db: Database, cast: Cast) -> None:
    told = history({**RAISED, "detail": "about a patient"})
    with db.write() as session:
        taken_in(session, cast, told)
        event = events_of(session)[0]
        event.take_out("detail")
        session.flush()

        assert [case.ref for case in taken_in(session, cast, told, now=LATER).unchanged] == ["A-1"]


def test_an_issue_raised_here_is_never_taken_for_history(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED))
        for event in events_of(session):
            event.details = {**event.details, "imported": False}
        session.flush()
        found = taken_in(session, cast, history(RAISED), now=LATER)

        assert "is here already, and not from history" in found.left[0].reason
        assert session.exec(select(Issue).where(col(Issue.outside_ref) == "A-1")).one().events == 1
