"""What the theme report quotes, in words and as plain values: under each theme, the most frequent first."""

from collections.abc import Iterator
from typing import Any

from tracker.queries.tallies.quotations import Quoted
from tracker.reports.themes.report import ThemeLine, ThemeReport
from tracker.rules.quoting import ONE_OF_THE_SIDES


def by_theme(report: ThemeReport) -> Iterator[tuple[ThemeLine, tuple[Quoted, ...]]]:
    """Each theme of which anything is quoted, in the order of the report, with its quotations, newest first."""
    for line in report.all_lines:
        quoted = tuple(each for each in report.quotations if (each.theme or report.untagged.key) == line.key)
        if quoted:
            yield line, quoted


def said_by(report: ThemeReport, quoted: Quoted) -> str:
    """“Riverside Hospitals”; “one of the sides” where the organisation could tell who it was."""
    return report.organisations.get(quoted.organisation, ONE_OF_THE_SIDES)


def quotation_values(report: ThemeReport) -> list[dict[str, Any]]:
    """As the JSON, the paper and a frozen pack hold them. `ref`: None where the reader may not see the issue."""
    return [
        {
            "theme": line.key,
            "text": each.text,
            "organisation": each.organisation or None,
            "by": said_by(report, each),
            "ref": each.ref or None,
        }
        for line, quoted in by_theme(report)
        for each in quoted
    ]
