"""Counting how issues climbed: once they have rested, in small batches, whatever one of them holds, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, func, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions.add_note import add_note
from tracker.actions.counting.climbs import count_all_climbs, count_climbs
from tracker.database import Database
from tracker.queries.due import is_anything_to_ring
from tracker.records.climb import EVERY_MONTH, ClimbTally, IssueClimb
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.rings import Ring
from tracker.rules.sweeps import AGAIN_AFTER

RESTED = MONDAY + timedelta(minutes=2)


def raised(session: Session) -> int:
    """How many issues all tallies of all time have."""
    session.flush()
    tallies = session.exec(select(ClimbTally.counts).where(ClimbTally.month == EVERY_MONTH))
    return sum(counts["raised"] for counts in tallies)


def waiting(session: Session) -> int:
    session.flush()
    return session.exec(select(func.count()).select_from(Issue).where(col(Issue.uncounted_at).is_not(None))).one()


def test_an_issue_rests_a_minute_before_it_is_counted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert count_climbs(session, now=MONDAY) is None
        assert is_anything_to_ring(session, RESTED)
        done = count_climbs(session, now=RESTED)
        assert done
        assert done.what == "1 climb counted"
        assert count_climbs(session, now=RESTED) is None
        assert (raised(session), waiting(session)) == (1, 0)


def test_what_is_kept_inside_waits_for_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.ORGANISATION)
        assert waiting(session) == 0


def test_what_happens_later_is_counted_in_the_place_of_what_was(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        count_climbs(session, now=RESTED)
        add_note(session, ref, doer(cast, "kim", MONDAY + timedelta(hours=2)), text="Seen.", ring=Ring.SHARED)
        assert waiting(session) == 1
        count_climbs(session, now=RESTED + timedelta(hours=3))

        assert raised(session) == 1
        assert session.exec(select(IssueClimb.elapsed_seconds)).all() == [2 * 3600]


def test_so_many_at_a_time_and_in_the_end_all(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(5):
            make_issue(session, cast)
        count_climbs(session, now=RESTED, most=2)
        assert (raised(session), waiting(session)) == (2, 3)
    assert list(count_all_climbs(db, RESTED)) == [3]
    with db.read() as session:
        assert (raised(session), waiting(session)) == (5, 0)


def test_what_breaks_off_in_the_middle_has_counted_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(3):
            make_issue(session, cast)

    def killed() -> None:
        with db.write() as session:
            count_climbs(session, now=RESTED, most=2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    with db.read() as session:
        assert (raised(session), waiting(session)) == (0, 3)


def test_one_that_cannot_be_counted_is_left_alone_and_the_others_are_counted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        bad, good = make_issue(session, cast), make_issue(session, cast)
        session.flush()
        session.execute(update(Event).where(col(Event.issue_id) == bad.id).values(kind="unheard of"))
        count_climbs(session, now=RESTED)

        assert session.exec(select(IssueClimb.issue_id)).all() == [good.id]
        session.refresh(bad)
        assert bad.uncounted_at == RESTED + AGAIN_AFTER


def test_of_two_clocks_each_counts_what_the_other_does_not(db: Database, cast: Cast) -> None:
    """On SQLite writers take turns."""
    with db.write() as session:
        for _ in range(4):
            make_issue(session, cast)

    def other_clock() -> None:
        with db.write() as session:
            count_climbs(session, now=RESTED, most=2)

    with ThreadPoolExecutor(1) as other:
        with db.write() as session:
            count_climbs(session, now=RESTED, most=2)
            meanwhile = other.submit(other_clock)
        meanwhile.result()
    with db.read() as session:
        assert (raised(session), waiting(session)) == (4, 0)
