"""What a theme report is asked about: whose issues, which period, against which, over which whole months."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tracker.measures.periods import Period, month_number, month_of, spanning
from tracker.measures.verdicts import Thresholds
from tracker.queries.decision_effects import months_told_by
from tracker.queries.decisions import Decided
from tracker.queries.fixes import Lasted, Link
from tracker.queries.local_days import EPOCH, number_of
from tracker.queries.quotations import Quoted
from tracker.queries.theme_areas import area_quarters
from tracker.queries.theme_counts import AreaMonth, Block, Month, Recorded, Scope
from tracker.queries.theme_terms import thresholds_of
from tracker.rules.arrangement import Arrangement
from tracker.rules.spans import ONE_DAY


@dataclass(frozen=True, slots=True)
class Frame:
    """What is asked: the periods, and the months that verdicts look at (none where not one is whole)."""

    scope: Scope
    thresholds: Thresholds
    recorded: Recorded
    within: Period
    before: Period | None
    charted: tuple[Period, ...]
    today: date
    zone: ZoneInfo
    quarters: tuple[Period, Period] | None = None  # of service areas: the recent ones, and those before

    @property
    def numbers(self) -> range:
        """The numbers of the charted months."""
        if not self.charted:
            return range(0)
        return range(month_number(self.charted[0].start), month_number(self.charted[-1].start) + 1)

    @property
    def followed(self) -> range:
        """The numbers of the charted days (`local_days`)."""
        first, last = (self.charted[0].start, self.charted[-1].end) if self.charted else (EPOCH, EPOCH)
        return range(number_of(first), number_of(last))

    @property
    def of_areas(self) -> range:
        """The numbers of the months of those quarters."""
        return range(self.quarters[1].numbers.start, self.quarters[0].numbers.stop) if self.quarters else range(0)

    @property
    def so_far(self) -> date | None:
        """The last day counted of a period that is not over."""
        return self.today if self.within.start <= self.today < self.within.end - ONE_DAY else None

    @property
    def counted(self) -> range:
        """The numbers of all months that something is said of."""
        ends = [self.within, *self.charted, *((self.before,) if self.before else ())]
        return range(min(each.numbers.start for each in ends), max(each.numbers.stop for each in ends))

    def counted_for(self, decisions: Iterable[date]) -> range:
        """With the months up to today by which the effect of decisions taken on these days is told."""
        every = [self.counted, *(months_told_by(day, self.today) for day in decisions)]
        return range(min(each.start for each in every), max(each.stop for each in every))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was counted: every month something is said of, the period's blocks, what became of fixes, and service
    areas."""

    months: list[Month]
    blocks: list[Block]
    fixes: list[Lasted]
    links: list[Link]
    decided: tuple[Decided, ...] = ()
    areas: Sequence[AreaMonth] = ()
    quotations: tuple[Quoted, ...] = ()


def frame_of(arrangement: Arrangement, scope: Scope, recorded: Recorded, period: Period | None, today: date) -> Frame:
    """The period asked for, or all that was recorded; see `theme_report`."""
    first = recorded.first
    within = period or spanning(first or today, recorded.last or today)
    thresholds = thresholds_of(arrangement)
    return Frame(
        scope=scope,
        thresholds=thresholds,
        recorded=recorded,
        within=within,
        before=within.previous() if period and first and first < within.start else None,
        charted=tuple(_whole_months(within, first, today, thresholds.recent_months + thresholds.earlier_months)),
        today=today,
        zone=ZoneInfo(arrangement.zone),
        quarters=area_quarters(scope, first, today),
    )


def _whole_months(within: Period, first: date | None, today: date, most: int) -> Iterator[Period]:
    """The last whole months of the period and before it, since anything was recorded: the month of the first day is
    whole only where that is its first."""
    if first is None:
        return
    end = within if within.end <= today + ONE_DAY else month_of(today).previous()
    for month in end.ending(most).months():
        if first <= month.start and month.end <= today + ONE_DAY:
            yield month
