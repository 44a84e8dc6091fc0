"""What is learnt of the issues between the same sides: how many hold each word, and which themes were confirmed.

Counts of several add up, and an issue can be forgotten. No word is kept, only numbers made of words.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tracker.measures.similarity import Rarity, stems
from tracker.measures.suggestion import Lessons, number_of

_ENTRY, _PLACE, _ISSUE = 150, 12, 400  # bytes, rather more than less: tests hold them against what is really taken
_SPARE = 1.1  # the oldest are forgotten a tenth at a time


@dataclass(slots=True)
class Learnt:
    """`issues`: the numbers of the words of each, by its id."""

    issues: dict[int, "array[int]"] = field(default_factory=dict)
    holding: Counter[int] = field(default_factory=Counter)  # in how many issues a word stands
    lessons: Lessons[str] = field(default_factory=Lessons)
    places: int = 0  # how many words all issues have together

    def learn(self, issue_id: int, text: str, theme: str | None) -> None:
        """One more issue; `theme`: what was confirmed for it."""
        words = array("I", {number_of(stem) for stem in stems(text)})
        self.issues[issue_id] = words
        self.holding.update(words)
        self.places += len(words)
        if theme:
            self.lessons.learn(text, theme, issue_id)

    def forget(self, issue_id: int) -> None:
        words = self.issues.pop(issue_id, ())
        self.holding.subtract(words)
        for word in words:
            if not self.holding[word]:
                del self.holding[word]
        self.places -= len(words)
        self.lessons.forget(issue_id)

    def keep_newest(self, issues: int, lessons: int) -> list[int]:
        """The issues with the highest ids, and a tenth more at most; those that were forgotten."""
        gone = _oldest(self.issues.keys(), issues)
        for issue_id in gone:
            self.forget(issue_id)
        for issue_id in _oldest(self.lessons.names, lessons):
            self.lessons.forget(issue_id)
        return gone

    @property
    def size(self) -> int:
        """In bytes, about."""
        entries, places = len(self.holding) + self.lessons.entries, self.places + self.lessons.places
        return _ISSUE * len(self.issues) + _ENTRY * entries + _PLACE * places


def _oldest(ids: Collection[int], most: int) -> list[int]:
    return sorted(ids)[: len(ids) - most] if len(ids) > most * _SPARE else []


class _Together(Mapping[str, int]):
    """In how many issues of several a word stands, added up when it is first asked for."""

    def __init__(self, parts: Iterable[Learnt]) -> None:
        self._holding = [part.holding for part in parts]
        self._counts: dict[str, int] = {}

    def __getitem__(self, stem: str) -> int:
        count = self._counts.get(stem)
        if count is None:
            number = number_of(stem)
            count = self._counts[stem] = sum([holding.get(number, 0) for holding in self._holding])
        return count

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)


def rarity(parts: Collection[Learnt]) -> Rarity:
    """How rare words are in all of these together."""
    return Rarity(sum(len(part.issues) for part in parts), _Together(parts))
