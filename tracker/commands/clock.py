"""`tracker clock`: ring timers, announce events and send letters, for ever or until nothing is due."""

import json
import signal
import threading
from datetime import UTC, datetime
from types import FrameType

import click

from tracker.clock import Clock, clock_of
from tracker.commands.opening import current, read_settings
from tracker.database import FOR_THE_CLOCK, Database
from tracker.queries.administration.restored import HeldCopy, refuse_if_held
from tracker.rules.sweeps import SweepResult
from tracker.settings.log_lines import write_log
from tracker.settings.long_running import begun


class Moment(click.ParamType[datetime]):
    """A moment as ISO 8601 has it: 2026-05-12T16:30:00Z. Without a zone it is UTC."""

    name = "ISO8601"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no moment; allowed is 2026-05-12T16:30:00Z or 2026-05-12T16:30+01:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command("clock")
@click.option("--once", is_flag=True, help="End when nothing more is due.")
@click.option("--now", type=Moment(), help="What time it is, with --once; left out, what the clock says.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
def run_clock(*, once: bool, now: datetime | None, as_json: bool) -> None:
    """Ring the timers that are due, announce what happened and send the letters; a line for each thing done.

    Several clocks may run at once. Ctrl+C or SIGTERM ends one when it has finished what it is at.
    """
    if now and not once:
        raise click.UsageError("--now is only for --once: a clock that goes on must go with the time.")
    settings = read_settings()
    write_log(settings.log)

    def tell(name: str, done: SweepResult) -> None:
        click.echo(_line(name, done, as_json=as_json))

    with current(settings, FOR_THE_CLOCK) as database:
        _heed_hold(database, once=once)
        clock = clock_of(settings, database, now=now)
        _stop_when_told(clock)
        begun()
        if once:
            for each in clock.until_nothing_is_due():
                tell(*each)
            return
        with clock.going(tell):
            clock.stopped.wait()


def _heed_hold(database: Database, *, once: bool) -> None:
    """In a restored copy that is held, one that goes on says so and waits. Refuses with HeldCopy `once`."""
    with database.read() as session:
        try:
            refuse_if_held(session)
        except HeldCopy as held:
            if once:
                raise
            click.echo(str(held), err=True)


def _stop_when_told(clock: Clock) -> None:
    """The clock is stopped from a thread: a handler may come upon it in the middle of a wait."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=clock.stop).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _line(name: str, done: SweepResult, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"sweep": name, "about": done.about, "did": done.what})
    return f"{name}  {done.about}  {done.what}"


commands = [run_clock]
