"""A changed calendar moves the limits still to come, and says so."""

from datetime import UTC, datetime

from sqlmodel import Session

from tests.issue_makers import kinds, make_issue
from tests.makers import MONDAY, OFFICE_HOURS, Cast, make_cast
from tracker.actions.recompute_limits import recompute_limits
from tracker.database import Database
from tracker.records.timer import TimerKind


def close_on(session: Session, cast: Cast, day: str) -> None:
    cast.council.calendar = {**OFFICE_HOURS, "closed": [day]}
    cast.partnership.version += 1
    session.flush()


def recompute(session: Session, cast: Cast, organisation_id: int) -> int:
    arrangement = cast.arrangement(session)
    return recompute_limits(
        session, arrangement, organisation_ids=[organisation_id], now=MONDAY, why="the Council closes on Wed 29 Apr"
    )


def test_a_closed_day_moves_the_limit_by_a_day_and_is_said(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        close_on(session, cast, "2026-04-29")
        assert recompute(session, cast, cast.council.id) == 1
        assert issue.due_at == datetime(2026, 5, 1, 16, tzinfo=UTC)
        assert kinds(session, issue)[-1] == "limit_recomputed"
        assert {timer.due_at for timer in issue.timers if timer.kind is TimerKind.LIMIT} == {issue.due_at}


def test_a_change_that_moves_no_limit_is_no_event(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        close_on(session, cast, "2026-08-03")
        assert recompute(session, cast, cast.council.id) == 0
        assert kinds(session, issue) == ["raised", "routed"]


def test_issues_of_other_organisations_are_left_alone(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        make_issue(session, cast)
        close_on(session, cast, "2026-04-29")
        assert recompute(session, cast, cast.community.id) == 0
