"""What confirmed texts have in common, by key: two models that vote, and the reasons of their vote.

Complement naive Bayes over texts that count alike however long they are (after Rennie, Shih, Teevan and Karger 2003),
and the nearest texts by their weighted terms. Both are added up when they are asked.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from tracker.measures.similarity import is_common
from tracker.measures.suggestion.lessons import Lesson, Lessons
from tracker.measures.suggestion.words import Term, shares, terms

K = TypeVar("K", bound=Hashable)

_SMOOTHING = 1 / 80  # of a text: as if each key had so much of each term
_SHARPNESS = 2.0
_NEAR = 0.8  # what the nearest texts count for beside the other model's 1
_NEAREST = 15
_DOUBT = 20  # texts: with so many learnt, what was learnt has come to half its weight
_MOST_WORDS, _MOST_ALIKE = 4, 5
_LEAST_ALIKE = 0.15
_DIGITS = 9  # in which sums are held against each other: in which order they were added up settles nothing


class Why(NamedTuple):
    """Why a key is suggested: its phrases and the words in the text that speak for it; the names of the learnt texts
    of that key that it resembles, most alike first."""

    words: tuple[str, ...] = ()
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence(Generic[K]):
    """A term of the text that was learnt: the lessons that hold it, and how far it speaks for each key."""

    term: Term
    lessons: tuple[Lesson[K], ...]
    speaks: Mapping[K, float]

    def pull(self, key: K) -> float:
        """How much more it speaks for a key than for any other; 0 or less where it speaks for another as much."""
        return self.speaks[key] - max((each for other, each in self.speaks.items() if other != key), default=0.0)

    @property
    def weight(self) -> float:
        return 1 + math.log(self.term.count)


class Model(Generic[K]):
    """Several `Lessons` together. `least_texts`: a word is a reason only where so many of the texts have it."""

    def __init__(self, parts: Sequence[Lessons[K]], least_texts: int) -> None:
        self._parts, self._least_texts = parts, least_texts
        self._keys: Counter[K] = Counter()
        for part in parts:
            self._keys.update(dict(part.keys))  # another thread may be learning
        self._texts = self._keys.total()
        smoothing = _SMOOTHING * max(sum(part.entries for part in parts), 1)
        others = {key: self._texts - inside + smoothing for key, inside in self._keys.items()}
        self._outweigh = {key: math.log(others[key] / (inside + smoothing)) for key, inside in self._keys.items()}
        self._tellings: dict[int, float] = {}

    def suggest(self, text: str) -> dict[K, tuple[float, Why]]:
        """The score of every key that was learnt, with its reasons. Together below 1, far below for few lessons."""
        if not self._keys:
            return {}
        evidence = self._evidence(text)
        shared = self._shared(evidence)
        nearest = sorted(shared, key=_order)[:_NEAREST]
        near, likely, alike = _shares_of(nearest), self._likely(evidence), self._alike(nearest, evidence)
        trust = self._texts / (self._texts + _DOUBT) / (1 + _NEAR)
        return {
            key: (trust * (likely[key] + _NEAR * near[key]), Why(self._words(evidence, key), _named(alike, key)))
            for key in self._keys
        }

    def _evidence(self, text: str) -> list[_Evidence[K]]:
        found = []
        for number, term in terms(text).items():
            lessons = tuple(lesson for part in self._parts for lesson in part.holding(number))
            if lessons:
                found.append(_Evidence(term, lessons, self._speaks(lessons)))
        return found

    def _speaks(self, lessons: tuple[Lesson[K], ...]) -> dict[K, float]:
        """By key how much likelier a term is in its texts than in all others, as a logarithm."""
        here: dict[K, float] = defaultdict(float)
        for lesson in lessons:
            here[lesson.key] += lesson.mass
        everywhere = sum(here.values()) + 2 * _SMOOTHING
        inside = {key: here[key] + _SMOOTHING for key in self._keys}
        return {key: math.log(mass / (everywhere - mass)) + self._outweigh[key] for key, mass in inside.items()}

    def _likely(self, evidence: list[_Evidence[K]]) -> dict[K, float]:
        """How likely each key is; together 1. Divided by the root of the length, so that long texts stay in doubt."""
        root = math.sqrt(sum(each.weight for each in evidence)) / _SHARPNESS or 1.0
        scores = [sum(each.weight * each.speaks[key] for each in evidence) / root for key in self._keys]
        return dict(zip(self._keys, shares(scores), strict=True))

    def _shared(self, evidence: list[_Evidence[K]]) -> list[tuple[Lesson[K], float]]:
        """Each learnt text that shares a term, with what it shares, held against its length."""
        shared: dict[Lesson[K], float] = defaultdict(float)
        for each in evidence:
            square = self._telling(len(each.lessons)) ** 2
            for lesson in each.lessons:
                shared[lesson] += square
        return [(lesson, weight / math.sqrt(len(lesson.terms))) for lesson, weight in shared.items()]

    def _alike(self, nearest: list[tuple[Lesson[K], float]], evidence: list[_Evidence[K]]) -> list[Lesson[K]]:
        """Those of the nearest whose likeness (the cosine, from 0 to 1) says something."""
        asked = sum(self._telling(len(each.lessons)) ** 2 for each in evidence)
        cosines = (
            (lesson, share * math.sqrt(len(lesson.terms) / (asked * self._square(lesson)))) for lesson, share in nearest
        )
        return [lesson for lesson, cosine in cosines if cosine >= _LEAST_ALIKE]

    def _square(self, lesson: Lesson[K]) -> float:
        counts = (sum(len(part.holding(term)) for part in self._parts) for term in lesson.terms)
        return sum(self._telling(count) ** 2 for count in counts)

    def _telling(self, texts: int) -> float:
        """What a term weighs that so many of the texts have (inverse document frequency, smoothed)."""
        if texts not in self._tellings:
            self._tellings[texts] = 1 + math.log((1 + self._texts) / (1 + texts))
        return self._tellings[texts]

    def _words(self, evidence: list[_Evidence[K]], key: K) -> tuple[str, ...]:
        pulls = [(each.pull(key) * math.log1p(len(each.lessons)), each) for each in evidence if self._tells(each)]
        telling = sorted((round(pull, _DIGITS), each.term.written) for pull, each in pulls if pull > 0)
        return _apart([written for _, written in reversed(telling)])

    def _tells(self, evidence: _Evidence[K]) -> bool:
        known = len(evidence.lessons) >= self._least_texts
        return known and not any(map(is_common, evidence.term.written.split()))


def _order(found: tuple[Lesson[K], float]) -> tuple[float, int]:
    lesson, likeness = found
    return -round(likeness, _DIGITS), lesson.name or 0


def _shares_of(nearest: list[tuple[Lesson[K], float]]) -> dict[K, float]:
    shares: dict[K, float] = defaultdict(float)
    total = sum(likeness * likeness for _, likeness in nearest) or 1.0
    for lesson, likeness in nearest:
        shares[lesson.key] += likeness * likeness / total
    return shares


def _named(alike: list[Lesson[K]], key: K) -> tuple[int, ...]:
    names = [lesson.name for lesson in alike if lesson.key == key]
    return tuple(name for name in names if name is not None)[:_MOST_ALIKE]


def _apart(terms: list[str]) -> tuple[str, ...]:
    """The first few that share no word with one before them: “bed manager” says what “bed” and “manager” would."""
    kept: list[str] = []
    for term in terms:
        words = set(term.split())
        if len(kept) < _MOST_WORDS and not any(words & set(each.split()) for each in kept):
            kept.append(term)
    return tuple(kept)
