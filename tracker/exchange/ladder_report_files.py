"""The ladder report as files: JSON for programs, CSV for a sheet; figures and references, no titles or texts."""

import csv
import io
import json
from dataclasses import asdict, fields
from typing import Any

from tracker.exchange.cells import safe
from tracker.measures.ladder_flow import LadderFlow
from tracker.queries.ladder_report import LadderReport

FIGURES = tuple(each.name for each in fields(LadderFlow))


def as_json(report: LadderReport) -> str:
    """`issues`: by outside reference, else by their own, the figures that the contract names; `totals` beside them."""
    return json.dumps(values(report), ensure_ascii=False, indent=2) + "\n"


def values(report: LadderReport) -> dict[str, Any]:
    """The report as plain values, for JSON."""
    return {
        "partnership": report.partnership,
        "period": report.period or None,
        "issues": {
            reference: {"ref": issue.ref, "resolved": issue.resolved, **asdict(issue.flow)}
            for reference, issue in report.issues.items()
        },
        "totals": asdict(report.totals),
    }


def as_csv(report: LadderReport) -> str:
    """One row an issue, under a header."""
    lines = io.StringIO()
    sheet = csv.writer(lines, lineterminator="\r\n")
    sheet.writerow(("issue", "ref", "resolved", *FIGURES))
    for reference, issue in report.issues.items():
        figures = asdict(issue.flow)
        sheet.writerow((safe(reference), issue.ref, "yes" if issue.resolved else "no", *figures.values()))
    return lines.getvalue()
