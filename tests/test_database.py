"""The plumbing: sessions that read and write, migrations, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import literal
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from tests.makers import Cast
from tracker.actions.raise_issue import next_number
from tracker.database import FOR_PAGES, Database, metadata, statement_count, straight
from tracker.database.migrating import alembic_config
from tracker.database.tables import newest
from tracker.records.governance import Seat
from tracker.records.partnership import Partnership
from tracker.records.person import Person

pytestmark = pytest.mark.both_databases

WRITERS, EACH = 8, 10


def test_a_migrated_database_is_current_and_matches_the_records(db: Database) -> None:
    db.check()
    assert db.is_current()


def test_the_newest_migration_is_the_one_with_the_highest_number() -> None:
    assert newest() == set(ScriptDirectory.from_config(alembic_config(None)).get_heads())


def test_migrating_twice_changes_nothing(db: Database) -> None:
    db.migrate()
    assert db.is_current()


def test_every_constraint_has_a_name_that_a_migration_can_find() -> None:
    constraints = [each for table in metadata().tables.values() for each in table.constraints]
    assert [each for each in constraints if each.name is None] == []


def test_no_update_is_lost_between_writers(db: Database, cast: Cast) -> None:
    with ThreadPoolExecutor(WRITERS) as writers:
        taken = [number for each in writers.map(lambda _: _take_numbers(db, cast), range(WRITERS)) for number in each]
    assert sorted(taken) == list(range(1, 1 + WRITERS * EACH))
    with db.read() as session:
        assert session.get_one(Partnership, cast.partnership.id).next_number == 1 + WRITERS * EACH


def test_what_was_not_read_to_its_end_keeps_nobody_from_reading_what_is_new_or_from_writing(
    db: Database, cast: Cast
) -> None:
    one, other = db.apart(1, FOR_PAGES), db.apart(1, FOR_PAGES)
    with one.write() as session:
        broken_off = iter(straight(session).execute(select(col(Person.id))))
        next(broken_off)
    with other.write() as session:
        number = next_number(session, cast.partnership.id)
    with one.read() as session:
        assert session.get_one(Partnership, cast.partnership.id).next_number == number + 1
    with one.write() as session:
        assert next_number(session, cast.partnership.id) == number + 1
    one.dispose()
    other.dispose()


def test_what_fails_half_way_leaves_nothing(db: Database, cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        _rename_and_fail(session, cast)
    with db.read() as session:
        assert session.get_one(Partnership, cast.partnership.id).name == "Riverside Integrated Discharge"


def test_a_reading_session_refuses_to_write(db: Database, cast: Cast) -> None:
    with db.read() as session:
        session.get_one(Partnership, cast.partnership.id).name = "Another"
        with pytest.raises(RuntimeError, match="only reads"):
            session.flush()


def test_references_are_checked(db: Database, cast: Cast) -> None:
    nowhere = Seat(body_id=999_999, person_id=cast.sam.id, organisation_id=cast.acute.id)
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(nowhere)


def test_statements_are_counted(db: Database, cast: Cast) -> None:
    with db.read() as session, statement_count(db) as sent:
        session.exec(select(func.count()).select_from(Partnership)).one()
    assert [each.split()[0] for each in sent if not each.startswith("BEGIN")] == ["SELECT"]


def test_a_new_file_is_not_current_until_it_is_migrated(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/down/new.sqlite3")
    assert not database.is_current()
    database.migrate()
    assert database.is_current()
    database.dispose()


@pytest.mark.parametrize(
    "given, driver",
    [
        ("postgresql://u@h/n", "postgresql+psycopg"),
        ("postgres://u@h/n", "postgresql+psycopg"),
        ("sqlite:///x", "sqlite"),
    ],
    ids=["postgresql", "postgres", "sqlite"],
)
def test_an_address_gets_the_driver_that_is_shipped(given: str, driver: str) -> None:
    assert Database(given).url.drivername == driver


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="sqlite:/// or postgresql://"):
        Database("mysql://u@h/n")


def _take_numbers(db: Database, cast: Cast) -> list[int]:
    return [_take_number(db, cast) for _ in range(EACH)]


def _take_number(db: Database, cast: Cast) -> int:
    with db.write() as session:
        return next_number(session, cast.partnership.id)


def _rename_and_fail(session: Session, cast: Cast) -> None:
    session.get_one(Partnership, cast.partnership.id).name = "Never"
    session.flush()
    raise ZeroDivisionError


def test_of_statements_without_end_few_are_kept_ready(db: Database) -> None:
    with db.read() as session:
        for number in range(400):
            session.execute(select(literal(1).label(f"of_filter_{number}")))
    assert len(db.engine._compiled_cache or ()) <= 300
