"""How long it takes until every other side has said that it has an issue, and how often that lapses again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.measures.durations import curve_of, median_of, percentile_of
from tracker.measures.ladder_flow import MeasuredEvent
from tracker.measures.rates import Share


@dataclass(frozen=True, slots=True)
class Wait:
    """From when an issue came to its first tier to when the last of the other sides acknowledged it; without
    `is_answered` to its end; None: it goes on. `lapses`: how often one lapsed."""

    since: datetime
    until: datetime | None
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


def wait_for_all(events: Sequence[MeasuredEvent], others: Collection[str]) -> Wait | None:
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
    return Wait(since, None, is_answered=False, lapses=lapses) if since and others else None


def acknowledgement_figures(
    answered: Mapping[int, int], unanswered: Mapping[int, int], lapsed: int
) -> AcknowledgementFigures:
    """From how many were acknowledged by all after so many working hours, how many ended or go on without
    (Kaplan-Meier: they are not left out), and of how many one lapsed."""
    curve, not_yet = curve_of(answered, unanswered), sum(unanswered.values())
    asked = sum(answered.values()) + not_yet
    return AcknowledgementFigures(
        asked=asked,
        not_yet=not_yet,
        median_hours=median_of(curve),
        ninetieth_hours=percentile_of(curve, 90),
        lapsed=Share(lapsed, asked),
    )
