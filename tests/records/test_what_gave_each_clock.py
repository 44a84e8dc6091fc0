"""Clocks that were set before their origins were kept are given the same ones by the migration."""

from datetime import timedelta
from typing import Any

from alembic import command
from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import ring_one
from tracker.actions import resolve
from tracker.actions.acknowledge import acknowledge
from tracker.database import Database
from tracker.database.migrating import alembic_config
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.timer import Timer

BEFORE = "0013"
LATER = MONDAY + timedelta(hours=2)


def issues_of_all_kinds(session: Session, cast: Cast) -> None:
    """One new, one acknowledged, one proposed, one returned, one at the top past its limit."""
    make_issue(session, cast)
    seen, proposed, returned = (make_issue(session, cast) for _ in range(3))
    acknowledge(session, seen.ref, doer(cast, "kim", LATER))
    for issue in (proposed, returned):
        resolve.propose(session, issue.ref, doer(cast, "kim", LATER), outcome="solved", done="Sent again.")
    resolve.give_back(session, returned.ref, doer(cast, "sam", LATER + timedelta(hours=1)), reason="Not yet.")
    long_ago = MONDAY - timedelta(weeks=8)
    make_issue(session, cast, now=long_ago, occurred_on=long_ago.date())
    for days in range(56):
        while ring_one(session, long_ago + timedelta(days=days)):
            pass


def kept(session: Session) -> dict[str, list[Any]]:
    """What is kept of every clock."""
    asked = {
        "issue": select(Issue.id, Issue.due_at, Issue.due_origin).order_by(col(Issue.id)),
        "side": select(IssueSide.issue_id, IssueSide.organisation_id, IssueSide.acknowledge_by)
        .where(col(IssueSide.acknowledged_at).is_(None))
        .order_by(col(IssueSide.issue_id), col(IssueSide.organisation_id)),
        "timer": select(Timer.id, Timer.due_at, Timer.origin).order_by(col(Timer.id)),
    }
    return {name: [tuple(row) for row in session.execute(statement)] for name, statement in asked.items()}


def test_what_gave_each_clock_is_found_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issues_of_all_kinds(session, cast)
    with db.read() as session:
        before = kept(session)
    with db._migrating() as connection:
        command.downgrade(alembic_config(connection), BEFORE)
    db.migrate()
    with db.read() as session:
        assert kept(session) == before
