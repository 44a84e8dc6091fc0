"""What commands begin with: the settings, a database that is up to date, and how they say no."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import IntegrityError, OperationalError

from tracker.database import FOR_COMMANDS, Database, Patience
from tracker.exchange.mirror.home import standing_of
from tracker.rules.refusals import Refused, WrongFile
from tracker.settings import Settings
from tracker.settings.home import keep_to_owner

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY_RUN = click.option("--dry-run", "dry", is_flag=True, help="Say what would be done, and change nothing.")


class OutOfDate(Refused):
    """The database lacks tables of this version."""

    def __init__(self) -> None:
        super().__init__("The database is not up to date. Run: tracker migrate")


class NewerDatabase(Refused):
    """The database has tables of a version after this one."""

    def __init__(self) -> None:
        super().__init__(
            "This database is newer than this program: a migration has run that it does not know. Install the version "
            "that migrated it, or restore a backup from before."
        )


class Commands(click.Group):
    """A group whose refusals end as exit code 1 and a sentence on stderr; wrong usage is 2, by click."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            click.echo(str(refusal), err=True)
        except OperationalError as fault:
            click.echo(f"The database does not answer: {fault.orig}", err=True)
        except IntegrityError:
            click.echo("Somebody wrote the same at the same moment, so this was not done. Run it again.", err=True)
        return ctx.exit(1)


def read_settings() -> Settings:
    """The settings of this environment."""
    return Settings.from_environment(os.environ)


@contextmanager
def opened(settings: Settings, patience: Patience = FOR_COMMANDS) -> Iterator[Database]:
    """The database, whatever state it is in; what others could read at home is theirs no more."""
    for remark in keep_to_owner(settings.home):
        click.echo(remark, err=True)
    try:
        database = Database(settings.database_url, settings.threads, patience)
    except ValueError as wrong:
        raise Refused(f"TRACKER_DATABASE_URL: {wrong}") from wrong
    try:
        yield database
    finally:
        database.dispose()


class OnlyACopy(Refused):
    """The database is an organisation's copy, which follows the record and has no life of its own."""

    def __init__(self) -> None:
        super().__init__(
            "This database is a copy, kept by `tracker mirror`. It can be served and backed up, and nothing else."
        )


@contextmanager
def current(settings: Settings, patience: Patience = FOR_COMMANDS) -> Iterator[Database]:
    """The database of a record, if it is up to date. Refuses with OutOfDate and OnlyACopy."""
    with current_or_copy(settings, patience) as database:
        if standing_of(database):
            raise OnlyACopy
        yield database


@contextmanager
def current_or_copy(settings: Settings, patience: Patience = FOR_COMMANDS) -> Iterator[Database]:
    """The database of a record, or an organisation's copy of one. Refuses with OutOfDate and NewerDatabase."""
    with opened(settings, patience) as database:
        refuse_newer(database)
        if not database.is_current():
            raise OutOfDate
        yield database


def refuse_newer(database: Database) -> None:
    """Refuses with NewerDatabase."""
    if database.is_newer():
        raise NewerDatabase


def content_of(file: Path) -> bytes:
    """Refuses with WrongFile what cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongFile(f"{file} cannot be read: {error.strerror}") from None
