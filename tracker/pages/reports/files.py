"""Every face of a report that is a file: each is made of the one frozen report that the page shows."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.measures.periods import Period
from tracker.pages.reports import periods
from tracker.pages.reports.ladder import draw_ladder_report
from tracker.pages.reports.ladder_shapes import LadderReportView
from tracker.pages.reports.periods import Turning
from tracker.pages.reports.themes import draw_themes
from tracker.pages.web.moments import PageReader
from tracker.pages.web.page import kept
from tracker.reports.ladder import faces as ladder_report_files
from tracker.reports.ladder.report import LadderReport
from tracker.reports.paper import paper
from tracker.reports.themes import faces as theme_report_files
from tracker.reports.themes.report import ThemeReport
from tracker.rules.arrangement import Arrangement
from tracker.rules.spans import day_in

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
BINARY = frozenset({"xlsx", "pdf"})
_NOWHERE = Turning((), (), ())  # a file leads to no other period


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """A theme report and what its faces need beside it. `address`: of the site."""

    report: ThemeReport
    arrangement: Arrangement
    address: str
    now: datetime


@dataclass(frozen=True, slots=True)
class LadderReading:
    """A ladder report and what its faces need beside it. `titles`, `whole` and `anything` as `draw_ladder_report` has
    them; for figures and references only the titles are empty."""

    report: LadderReport
    arrangement: Arrangement
    address: str
    now: datetime
    titles: Mapping[str, str]
    whole: bool
    anything: bool

    def drawn(self, turning: Turning = _NOWHERE) -> LadderReportView:
        """As page, paper and kept page show it."""
        return draw_ladder_report(
            self.report, self.arrangement, turning, self.titles, whole=self.whole, anything=self.anything
        )


def file_name(arrangement: Arrangement, within: Period | None, name: str, ending: str) -> str:
    """What a file is called where it is kept: “RIV-2026-Q1-themes.csv”."""
    return f"{arrangement.key}-{periods.name_of(within)}-{name}.{ending}"


def _reader(read: ThemeReading | LadderReading) -> PageReader:
    return PageReader(ZoneInfo(read.arrangement.zone), read.now)


def _day(read: ThemeReading) -> date:
    """On which it is made, where the partnership is."""
    return day_in(read.arrangement.zone, read.now)


THEME_FILES: Mapping[str, Callable[[ThemeReading], str | bytes]] = {
    "json": lambda read: theme_report_files.as_json(read.report, read.arrangement.report),
    "csv": lambda read: theme_report_files.as_csv(read.report),
    "xlsx": lambda read: theme_report_files.as_xlsx(read.report, _day(read)),
    "pdf": lambda read: theme_report_files.as_pdf(read.report, read.arrangement.report),
    "html": lambda read: kept(
        "reports/themes.html", read.address, _reader(read), report=draw_themes(read.report, read.arrangement, _NOWHERE)
    ),
}
LADDER_FILES: Mapping[str, Callable[[LadderReading], str | bytes]] = {
    "json": lambda read: ladder_report_files.as_json(read.report),
    "csv": lambda read: ladder_report_files.as_csv(read.report),
    "xlsx": lambda read: ladder_report_files.as_xlsx(read.report),
    "pdf": lambda read: paper("ladder", asdict(read.drawn())),
    "html": lambda read: kept("reports/ladder.html", read.address, _reader(read), report=read.drawn()),
}
