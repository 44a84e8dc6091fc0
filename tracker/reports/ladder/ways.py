"""The ways that issues went, one by one: those of them that the reader may see."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.reports.ladder.report import IssueFlow, LadderReport, LongWay
from tracker.reports.ladder.tables import Column, LadderSection, TableLine
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet, Value
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


def ways_gone(report: LadderReport) -> LadderSection:
    lines = tuple(
        TableLine(way.title or way.ref, tuple(map(Count, _cells(way))), ref=way.ref) for way in report.longest
    )
    listed = f"{_listed(report, len(lines))} What is not over is told up to its last event.".lstrip()
    return LadderSection("The ways they went", (listed,), "By issue", "", "Issue", _COLUMNS, lines)


def value(issue: IssueFlow) -> dict[str, Any]:
    """The figures that the contract names."""
    return {"ref": issue.ref, "resolved": issue.resolved, **asdict(issue.flow)}


def sheet(flows: Iterable[tuple[str, IssueFlow]]) -> Sheet:
    return Sheet("Issues", _HEAD, [_row(*each) for each in flows])


def _row(reference: str, issue: IssueFlow) -> tuple[Value, ...]:
    return (reference, issue.ref, _TOLD[issue.resolved], *asdict(issue.flow).values(), _TOLD[issue.came_back])


def _cells(issue: LongWay) -> tuple[str, ...]:
    flow = issue.flow
    path = " › ".join(map(str, flow.path)).replace(" ", "\N{NO-BREAK SPACE}")
    counts = (str(count or "") for count in (flow.hand_overs, flow.ping_pong, flow.reopens))
    elapsed = say_duration(timedelta(seconds=flow.elapsed_seconds))
    paused = say_duration(timedelta(seconds=flow.paused_seconds)) if flow.paused_seconds else ""
    return (path, *counts, elapsed if issue.resolved else f"{elapsed}; not over", paused)


def _listed(report: LadderReport, shown: int) -> str:
    """“The 29 that you may read.”; "" where it has every one that is counted."""
    readable, counted = report.readable, report.totals.issues
    may_read = f"{readable} that you may read" if readable < counted else say_count(readable, "issue")
    if shown < readable:
        return f"The {shown} that went the longest way, of the {may_read}."
    return f"The {may_read}." if readable < counted else ""
