"""The theme report: what keeps rubbing, by theme, month and pair of organisations, in a handful of statements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sqlmodel import Session

from tracker.measures.periods import Period, spanning
from tracker.measures.rates import rate_ratio
from tracker.queries import theme_counts
from tracker.queries.theme_counts import IssueCounts, Scope, Theme
from tracker.queries.theme_figures import ONE_DAY, Change, Pair, ThemeLine, ThemeReport
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer

CHARTED_MONTHS = 24  # statistics.md 10
FEW_PAIRS = 6
UNTAGGED = "untagged"


def theme_report(
    session: Session, arrangement: Arrangement, *, today: date, viewer: Viewer | None = None,
    period: Period | None = None,
) -> ThemeReport:  # fmt: skip
    """Occurrences in `period`, against the period before; without one, of all time, against nothing.

    Steering members and leads, and whoever gets figures without a viewer, have totals over every issue that crossed;
    others over their organisations' issues, and the pairs of those. An issue of three sides counts in each of its
    pairs, and once in its theme. `today` is the day by the partnership's clock.
    """
    scope = Scope.of(arrangement, viewer)
    first, last = theme_counts.recorded(session, scope)
    within = period or spanning(first or today, last or today)
    before = within.previous() if period and first and first < within.start else None
    counted = _counted(session, arrangement, scope, within, before)
    exposure = _exposure(within, before, first, today)
    lines = [_line(key, arrangement, counted, exposure) for key in _themes(arrangement, counted)]
    return ThemeReport(
        partnership=arrangement.key,
        period=within,
        before=before,
        first=first,
        so_far=today if within.start <= today < within.end - ONE_DAY else None,
        chart=counted.chart,
        pairs=counted.pairs,
        lines=tuple(sorted(lines[:-1], key=lambda line: (-line.now, -(line.before or 0)))),
        untagged=lines[-1],
        scope=tuple(arrangement.organisations[each].key for each in sorted(scope.organisation_ids or ())),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    period: Period
    before: Period | None
    chart: tuple[Period, ...]
    pairs: tuple[Pair, ...]
    by_month: Mapping[tuple[Theme, date], int]
    by_pair: Mapping[tuple[Theme, Pair], int]
    by_state: Mapping[Theme, IssueCounts]

    def of(self, theme: Theme, months: Iterable[Period]) -> tuple[int, ...]:
        return tuple(self.by_month.get((theme, month.start), 0) for month in months)


def _counted(
    session: Session, arrangement: Arrangement, scope: Scope, within: Period, before: Period | None
) -> _Counted:
    chart = within.ending(CHARTED_MONTHS).months()
    earliest = min(each.start for each in (chart[0], within, before) if each)
    by_pair = {
        (theme, _pair(arrangement, one, other)): count
        for (theme, one, other), count in theme_counts.by_pair(session, scope, within).items()
    }
    return _Counted(
        period=within,
        before=before,
        chart=chart,
        pairs=_pairs(arrangement, scope, {pair for _, pair in by_pair}),
        by_month=theme_counts.by_month(session, scope, earliest, within.end),
        by_pair=by_pair,
        by_state=theme_counts.by_state(session, scope, within),
    )


def _pairs(arrangement: Arrangement, scope: Scope, met: set[Pair]) -> tuple[Pair, ...]:
    """The pairs met; where there are few, all that the reader may see."""
    active = combinations(arrangement.active_organisations(), 2)
    seen = [pair for pair in active if scope.organisation_ids is None or scope.organisation_ids & {e.id for e in pair}]
    every = {_pair(arrangement, one.id, other.id) for one, other in seen} if len(seen) <= FEW_PAIRS else set()
    places = {each.key: each.position for each in arrangement.organisations.values()}
    return tuple(sorted(met | every, key=lambda pair: (places[pair[0]], places[pair[1]])))


def _pair(arrangement: Arrangement, one: int, other: int) -> Pair:
    first, second = sorted((arrangement.organisations[each] for each in (one, other)), key=lambda each: each.position)
    return first.key, second.key


def _exposure(within: Period, before: Period | None, first: date | None, today: date) -> tuple[int, int] | None:
    """Days of the period so far, and of the one before since anything was recorded; None: nothing to hold together."""
    now = (min(within.end, today + ONE_DAY) - within.start).days
    if before is None or first is None or now <= 0:
        return None
    return now, (before.end - max(before.start, first)).days


def _themes(arrangement: Arrangement, counted: _Counted) -> Iterator[Theme]:
    """Every theme in use or met, in the partnership's order, and what has none at the end."""
    met = {theme for theme, _ in counted.by_month} | set(counted.by_state)
    yield from (theme.key for theme in arrangement.themes.values() if theme.key in met or not theme.retired)
    yield from sorted(theme for theme in met if theme and theme not in arrangement.themes)
    yield None


def _line(key: Theme, arrangement: Arrangement, counted: _Counted, exposure: tuple[int, int] | None) -> ThemeLine:
    theme = arrangement.themes.get(key or "")
    months = counted.of(key, counted.period.months())
    before = sum(counted.of(key, counted.before.months())) if counted.before else None
    return ThemeLine(
        key=key or UNTAGGED,
        name=theme.name if theme else key or "No theme yet",
        group=theme.group if theme else "",
        means=theme.means if theme else "",
        now=sum(months),
        before=before,
        change=_change(sum(months), before, exposure),
        issues=counted.by_state.get(key, IssueCounts()),
        months=months,
        pairs={pair: counted.by_pair.get((key, pair), 0) for pair in counted.pairs},
        chart=counted.of(key, counted.chart),
    )


def _change(now: int, before: int | None, exposure: tuple[int, int] | None) -> Change | None:
    if before is None or exposure is None or not (now or before):
        return None
    ratio, low, high, p_more = rate_ratio(now, exposure[0], before, exposure[1])
    p_less = rate_ratio(before, exposure[1], now, exposure[0])[3]
    return Change(ratio, low, high, min(1.0, 2 * min(p_more, p_less)))
