"""Pages of reports as files that stand alone; `address`: of the site, where their links lead."""

from tracker.pages.reports.ladder_issues import issues_of
from tracker.pages.reports.periods import ReportLinks
from tracker.pages.web.moments import PageReader
from tracker.pages.web.page import kept
from tracker.reports.ladder.faces import sections
from tracker.reports.ladder.report import LadderReport
from tracker.reports.themes.report import ThemeReport

_NOWHERE = ReportLinks((), (), ())  # a file leads to no other period


def standalone_themes(report: ThemeReport, address: str, reader: PageReader) -> str:
    young = () if report.is_young and report.subject.first else None
    return kept("reports/themes.html", address, reader, report=report, turning=_NOWHERE, bodies=(), young=young)


def standalone_ladder(report: LadderReport, address: str, reader: PageReader) -> str:
    return kept("reports/ladder.html", address, reader, report=sections(report, issues_of(report)), turning=_NOWHERE)
