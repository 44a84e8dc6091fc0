"""Lessons: texts with the keys that somebody confirmed for them, found by their terms.

Nothing is fitted. What several `Lessons` hold adds up when it is asked for, and a single one can be taken away; so each
who asks is answered from those that they may read.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tracker.measures.suggestion.words import terms

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson(Generic[K]):
    """A text by the numbers of its terms, the key somebody confirmed for it, and how it is called among reasons."""

    key: K
    name: int | None
    terms: "array[int]"

    @property
    def mass(self) -> float:
        """What each of its terms counts for: a long text counts no more than a short one."""
        return 1 / len(self.terms)


class Lessons(Generic[K]):
    """In the order in which they were learnt."""

    def __init__(self) -> None:
        self._holding: dict[int, tuple[Lesson[K], ...]] = {}
        self._named: dict[int, Lesson[K]] = {}
        self.keys: Counter[K] = Counter()
        self.places = 0  # how many terms all of them have together

    def __len__(self) -> int:
        return self.keys.total()

    def learn(self, text: str, key: K, name: int | None = None) -> None:
        """One more, or another one of this name in its place."""
        if name is not None:
            self.forget(name)
        lesson = Lesson(key, name, array("I", terms(text)))
        for term in lesson.terms:
            self._holding[term] = (*self._holding.get(term, ()), lesson)
        if name is not None:
            self._named[name] = lesson
        self.keys[key] += 1
        self.places += len(lesson.terms)

    def forget(self, name: int) -> None:
        """Takes one away, if there is one of this name."""
        lesson = self._named.pop(name, None)
        if lesson is None:
            return
        for term in lesson.terms:
            left = tuple(each for each in self._holding[term] if each is not lesson)
            if left:
                self._holding[term] = left
            else:
                del self._holding[term]
        self.keys -= Counter([lesson.key])
        self.places -= len(lesson.terms)

    def holding(self, term: int) -> tuple[Lesson[K], ...]:
        """Those in which a term stands."""
        return self._holding.get(term, ())

    @property
    def names(self) -> Collection[int]:
        return self._named.keys()

    @property
    def entries(self) -> int:
        """How many terms there are."""
        return len(self._holding)
