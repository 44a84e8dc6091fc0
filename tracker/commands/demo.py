"""`tracker demo`: two years of an invented partnership, in a home of its own, with a way in for everybody."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby

import click

from tracker.commands.opening import current, read_settings
from tracker.commands.progress import progress_of
from tracker.commands.serving import serve_here
from tracker.exchange.demonstration.own_database import SEED, make_ready
from tracker.exchange.demonstration.ways_in import WayIn, ways_in
from tracker.records.session import LINK_KEY
from tracker.rules import addresses

HOST = "127.0.0.1"
NOT_FOR_A_DEMONSTRATION = ("TRACKER_DATABASE_URL", "TRACKER_SMTP_URL", "TRACKER_LOG_KEY")
"""Settings of somebody's server: the demonstration has its own database, and its mail stays in a folder."""


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--seed", default=SEED, show_default=True, help="Another text: other hours, the same story.")
@click.option("--no-serve", "stay", is_flag=True, help="Make it, print the ways in, and end.")
def demo(port: int, seed: str, *, stay: bool) -> None:
    """Make the demonstration, if it is not today's, print the ways in, and serve it."""
    _at_home(port)
    settings = read_settings()
    now = datetime.now(UTC)
    with progress_of("A year goes by") as progress:
        made = make_ready(settings.home / "tracker.sqlite3", now=now, seed=seed, progress=progress)
    click.echo(f"The demonstration {'was made anew' if made else 'is as it was left'}, in {settings.home}.\n")
    with current(settings) as database, database.write() as session:
        found = ways_in(session, now=now, key=settings.key(LINK_KEY))
    _show(found, settings.base_url)
    if not stay:
        serve_here(HOST, port)


def _at_home(port: int) -> None:
    """Turns this process, and those it starts, to the demonstration's home: the folder `demo` at home. Its log is
    quiet, so that the ways in stay where they were printed."""
    for name in NOT_FOR_A_DEMONSTRATION:
        os.environ.pop(name, None)
    home = read_settings().home
    os.environ["TRACKER_HOME"] = str(home if home.name == "demo" else home / "demo")
    os.environ["TRACKER_BASE_URL"] = os.environ.get("TRACKER_BASE_URL") or f"http://{HOST}:{port}"
    os.environ["TRACKER_LOG"] = os.environ.get("TRACKER_LOG") or "faults"


def _show(found: Iterable[WayIn], address: str) -> None:
    click.echo(f"{address}\n\nCome in as (each link is good once; at the door one can choose, too):")
    for organisation, people in groupby(found, key=lambda each: each.organisation):
        click.echo(f"\n{organisation}")
        for each in people:
            click.echo(f"  {each.name:<18} {each.role:<15} {address}{addresses.link(each.token)}")
    click.echo()


commands = [demo]
