"""The figures of the ladder, from counts of how issues climbed (statistics.md 6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from tracker.measures.acknowledging import AcknowledgementFigures, acknowledgement_figures
from tracker.measures.ball import BallTime, ContestedDays, Matrix, contested_days
from tracker.measures.climb import TAB, ClimbCount, Counts, time_of
from tracker.measures.durations import curve_of, median_of, percentile_of
from tracker.measures.rates import Share
from tracker.measures.tier_stays import Rise, RiseCause, TierFigures

_LENGTHS = frozenset(
    {
        ClimbCount.SETTLED,
        ClimbCount.NOT_SETTLED,
        ClimbCount.ACKNOWLEDGED,
        ClimbCount.NOT_ACKNOWLEDGED,
        ClimbCount.LEFT,
        ClimbCount.NOT_LEFT,
    }
)


class ClimbFigures:
    """Reads sums of counts, as of a moment (`measures.climb.as_of`)."""

    def __init__(self, counts: Counts) -> None:
        self._found: defaultdict[str, dict[tuple[str, ...], int]] = defaultdict(dict)
        self._by_length: defaultdict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
        for name, count in counts.items():
            if count:
                what, *parts = name.split(TAB)
                self._found[what][tuple(parts)] = count
                if what in _LENGTHS:
                    self._by_length[what, *parts[:-1]][int(parts[-1])] = count

    def of(self, what: ClimbCount, *parts: object) -> int:
        return self._found[what].get(tuple(map(str, parts)), 0)

    def by(self, what: ClimbCount) -> Mapping[tuple[str, ...], int]:
        """By what their names go on with."""
        return self._found[what]

    def by_length(self, what: ClimbCount, *parts: object) -> dict[int, int]:
        """Of a length, after these parts of its name: how many lasted so many hours."""
        return self._by_length[what, *map(str, parts)]

    def tiers(self, what: ClimbCount) -> list[int]:
        """Those of which there is such a count, lowest first."""
        return sorted({int(each[0]) for each in self._found[what]})

    def outcomes(self) -> dict[str, int]:
        return {outcome: count for (outcome,), count in sorted(self.by(ClimbCount.OUTCOME).items())}

    def reopened(self) -> Share:
        """Of those that were followed so long that it can be told."""
        back = self.of(ClimbCount.CAME_BACK)
        return Share(back, back + self.of(ClimbCount.STAYED))

    def ball(self) -> BallTime:
        return BallTime(dict(sorted(time_of(self.by(ClimbCount.SPENT)).items())))

    def passed(self) -> Matrix:
        """M[a, b]: how often the ball passed from a to b."""
        return Counter({(giver, taker): count for (giver, taker), count in sorted(self.by(ClimbCount.PASSED).items())})

    def contested(self) -> ContestedDays:
        return contested_days(self.by_length(ClimbCount.SETTLED), self.by_length(ClimbCount.NOT_SETTLED))

    def acknowledgement(self) -> AcknowledgementFigures:
        return acknowledgement_figures(
            self.by_length(ClimbCount.ACKNOWLEDGED),
            self.by_length(ClimbCount.NOT_ACKNOWLEDGED),
            self.of(ClimbCount.LAPSED),
        )

    def tier(self, tier: int) -> TierFigures:
        """Of a tier that some came to; lengths to the hour (Kaplan-Meier)."""
        curve = curve_of(self.by_length(ClimbCount.LEFT, tier), self.by_length(ClimbCount.NOT_LEFT, tier))
        rises = {
            Rise(RiseCause(how), by): count
            for (low, how, by), count in sorted(self.by(ClimbCount.ROSE).items())
            if int(low) == tier
        }
        return TierFigures(
            tier=tier,
            entered=self.of(ClimbCount.CAME, tier),
            still_there=self.of(ClimbCount.STILL_THERE, tier),
            went_up=Share(sum(rises.values()), self.of(ClimbCount.TOLD, tier)),
            rises=rises,
            median_hours=median_of(curve),
            ninetieth_hours=percentile_of(curve, 90),
            within_limit=Share(self.of(ClimbCount.WITHIN, tier), self.of(ClimbCount.TIMED, tier)),
        )
