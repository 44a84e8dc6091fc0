"""Whose turn it was: for how long each had the ball, or was waited for."""

from datetime import timedelta
from typing import Any

from tracker.measures.ball import NOBODY_NAMED, OUTSIDER, BallTime, Lay
from tracker.reports.ladder.measured import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.tables import Column, Line, Section, ShareBar, Table
from tracker.reports.ladder.words import Address, organisation_names
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet
from tracker.rules.spans import ONE_DAY

_COLUMNS = (
    Column("Had the ball"),
    Column("Was waited for"),
    Column("Days an issue"),
    Column("Share of the time", "bar"),
)


def whose_turn(report: LadderReport, at: Address) -> Section:
    """Every organisation in the partnership's order, then whoever else was waited for. Time in which it was nobody's
    turn (before it was on a ladder, once it was resolved) is left out."""
    running = {lay: length for lay, length in report.ball.spent.items() if lay[0] in (Lay.HELD, Lay.PAUSED)}
    ball, issues = BallTime(running), max(1, report.totals.issues)
    names = {**organisation_names(report.arrangement), NOBODY_NAMED: "Nobody named", OUTSIDER: "Outsiders"}
    keys = dict.fromkeys([*report.organisations, *(whose for _, whose in running)]) if ball.elapsed else ()
    lines = tuple(Line(names.get(key, key), _cells(key, ball, issues, at)) for key in keys)
    label = "Whose turn it was"
    return Section(label, (), Table(label, "climb", "Organisation", _COLUMNS, lines))


def values(report: LadderReport) -> list[dict[str, Any]]:
    return [
        {"where": lay.value, "whose": whose or None, "seconds": round(length.total_seconds())}
        for (lay, whose), length in report.ball.spent.items()
    ]


def sheet(report: LadderReport) -> Sheet:
    rows = [(lay.value, whose, length / ONE_DAY) for (lay, whose), length in report.ball.spent.items()]
    return Sheet("Whose turn", ("where it lay", "organisation", "days"), rows)


def _cells(key: str, ball: BallTime, issues: int, at: Address) -> tuple[Count, ...]:
    held, waited = ball.held(key), ball.paused_on(key)
    both = held + waited
    return (
        Count(_percent(held, ball.elapsed), at(Number(What.HELD, by=key))),
        Count(_percent(waited, ball.elapsed), at(Number(What.WAITED_FOR, by=key))),
        Count(f"{both / ONE_DAY / issues:.1f}", at(Number(What.TURN, by=key)) if both else ""),
        ShareBar("", tenths=round(10 * (both / ball.elapsed))),
    )


def _percent(length: timedelta, whole: timedelta) -> str:
    return f"{100 * (length / whole):.0f} %" if length else ""
