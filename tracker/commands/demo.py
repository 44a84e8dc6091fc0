"""`tracker demo`: a year of an invented partnership, in a home of its own, with a way in for everybody."""

import os
from datetime import UTC, datetime

import click
from sqlmodel import Session, select

from tracker.actions.welcome import make_link
from tracker.commands.opening import current, read_settings
from tracker.commands.progress import progress_of
from tracker.commands.serving import serve_here
from tracker.exchange.demonstration.own_database import make_ready
from tracker.queries.demonstration import personas
from tracker.records.person import Person
from tracker.records.session import LINK_KEY
from tracker.settings import Settings

HOST = "127.0.0.1"
NOT_FOR_A_DEMONSTRATION = ("TRACKER_DATABASE_URL", "TRACKER_SMTP_URL")
"""Settings of somebody's server: the demonstration has its own database, and its mail stays in a folder."""


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", "stay", is_flag=True, help="Make it, print the ways in, and end.")
def demo(port: int, *, stay: bool) -> None:
    """Make the demonstration, if it is not today's, print the ways in, and serve it."""
    _at_home(port)
    settings = read_settings()
    now = datetime.now(UTC)
    with progress_of("A year goes by") as progress:
        made = make_ready(settings.home / "tracker.sqlite3", now=now, progress=progress)
    click.echo(f"The demonstration {'was made anew' if made else 'is as it was left'}, in {settings.home}.\n")
    with current(settings) as database, database.write() as session:
        _show_ways_in(session, settings, now)
    if not stay:
        serve_here(HOST, port)


def _at_home(port: int) -> None:
    """Turns this process, and those it starts, to the demonstration's home: the folder `demo` at home."""
    for name in NOT_FOR_A_DEMONSTRATION:
        os.environ.pop(name, None)
    home = read_settings().home
    os.environ["TRACKER_HOME"] = str(home if home.name == "demo" else home / "demo")
    os.environ["TRACKER_BASE_URL"] = os.environ.get("TRACKER_BASE_URL") or f"http://{HOST}:{port}"


def _show_ways_in(session: Session, settings: Settings, now: datetime) -> None:
    """The address, and for each side a link for somebody of each rank; each link is good once."""
    click.echo(f"{settings.base_url}\n\nCome in as (each link is good once; at the door one can choose, too):")
    for side in personas(session):
        click.echo(f"\n{side.organisation}")
        for each in side.people:
            email = session.exec(select(Person.email).where(Person.id == each.id)).one()
            token = make_link(session, email, now=now, key=settings.key(LINK_KEY))
            click.echo(f"  {each.name:<18} {each.role:<15} {settings.base_url}/sign-in/{token}")
    click.echo()


commands = [demo]
