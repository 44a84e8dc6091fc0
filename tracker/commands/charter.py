"""`tracker charter`: check, plan, load and export a charter file, and agree a ladder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.actions.agree_ladder import agree_for_all_led, ladder_of
from tracker.commands.opening import FILE, current, read_settings
from tracker.exchange.charter.charter import TABLES, Charter
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load, planned
from tracker.exchange.charter.remarks import remarks
from tracker.queries.arrangements import by_key
from tracker.queries.people import person_by_email
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import WrongFile
from tracker.rules.wording import listed

PLURALS = (
    "organisations",
    "people",
    "bodies",
    "ladders",
    "routes",
    "clauses",
    "service areas",
    "theme groups",
    "themes",
)


@click.group()
def charter() -> None:
    """The charter file: everything that a partnership agreed."""


@charter.command("check")
@FILE
def check_file(file: Path) -> None:
    """Say everything that is wrong with FILE, and change nothing."""
    now = datetime.now(UTC)
    found = _checked(file, now)
    counts = [f"{len(found.table(name))} {plural}" for name, plural in zip(TABLES, PLURALS, strict=True)]
    click.echo(f"{found.partnership.key} {found.partnership.name} is in order: {listed(counts)}.")
    _echo_remarks(found, now)


@charter.command("plan")
@FILE
def plan_file(file: Path) -> None:
    """Say what loading FILE would add, change and retire, and change nothing."""
    now = datetime.now(UTC)
    found = _checked(file, now)
    with current(read_settings()) as database, database.read() as session:
        click.echo(str(planned(session, found)))
    _echo_remarks(found, now)


@charter.command("load")
@FILE
def load_file(file: Path) -> None:
    """Create or update the partnership that FILE describes: all of it, or nothing."""
    now = datetime.now(UTC)
    found = _checked(file, now)
    with current(read_settings()) as database:
        with database.read() as session:
            click.echo(str(planned(session, found)))
        with database.write() as session:
            done = load(session, found, now=now)
        with database.read() as session:
            waiting = list(_waiting(by_key(session, found.partnership.key)))
    _echo_remarks(found, now)
    if done.changes:
        click.echo("\n".join([f"Loaded {found.partnership.key}.", *waiting]))


@charter.command("export")
@click.argument("key")
def export_file(key: str) -> None:
    """Write the charter of the partnership KEY; loading it again changes nothing."""
    with current(read_settings()) as database, database.read() as session:
        click.echo(export(session, key), nl=False)


@charter.command("agree")
@click.argument("key")
@click.argument("ladder")
@click.option("--person", "email", required=True, help="The address of a lead.")
def agree_ladder(key: str, ladder: str, email: str) -> None:
    """Agree the version of LADDER that waits in the partnership KEY, for the organisations this person leads."""
    with current(read_settings()) as database, database.write() as session:
        found = ladder_of(session, by_key(session, key).id, ladder)
        missing = agree_for_all_led(session, found, person_by_email(session, email), now=datetime.now(UTC))
        name = found.name
    click.echo(f"{name} is agreed; still to agree: {listed(missing)}." if missing else f"{name} is in force.")


def _echo_remarks(charter: Charter, now: datetime) -> None:
    """On stderr: what is printed beside it may be kept and compared."""
    for remark in remarks(charter, now):
        click.echo(f"Worth a look: {remark}.", err=True)


def _waiting(arrangement: Arrangement) -> Iterator[str]:
    """What is left to do before anything can be raised on a ladder."""
    for ladder in arrangement.ladders_to_agree():
        agree = f"tracker charter agree {arrangement.key} {ladder.key} --person EMAIL"
        yield f"{ladder.name} waits for a lead of every organisation: {agree}"


def _checked(file: Path, now: datetime) -> Charter:
    try:
        return check(file.read_text(encoding="utf-8-sig"), today=now.date())
    except UnicodeDecodeError as error:
        raise WrongFile(f"{file} is not text in UTF-8: {error}") from None
    except OSError as error:
        raise WrongFile(f"{file} cannot be read: {error.strerror}") from None


commands = [charter]
