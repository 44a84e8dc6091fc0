"""What leads set, as it bears on the months that a theme report charts and on whoever reads it."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

from tracker.measures.chart_choice import Exposure
from tracker.measures.rates import Share
from tracker.measures.recurrence import RECURS_WITHIN
from tracker.measures.verdicts import Thresholds
from tracker.queries.theme_counts import Scope
from tracker.rules.arrangement import Arrangement
from tracker.rules.reporting import Baseline


@dataclass(frozen=True, slots=True)
class KnownExposure:
    """What is counted of how much there was to go wrong, rates `per` so many; `without`: of the charted months, those
    for which it is not known."""

    what: str
    per: float
    without: Share

    @property
    def is_used(self) -> bool:
        """Whether rates are told; else equal months stand for it."""
        return self.without.n > 0 and not self.without.k


@dataclass(frozen=True, slots=True)
class Terms:
    """Of a partnership, for a reader's organisations, over the months of these numbers."""

    arrangement: Arrangement
    scope: Scope
    numbers: range

    def exposure(self, couple: frozenset[int] | None = None) -> Exposure | None:
        """Of all that is counted, or of two; None unless it is known, and above 0, in every month."""
        found = self._months(couple or self._everybody())
        named = self.arrangement.report.exposures
        return Exposure(found, named.what, named.per) if found and all(found) else None

    def own_exposure(self, organisation_id: int) -> float | None:
        """All of one organisation's; None unless it is known in every month."""
        found = self._months({organisation_id})
        return sum(found) if found and all(found) else None

    def known(self) -> KnownExposure:
        """What is counted, and for how many of the months it is not known."""
        named, found = self.arrangement.report.exposures, self._months(self._everybody())
        return KnownExposure(named.what, named.per, Share(found.count(0), len(found)))

    def baseline(self, theme: str | None, couple: frozenset[int] | None = None) -> Baseline | None:
        """The frozen limits, where they are of what this reader sees counted, and in the unit that it is counted in."""
        if couple is None and self.scope.organisation_ids is not None:
            return None
        pair = [self.arrangement.organisations[each].key for each in couple or ()]
        found, known = self.arrangement.report.baseline(theme or "", pair), self.exposure(couple)
        unit = (known.what, known.per) if known else ("", 1)
        return found if found and (found.what, found.per) == unit else None

    def _everybody(self) -> Collection[int]:
        seen = self.scope.organisation_ids
        return self.arrangement.organisations.keys() if seen is None else seen

    def _months(self, organisation_ids: Collection[int]) -> tuple[float, ...]:
        return self.arrangement.report.exposures.of(organisation_ids, self.numbers)


def thresholds_of(arrangement: Arrangement) -> Thresholds:
    """The numbers of the rule, as the partnership set them. Fixes are followed for 90 days: a longer time, set before
    there was a limit, counts as that."""
    known = {each.name for each in fields(Thresholds)}
    kept: dict[str, Any] = {name: value for name, value in arrangement.report.thresholds.items() if name in known}
    found = Thresholds(**kept)
    return replace(found, lasting_days=min(found.lasting_days, RECURS_WITHIN.days))
