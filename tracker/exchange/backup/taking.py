"""A backup taken: all rows as of one moment, while everybody goes on, and what the home folder has."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, Table, func, select
from sqlmodel import Session

from tracker.database import Database, Progress, metadata
from tracker.database.tables import current
from tracker.exchange.backup.archive import ArchiveWriter, Manifest, new_archive
from tracker.exchange.backup.home_files import kept_files
from tracker.exchange.backup.values import AT_ONCE, lines_of, plain
from tracker.exchange.mirror.home import standing_of
from tracker.exchange.mirror.tables import HOME
from tracker.exchange.mirror.tables import tables as mirror_tables
from tracker.queries.proofs.checkpoints import newest_log_key
from tracker.records.proofs.signing import SigningKey
from tracker.records.timer import RestoredCopy
from tracker.settings import Settings, WrongSetting
from tracker.settings.secret_file import LOG_KEY, NEXT_LOG_KEY, log_key_file

_TABLES = "tables/"
_CHUNK = 1 << 20
_OF_THIS_COPY = {str(RestoredCopy.__tablename__)}  # what is true of one database alone


def take_backup(db: Database, settings: Settings, file: Path, now: datetime, progress: Progress) -> Manifest:
    """Everything, in a new file. The rows come first: a letter that is written meanwhile is one too many, and not one
    too few. Refuses where the file is there or cannot be written; nothing is left of it then."""
    of_a_copy = standing_of(db) is not None
    with new_archive(file) as archive, db.snapshot() as session:
        connection = session.connection()
        schema = max(current(connection))
        _put_tables(connection, archive, progress, of_a_copy=of_a_copy)
        _put_files(settings.home, archive)
        left_out = tuple(_left_out(session, settings))
        manifest = Manifest(now, schema, version("partnership-tracker"), left_out, archive.members)
        archive.close(manifest)
    return manifest


def table_members(*, of_a_copy: bool) -> dict[str, Table]:
    """The tables that an archive has, by the names of its members. `of_a_copy`: of an organisation's, which has tables
    of its own besides."""
    product = [each for each in metadata().sorted_tables if each.name not in _OF_THIS_COPY]
    of_copies = mirror_tables.sorted_tables if of_a_copy else []
    return {_member(each): plain(each) for each in (*product, *of_copies)}


def is_of_a_copy(manifest: Manifest) -> bool:
    return _member(HOME) in manifest.members


def _member(table: Table) -> str:
    return f"{_TABLES}{table.name}.jsonl"


def _put_tables(connection: Connection, archive: ArchiveWriter, progress: Progress, *, of_a_copy: bool) -> None:
    members = table_members(of_a_copy=of_a_copy)
    total = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in members.values())
    done = 0
    for name, table in members.items():
        archive.put(name, _told(lines_of(connection, table), done, total, progress), of_rows=True)
        done += archive.members[name].rows or 0


def _told(lines: Iterator[bytes], before: int, total: int, progress: Progress) -> Iterator[bytes]:
    """`before`: rows of the tables that are done."""
    for place, line in enumerate(lines):
        yield line
        if place % AT_ONCE == 0:
            progress(before + place, total)


def _put_files(home: Path, archive: ArchiveWriter) -> None:
    for name, path in kept_files(home):
        with suppress(FileNotFoundError), path.open("rb") as kept:  # somebody may have put it elsewhere by now
            archive.put(name, iter(lambda kept=kept: kept.read(_CHUNK), b""))  # type: ignore[misc]


def _left_out(session: Session, settings: Settings) -> Iterator[str]:
    """What has to come from elsewhere for a restored copy to be as this one."""
    if settings.given_secret:
        yield "TRACKER_SECRET is given by the environment: keep it apart."
    if settings.given_log_key:
        yield "TRACKER_LOG_KEY is given by the environment: keep it apart."
        return
    newest = newest_log_key(session)
    if newest and newest.public not in set(_publics(settings.home)):
        yield f"{LOG_KEY} at home is not the key that signs the record of this database, or was just changed."


def _publics(home: Path) -> Iterator[str]:
    for name in (LOG_KEY, NEXT_LOG_KEY):
        with suppress(OSError, WrongSetting):
            yield SigningKey(log_key_file(home / name)).public.hex()
