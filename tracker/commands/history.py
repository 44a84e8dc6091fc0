"""`tracker history`: past issues with their events, from a file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.commands.opening import current, read_settings
from tracker.commands.progress import progress_of
from tracker.exchange.history.plan import lines
from tracker.exchange.history.take_in import planned, take_in
from tracker.queries.arrangements import by_key
from tracker.rules.refusals import WrongFile


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partnership", "key", required=True, help="The key of the partnership it is the history of.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be done, and change nothing.")
def history(file: Path, key: str, *, dry: bool) -> None:
    """Take in past issues with their events from FILE, a CSV. Nobody is notified; no clock starts for what is over."""
    content = _content(file)
    with current(read_settings()) as database:
        if dry:
            with database.read() as session:
                found = planned(session, content, by_key(session, key))
        else:
            with database.write() as session, progress_of("Writing") as progress:
                found = take_in(session, content, by_key(session, key), now=datetime.now(UTC), progress=progress)
    for line in lines(found, dry=dry):
        click.echo(line)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongFile(f"{file} cannot be read: {error.strerror}") from None


commands = [history]
