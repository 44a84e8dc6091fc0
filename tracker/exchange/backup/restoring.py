"""A server put together from a backup: an empty database and home filled, all or nothing, and held until it is live."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, literal, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session, col, delete

from tracker.database import Database, Progress, metadata
from tracker.database.refilling import BrokenReference, go_on_numbering
from tracker.database.tables import newest
from tracker.exchange.backup.archive import Archive, Manifest, opened_archive
from tracker.exchange.backup.home_files import Placing, place_of
from tracker.exchange.backup.taking import is_of_a_copy, table_members
from tracker.exchange.backup.values import put_lines
from tracker.exchange.mirror.tables import tables as mirror_tables
from tracker.queries.administration.restored import held_copy
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.records.timer import RestoredCopy
from tracker.rules.events.arrangement import ServerRestored
from tracker.rules.events.kinds import SERVER
from tracker.rules.refusals import MoveNotAllowed, Refused

_RESTORED = RestoredCopy.__table__  # type: ignore[attr-defined]


def restore_backup(db: Database, home: Path, file: Path, now: datetime, progress: Progress) -> Manifest:
    """What it has, in a database and a home that are empty. Refuses with DamagedArchive what is not as it was written,
    with Refused where something is there already; then all is as it was before. A record is held until it is live; an
    organisation's copy has no life of its own."""
    with opened_archive(file) as archive:
        _refuse_strange_members(archive)
        if not db.is_current():
            db.migrate()
        placing = Placing(home)
        try:
            with _refusing_strange_rows(archive), db.refill() as connection:
                _refuse_if_filled(connection)
                _put_tables(archive, connection, progress)
                if not is_of_a_copy(archive.manifest):
                    connection.execute(insert(_RESTORED).values(taken_at=archive.manifest.taken_at, restored_at=now))
                _put_files(archive, placing)
        except BaseException:
            placing.undo()
            raise
    return archive.manifest


def go_live(session: Session, now: datetime) -> None:
    """From now on clock, letters and signing go on; every lead is told. Refuses where nothing is held."""
    copy = held_copy(session)
    if copy is None:
        raise MoveNotAllowed("Nothing is held here: this is no restored copy, or it is live already.")
    session.execute(delete(RestoredCopy))
    kind = ServerRestored(taken_at=copy.taken_at.isoformat())
    for partnership_id in session.scalars(select(col(Partnership.id)).order_by(col(Partnership.id))).all():
        record(session, partnership_id=partnership_id, kind=kind, actor=SERVER, now=now)


def _refuse_strange_members(archive: Archive) -> None:
    manifest = archive.manifest
    tables = table_members(of_a_copy=is_of_a_copy(manifest))
    if {manifest.schema} != newest():
        raise Refused(
            f"This backup has the tables of migration {manifest.schema}, and this program those of {max(newest())}. "
            f"Restore it with the program that made it ({manifest.program}), then run the new one's: tracker migrate"
        )
    strange = [name for name in manifest.members if name not in tables and place_of(name) is None]
    if strange or not tables.keys() <= manifest.members.keys():
        raise archive.damaged("it has other members than a backup has")


def _refuse_if_filled(connection: Connection) -> None:
    known = inspect(connection).get_table_names()
    every = [each for each in (*metadata().sorted_tables, *mirror_tables.sorted_tables) if each.name in known]
    filled = [each.name for each in every if connection.scalar(select(literal(1)).select_from(each).limit(1))]
    if filled:
        raise Refused(
            f"This database is not empty: it has rows in {', '.join(filled[:3])}{' …' if len(filled) > 3 else ''}. "
            "A backup is restored into an empty one, before anything else has run."
        )


def _put_tables(archive: Archive, connection: Connection, progress: Progress) -> None:
    done = 0
    of_a_copy = is_of_a_copy(archive.manifest)
    if of_a_copy:
        mirror_tables.create_all(connection)
    for name, table in table_members(of_a_copy=of_a_copy).items():
        for count in put_lines(connection, table, archive.lines(name)):
            done += count
            progress(done, archive.manifest.rows)
        go_on_numbering(connection, table)


def _put_files(archive: Archive, placing: Placing) -> None:
    for name in archive.manifest.members:
        if place := place_of(name):
            placing.put(place, archive.content(name))


@contextmanager
def _refusing_strange_rows(archive: Archive) -> Iterator[None]:
    try:
        yield
    except OperationalError:
        raise  # the database does not answer, or has no room
    except (SQLAlchemyError, BrokenReference, ValueError, TypeError) as fault:
        raise archive.damaged("it has rows that do not fit") from fault
