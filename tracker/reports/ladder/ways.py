"""The ways that issues went, one by one: those of them that the reader may see."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.reports.ladder.report import IssueFlow, LadderReport
from tracker.reports.ladder.tables import Column, LadderSection, TableLine
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet
from tracker.rules.wording import say_count, say_duration

WAYS_SHOWN = 50
_COLUMNS = (
    Column("Tiers", "text"),
    Column("Hand-overs"),
    Column("Returns"),
    Column("Reopened"),
    Column("From raised to over", "text"),
    Column("Paused", "text"),
)
_FIGURES = tuple(each.name for each in fields(LadderFlow))
_HEAD = ("issue", "ref", "resolved", *_FIGURES, f"reopened_within_{REOPENED_WITHIN_DAYS}_working_days")
_TOLD = {True: "yes", False: "no", None: ""}


def longest_ways(issues: Mapping[str, IssueFlow]) -> tuple[IssueFlow, ...]:
    """The issues that went the longest way: over tiers, then from hand to hand, then in time."""
    return tuple(sorted(issues.values(), key=_length, reverse=True)[:WAYS_SHOWN])


def ways_gone(report: LadderReport) -> LadderSection:
    shown = [issue for issue in longest_ways(report.issues) if issue.ref in report.titles]
    lines = tuple(
        TableLine(report.titles[issue.ref] or issue.ref, tuple(map(Count, _cells(issue))), ref=issue.ref)
        for issue in shown
    )
    listed = f"{_listed(report, len(lines))} What is not over is told up to its last event.".lstrip()
    return LadderSection("The ways they went", (listed,), "By issue", "", "Issue", _COLUMNS, lines)


def values(report: LadderReport) -> dict[str, Any]:
    """By outside reference, else by their own, the figures that the contract names."""
    return {
        reference: {"ref": issue.ref, "resolved": issue.resolved, **asdict(issue.flow)}
        for reference, issue in report.issues.items()
    }


def sheet(report: LadderReport) -> Sheet:
    rows = [
        (reference, issue.ref, _TOLD[issue.resolved], *asdict(issue.flow).values(), _TOLD[issue.came_back])
        for reference, issue in report.issues.items()
    ]
    return Sheet("Issues", _HEAD, rows)


def _length(issue: IssueFlow) -> tuple[int, int, int]:
    flow = issue.flow
    return (len(flow.path), flow.hand_overs, flow.elapsed_seconds)


def _cells(issue: IssueFlow) -> tuple[str, ...]:
    flow = issue.flow
    path = " › ".join(map(str, flow.path)).replace(" ", "\N{NO-BREAK SPACE}")
    counts = (str(count or "") for count in (flow.hand_overs, flow.ping_pong, flow.reopens))
    elapsed = say_duration(timedelta(seconds=flow.elapsed_seconds))
    paused = say_duration(timedelta(seconds=flow.paused_seconds)) if flow.paused_seconds else ""
    return (path, *counts, elapsed if issue.resolved else f"{elapsed}; not over", paused)


def _listed(report: LadderReport, shown: int) -> str:
    """“The 29 that you may read.”; "" where it has every one that is counted."""
    readable, counted = len(report.issues), report.totals.issues
    may_read = f"{readable} that you may read" if readable < counted else say_count(readable, "issue")
    if shown < readable:
        return f"The {shown} that went the longest way, of the {may_read}."
    return f"The {may_read}." if readable < counted else ""
