"""A database that was multiplied holds what would be counted of it."""

from datetime import UTC, datetime

from sqlmodel import Session, select

from tests.bench.multiply import multiply
from tests.bench.partnership import KEY
from tests.bench.seed import Size, seed
from tracker.actions.counting.climbs import count_all_climbs, uncount_climbs
from tracker.database import Database
from tracker.queries.arrangements import by_key
from tracker.records.climb import ClimbScope, ClimbTally

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)


def counted(session: Session) -> dict[tuple[str, bool, int, int], dict[str, int]]:
    """What is kept of how issues climbed, by whose they are and month."""
    found = session.exec(select(ClimbTally, ClimbScope).where(ClimbTally.scope_id == ClimbScope.id))
    return {(scope.sides, scope.named, scope.body_id, tally.month): tally.counts for tally, scope in found}


def test_how_issues_climbed_stands_there_as_often_as_they_do(db: Database) -> None:
    seed(db, Size(150, 400), NOW)

    assert multiply(db, 3) == 450

    with db.write() as session:
        multiplied = counted(session)
        uncount_climbs(session, by_key(session, KEY).id, NOW)
    assert sum(count_all_climbs(db, NOW)) > 400
    with db.read() as session:
        assert counted(session) == multiplied
