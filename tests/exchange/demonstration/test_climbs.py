"""The ladder report of the demonstration says what every event of its year says, as it was counted."""

from pathlib import Path

from tests.exchange.demonstration.making import NOW, demonstration
from tests.reports.ladder.test_same_as_slow import differences
from tracker.database import Database
from tracker.exchange.demonstration.own_database import KEY
from tracker.measures.periods import period
from tracker.queries.arrangements import by_key
from tracker.queries.demonstration import personas
from tracker.queries.ladder.kept import how_many_uncounted
from tracker.queries.ladder.sums import LadderReader
from tracker.rules.policy import viewer_of


def test_every_figure_of_the_demonstration_is_the_same_the_slow_way(of_all_workers: Path) -> None:
    db = Database(f"sqlite:///{demonstration(of_all_workers)}")
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
