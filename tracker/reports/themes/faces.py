"""The theme report as files: JSON for programs, CSV and XLSX for sheets, PDF for paper; no texts but quotations."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from tracker.reports.paper import paper
from tracker.reports.spreadsheet import Sheet, Value, comma_separated, workbook
from tracker.reports.themes import lines as words
from tracker.reports.themes.organisations import few, reporting_words, seen_words
from tracker.reports.themes.quotations import quotation_values
from tracker.reports.themes.report import ThemeLine, ThemeReport
from tracker.reports.themes.service_areas import area_words
from tracker.reports.themes.sheets import (
    about_sheet,
    chains_sheet,
    decisions_sheet,
    lasting_sheet,
    theme_names,
    trust_sheet,
    views_sheet,
)
from tracker.reports.themes.values import values
from tracker.reports.themes.verdicts import label, numbers_in_words
from tracker.rules.agreement import TOPICS
from tracker.rules.reporting import ReportTerms

_TOTALS = ("theme", "name", "group", "verdict", "occurrences", "before", "issues", "open", "solved", "not_solved")


def as_json(report: ThemeReport, terms: ReportTerms) -> str:
    """The report as `theme_report_values` has it."""
    return json.dumps(values(report, terms), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: ThemeReport) -> str:
    """One row a theme, untagged last: totals, then a column a month, then a column a pair of organisations."""
    return comma_separated(_themes(report))


def as_xlsx(report: ThemeReport, made_on: date) -> bytes:
    """What it is about first; a sheet of headlines, one of themes as the CSV has them, one for each section of the
    report, and how far to trust it. Names stand beside keys."""
    return workbook(
        (
            about_sheet(report, made_on),
            Sheet("Headlines", ("headline",), [(each,) for each in _headlines(report)]),
            _themes(report),
            Sheet("Charts", ("theme", "name", "numbers", *(month.name for month in report.chart)), [*_charts(report)]),
            Sheet("Quotations", ("theme", "name of theme", "quotation", "said by", "issue"), [*_quotations(report)]),
            Sheet("Promises", _PROMISES, [*_promises(report)]),
            decisions_sheet(report),
            Sheet("Fixes", ("days", "still last"), [*report.lasting.curve]),
            lasting_sheet(report),
            chains_sheet(report),
            Sheet("Both ways", _BOTH_WAYS, [*_both_ways(report)]),
            views_sheet(report),
            Sheet("Reporting", _REPORTING, [*_reporting(report)]),
            Sheet("Service areas", ("area", "name", "recent", "before", "in words"), [*_areas(report)]),
            trust_sheet(report),
        )
    )


def as_pdf(report: ThemeReport, terms: ReportTerms) -> bytes:
    """The whole report on paper, of the same values as the JSON."""
    return paper("themes", values(report, terms))


def _themes(report: ThemeReport) -> Sheet:
    return Sheet("Themes", _head(report), [*_rows(report)])


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
        yield (line.key, line.name, numbers_in_words(line.verdict) if line.verdict else "", *line.chart)


def _quotations(report: ThemeReport) -> Iterator[Sequence[Value]]:
    names = theme_names(report)
    for each in quotation_values(report):
        yield (each["theme"], names.get(each["theme"]), each["text"], each["by"], each["ref"])


_PROMISES = ("topic", "name of topic", "clause", "promise", "occurrences")


def _promises(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.promises:
        yield (each.topic, TOPICS.get(each.topic, each.topic), each.clause, words.promise(each), each.occurrences)


_BOTH_WAYS = (
    "one", "name of one", "other", "name of other", "raised by one", "raised by other", "people of one",
    "people of other", "exposure of one", "exposure of other", "theme", "name of theme", "share of one",
    "share of other", "in words",
)  # fmt: skip


def _both_ways(report: ThemeReport) -> Iterator[Sequence[Value]]:
    names = theme_names(report)
    for each in report.both_ways:
        pair = [said for key in each.pair for said in (key, report.organisations[key])]
        counted = (*pair, *each.raised, *each.people, *(each.exposures or (None, None)))
        for seen in each.mix:
            theme = (seen.theme, names.get(seen.theme, seen.theme))
            yield (*counted, *theme, seen.one.value, seen.other.value, seen_words(report, each, seen))


_REPORTING = ("organisation", "name", "recent", "before", "people", "reports", "in words")


def _reporting(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.reporting:
        named, counted = (
            (each.organisation, report.organisations[each.organisation]),
            (few(each.recent), few(each.before)),
        )
        yield (*named, *counted, each.people, each.reports, reporting_words(each))


def _areas(report: ThemeReport) -> Iterator[Sequence[Value]]:
    for each in report.areas.lines if report.areas else ():
        yield (each.key, each.name, each.recent.text, each.before.text, area_words(each))
