"""What confirmed texts have in common, by key: three models that vote, and the reasons of their vote."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from tracker.measures.similarity import is_common
from tracker.measures.suggestion.linear import Linear
from tracker.measures.suggestion.naive_bayes import NaiveBayes
from tracker.measures.suggestion.neighbours import Neighbours
from tracker.measures.suggestion.words import Vocabulary, Weights, terms

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
