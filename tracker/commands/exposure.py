"""`tracker exposure`: how much there was to go wrong, from a file."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from tracker.actions.set_report_terms import enter_exposure
from tracker.commands.opening import DRY_RUN, FILE, content_of, current, read_settings
from tracker.exchange.exposure import read
from tracker.measures.periods import month_number
from tracker.queries.arrangements import by_key
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import SERVER
from tracker.rules.wording import say_count


@click.command()
@FILE
@click.option("--partnership", "key", required=True, help="The key of the partnership it is of.")
@DRY_RUN
def exposure(file: Path, key: str, *, dry: bool) -> None:
    """Take in how much there was to go wrong from FILE, a CSV with the columns month, organisation, amount."""
    content = content_of(file)
    with current(read_settings()) as database, database.read() if dry else database.write() as session:
        agreed = by_key(session, key)
        found = read(content, agreed, until=_this_month(agreed))
        if dry:
            changed = sum(agreed.report.exposures.amounts.get(place) != each for place, each in found.items())
        else:
            changed = enter_exposure(session, agreed, found, actor=SERVER, now=datetime.now(UTC))
    click.echo(_said(agreed, len(found), changed))
    if dry:
        click.echo("Nothing was changed: this was a dry run.")


def _said(agreed: Arrangement, amounts: int, changed: int) -> str:
    what = agreed.report.exposures.what
    return f"{say_count(amounts, 'amount')} of {what}: {changed} new or changed, {amounts - changed} unchanged."


def _this_month(agreed: Arrangement) -> int:
    """The number of the month it is where the partnership is; there are no amounts of months to come."""
    return month_number(datetime.now(ZoneInfo(agreed.zone)).date())


commands = [exposure]
