"""`tracker report`: the reports that pages show, as files, for whoever keeps the server."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial, reduce
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlmodel import Session

from tracker.commands.opening import current, read_settings
from tracker.measures.periods import Period, period
from tracker.pages.reports.standalone import standalone_ladder, standalone_themes
from tracker.pages.web.moments import PageReader
from tracker.queries.arrangements import by_key
from tracker.queries.ladder.sums import LadderReader
from tracker.queries.visitors import visitor_by_email
from tracker.records.partnership_chain import record
from tracker.reports.formats import FORMATS, file_bytes, file_name, in_portions
from tracker.reports.ladder import faces as ladder_faces
from tracker.reports.ladder.build import issue_flows, ladder_report
from tracker.reports.ladder.report import LadderReport
from tracker.reports.themes import faces as theme_faces
from tracker.reports.themes.build import theme_report
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.arrangement import ReportRead
from tracker.rules.events.kinds import SERVER
from tracker.rules.refusals import NotThere, Refused
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in


class PeriodType(click.ParamType[Period]):
    """`2026`, `2026-Q1` or `2026-03`."""

    name = "period"

    def convert(self, value: str | Period, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """The period; wrong usage where it is none."""
        try:
            return value if isinstance(value, Period) else period(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


@click.group()
def report() -> None:
    """The reports, as a person may see them; without a person figures and references only, which leads are told."""


def report_options() -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options that every report has."""
    shapes = tuple(FORMATS)
    options = (
        click.option("-o", "--output", type=click.Path(path_type=Path), help="A file, or a folder, to write to."),
        click.option("--format", "shape", type=click.Choice(shapes), default=shapes[0], show_default=True),
        click.option("--person", "email", help="The address of the person whose eyes it is for."),
        click.option("--period", "within", type=PeriodType(), help="2026, 2026-Q1 or 2026-03; left out: all time."),
        click.option("--partnership", "key", required=True, help="The key of the partnership."),
    )
    return lambda command: reduce(lambda so_far, option: option(so_far), options, command)


@report.command()
@report_options()
def ladder(key: str, within: Period | None, email: str | None, shape: str, output: Path | None) -> None:
    """How every issue moved over its ladder, how long it stayed where, who had the ball, how it ended."""
    refuse_bytes_to_a_terminal(shape, output)
    with _reading("ladder", key, within, email) as (session, arrangement, viewer):
        reader = _reader(arrangement)
        asked = LadderReader(arrangement, viewer, within)
        found, flows = ladder_report(session, asked, now=reader.now), issue_flows(session, asked, reader.now)
        alone = partial(standalone_ladder, address=read_settings().base_url, reader=reader)
        write_out(_ladder_file(shape, found, flows, alone), output, file_name(key, within, "ladder", shape))


def _ladder_file(
    shape: str, found: LadderReport, flows: ladder_faces.Flows, alone: Callable[[LadderReport], str]
) -> str | bytes | Iterator[bytes]:
    """As values in portions, however many issues they tell of."""
    if shape == "json":
        return in_portions(ladder_faces.json_pieces(found, flows))
    return alone(found) if shape == "html" else ladder_faces.FACES[shape](found, flows)


@report.command()
@report_options()
def themes(key: str, within: Period | None, email: str | None, shape: str, output: Path | None) -> None:
    """What keeps getting in the way: occurrences by theme, month and pair of organisations."""
    refuse_bytes_to_a_terminal(shape, output)
    with _reading("themes", key, within, email) as (session, arrangement, viewer):
        reader = _reader(arrangement)
        found = theme_report(session, arrangement, today=day_in(reader.zone, reader.now), viewer=viewer, period=within)
    alone = partial(standalone_themes, address=read_settings().base_url, reader=reader)
    write_out(theme_faces.FACES.get(shape, alone)(found), output, file_name(key, within, "themes", shape))


def _reader(arrangement: Arrangement) -> PageReader:
    """For whom a page that stands alone is drawn: whoever reads it where the partnership is, now."""
    return PageReader(ZoneInfo(arrangement.zone), datetime.now(UTC))


@contextmanager
def _reading(
    name: str, key: str, within: Period | None, email: str | None
) -> Iterator[tuple[Session, Arrangement, Viewer | None]]:
    """A reading session, once it is recorded for the leads that the report is read, and for whose eyes."""
    with current(read_settings()) as database:
        with database.write() as session:
            arrangement = by_key(session, key)
            now = datetime.now(UTC)
            viewer = viewer_for(session, arrangement, email, now)
            record_reading(session, arrangement, name, within, viewer, now)
        with database.snapshot() as session:
            yield session, arrangement, viewer


def viewer_for(session: Session, arrangement: Arrangement, email: str | None, now: datetime) -> Viewer | None:
    """The person whose eyes a report is for; refuses somebody who is not of this partnership."""
    if email is None:
        return None
    visitor = visitor_by_email(session, email, now)
    if visitor is None or arrangement.id not in visitor.viewer.partnership_ids:
        raise NotThere(f"Nobody in {arrangement.name} has the address {email}.")
    return visitor.viewer


def record_reading(
    session: Session, arrangement: Arrangement, name: str, within: Period | None, viewer: Viewer | None, now: datetime
) -> None:
    """Leads see that it was read, and for whose eyes."""
    read = ReportRead(
        report=name,
        period=within.name if within else "",
        person=viewer.person_id if viewer else None,
        person_name=viewer.name if viewer else "",
    )
    record(session, partnership_id=arrangement.id, kind=read, actor=SERVER, now=now)


def refuse_bytes_to_a_terminal(shape: str, output: Path | None) -> None:
    """A workbook or a paper is no text that a terminal could show."""
    if not FORMATS[shape].is_text and output is None and sys.stdout.isatty():
        raise Refused(f"A terminal cannot show {shape}: name a file with -o, or send it on.")


def write_out(content: str | bytes | Iterator[bytes], output: Path | None, name: str) -> None:
    """To the file, into the folder under this name, by which it is known again, or to standard output."""
    pieces = [content] if isinstance(content, str | bytes) else content
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    file = output / name if output.is_dir() else output
    try:
        with file.open("wb") as opened:
            opened.writelines(file_bytes(piece, name.rpartition(".")[2]) for piece in pieces)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}") from None


commands = [report]
