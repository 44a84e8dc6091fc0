"""The reports of a partnership, as pages and as files: what keeps rubbing, and how issues climb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from tracker.measures.periods import Period
from tracker.pages.reports import periods
from tracker.pages.reports.ladder_issues import issues_of
from tracker.pages.reports.periods import ReportLinks
from tracker.pages.web.page import page
from tracker.pages.web.parts import Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.pages.web.visitor import Visitor
from tracker.queries.tallies.counts import Recorded, Scope, recorded
from tracker.reports.formats import FORMATS, file_bytes, file_name
from tracker.reports.ladder import faces as ladder_faces
from tracker.reports.ladder.build import ladder_report
from tracker.reports.ladder.report import LadderReport
from tracker.reports.themes import faces as theme_faces
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import NotThere
from tracker.rules.reporting import refuse_cuts
from tracker.rules.spans import day_in

_BESIDE = {"themes": ("How issues climb", "ladder"), "ladder": ("What keeps rubbing", "themes")}
_SENT = ("pdf", "xlsx", "csv", "json")


@get("/reports/{key:str}/themes", sync_to_thread=True)
def show_themes(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    period: FromQuery[str | None] = None,
) -> Response[bytes]:
    """What keeps rubbing, in the period asked for."""
    with db.read() as session:
        asked = _asked(request, session, visitor, key, period, now)
        report = _themes(session, visitor, asked)
    return page(request, "reports/themes.html", report=report, turning=_turning(asked, "themes"))


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
    with db.read() as session:
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
) -> Response[bytes]:
    """The same reports as files: for programs (`themes.json`), for a sheet (`themes.csv`, `ladder.xlsx`), and on paper
    (`themes.pdf`)."""
    name, _, ending = file.partition(".")
    if name not in _FILES or ending not in _SENT:
        raise NotThere(f"There is no report {file}.")
    with db.read() as session:
        asked = _asked(request, session, visitor, key, period, now)
        content = _FILES[name](session, visitor, asked, ending)
    called = file_name(key, asked.period, name, ending)
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return Response(file_bytes(content, ending), media_type=FORMATS[ending].media_type, headers=headers)


@dataclass(frozen=True, slots=True)
class _ReportRequest:
    """What a report is asked about. `recorded`: what this person's totals count."""

    arrangement: Arrangement
    period: Period | None
    now: datetime
    today: date
    recorded: Recorded


def _asked(
    request: Asking, session: Session, visitor: Visitor, key: str, text: str | None, now: datetime
) -> _ReportRequest:
    """The period as named; else the last whole quarter, or this one where nothing was recorded before it. Refuses a cut
    by small groups: WrongInput."""
    refuse_cuts(request.query_params)
    arrangement = visitor.arrangement(key)
    today = day_in(arrangement.zone, now)
    found = recorded(session, Scope.of(arrangement, visitor.viewer))
    return _ReportRequest(arrangement, periods.asked(text, today, found.first), now, today, found)


def _themes(session: Session, visitor: Visitor, asked: _ReportRequest) -> ThemeReport:
    return theme_report(
        session,
        asked.arrangement,
        today=asked.today,
        viewer=visitor.viewer,
        period=asked.period,
        recorded=asked.recorded,
    )


def _ladder(session: Session, visitor: Visitor, asked: _ReportRequest) -> LadderReport:
    return ladder_report(
        session, asked.arrangement, now=asked.now, viewer=visitor.viewer, period=asked.period, known=asked.recorded
    )


def _turning(asked: _ReportRequest, name: str) -> ReportLinks:
    key = asked.arrangement.key
    path, (words, other) = addresses.report(key, name), _BESIDE[name]
    beside = Link(words, periods.address(addresses.report(key, other), asked.period))
    return ReportLinks(
        periods=periods.ways(path, asked.period, asked.today, asked.recorded.first),
        exports=tuple(
            Link(FORMATS[ending].words, periods.address(f"{path}.{ending}", asked.period)) for ending in _SENT
        ),
        beside=(beside, Link("Decisions", addresses.decisions(key)), Link("Packs", addresses.packs(key))),
    )


_FILES: Mapping[str, Callable[[Session, Visitor, _ReportRequest, str], str | bytes]] = {
    "themes": lambda session, visitor, asked, ending: theme_faces.FACES[ending](_themes(session, visitor, asked)),
    "ladder": lambda session, visitor, asked, ending: ladder_faces.FACES[ending](_ladder(session, visitor, asked)),
}

routes = [show_themes, show_ladder, send_report]
