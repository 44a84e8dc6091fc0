"""Who reports: two organisations held against each other both ways, and how widely each of them reports."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tracker.measures.asymmetry import Raised, raising, theme_mix
from tracker.queries.tallies.counts import Month, Scope
from tracker.reports.themes.report import BothWays, Pair, Reporting
from tracker.reports.themes.request import Terms
from tracker.rules.arrangement import Arrangement


def both_ways(terms: Terms, pairs: Sequence[Pair], months: Sequence[Month]) -> tuple[BothWays, ...]:
    """Over the months of the terms, each pair that reported anything; by the exposure of each where it is known of
    both, else by the people each has on the record."""
    arrangement, numbers = terms.arrangement, terms.numbers
    counts: dict[tuple[Pair, int], Counter[str]] = defaultdict(Counter)
    ids = {pair: tuple(arrangement.organisation(key).id for key in pair) for pair in pairs}
    met = {month.sides for month in months}
    between = {sides: [pair for pair in pairs if sides.issuperset(ids[pair])] for sides in met}
    for month in months:
        if month.number in numbers and month.theme:
            for pair in between[month.sides]:
                counts[pair, month.organisation_id][month.theme] += month.occurrences
    found = (_both_ways(pair, ids[pair], counts, terms) for pair in pairs)
    return tuple(each for each in found if any(each.raised))


def people_of(arrangement: Arrangement) -> Counter[int]:
    """How many people each organisation has on the record, by its id."""
    found: Counter[int] = Counter()
    for person in arrangement.people.values():
        if not person.retired:
            found.update(arrangement.organisation(key).id for key in person.roles)
    return found


def reporting(
    arrangement: Arrangement, scope: Scope, months: Iterable[Month], numbers: range, recent: int
) -> tuple[Reporting, ...]:
    """How widely each organisation that counts reports, in the partnership's order."""
    people, now = people_of(arrangement), set(numbers[-recent:])
    heard: dict[tuple[int, bool], set[int]] = defaultdict(set)
    reports: Counter[int] = Counter()
    for month in months:
        if month.number in numbers[-2 * recent :]:
            heard[month.organisation_id, month.number in now].update(month.reporters)
            reports[month.organisation_id] += month.occurrences * (month.number in now)
    every, total = people.total(), reports.total()
    return tuple(
        Reporting(
            organisation=each.key,
            recent=len(heard[each.id, True]),
            before=len(heard[each.id, False]),
            people=people[each.id],
            reports=reports[each.id],
            expected=total * people[each.id] / every if every else 0.0,
        )
        for each in arrangement.active_organisations()
        if scope.organisation_ids is None or each.id in scope.organisation_ids
    )


def _both_ways(pair: Pair, ids: Sequence[int], counts: dict[tuple[Pair, int], Counter[str]], terms: Terms) -> BothWays:
    people = people_of(terms.arrangement)
    one, other = (counts[pair, each] for each in ids)
    raised, heads = (one.total(), other.total()), (people[ids[0]], people[ids[1]])
    exposures = _exposures(ids, terms)
    sizes = exposures or (float(heads[0]), float(heads[1]))
    sides = [Raised(*each) for each in zip(pair, raised, sizes, strict=True)]
    met = [each for each in terms.arrangement.themes if one[each] or other[each]]
    ratios = raising(*sides) if all(sizes) else None
    return BothWays(pair, raised, heads, exposures, ratios, theme_mix(met, one, other))


def _exposures(ids: Sequence[int], terms: Terms) -> tuple[float, float] | None:
    one, other = (terms.own_exposure(each) for each in ids)
    return None if one is None or other is None else (one, other)
