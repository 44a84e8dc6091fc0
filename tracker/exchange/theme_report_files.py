"""The theme report as files: JSON for programs, CSV and XLSX for sheets, PDF for paper; no texts but quotations."""

import csv
import io
import json
from collections.abc import Iterator, Sequence

from tracker.exchange import theme_report_words as words
from tracker.exchange.cells import safe
from tracker.exchange.paper import paper
from tracker.exchange.quotation_words import quotation_values
from tracker.exchange.sheets import Sheet, Value, workbook
from tracker.exchange.theme_area_words import area_words
from tracker.exchange.theme_report_values import values
from tracker.exchange.theme_sides_words import few
from tracker.measures.verdict_words import label, numbers_in_words
from tracker.queries.theme_figures import ThemeLine, ThemeReport
from tracker.rules.reporting import ReportTerms

_TOTALS = ("theme", "name", "group", "verdict", "occurrences", "before", "issues", "open", "solved", "not_solved")


def as_json(report: ThemeReport, terms: ReportTerms) -> str:
    """The report as `theme_report_values` has it."""
    return json.dumps(values(report, terms), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: ThemeReport) -> str:
    """One row a theme, untagged last: totals, then a column a month, then a column a pair of organisations."""
    lines = io.StringIO()
    sheet = csv.writer(lines, lineterminator="\r\n")
    sheet.writerow(_head(report))
    for row in _rows(report):
        sheet.writerow(["" if value is None else safe(value) if isinstance(value, str) else value for value in row])
    return lines.getvalue()


def as_xlsx(report: ThemeReport) -> bytes:
    """A sheet of headlines, one of themes as the CSV has them, and one for each section of the report."""
    return workbook(
        (
            Sheet("Headlines", ("headline",), [(each,) for each in _headlines(report)]),
            Sheet("Themes", _head(report), [*_rows(report)]),
            Sheet("Charts", ("theme", "numbers", *(month.name for month in report.chart)), [*_charts(report)]),
            Sheet("Quotations", ("theme", "quotation", "said by", "issue"), [*_quotations(report)]),
            Sheet("Promises", ("topic", "clause", "occurrences"), [*_promises(report)]),
            Sheet("Fixes", ("days", "still last"), [*report.lasting.curve]),
            Sheet("Both ways", _BOTH_WAYS, [*_both_ways(report)]),
            Sheet("Reporting", ("organisation", "recent", "before", "people", "reports"), [*_reporting(report)]),
            Sheet("Service areas", ("area", "name", "recent", "before", "in words"), [*_areas(report)]),
        )
    )


def as_pdf(report: ThemeReport, terms: ReportTerms) -> bytes:
    """The whole report on paper, of the same values as the JSON."""
    return paper("themes", values(report, terms))


def _head(report: ThemeReport) -> tuple[str, ...]:
    months = (month.name for month in report.period.months())
    return (*_TOTALS, *months, *(" + ".join(pair) for pair in report.pairs))


def _rows(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for line in report.all_lines:
        issues = line.issues
        counts = (issues.issues, issues.open, issues.solved, issues.not_solved)
        named = (line.key, line.name, line.group, _told(line), line.now, line.before)
        yield (*named, *counts, *line.months, *line.pairs.values())


def _told(line: ThemeLine) -> str:
    return label(line.verdict) if line.verdict else ""


def _headlines(report: ThemeReport) -> Iterator[str]:
    yield from (words.headline(report, each).sentence for each in report.headlines)
    yield words.chance(report)


def _charts(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for line in report.all_lines:
        yield (line.key, numbers_in_words(line.verdict) if line.verdict else "", *line.chart)


def _quotations(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in quotation_values(report):
        yield (each["theme"], each["text"], each["by"], each["ref"])


def _promises(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.promises:
        yield (each.topic, each.clause, each.occurrences)


_BOTH_WAYS = (
    "one", "other", "raised by one", "raised by other", "people of one", "people of other", "exposure of one",
    "exposure of other", "theme", "share of one", "share of other",
)  # fmt: skip


def _both_ways(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.both_ways:
        exposures = each.exposures or (None, None)
        for seen in each.mix:
            yield (*each.pair, *each.raised, *each.people, *exposures, seen.theme, seen.one.value, seen.other.value)


def _reporting(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.reporting:
        yield (each.organisation, few(each.recent), few(each.before), each.people, each.reports)


def _areas(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.areas.lines if report.areas else ():
        yield (each.key, each.name, each.recent.text, each.before.text, area_words(each))
