"""Whether a hidden count can be worked out: whether it could be another, with all that is shown still true."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
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
