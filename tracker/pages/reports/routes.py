"""The reports of a partnership, as pages and as files: what keeps getting in the way, and how issues climb."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from tempfile import TemporaryFile
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream
from sqlalchemy import Row
from sqlmodel import Session

from tracker.measures.periods import Period
from tracker.pages.reports import periods
from tracker.pages.reports.ladder_issues import issues_of
from tracker.pages.reports.periods import ReportLinks
from tracker.pages.web.page import page
from tracker.pages.web.parts import Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.pages.web.visitor import Visitor
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.ladder.sums import LadderReader
from tracker.queries.tallies.counts import Recorded, Scope, recorded
from tracker.queries.tallies.open_now import newest_issues, open_issues
from tracker.reports.formats import FORMATS, file_bytes, file_name, in_portions
from tracker.reports.ladder import faces as ladder_faces
from tracker.reports.ladder.build import issue_flows, ladder_report
from tracker.reports.ladder.report import LadderReport
from tracker.reports.themes import faces as theme_faces
from tracker.reports.themes.build import kept_theme_report
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.sitting import bodies_of, sitting_of
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.refusals import NotThere
from tracker.rules.reporting import refuse_cuts
from tracker.rules.spans import day_in

_BESIDE = {"themes": ("How issues climb", "ladder"), "ladder": ("What keeps getting in the way", "themes")}
_SHOWN = 12  # issues, one by one
_PIECE = 1 << 16  # bytes
_SENT = ("pdf", "xlsx", "csv", "json")


@get("/reports/{key:str}/themes", sync_to_thread=True)
def show_themes(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    period: FromQuery[str | None] = None,
    reading: Annotated[str, QueryParameter(name="body")] = "",
) -> Response[bytes]:
    """What keeps getting in the way, in the period asked for, as a body reads it that this person sits on: the one that
    meets next, or the one asked for."""
    with db.snapshot() as session:
        asked = _asked(request, session, visitor, key, period, now, reading)
        report = _themes(session, visitor, asked)
        young = _issues_so_far(session, visitor, asked) if report.is_young and asked.recorded.first else None
    links, others = _turning(asked, "themes"), [*_other_bodies(asked)]
    shared = ("counted", report.drawn)
    told: dict[str, Any] = {"turning": links, "bodies": others, "young": young}
    return page(request, "reports/themes.html", keep=shared, report=report, **told)


@get("/reports/{key:str}/themes/{theme:str}", sync_to_thread=True)
def show_theme(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    theme: FromPath[str],
    period: FromQuery[str | None] = None,
) -> Response[bytes]:
    """All that the report says of one theme, on one page."""
    with db.snapshot() as session:
        asked = _asked(request, session, visitor, key, period, now)
        report = _themes(session, visitor, asked)
        line = report.themes.line(theme)
        if line is None:
            raise NotThere(f"There is no theme {theme}.")
        of_theme = None if theme == UNTAGGED else theme
        waiting = open_issues(session, _scope(asked, visitor), visitor.viewer, of_theme, _SHOWN + 1)
    path = addresses.report(key, f"themes/{theme}")
    return page(
        request,
        "reports/theme.html",
        report=report,
        line=line,
        open=waiting[:_SHOWN],
        more=len(waiting) > _SHOWN,
        back=periods.address(addresses.report(key, "themes"), asked.period),
        periods=_ways(path, asked),
    )


@get("/reports/{key:str}/ladder", sync_to_thread=True)
def show_ladder(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    period: FromQuery[str | None] = None,
) -> Response[bytes]:
    """How issues climb: those raised in the period asked for."""
    with db.snapshot() as session:
        asked = _asked(request, session, visitor, key, period, now)
        report = _ladder(session, visitor, asked)
    sections = ladder_faces.sections(report, issues_of(report))
    return page(request, "reports/ladder.html", report=sections, turning=_turning(asked, "ladder"))


@get("/reports/{key:str}/{file:str}", sync_to_thread=True)
def send_report(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    file: FromPath[str],
    period: FromQuery[str | None] = None,
    reading: Annotated[str, QueryParameter(name="body")] = "",
) -> Response[bytes] | Stream:
    """The same reports as files: for programs (`themes.json`), for a sheet (`themes.csv`, `ladder.xlsx`), and on paper
    (`themes.pdf`); that of themes as the same body reads it."""
    name, _, ending = file.partition(".")
    if name not in _FILES or ending not in _SENT:
        raise NotThere(f"There is no report {file}.")
    is_long = (name, ending) == ("ladder", "json")
    with db.snapshot() as session:
        asked = _asked(request, session, visitor, key, period, now, reading)
        content = _set_down(session, visitor, asked) if is_long else _FILES[name](session, visitor, asked, ending)
    called, media_type = file_name(key, asked.period, name, ending), FORMATS[ending].media_type
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    if isinstance(content, str | bytes):
        return Response(file_bytes(content, ending), media_type=media_type, headers=headers)
    return Stream(content, media_type=media_type, headers=headers)


@dataclass(frozen=True, slots=True)
class _ReportRequest:
    """What a report is asked about. `recorded`: what this person's totals count."""

    arrangement: Arrangement
    period: Period | None
    now: datetime
    today: date
    recorded: Recorded
    bodies: tuple[Body, ...] = ()  # that this person sits on, the one first for which they read it
    body: str = ""  # the key of that one, where it was asked for


def _asked(
    request: Asking, session: Session, visitor: Visitor, key: str, text: str | None, now: datetime, body: str = ""
) -> _ReportRequest:
    """The period as named; else the twelve whole months up to the last one. `body`: for which it is read. Refuses a cut
    by small groups: WrongInput."""
    refuse_cuts(request.query_params)
    arrangement = visitor.arrangement(key)
    today = day_in(arrangement.zone, now)
    found = recorded(session, Scope.of(arrangement, visitor.viewer))
    within = periods.asked(text, today, found.first, arrangement.report.year_starts)
    mine = sorted(bodies_of(arrangement, visitor.viewer, now), key=lambda each: each.key != body)
    is_mine = bool(mine) and mine[0].key == body
    return _ReportRequest(arrangement, within, now, today, found, tuple(mine), body if is_mine else "")


def _themes(session: Session, visitor: Visitor, asked: _ReportRequest) -> ThemeReport:
    viewer, bodies = visitor.viewer, asked.bodies
    return kept_theme_report(
        session,
        asked.arrangement,
        today=asked.today,
        viewer=viewer,
        period=asked.period,
        recorded=asked.recorded,
        sitting=sitting_of(session, asked.arrangement, viewer, bodies[0], asked.now) if bodies else None,
    )


def _scope(asked: _ReportRequest, visitor: Visitor) -> Scope:
    return Scope.of(asked.arrangement, visitor.viewer)


def _issues_so_far(session: Session, visitor: Visitor, asked: _ReportRequest) -> Sequence[Row[Any]]:
    return newest_issues(session, _scope(asked, visitor), visitor.viewer, _SHOWN)


def _other_bodies(asked: _ReportRequest) -> Iterator[Link]:
    """The same report, as the other bodies read it."""
    path = addresses.report(asked.arrangement.key, "themes")
    for each in asked.bodies[1:]:
        yield Link(each.name, periods.address(path, asked.period, each.key))


def _ladder(session: Session, visitor: Visitor, asked: _ReportRequest) -> LadderReport:
    return ladder_report(session, _reader(visitor, asked), now=asked.now, known=asked.recorded)


def _reader(visitor: Visitor, asked: _ReportRequest) -> LadderReader:
    return LadderReader(asked.arrangement, visitor.viewer, asked.period)


def _ladder_file(session: Session, visitor: Visitor, asked: _ReportRequest, ending: str) -> str | bytes:
    flows = issue_flows(session, _reader(visitor, asked), asked.now)
    return ladder_faces.FACES[ending](_ladder(session, visitor, asked), flows)


def _set_down(session: Session, visitor: Visitor, asked: _ReportRequest) -> Iterator[bytes]:
    """The values of the ladder report, however many issues they tell of: on the disk, so that they take no memory, nor
    a connection while somebody takes them in slowly."""
    flows = issue_flows(session, _reader(visitor, asked), asked.now)
    file = TemporaryFile()  # noqa: SIM115 - sent later, and closed with the answer
    file.writelines(in_portions(ladder_faces.json_pieces(_ladder(session, visitor, asked), flows)))
    file.seek(0)
    return iter(partial(file.read, _PIECE), b"")


def _ways(path: str, asked: _ReportRequest) -> tuple[Link, ...]:
    first, year_starts = asked.recorded.first, asked.arrangement.report.year_starts
    return periods.ways(path, asked.period, asked.today, first, year_starts, asked.body)


def _turning(asked: _ReportRequest, name: str) -> ReportLinks:
    key = asked.arrangement.key
    path, (words, other) = addresses.report(key, name), _BESIDE[name]
    beside = Link(words, periods.address(addresses.report(key, other), asked.period))
    return ReportLinks(
        periods=_ways(path, asked),
        exports=tuple(
            Link(FORMATS[ending].words, periods.address(f"{path}.{ending}", asked.period, asked.body))
            for ending in _SENT
        ),
        beside=(beside, Link("Decisions", addresses.decisions(key)), Link("Packs", addresses.packs(key))),
    )


_FILES: Mapping[str, Callable[[Session, Visitor, _ReportRequest, str], str | bytes]] = {
    "themes": lambda session, visitor, asked, ending: theme_faces.FACES[ending](_themes(session, visitor, asked)),
    "ladder": _ladder_file,
}

routes = [show_themes, show_theme, show_ladder, send_report]
