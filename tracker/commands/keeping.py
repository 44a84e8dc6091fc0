"""For those who keep a server: `migrate`, `settings`, `link`, `recount`."""

from datetime import UTC, datetime

import click

from tracker.actions.count_months import recount
from tracker.actions.welcome import make_link
from tracker.commands.opening import OutOfDate, current, opened, read_settings
from tracker.queries.arrangements import by_key
from tracker.records.session import LINK_KEY
from tracker.rules import addresses


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when there is something to do.")
def migrate(*, check: bool) -> None:
    """Bring the database up to date."""
    with opened(read_settings()) as database:
        if database.is_current():
            click.echo("The database is up to date.")
            return
        if check:
            raise OutOfDate
        database.migrate()
    click.echo("The database is up to date now.")


@click.command("settings")
def show_settings() -> None:
    """List every setting with its value, meaning and what is allowed."""
    for setting, value in read_settings().listed():
        click.echo(f"{setting.name}={value}")
        click.echo(f"    {setting.means} Allowed: {setting.allowed}.")


@click.command()
@click.argument("email")
def link(email: str) -> None:
    """Make a sign-in link for EMAIL, good once and for three days. Leads see that it was made."""
    settings = read_settings()
    with current(settings) as database, database.write() as session:
        token = make_link(session, email, now=datetime.now(UTC), key=settings.key(LINK_KEY))
    click.echo(f"{settings.base_url}{addresses.link(token)}")


@click.command("recount")
@click.option("--partnership", "key", required=True, help="The key of the partnership.")
def recount_months(key: str) -> None:
    """Count anew what the theme report adds up. It is kept as issues change; this makes it from nothing."""
    with current(read_settings()) as database, database.write() as session:
        months = recount(session, by_key(session, key).id)
    click.echo(f"{months} months counted.")


commands = [migrate, show_settings, link, recount_months]
