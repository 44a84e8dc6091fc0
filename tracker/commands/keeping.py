"""For those who keep a server: `migrate`, `settings`, `link`, `lead`, `recount`."""

from datetime import UTC, datetime

import click

from tracker.actions.counting.climbs import count_all_climbs, uncount_climbs
from tracker.actions.counting.months import recount
from tracker.actions.welcome import make_link
from tracker.commands.opening import OutOfDate, current, opened, read_settings, refuse_newer
from tracker.commands.progress import progress_of
from tracker.database import Database
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_lead
from tracker.queries.arrangements import by_key
from tracker.queries.ladder.kept import how_many_uncounted
from tracker.queries.search.uncut import cut_older, has_uncut
from tracker.records.partnership_chain import record
from tracker.records.session import LINK_KEY
from tracker.rules import addresses
from tracker.rules.events.arrangement import ReportsRecounted
from tracker.rules.events.kinds import SERVER, Actor
from tracker.rules.refusals import MoveNotAllowed, NotThere
from tracker.rules.wording import say_count

MOST_LEFT = 5_000  # issues whose climbs the clock counts beside its other work; more are those of an older version


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when there is something to do.")
def migrate(*, check: bool) -> None:
    """Bring the database up to date. Broken off, it goes on where it was when it is run again."""
    with opened(read_settings()) as database:
        refuse_newer(database)
        if _is_up_to_date(database):
            click.echo("The database is up to date.")
            return
        if check:
            raise OutOfDate
        with progress_of("Moving rows") as progress:
            database.migrate(progress)
        if count := sum(cut_older(database)):
            click.echo(f"{say_count(count, 'text')} made ready to be found by any word.")
        if _lags(database):
            count = sum(count_all_climbs(database, datetime.now(UTC)))
            click.echo(f"{say_count(count, 'issue')} counted for the report of how issues climb.")
    click.echo("The database is up to date now.")


def _is_up_to_date(database: Database) -> bool:
    """Its tables, and what is kept of older rows."""
    if not database.is_current():
        return False
    with database.read() as session:
        if has_uncut(session):
            return False
    return not _lags(database)


def _lags(database: Database) -> bool:
    """Whether more issues wait to be counted than are left to the clock."""
    with database.read() as session:
        return how_many_uncounted(session) > MOST_LEFT


@click.command("settings")
def show_settings() -> None:
    """List every setting with its value, meaning and what is allowed."""
    for setting, value in read_settings().listed():
        click.echo(f"{setting.name}={value}")
        click.echo(f"    {setting.means} Allowed: {setting.allowed}.")


@click.command()
@click.argument("email")
@click.option("--end-codes", is_flag=True, help="They lost the app for codes and the paper: ask for none any more.")
@click.option("--end-passkeys", is_flag=True, help="They lost what has their passkeys: these open nothing any more.")
def link(email: str, end_codes: bool, end_passkeys: bool) -> None:
    """Make a sign-in link for EMAIL, good once and for three days. Leads see that it was made."""
    settings = read_settings()
    key, now = settings.key(LINK_KEY), datetime.now(UTC)
    with current(settings) as database, database.write() as session:
        token = make_link(session, email, now=now, key=key, ending_codes=end_codes, ending_passkeys=end_passkeys)
    click.echo(f"{settings.base_url}{addresses.link(token)}")


@click.command("lead")
@click.argument("key")
@click.argument("organisation")
@click.argument("email")
@click.option("--name", help="What they are called, where they do not belong yet.")
def name_a_lead(key: str, organisation: str, email: str, name: str | None) -> None:
    """Name a lead of ORGANISATION in the partnership KEY that has none left; who does not belong yet is invited. An
    organisation that has a lead names others itself."""
    now, address, name = datetime.now(UTC), email.strip().lower(), (name or "").strip()
    with current(read_settings()) as database, database.write() as session:
        agreed = by_key(session, key)
        side = next((each for each in agreed.active_organisations() if each.key == organisation), None)
        if side is None:
            raise NotThere(f"There is no organisation {organisation} in {key}.")
        if side not in agreed.without_lead:
            raise MoveNotAllowed(f"{side.name} has a lead, or somebody invited to be one. They name others.")
        actor = Actor(None, SERVER.name, side.id, side.key, side.name)
        called = {address: name} if name else None
        revise(session, agreed.id, with_lead(address, name, organisation), actor=actor, now=now, typed=called)
    click.echo(f"{address} is a lead of {side.name}, once they have come in. Every lead of {key} is told.")


@click.command("recount")
@click.option("--partnership", "key", required=True, help="The key of the partnership.")
def recount_months(key: str) -> None:
    """Count anew what reports add up. It is kept as issues change; this makes it from nothing but their events, and
    leads see that it was done. Broken off, the clock goes on with it: until then the report of how issues climb lags,
    and says so."""
    now = datetime.now(UTC)
    with current(read_settings()) as database:
        with database.write() as session:
            partnership_id = by_key(session, key).id
            months = recount(session, partnership_id)
            uncount_climbs(session, partnership_id, now)
            recounted = ReportsRecounted(months=months)
            record(session, partnership_id=partnership_id, kind=recounted, actor=SERVER, now=now)
        click.echo(f"{say_count(months, 'month')} counted.")
        click.echo(f"{say_count(sum(count_all_climbs(database, now)), 'climb')} counted.")


commands = [migrate, show_settings, link, name_a_lead, recount_months]
