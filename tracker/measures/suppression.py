"""Small numbers, kept from telling on anybody: which counts of a table are hidden so that none can be worked out."""

from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MOST_LOOKED_AT = 4000  # states of a search; beyond that a count is taken for one that can be worked out

Key = Any  # whatever can be one in a dict
Imbalance = frozenset[tuple[int, int]]  # (place of a sum, by how much its two sides differ), where they do


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and its parts."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> frozenset[Key]:
        """All that stand in it."""
        return frozenset((self.total, *self.parts))

    def signed(self) -> Iterator[tuple[Key, int]]:
        """Each with its sign, so that all of them together make 0."""
        yield self.total, -1
        yield from ((part, 1) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of a hidden count; `most` None: no end."""

    least: int
    most: int | None = None

    def allow(self, value: int) -> bool:
        """Whether the count may be so large."""
        return self.least <= value and (self.most is None or value <= self.most)


def can_be_otherwise(key: Key, values: Mapping[Key, int], bounds: Mapping[Key, Bounds], sums: Sequence[Sum]) -> bool:
    """Whether other hidden counts fit what is shown as well, in which this one is one more or one less.

    `values`: the hidden counts as they are; every other count in `sums` is shown. In a table with its totals this is
    exact (what leads from one filling to another are rings of steps by one: a network); among sums that cross in
    other ways a "no" may be too careful, a "yes" never is.
    """
    return any(
        bounds[key].allow(values[key] + step) and _can_be_balanced(key, step, values, bounds, sums) for step in (1, -1)
    )


def _can_be_balanced(
    key: Key, step: int, values: Mapping[Key, int], bounds: Mapping[Key, Bounds], sums: Sequence[Sum]
) -> bool:
    """Looks for further steps by one, each of another hidden count, after which every sum is true again."""
    signs = [{each: sign for each, sign in line.signed() if each in values} for line in sums]
    steps: dict[Key, int] = {key: step}
    waiting = deque([(_moved(frozenset(), signs, key, step), steps)])
    seen = {waiting[0][0]}
    while waiting and len(seen) < _MOST_LOOKED_AT:
        imbalance, steps = waiting.popleft()
        if not imbalance:
            return True
        for each, by in _mending(imbalance, signs):
            if each in steps or not bounds[each].allow(values[each] + by):
                continue
            after = _moved(imbalance, signs, each, by)
            if after not in seen:
                seen.add(after)
                waiting.append((after, {**steps, each: by}))
    return False


def _mending(imbalance: Imbalance, signs: Sequence[Mapping[Key, int]]) -> Iterator[tuple[Key, int]]:
    """The steps that bring the first sum that is not true nearer to it."""
    place, excess = min(imbalance)
    for each, sign in signs[place].items():
        yield each, -sign if excess > 0 else sign


def _moved(imbalance: Imbalance, signs: Sequence[Mapping[Key, int]], key: Key, step: int) -> Imbalance:
    found = dict(imbalance)
    for place, line in enumerate(signs):
        if key in line:
            found[place] = found.get(place, 0) + line[key] * step
    return frozenset((place, excess) for place, excess in found.items() if excess)


LEAST_REPORTERS = 5  # distinct ones, statistics.md 8
FEW = f"<{LEAST_REPORTERS}"  # so few people, in a table
FEW_IN_WORDS = f"fewer than {LEAST_REPORTERS}"  # in a sentence
LEAST_DENOMINATOR = 10


@dataclass(frozen=True, slots=True)
class ReportedCount:
    """A count and who reported what it counts. `narrow`: it is about less than an organisation, or about reporters.
    `least`, `most`: what readers are told of it even where it is hidden."""

    count: int
    reporters: frozenset[Hashable] = frozenset()
    narrow: bool = True
    least: int = 1
    most: int | None = None

    @property
    def is_small(self) -> bool:
        """Whether so few reported it that it would tell on them; nothing tells on nobody."""
        return self.narrow and self.count > 0 and len(self.reporters) < LEAST_REPORTERS


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A count as it is shown. `value` None: hidden, because it is small itself or would give a small one away."""

    value: int | None
    is_small: bool = False

    @property
    def text(self) -> str:
        """“17”, “<5” (fewer than five reporters), “hidden”."""
        if self.value is not None:
            return str(self.value)
        return FEW if self.is_small else "hidden"


def are_few(people: float) -> bool:
    """Whether so many people could be told, so that only FEW is said of them; nobody cannot."""
    return 0 < people < LEAST_REPORTERS


def suppressed(
    cells: Mapping[Key, ReportedCount], sums: Sequence[Sum], known: Collection[Key] = frozenset()
) -> dict[Key, ShownCount]:
    """Every count as it may be shown. `sums`: all that readers know of how the counts add up, over every cut that is
    published of them; a total that two tables share has one key. `known`: counts that are shown elsewhere, so that it
    would help nobody to hide them here.

    Counts of 0 are always shown, so a reader knows that a hidden one is at least 1. Where everything is hidden and
    “<5” would still tell (four of at least 1 make four), it is not said of the largest. A count beside which nothing
    can be hidden (all of a total that is known) is given up; the others are still kept.
    """
    hidden = {key for key, cell in cells.items() if cell.is_small}
    untold: set[Key] = set()  # hidden, and not even said to be small
    given_up: set[Key] = set()
    may_hide = {key for key, cell in cells.items() if cell.count > 0 and key not in known}
    while (given_away := _first_given_away(cells, sums, hidden, untold, given_up)) is not None:
        beside = _beside(given_away, cells, sums, hidden, may_hide)
        if beside is not None:
            hidden.add(beside)
        elif (telling := _telling(given_away, cells, sums, hidden - untold)) is not None:
            untold.add(telling)
        else:
            given_up.add(given_away)
    return {key: _shown(cell, hidden=key in hidden, told=key not in untold) for key, cell in cells.items()}


def _first_given_away(
    cells: Mapping[Key, ReportedCount], sums: Sequence[Sum], hidden: set[Key], untold: set[Key], given_up: set[Key]
) -> Key | None:
    """A hidden count that could be worked out, and is not given up."""
    values = {key: cells[key].count for key in cells if key in hidden}
    bounds = {key: _bounds(cells[key], told=key not in untold) for key in values}
    kept = (key for key in values if key not in given_up)
    return next((key for key in kept if not can_be_otherwise(key, values, bounds, sums)), None)


def _bounds(cell: ReportedCount, *, told: bool) -> Bounds:
    """What is told of it, and what “<5” tells those who take it for the count."""
    is_said = told and cell.is_small and cell.count < LEAST_REPORTERS
    ends = [end for end in (cell.most, LEAST_REPORTERS - 1 if is_said else None) if end is not None]
    return Bounds(cell.least, min(ends, default=None))


def _telling(key: Key, cells: Mapping[Key, ReportedCount], sums: Sequence[Sum], told: set[Key]) -> Key | None:
    """The largest of the counts in its sums that are said to be small."""
    among = {each for line in _lines_of(key, sums, told | {key}) for each in line.members if each in told}
    return max((each for each in cells if each in among), key=lambda each: cells[each].count, default=None)


def _beside(
    key: Key, cells: Mapping[Key, ReportedCount], sums: Sequence[Sum], hidden: set[Key], may_hide: set[Key]
) -> Key | None:
    """Another count of a sum in which only this one is hidden, or one that is hidden with it; else of any of their
    sums. Those sums first that leave the least choice; then what opens no new gap, parts before totals, the smallest.
    """
    lines = [(line, _open_ones(line, may_hide - hidden)) for line in _lines_of(key, sums, hidden)]
    lines = [(line, found) for line, found in lines if found]
    lonely = [(line, found) for line, found in lines if len(hidden & line.members) == 1] or lines
    least = min((len(found) for _, found in lonely), default=0)
    among = [(line, each) for line, found in lonely if len(found) == least for each in found]
    cost = {
        each: (_new_gaps(each, sums, hidden), each == line.total, cells[each].count, place)
        for place, (line, each) in enumerate(among)
    }
    return min(cost, key=lambda each: cost[each], default=None)


def _open_ones(line: Sum, may_hide: set[Key]) -> list[Key]:
    return [each for each in (*line.parts, line.total) if each in may_hide]


def _lines_of(key: Key, sums: Sequence[Sum], hidden: set[Key]) -> list[Sum]:
    """The sums in which a hidden count stands, and those of the counts hidden beside it, and so on."""
    reached: set[Key] = set()
    wider: set[Key] = {key}
    while wider != reached:
        reached = wider
        wider = reached.union(*(line.members & hidden for line in sums if line.members & reached))
    return [line for line in sums if line.members & reached]


def _new_gaps(key: Key, sums: Sequence[Sum], hidden: set[Key]) -> int:
    return sum(key in line.members and not line.members & hidden for line in sums)


def _shown(cell: ReportedCount, *, hidden: bool, told: bool) -> ShownCount:
    return ShownCount(None, cell.is_small and told) if hidden else ShownCount(cell.count)
