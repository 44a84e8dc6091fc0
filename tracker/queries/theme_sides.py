"""Who reports: two organisations held against each other both ways, and how widely each of them reports."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tracker.measures.asymmetry import Raised, raising, theme_mix
from tracker.queries.theme_counts import Month, Scope
from tracker.queries.theme_figures import BothWays, Pair, Reporting
from tracker.rules.arrangement import Arrangement


def both_ways(
    arrangement: Arrangement, pairs: Sequence[Pair], months: Sequence[Month], numbers: range
) -> tuple[BothWays, ...]:
    """Over the months of these numbers, each pair that reported anything; by the people each has on the record."""
    people = people_of(arrangement)
    counts: dict[tuple[Pair, int], Counter[str]] = defaultdict(Counter)
    ids = {pair: tuple(arrangement.organisation(key).id for key in pair) for pair in pairs}
    met = {month.sides for month in months}
    between = {sides: [pair for pair in pairs if sides.issuperset(ids[pair])] for sides in met}
    for month in months:
        if month.number in numbers and month.theme:
            for pair in between[month.sides]:
                counts[pair, month.organisation_id][month.theme] += month.occurrences
    found = (_both_ways(pair, ids[pair], counts, people, tuple(arrangement.themes)) for pair in pairs)
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


def _both_ways(
    pair: Pair, ids: Sequence[int], counts: dict[tuple[Pair, int], Counter[str]], people: Counter[int],
    themes: Sequence[str],
) -> BothWays:  # fmt: skip
    one, other = (counts[pair, each] for each in ids)
    raised, heads = (one.total(), other.total()), (people[ids[0]], people[ids[1]])
    sides = [Raised(*each) for each in zip(pair, raised, map(float, heads), strict=True)]
    met = [each for each in themes if one[each] or other[each]]
    return BothWays(pair, raised, heads, raising(*sides) if all(heads) else None, theme_mix(met, one, other))
