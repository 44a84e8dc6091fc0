"""Lessons: texts with the keys that somebody confirmed for them, found by their terms.

Nothing is fitted. What several `Lessons` hold adds up when it is asked for, and a single one can be taken away; so each
who asks is answered from those that they may read.
"""

import math
from array import array
from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from tracker.measures.suggestion.words import terms

K = TypeVar("K", bound=Hashable)

FEW = 32  # lessons: what more of them say of a term is kept summed up
UNIT = 2**40  # shares of a text are counted in whole ones of so many: what is taken away leaves nothing behind


Says: TypeAlias = tuple[int, int]
"""What texts say of a term, in UNITs: the shares that it is of each, a long one counting no more than a short one; and
the same by the roots of their lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson(Generic[K]):
    """A text by the numbers of its terms, the key somebody confirmed for it, and how it is called among reasons.
    `says`: of each of its terms."""

    key: K
    name: int | None
    terms: "array[int]"
    says: Says

    @classmethod
    def of(cls, text: str, key: K, name: int | None) -> "Lesson[K]":
        numbers = array("I", terms(text))
        length = max(len(numbers), 1)
        return cls(key, name, numbers, (UNIT // length, int(UNIT / math.sqrt(length))))


class Lessons(Generic[K]):
    """In the order in which they were learnt. What is kept of a term is put in the place of what was, never changed:
    another thread may be reading it."""

    def __init__(self) -> None:
        self._holding: dict[int, tuple[Lesson[K], ...]] = {}
        self._summed: dict[int, dict[K, Says]] = {}  # of terms that more than a few hold
        self._named: dict[int, Lesson[K]] = {}
        self.keys: Counter[K] = Counter()
        self.places = 0  # how many terms all of them have together
        self.changes = 0  # how often one came or went

    def __len__(self) -> int:
        return self.keys.total()

    def learn(self, text: str, key: K, name: int | None = None) -> None:
        """One more, or another one of this name in its place."""
        if name is not None:
            self.forget(name)
        lesson = Lesson.of(text, key, name)
        for term in lesson.terms:
            self._keep(term, (*self._holding.get(term, ()), lesson), lesson, 1)
        if name is not None:
            self._named[name] = lesson
        self.keys[key] += 1
        self.changes += 1
        self.places += len(lesson.terms)

    def forget(self, name: int) -> None:
        """Takes one away, if there is one of this name."""
        lesson = self._named.pop(name, None)
        if lesson is None:
            return
        for term in lesson.terms:
            self._keep(term, tuple(each for each in self._holding[term] if each is not lesson), lesson, -1)
        self.keys -= Counter([lesson.key])
        self.changes += 1
        self.places -= len(lesson.terms)

    def holding(self, term: int) -> tuple[Lesson[K], ...]:
        """Those in which a term stands."""
        return self._holding.get(term, ())

    def says(self, term: int) -> Iterable[tuple[K, Says]]:
        """What they say of a term, with the key: summed up, or of each."""
        summed = self._summed.get(term)
        return summed.items() if summed else [(each.key, each.says) for each in self._holding.get(term, ())]

    @property
    def names(self) -> Collection[int]:
        return self._named.keys()

    @property
    def known(self) -> int:
        """How many terms there are."""
        return len(self._holding)

    @property
    def entries(self) -> int:
        """How many terms and sums are kept."""
        return len(self._holding) + sum(map(len, list(self._summed.values())))

    def _keep(self, term: int, lessons: tuple[Lesson[K], ...], changed: Lesson[K], times: int) -> None:
        """`changed`: the one that came (`times` 1) or went (-1)."""
        if lessons:
            self._holding[term] = lessons
        else:
            del self._holding[term]
        before = self._summed.get(term)
        if len(lessons) <= FEW:
            self._summed.pop(term, None)
        elif before is None:
            self._summed[term] = _summed(lessons)
        else:
            self._summed[term] = _changed(before, changed, times)


def _changed(before: dict[K, Says], changed: Lesson[K], times: int) -> dict[K, Says]:
    after, (mass, root) = dict(before), before.get(changed.key, (0, 0))
    after[changed.key] = (mass + times * changed.says[0], root + times * changed.says[1])
    if not after[changed.key][0]:
        del after[changed.key]
    return after


def _summed(lessons: Iterable[Lesson[K]]) -> dict[K, Says]:
    found: dict[K, Says] = {}
    for lesson in lessons:
        says, before = lesson.says, found.get(lesson.key)
        found[lesson.key] = (before[0] + says[0], before[1] + says[1]) if before else says
    return found
