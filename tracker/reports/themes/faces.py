"""The theme report as files: JSON for programs, CSV and XLSX for sheets, PDF for paper; no texts but quotations."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from tracker.measures.periods import Period, in_words
from tracker.reports.paper import paper
from tracker.reports.spreadsheet import Sheet, comma_separated, workbook
from tracker.reports.themes.report import ThemeReport
from tracker.rules.spans import ONE_DAY
from tracker.rules.wording import listed, say_count

_ALL_ISSUES = "all issues of the partnership"
_NOTHING_BEFORE = "nothing: nothing was recorded before it"
_NO_MONTHS = "none: not one whole month has been recorded"
_LAST = ("decisions", "reporting", "talked", "areas", "trust", "exposure", "trust_words")  # as they always stood


def values(report: ThemeReport) -> dict[str, Any]:
    """The report as plain values: what its JSON, its paper and a frozen pack hold."""
    parts = (section.values() for section in report.sections)
    content = {name: value for part in (_subject(report), *parts) for name, value in part.items()}
    return content | {name: content.pop(name) for name in _LAST}


def as_json(report: ThemeReport) -> str:
    return json.dumps(values(report), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: ThemeReport) -> str:
    """The themes, as the workbook has them."""
    return comma_separated(report.themes.table)


def as_xlsx(report: ThemeReport) -> bytes:
    """What it is about first, then the sheets of each section. Names stand beside keys."""
    about = Sheet("About", ("what", "in words"), [*_about(report)])
    return workbook((about, *chain.from_iterable(section.sheets() for section in report.sections)))


def as_pdf(report: ThemeReport) -> bytes:
    """The whole report on paper, of the same values as the JSON."""
    return paper("themes", values(report), report.subject.paper)


FACES: Mapping[str, Callable[[ThemeReport], str | bytes]] = {
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}


def _subject(report: ThemeReport) -> dict[str, Any]:
    """Whose report it is, over which period, and how much it counts."""
    subject = report.subject
    return {
        "partnership": subject.partnership,
        "name": subject.name,
        "organisations": dict(subject.organisations),
        "period": {**_days(subject.period), "words": subject.period_text},
        "before": {**_days(subject.before), "words": subject.before_text} if subject.before else None,
        "so_far": subject.so_far.isoformat() if subject.so_far else None,
        "scope": list(subject.scope) or None,
        "scope_words": subject.scope_text,
        "occurrences": report.themes.occurrences,
        "issues": report.themes.issues.issues,
        "tells_from": report.tells_from if report.is_young else None,
    }


def _about(report: ThemeReport) -> Iterator[tuple[str, str]]:
    """Whose report it is, of which period, what that is compared with, which months verdicts look at, whose issues."""
    subject, themes, days = report.subject, report.themes, _days(report.subject.period)
    yield "partnership", f"{subject.name} ({subject.partnership})"
    yield "organisations", listed(f"{name} ({key})" for key, name in subject.organisations.items())
    yield "period", subject.period_text
    yield "days of the period", f"{days['from']} to {days['until']}"
    yield "compared with", subject.before_text or _NOTHING_BEFORE
    yield "verdicts and charts look at", _charted(subject.chart)
    verdict = next((line.verdict for line in themes.all_lines if line.verdict), None)
    if verdict:  # the same months for every verdict
        yield "of these, verdicts call recent", in_words(subject.recent(verdict))
    yield "issues counted", subject.scope_text or _ALL_ISSUES
    occurrences, issues = say_count(themes.occurrences, "occurrence"), say_count(themes.issues.issues, "issue")
    yield "counted in the period", f"{occurrences} of {issues}"
    yield "made on", subject.made_on.isoformat()


def _charted(months: tuple[Period, ...]) -> str:
    if not months:
        return _NO_MONTHS
    return f"{say_count(len(months), 'whole month')}: {in_words(months[-1].ending(len(months)))}"


def _days(period: Period) -> dict[str, str]:
    return {"name": period.name, "from": period.start.isoformat(), "until": (period.end - ONE_DAY).isoformat()}
