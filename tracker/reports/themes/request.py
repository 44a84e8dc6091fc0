"""What a theme report is asked about: whose issues, which period, against which, over which whole months."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from tracker.measures.chart_choice import ChartExposure
from tracker.measures.periods import Period, month_of, spanning
from tracker.measures.rates import Share
from tracker.measures.recurrence import RECURS_WITHIN
from tracker.measures.verdicts import Thresholds
from tracker.queries.decisions import ReportedDecision
from tracker.queries.tallies.counts import AreaMonth, Block, Month, Recorded, Scope, Theme
from tracker.queries.tallies.fixes import FixDuration, FixLink
from tracker.queries.tallies.open_now import OpenNow
from tracker.queries.tallies.quotations import QuotedWords
from tracker.queries.tallies.tallies import EPOCH, number_of
from tracker.reports.decision_effects import months_told_by
from tracker.reports.themes.service_areas import area_quarters
from tracker.reports.themes.subject import Pair
from tracker.rules.arrangement import Arrangement
from tracker.rules.reporting import Baseline

_FEW_PAIRS = 6


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
class Tallies:
    """What was counted: every month something is said of, the period's blocks, what became of fixes, service areas, and
    what is open today."""

    months: list[Month]
    blocks: list[Block]
    fixes: list[FixDuration]
    links: list[FixLink]
    decided: tuple[ReportedDecision, ...] = ()
    areas: Sequence[AreaMonth] = ()
    quotations: tuple[QuotedWords, ...] = ()
    open: Mapping[Theme, OpenNow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is asked: the periods, and the months that verdicts look at (none where not one is whole)."""

    arrangement: Arrangement
    scope: Scope
    thresholds: Thresholds
    recorded: Recorded
    within: Period
    before: Period | None
    charted: tuple[Period, ...]
    today: date
    quarters: tuple[Period, Period] | None = None  # of service areas: the recent ones, and those before

    @property
    def numbers(self) -> range:
        """The numbers of the charted months."""
        return range(self.charted[0].numbers.start, self.charted[-1].numbers.stop) if self.charted else range(0)

    @property
    def followed(self) -> range:
        """The numbers of the charted days (`tallies.number_of`)."""
        first, last = (self.charted[0].start, self.charted[-1].end) if self.charted else (EPOCH, EPOCH)
        return range(number_of(first), number_of(last))

    @property
    def of_areas(self) -> range:
        """The numbers of the months of those quarters."""
        return range(self.quarters[1].numbers.start, self.quarters[0].numbers.stop) if self.quarters else range(0)

    def a_month_earlier(self) -> "ReportRequest":
        """The same as it was charted a month ago."""
        if not self.charted:
            return self
        earlier, first = self.charted[0].previous(), self.recorded.first
        reaches = first is not None and first <= earlier.start
        return replace(self, charted=(*((earlier,) if reaches else ()), *self.charted[:-1]))

    @property
    def so_far(self) -> date | None:
        """The last day counted of a period that is not over."""
        return self.today if self.within.start <= self.today < self.within.end else None

    @property
    def counted(self) -> range:
        """The numbers of all months that something is said of."""
        earlier = (self.charted[0].previous(),) if self.charted else ()  # for what stood out a month ago
        ends = [self.within, *earlier, *self.charted, *((self.before,) if self.before else ())]
        return range(min(each.numbers.start for each in ends), max(each.numbers.stop for each in ends))

    def counted_for(self, decided: Sequence[ReportedDecision]) -> range:
        """With the months up to today by which the effect of these decisions is told."""
        counted, told = self.counted, months_told_by(decided, self.today)
        return range(min(counted.start, told.start), max(counted.stop, told.stop)) if decided else counted

    @property
    def people(self) -> Counter[str]:
        """How many people each organisation has on the record, by its key."""
        return Counter(key for person in self.arrangement.people.values() for key in person.places)

    def couple(self, pair: Pair) -> frozenset[int]:
        """The ids of a pair."""
        return frozenset(self.arrangement.organisation(key).id for key in pair)

    def exposure(self, couple: frozenset[int] | None = None) -> ChartExposure | None:
        """Of all that is counted, or of two; None unless it is known, and above 0, in every charted month."""
        months = self._exposed(couple or self._everybody())
        named = self.arrangement.report.exposures
        return ChartExposure(months, named.what, named.per) if months and all(months) else None

    def own_exposure(self, organisation_id: int) -> float | None:
        """All of one organisation's; None unless it is known in every charted month."""
        months = self._exposed({organisation_id})
        return sum(months) if months and all(months) else None

    def known_exposure(self) -> KnownExposure:
        named, months = self.arrangement.report.exposures, self._exposed(self._everybody())
        return KnownExposure(named.what, named.per, Share(months.count(0), len(months)))

    def baseline(self, theme: str | None, couple: frozenset[int] | None = None) -> Baseline | None:
        """The frozen limits, where they are of what this reader sees counted, and in the unit that it is counted in."""
        if couple is None and self.scope.organisation_ids is not None:
            return None
        pair = [self.arrangement.organisations[each].key for each in couple or ()]
        frozen, known = self.arrangement.report.baseline(theme or "", pair), self.exposure(couple)
        unit = (known.what, known.per) if known else ("", 1)
        return frozen if frozen and (frozen.what, frozen.per) == unit else None

    def _everybody(self) -> Collection[int]:
        seen = self.scope.organisation_ids
        return self.arrangement.organisations.keys() if seen is None else seen

    def _exposed(self, organisation_ids: Collection[int]) -> tuple[float, ...]:
        return self.arrangement.report.exposures.of(organisation_ids, self.numbers)


def thresholds_of(arrangement: Arrangement) -> Thresholds:
    """The numbers of the rule, as the partnership set them. Fixes are followed for 90 days: a longer time, set before
    there was a limit, counts as that."""
    known = {each.name for each in fields(Thresholds)}
    kept: dict[str, Any] = {name: value for name, value in arrangement.report.thresholds.items() if name in known}
    thresholds = Thresholds(**kept)
    return replace(thresholds, lasting_days=min(thresholds.lasting_days, RECURS_WITHIN.days))


def request_of(
    arrangement: Arrangement, scope: Scope, recorded: Recorded, period: Period | None, today: date
) -> ReportRequest:
    """The period asked for, or all that was recorded; see `theme_report`."""
    first = recorded.first
    within = period or spanning(first or today, recorded.last or today)
    thresholds = thresholds_of(arrangement)
    return ReportRequest(
        arrangement=arrangement,
        scope=scope,
        thresholds=thresholds,
        recorded=recorded,
        within=within,
        before=within.previous() if period and first and first < within.start else None,
        charted=tuple(_whole_months(within, first, today, thresholds.recent_months + thresholds.earlier_months)),
        today=today,
        quarters=area_quarters(scope, first, today),
    )


def pairs_of(request: ReportRequest, blocks: Iterable[Block]) -> tuple[Pair, ...]:
    """The pairs met; where there are few, all that the reader may see. In the partnership's order."""
    organisations, met = request.arrangement.organisations, {block.sides for block in blocks}
    pairs = request.scope.pairs_of(organisations)
    active = [pair for pair in pairs if not any(organisations[each].retired for each in pair)]
    always = active if len(active) <= _FEW_PAIRS else ()
    shown = (pair for pair in pairs if pair in always or any(sides.issuperset(pair) for sides in met))
    return tuple((organisations[one].key, organisations[other].key) for one, other in shown)


def _whole_months(within: Period, first: date | None, today: date, most: int) -> Iterator[Period]:
    """The last whole months of the period and before it, since anything was recorded: the month of the first day is
    whole only where that is its first."""
    if first is None:
        return
    end = within if within.end <= today else month_of(today).previous()
    for month in end.ending(most).months():
        if first <= month.start and month.end <= today:
            yield month
