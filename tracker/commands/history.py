"""`tracker history`: past issues with their events, from a file."""

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.actions.counting.climbs import count_all_climbs
from tracker.commands.opening import DRY_RUN, FILE, content_of, current, read_settings
from tracker.commands.progress import progress_of
from tracker.exchange.history.plan import lines
from tracker.exchange.history.take_in import planned, take_in
from tracker.queries.arrangements import by_key


@click.command()
@FILE
@click.option("--partnership", "key", required=True, help="The key of the partnership it is the history of.")
@DRY_RUN
def history(file: Path, key: str, *, dry: bool) -> None:
    """Take in past issues with their events from FILE, a CSV. Nobody is notified; no clock starts for what is over."""
    content, now = content_of(file), datetime.now(UTC)
    with current(read_settings()) as database:
        if dry:
            with database.read() as session:
                found = planned(session, content, by_key(session, key), now=now)
        else:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # it then says how far it came
            with progress_of("Writing") as show:
                began = time.monotonic()

                def between(done: int, total: int) -> None:
                    nonlocal began
                    show(done, total)
                    database.let_others_write(time.monotonic() - began)
                    began = time.monotonic()

                found = take_in(database, content, key, now=now, progress=between)
        for line in lines(found, dry=dry):
            click.echo(line)
        if not dry:
            sum(count_all_climbs(database, now))  # so that the report is whole where no clock runs yet


commands = [history]
