"""What confirmed texts have in common, by key: three models that vote, and the reasons of their vote."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, NamedTuple, TypeVar

from tracker.measures.similarity import is_common
from tracker.measures.suggestion.words import Vocabulary, Weights, shares, terms

_ROUNDS = 6
_STEP = 1.0
_STEP_FALLS = 3.0  # over all rounds to a quarter
_BASE_STEP = 0.1
_LEAST = 0.01  # a smaller error teaches nothing that is worth its time


class Linear:
    """Which of `kinds` kinds a text is of; `places`: how many terms there are."""

    def __init__(self, places: int, kinds: int) -> None:
        self._now = [[0.0] * kinds for _ in range(places)]
        self._mean = [[0.0] * kinds for _ in range(places)]
        self._base = [0.0] * kinds

    def learn(self, texts: Sequence[Weights], kinds: Sequence[int]) -> None:
        """From texts and what each is of; the same texts in the same order give the same model."""
        random, order = Random(1), list(range(len(texts)))
        turns, turn = _ROUNDS * len(texts), 0
        for _ in range(_ROUNDS):
            random.shuffle(order)
            for place in order:
                turn += 1
                gone = turn / turns
                self._take(texts[place], kinds[place], _STEP / (1 + _STEP_FALLS * gone), 1 - gone)
        self._now = []

    def shares(self, text: Weights) -> list[float]:
        """How likely each kind is; together 1."""
        return self._shares(text, self._mean)

    def pull(self, place: int, kind: int) -> float:
        """How much more a term speaks for a kind than for any other; 0 or less where it speaks for another as much."""
        weights = self._mean[place]
        return weights[kind] - max((each for other, each in enumerate(weights) if other != kind), default=0.0)

    def _shares(self, text: Weights, weights: list[list[float]]) -> list[float]:
        scores = self._base
        for place, weight in text:
            scores = [score + weight * each for score, each in zip(scores, weights[place], strict=True)]
        return shares(scores)

    def _take(self, text: Weights, kind: int, step: float, left: float) -> None:
        """One text. `left`: the share of turns to come, in whose weights this one's lesson will stand."""
        errors = self._shares(text, self._now)
        errors[kind] -= 1
        lessons = [(each, step * error) for each, error in enumerate(errors) if abs(error) > _LEAST]
        for place, weight in text:
            now, mean = self._now[place], self._mean[place]
            for each, lesson in lessons:
                change = lesson * weight
                now[each] -= change
                mean[each] -= change * left
        for each, lesson in lessons:
            self._base[each] -= _BASE_STEP * lesson


_SMOOTHING = 0.3


class NaiveBayes:
    """Counts in how many texts of each kind a term stands."""

    def __init__(self, places: int, kinds: int) -> None:
        self._places = max(places, 1)
        self._counts: list[Counter[int]] = [Counter() for _ in range(kinds)]
        self._all: Counter[int] = Counter()
        self._totals = [0] * kinds

    def learn(self, texts: Sequence[Weights], kinds: Sequence[int]) -> None:
        """From texts and what each is of."""
        for text, kind in zip(texts, kinds, strict=True):
            found = [place for place, _ in text]
            self._counts[kind].update(found)
            self._all.update(found)
            self._totals[kind] += len(found)

    def shares(self, text: Weights) -> list[float]:
        """How likely each kind is; together 1. Divided by the root of the length, so that long texts stay in doubt."""
        root = math.sqrt(len(text)) or 1.0
        return shares(self._score(text, kind) / root for kind in range(len(self._counts)))

    def _score(self, text: Weights, kind: int) -> float:
        counts, total = self._counts[kind], sum(self._totals)
        inside = self._totals[kind] + _SMOOTHING * self._places
        outside = total - self._totals[kind] + _SMOOTHING * self._places
        score = len(text) * math.log(outside / inside)
        for place, _ in text:
            here = counts[place]
            score += math.log((here + _SMOOTHING) / (self._all[place] - here + _SMOOTHING))
        return score


_MOST = 15
_TOO_MANY = 2000  # texts: a term that stands in more of them finds nobody


class Neighbours:
    """Texts by their terms."""

    def __init__(self) -> None:
        self._texts: dict[int, list[tuple[int, float]]] = defaultdict(list)

    def learn(self, texts: Sequence[Weights]) -> None:
        """Texts, known from now on by their place in the order they came in."""
        for number, text in enumerate(texts):
            for place, weight in text:
                self._texts[place].append((number, weight))

    def nearest(self, text: Weights) -> list[tuple[int, float]]:
        """(number of a learnt text, likeness from 0 to 1), most alike first."""
        likeness: dict[int, float] = defaultdict(float)
        for place, weight in text:
            found = self._texts.get(place, ())
            if len(found) <= _TOO_MANY:
                for number, other in found:
                    likeness[number] += weight * other
        return sorted(likeness.items(), key=lambda each: (-each[1], each[0]))[:_MOST]


K = TypeVar("K", bound=Hashable)

_BAYES, _NEAR = 0.3, 0.2  # what they count for beside the linear model's 1
_DOUBT = 20  # texts: with so many learnt, what was learnt has come to half its weight
_MOST_WORDS, _MOST_ALIKE = 4, 5
_LEAST_ALIKE = 0.15


@dataclass(frozen=True, slots=True)
class Lesson(Generic[K]):
    """A text, the key somebody confirmed for it, and how the text is called among reasons."""

    text: str
    key: K
    name: Hashable | None = None


class Why(NamedTuple):
    """Why a key is suggested: its phrases and the words in the text that speak for it; the names of the learnt texts
    of that key that it resembles, most alike first."""

    words: tuple[str, ...] = ()
    alike: tuple[Hashable, ...] = ()


class Model(Generic[K]):
    """Fitted once over lessons. `least_texts`: a word is a reason only where so many of the lessons have it."""

    def __init__(self, lessons: Sequence[Lesson[K]], least_texts: int) -> None:
        self._lessons, self._least_texts = lessons, least_texts
        self._keys = list(dict.fromkeys(lesson.key for lesson in lessons))
        places = {key: place for place, key in enumerate(self._keys)}
        counted = [terms(lesson.text) for lesson in lessons]
        self._vocabulary = Vocabulary(counted)
        texts, kinds = [self._vocabulary.weights(each) for each in counted], [places[each.key] for each in lessons]
        size = (len(self._vocabulary.terms), len(self._keys))
        self._linear, self._bayes, self._neighbours = Linear(*size), NaiveBayes(*size), Neighbours()
        self._linear.learn(texts, kinds)
        self._bayes.learn(texts, kinds)
        self._neighbours.learn(texts)

    def suggest(self, text: str) -> dict[K, tuple[float, Why]]:
        """The score of every key that was learnt, with its reasons. Together below 1, far below for few lessons."""
        weights = self._vocabulary.weights(terms(text))
        linear, bayes = self._linear.shares(weights), self._bayes.shares(weights)
        nearest = [(self._lessons[number], likeness) for number, likeness in self._neighbours.nearest(weights)]
        near = _shares_of(nearest)
        trust = len(self._lessons) / (len(self._lessons) + _DOUBT) / (1 + _BAYES + _NEAR)
        scores = [linear[kind] + _BAYES * bayes[kind] + _NEAR * near[key] for kind, key in enumerate(self._keys)]
        whys = [Why(self._words(weights, kind), _alike(nearest, key)) for kind, key in enumerate(self._keys)]
        return {key: (trust * score, why) for key, score, why in zip(self._keys, scores, whys, strict=True)}

    def _words(self, weights: Weights, kind: int) -> tuple[str, ...]:
        pulls = [(weight * self._linear.pull(place, kind), place) for place, weight in weights]
        telling = sorted((each for each in pulls if each[0] > 0 and self._tells(each[1])), reverse=True)
        return _apart([self._vocabulary.terms[place] for _, place in telling])

    def _tells(self, place: int) -> bool:
        known = self._vocabulary.documents[place] >= self._least_texts
        return known and not any(map(is_common, self._vocabulary.terms[place].split()))


def _shares_of(nearest: list[tuple[Lesson[K], float]]) -> dict[K, float]:
    shares: dict[K, float] = defaultdict(float)
    total = sum(likeness * likeness for _, likeness in nearest) or 1.0
    for lesson, likeness in nearest:
        shares[lesson.key] += likeness * likeness / total
    return shares


def _alike(nearest: list[tuple[Lesson[K], float]], key: K) -> tuple[Hashable, ...]:
    alike = [lesson.name for lesson, likeness in nearest if lesson.key == key and likeness >= _LEAST_ALIKE]
    return tuple(name for name in alike if name is not None)[:_MOST_ALIKE]


def _apart(terms: list[str]) -> tuple[str, ...]:
    """The first few that share no word with one before them: “bed manager” says what “bed” and “manager” would."""
    kept: list[str] = []
    for term in terms:
        words = set(term.split())
        if len(kept) < _MOST_WORDS and not any(words & set(each.split()) for each in kept):
            kept.append(term)
    return tuple(kept)
