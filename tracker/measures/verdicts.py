"""What a steering group is told of each theme: rising, easing, recurring or none of it (statistics.md 10)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tracker.measures.evidence import Evidence, evidence_of
from tracker.measures.rates import benjamini_hochberg
from tracker.measures.series import Series, Thresholds

Key = TypeVar("Key", bound=Hashable)
USUAL = Thresholds()


class Trend(StrEnum):
    """How a theme moves. Quieter: fewer are reported, but who reports has changed, too."""

    TOO_FEW = "too_few"
    RISING = "rising"
    EASING = "easing"
    QUIETER = "quieter"
    STEADY = "steady"
    STABLE = "stable"


@dataclass(frozen=True, slots=True)
class Flags:
    """In which directions a theme changed by more than chance has it among so many (Benjamini-Hochberg).

    `still_fewer`: also without what people reported who have fallen silent.
    """

    more: bool = False
    fewer: bool = False
    still_fewer: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told of a theme, with every number it comes from."""

    trend: Trend
    evidence: Evidence
    flags: Flags

    @property
    def is_recurring(self) -> bool:
        """Whether it keeps coming back, whatever its trend."""
        return self.evidence.is_recurring

    @property
    def is_flagged(self) -> bool:
        """Whether its change, either way, is one of those of which about one in ten is chance."""
        return self.flags.more or self.flags.fewer

    @property
    def is_headline(self) -> bool:
        """Only rising, easing and recurring are said at the top of a report."""
        return self.is_recurring or self.trend in {Trend.RISING, Trend.EASING}


def verdicts(series: Mapping[Key, Series], thresholds: Thresholds = USUAL) -> dict[Key, Verdict]:
    """The verdict on each theme, all of them held against each other: what is told of one depends on how many there
    are. Refuses a series without a month, and what no chart takes: ValueError."""
    found = {key: evidence_of(each, thresholds) for key, each in series.items()}
    flags = _flags(found, thresholds.share_by_chance)
    return {key: Verdict(_trend(each, flags[key]), each, flags[key]) for key, each in found.items()}


def _flags(found: Mapping[Key, Evidence], share: float) -> dict[Key, Flags]:
    """Each direction for itself, over all the themes of which something can be said."""
    tested = {
        key: (each.comparison.p_more, each.comparison.p_less, each.like_for_like.p_less)
        for key, each in found.items()
        if each.is_enough and each.comparison and each.like_for_like
    }
    directions = (benjamini_hochberg(chances, share) for chances in zip(*tested.values(), strict=True))
    flagged = dict(zip(tested, zip(*directions, strict=True), strict=True))
    return {key: Flags(*flagged.get(key, ())) for key in found}


def _trend(evidence: Evidence, flags: Flags) -> Trend:
    change, still = evidence.comparison, evidence.like_for_like
    if not evidence.is_enough:
        return Trend.TOO_FEW
    if change and change.low > 1 and (evidence.above or flags.more):
        return Trend.RISING
    if change and still and change.high < 1 and (evidence.below or flags.fewer):
        eased = evidence.is_heard and still.high < 1 and (evidence.below or flags.still_fewer)
        return Trend.EASING if eased else Trend.QUIETER
    return Trend.STABLE if evidence.is_calm else Trend.STEADY
