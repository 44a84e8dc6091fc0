"""The plumbing: sessions that read and write, migrations, on both databases."""

import pytest

from tracker.database import Database, metadata

pytestmark = pytest.mark.both_databases


def test_a_migrated_database_is_current_and_matches_the_records(db: Database) -> None:
    db.check()
    assert db.is_current()


def test_migrating_twice_changes_nothing(db: Database) -> None:
    db.migrate()
    assert db.is_current()


def test_every_constraint_has_a_name_that_a_migration_can_find() -> None:
    constraints = [each for table in metadata().tables.values() for each in table.constraints]
    assert [each for each in constraints if each.name is None] == []
