"""How long it takes until every other side has said that it has an issue, and how often that lapses again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.measures.durations import kaplan_meier, median_of, percentile_of
from tracker.measures.ladder_flow import MeasuredEvent
from tracker.measures.rates import Share


@dataclass(frozen=True, slots=True)
class Wait:
    """From when an issue came to its first tier to when the last of the other sides acknowledged it; without
    `is_answered` to where it was followed to: its end, or now. `lapses`: how often one lapsed."""

    since: datetime
    until: datetime
    is_answered: bool
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class AcknowledgementFigures:
    """Over many issues. Lengths in working hours; None: not so many are acknowledged by all yet."""

    asked: int
    not_yet: int
    median_hours: float | None
    ninetieth_hours: float | None
    lapsed: Share


def wait_for_all(events: Sequence[MeasuredEvent], others: Collection[str], now: datetime) -> Wait | None:
    """The wait for every other side, from the events of an issue in order; None where nobody else was asked."""
    missing, since = set(others), None
    lapses = sum(event.flags.lapses for event in events)
    for event in events:
        if event.tier and (since is None or event.flags.restarts):
            since = event.at
        if event.flags.acknowledges and event.by:
            missing.discard(event.by)
        if since and others and (not missing or event.flags.ends):
            return Wait(since, event.at, not missing, lapses)
    return Wait(since, max(since, now), is_answered=False, lapses=lapses) if since and others else None


def acknowledgement_figures(waits: Sequence[Wait], hours: Sequence[float]) -> AcknowledgementFigures:
    """From the waits and the working hours of each (Kaplan-Meier: what ended or goes on without is not left out)."""
    answered = [each.is_answered for each in waits]
    curve = kaplan_meier(hours, answered) if waits else []
    return AcknowledgementFigures(
        asked=len(waits),
        not_yet=answered.count(False),
        median_hours=median_of(curve),
        ninetieth_hours=percentile_of(curve, 90),
        lapsed=Share(sum(each.lapses > 0 for each in waits), len(waits)),
    )
