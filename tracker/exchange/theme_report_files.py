"""The theme report as files: JSON for programs, CSV for a sheet; figures only, no titles or texts of issues."""

import csv
import io
import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from tracker.exchange.cells import safe
from tracker.queries.theme_figures import NOT_SOLVED, OPEN, SOLVED, ThemeLine, ThemeReport


def as_json(report: ThemeReport) -> str:
    """The report; each theme with `issues_at`, the address of the issues behind it."""
    return json.dumps(values(report), ensure_ascii=False, indent=2) + "\n"


def values(report: ThemeReport) -> dict[str, Any]:
    """The report as plain values, for JSON."""
    return {
        "partnership": report.partnership,
        "period": _days(report.period.name, report.period.start, report.period.end),
        "before": _days(report.before.name, report.before.start, report.before.end) if report.before else None,
        "so_far": report.so_far.isoformat() if report.so_far else None,
        "scope": list(report.scope) or None,
        "occurrences": report.occurrences,
        "issues": report.issues,
        "standing_out": sorted(report.standing_out),
        "themes": [_line(report, line) for line in report.lines],
        "untagged": _line(report, report.untagged),
    }


def as_csv(report: ThemeReport) -> str:
    """One row a theme, untagged last: totals, then a column a month, then a column a pair of organisations."""
    lines = io.StringIO()
    sheet = csv.writer(lines, lineterminator="\r\n")
    totals = ("theme", "name", "group", "occurrences", "before", "issues", "open", "solved", "not_solved")
    months = [month.name for month in report.period.months()]
    sheet.writerow((*totals, *months, *(" + ".join(pair) for pair in report.pairs)))
    for line in report.all_lines:
        issues = line.issues
        counts = (issues.issues, issues.open, issues.solved, issues.not_solved)
        before = "" if line.before is None else line.before
        named = (line.key, safe(line.name), line.group, line.now, before)
        sheet.writerow((*named, *counts, *line.months, *line.pairs.values()))
    return lines.getvalue()


def _line(report: ThemeReport, line: ThemeLine) -> dict[str, Any]:
    change = line.change
    return {
        "key": line.key,
        "name": line.name,
        "group": line.group or None,
        "occurrences": line.now,
        "before": line.before,
        "change": asdict(change) if change else None,
        "issues": line.issues.issues,
        "open": line.issues.open,
        "solved": line.issues.solved,
        "not_solved": line.issues.not_solved,
        "months": {month.name: count for month, count in zip(report.period.months(), line.months, strict=True)},
        "pairs": [{"pair": list(pair), "occurrences": count} for pair, count in line.pairs.items()],
        "issues_at": {
            "all": _address(report.filters(line.key)),
            "open": _address(report.filters(line.key, OPEN)),
            "solved": _address(report.filters(line.key, SOLVED)),
            "not_solved": _address(report.filters(line.key, NOT_SOLVED)),
        },
    }


def _days(name: str, start: Any, end: Any) -> dict[str, str]:
    return {"name": name, "from": start.isoformat(), "until": (end - timedelta(days=1)).isoformat()}


def _address(filters: dict[str, str]) -> str:
    return f"/issues?{urlencode(filters)}"
