"""The ladder report of the demonstration says what every event of its year says, as it was counted."""

from datetime import UTC, datetime
from pathlib import Path

from tests.reports.ladder.test_same_as_slow import differences
from tracker.database import Database
from tracker.exchange.demonstration.own_database import KEY, make_ready
from tracker.measures.periods import period
from tracker.queries.arrangements import by_key
from tracker.queries.demonstration import personas
from tracker.queries.ladder.kept import how_many_uncounted
from tracker.queries.ladder.sums import LadderReader
from tracker.rules.policy import viewer_of

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


def test_every_figure_of_the_demonstration_is_the_same_the_slow_way(tmp_path: Path) -> None:
    make_ready(tmp_path / "tracker.sqlite3", now=NOW)
    db = Database(f"sqlite:///{tmp_path}/tracker.sqlite3")
    with db.read() as session:
        assert how_many_uncounted(session) == 0
        agreed = by_key(session, KEY)
        people = [viewer_of(person.id, agreed, at=NOW) for side in personas(session) for person in side.people]
        readers = [
            LadderReader(agreed, viewer, period(within) if within else None)
            for viewer in (None, *people)
            for within in ("", "2025-11..2026-10")
        ]
        found = [each for reader in readers for each in differences(session, reader, NOW)]
    assert len(readers) > 4
    assert found == []
