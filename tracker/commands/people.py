"""`tracker people`: people in bulk, from a file and into one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.commands.opening import DRY_RUN, content_of, current, read_settings
from tracker.database import Database
from tracker.exchange.people.plan import PersonFate
from tracker.exchange.people.reading import BY_COMMAND, PeopleList, read_list, text_of
from tracker.exchange.people.take_in import people_planned, take_in_people
from tracker.exchange.people.writing import people_sheet
from tracker.queries.arrangements import by_key
from tracker.reports.spreadsheet import comma_separated
from tracker.rules.events.kinds import SERVER
from tracker.rules.refusals import WrongFile
from tracker.rules.rings import Role

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--partnership", "key", required=True, help="The key of the partnership they belong to.")
@click.option("--organisation", help="The key of the organisation of whoever has none in the file.")
@click.option("-o", "--out", type=_PATH, help="Writes everybody there instead, as a CSV that can be taken in again.")
@DRY_RUN
def people(file: Path | None, key: str, organisation: str | None, out: Path | None, *, dry: bool) -> None:
    """Take in the people of FILE: a CSV with the headings name, address, organisation, roles and seats, or lines like
    `Sam Okafor <sam@acute.example>`, who are front line. Who is new is invited; who is not in it stays."""
    if (file is None) == (out is None):
        raise click.UsageError("Give a FILE to take in, or -o and a file to write.")
    with current(read_settings()) as database:
        if out:
            _write(database, key, out)
        elif file:
            given = read_list(text_of(content_of(file), BY_COMMAND), BY_COMMAND)
            _take_in(database, key, given.standing_under(organisation or ""), dry=dry)


def _take_in(database: Database, key: str, given: PeopleList, *, dry: bool) -> None:
    with database.read() if dry else database.write() as session:
        partnership_id = by_key(session, key).id
        plan = people_planned(session, partnership_id, given, own=None, roles=[Role.FRONT_LINE])
        if refused := plan.of(PersonFate.REFUSED):
            raise WrongFile(*map(str, refused), f"Nothing was taken in: {plan.count_text()}.")
        if not dry:
            take_in_people(session, partnership_id, plan, actor=SERVER, now=datetime.now(UTC))
    for line in (*plan.lines(), *(["Nothing was changed: this was a dry run."] if dry else [])):
        click.echo(line)


def _write(database: Database, key: str, out: Path) -> None:
    with database.read() as session:
        agreed = by_key(session, key)
    text = comma_separated(people_sheet(agreed, [each.key for each in agreed.active_organisations()]))
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise WrongFile(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{text.count(chr(10)) - 1} people of {key} stand in {out}.")


commands = [people]
