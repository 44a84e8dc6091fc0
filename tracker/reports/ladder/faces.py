"""The ladder report as files: JSON for programs, CSV and XLSX for sheets; figures and references, no texts."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from tracker.measures.ball import net_imbalance
from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.rates import Share
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.measures.tier_stays import Rise, TierFigures
from tracker.reports.ladder.report import Endings, LadderReport
from tracker.reports.spreadsheet import Sheet, Value, comma_separated, workbook

FIGURES = tuple(each.name for each in fields(LadderFlow))
_HEAD = ("issue", "ref", "resolved", *FIGURES, f"reopened_within_{REOPENED_WITHIN_DAYS}_working_days")
_TOLD = {True: "yes", False: "no", None: ""}
_DAY = timedelta(days=1)


def as_json(report: LadderReport) -> str:
    """`issues`: by outside reference, else by their own, the figures that the contract names; the rest beside them."""
    return json.dumps(values(report), ensure_ascii=False, indent=2) + "\n"


def values(report: LadderReport) -> dict[str, Any]:
    """The report as plain values, for JSON. Lengths in seconds or working hours, as their names say."""
    return {
        "partnership": report.partnership,
        "period": report.period or None,
        "issues": {
            reference: {"ref": issue.ref, "resolved": issue.resolved, **asdict(issue.flow)}
            for reference, issue in report.issues.items()
        },
        "totals": asdict(report.totals),
        "tiers": [_tier(tier) for tier in report.tiers],
        "ball_time": [
            {"where": lay.value, "whose": whose or None, "seconds": round(length.total_seconds())}
            for (lay, whose), length in report.ball.spent.items()
        ],
        "hand_overs": {
            "transfers": [
                {"from": one, "to": other, "count": n} for (one, other), n in report.hand_overs.matrix.items()
            ],
            "returns": report.hand_overs.returns,
            "to_and_fro": report.hand_overs.flagged,
            "contested": asdict(report.hand_overs.contested),
        },
        "acknowledgement": {**asdict(report.acknowledgement), "lapsed": _share(report.acknowledgement.lapsed)},
        "endings": _endings(report.endings),
        "decisions": asdict(report.decisions),
    }


def as_csv(report: LadderReport) -> str:
    """One row an issue, under a header."""
    return comma_separated(_issues(report))


def as_xlsx(report: LadderReport) -> bytes:
    """A sheet for each part of the report, the issues last."""
    return workbook(_sheets(report))


def _sheets(report: LadderReport) -> Iterator[Sheet]:
    shares = ("share", "low 95 %", "high 95 %")
    ways = list(dict.fromkeys(rise for tier in report.tiers for rise in tier.rises))
    climbed = ("tier", "came to it", "left it or passed its limit", "went up", *shares, *map(_way, ways))
    yield Sheet("Climbing", climbed, [_climbed(tier, ways) for tier in report.tiers])
    stayed = ("tier", "still there", "median hours", "90 % within hours", "had a limit", "within it", *shares)
    yield Sheet("Time on tiers", stayed, [_stayed(tier) for tier in report.tiers])
    ball = [(lay.value, whose, length / _DAY) for (lay, whose), length in report.ball.spent.items()]
    yield Sheet("Whose turn", ("where it lay", "organisation", "days"), ball)
    yield Sheet("Hand-overs", ("from", "to", "times", "net imbalance"), list(_passed(report)))
    yield Sheet("Measures", ("measure", "of", "count", *shares), list(_measures(report)))
    yield _issues(report)


def _issues(report: LadderReport) -> Sheet:
    return Sheet("Issues", _HEAD, list(_issue_rows(report)))


def _issue_rows(report: LadderReport) -> Iterator[tuple[Any, ...]]:
    for reference, issue in report.issues.items():
        figures = asdict(issue.flow).values()
        yield reference, issue.ref, _TOLD[issue.resolved], *figures, _TOLD[issue.came_back]


def _climbed(tier: TierFigures, ways: Iterable[Rise]) -> Sequence[Value]:
    counts = [tier.rises.get(way, 0) for way in ways]
    return (tier.tier, tier.entered, tier.went_up.n, tier.went_up.k, *_shown(tier.went_up), *counts)


def _stayed(tier: TierFigures) -> Sequence[Value]:
    within = tier.within_limit
    lengths = (tier.median_hours, tier.ninetieth_hours)
    return (tier.tier, tier.still_there, *lengths, within.n, within.k, *_shown(within))


def _passed(report: LadderReport) -> Iterator[Sequence[Value]]:
    matrix = report.hand_overs.matrix
    for (one, other), count in matrix.items():
        yield one, other, count, net_imbalance(matrix, one, other)


def _measures(report: LadderReport) -> Iterator[Sequence[Value]]:
    endings, waits, contested = report.endings, report.acknowledgement, report.hand_overs.contested
    for name, share in (
        ("resolved, not solved", endings.not_solved),
        ("solved on tier 1", endings.lowest),
        (f"reopened within {REOPENED_WITHIN_DAYS} working days", endings.reopened),
        ("an acknowledgement lapsed", waits.lapsed),
    ):
        yield name, share.n, share.k, *_shown(share)
    yield "came to the top without tier 2", report.totals.issues, endings.skipped_second
    yield "went to and fro", report.totals.issues, report.hand_overs.flagged
    yield "median days until whose it is was settled", contested.issues, contested.median
    yield "not settled yet", contested.issues, contested.not_settled
    yield "median hours to acknowledgement by every side", waits.asked, waits.median_hours
    yield "not acknowledged by every side", waits.asked, waits.not_yet


def _endings(endings: Endings) -> dict[str, Any]:
    return {
        **asdict(endings),
        "not_solved": _share(endings.not_solved),
        "lowest": _share(endings.lowest),
        "reopened": {"within_working_days": REOPENED_WITHIN_DAYS, **_share(endings.reopened)},
    }


def _tier(tier: TierFigures) -> dict[str, Any]:
    rises = [{"how": rise.how.value, "by": rise.by or None, "count": count} for rise, count in tier.rises.items()]
    shares = {"went_up": _share(tier.went_up), "within_limit": _share(tier.within_limit)}
    plain = {each.name: getattr(tier, each.name) for each in fields(tier) if each.name not in (*shares, "rises")}
    return {**plain, **shares, "rises": rises}


def _share(share: Share) -> dict[str, Any]:
    value, low, high = _shown(share)
    return {"count": share.k, "of": share.n, "share": value, "low": low, "high": high}


def _shown(share: Share) -> tuple[float | None, float | None, float | None]:
    """(share, low, high); none of them of nothing."""
    low, high = share.interval
    return (share.value, low, high) if share.n else (None, None, None)


def _way(rise: Rise) -> str:
    return f"{rise.how.value} by {rise.by}" if rise.by else rise.how.value
