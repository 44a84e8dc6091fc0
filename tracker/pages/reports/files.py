"""Pages of reports that stand alone, as files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.pages.reports.ladder_issues import behind
from tracker.pages.reports.periods import Turning
from tracker.pages.web.moments import Reader
from tracker.pages.web.page import kept
from tracker.reports.ladder.faces import sections
from tracker.reports.ladder.report import LadderReport
from tracker.reports.themes import faces as theme_report_files
from tracker.reports.themes.report import ThemeReport
from tracker.rules.arrangement import Arrangement
from tracker.rules.spans import day_in

_NOWHERE = Turning((), (), ())  # a file leads to no other period


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """A theme report and what its faces need beside it. `address`: of the site."""

    report: ThemeReport
    arrangement: Arrangement
    address: str
    now: datetime


def _reader(read: ThemeReading) -> Reader:
    return Reader(ZoneInfo(read.arrangement.zone), read.now)


def _day(read: ThemeReading) -> date:
    """On which it is made, where the partnership is."""
    return day_in(read.arrangement.zone, read.now)


THEME_FILES: Mapping[str, Callable[[ThemeReading], str | bytes]] = {
    "json": lambda read: theme_report_files.as_json(read.report),
    "csv": lambda read: theme_report_files.as_csv(read.report),
    "xlsx": lambda read: theme_report_files.as_xlsx(read.report, _day(read)),
    "pdf": lambda read: theme_report_files.as_pdf(read.report),
    "html": lambda read: kept("reports/themes.html", read.address, _reader(read), report=read.report, turning=_NOWHERE),
}


def standalone_ladder(report: LadderReport, address: str, now: datetime) -> str:
    """The page of a ladder report as a file. `address`: of the site."""
    reader = Reader(ZoneInfo(report.arrangement.zone), now)
    return kept("reports/ladder.html", address, reader, report=sections(report, behind(report)), links=_NOWHERE)
