"""What confirmed texts have in common, by key: two models that vote, and the reasons of their vote.

Complement naive Bayes over texts that count alike however long they are (after Rennie, Shih, Teevan and Karger 2003),
and how near the texts of each key are by their weighted terms, all of them together (after Rocchio 1971). Both are
added up when they are asked.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from tracker.measures.similarity import is_common
from tracker.measures.suggestion.lessons import FEW, UNIT, Lesson, Lessons
from tracker.measures.suggestion.words import Term, shares, terms

K = TypeVar("K", bound=Hashable)

_SMOOTHING = 1 / 80  # of a text: as if each key had so much of each term
_SHARPNESS = 2.0
_NEAR = 2.0  # what nearness counts for beside the other model's 1
_NEAREST = 8  # texts that may be named as alike
_DOUBT = 20  # texts: with so many learnt, what was learnt has come to half its weight
_MOST_WORDS, _MOST_ALIKE = 4, 5
_LEAST_ALIKE = 0.15
_NO_REASON = frozenset(  # words that speak for a theme by chance, beside those that every text has
    [
        "always",
        "another",
        "because",
        "being",
        "both",
        "day",
        "days",
        "during",
        "each",
        "ever",
        "every",
        "few",
        "first",
        "got",
        "get",
        "gets",
        "just",
        "last",
        "like",
        "made",
        "make",
        "many",
        "may",
        "might",
        "month",
        "months",
        "much",
        "must",
        "never",
        "new",
        "next",
        "often",
        "old",
        "per",
        "same",
        "second",
        "several",
        "since",
        "soon",
        "still",
        "such",
        "sure",
        "take",
        "than",
        "then",
        "though",
        "thus",
        "today",
        "tomorrow",
        "until",
        "upon",
        "used",
        "very",
        "via",
        "way",
        "week",
        "weeks",
        "went",
        "within",
        "without",
        "year",
        "years",
        "yesterday",
        "yet",
    ]
)
_DIGITS = 9  # in which sums are held against each other: in which order they were added up settles nothing


class Why(NamedTuple):
    """Why a key is suggested: its phrases and the words in the text that speak for it; the names of the learnt texts
    of that key that it resembles, most alike first."""

    words: tuple[str, ...] = ()
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence(Generic[K]):
    """A term of the text that was learnt, in so many texts, and how far it speaks for each key. `always`: for every key
    alike; `more`: for those whose texts hold it; `near`: how much of theirs it is."""

    number: int
    term: Term
    texts: int
    always: float
    more: Mapping[K, float]
    near: Mapping[K, float]

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
        smoothing = _SMOOTHING * max(sum(part.known for part in parts), 1)
        others = {key: self._texts - inside + smoothing for key, inside in self._keys.items()}
        self._outweigh = {key: math.log(others[key] / (inside + smoothing)) for key, inside in self._keys.items()}
        self._rarest = sorted(self._outweigh, key=lambda key: -self._outweigh[key])[:2]
        self._tellings: dict[int, float] = {}
        self._squares: dict[int, float] = {}  # by the numbers of terms

    def suggest(self, text: str) -> dict[K, tuple[float, Why]]:
        """The score of every key that was learnt, with its reasons. Together below 1, far below for few lessons."""
        if not self._keys:
            return {}
        evidence = self._evidence(text)
        near, likely, alike = self._near(evidence), self._likely(evidence), self._alike(evidence)
        words = self._words(evidence)
        trust = self._texts / (self._texts + _DOUBT) / (1 + _NEAR)
        return {
            key: (trust * (likely[key] + _NEAR * near[key]), Why(_apart(words[key]), _named(alike, key)))
            for key in self._keys
        }

    def _evidence(self, text: str) -> list[_Evidence[K]]:
        found = []
        for number, term in terms(text).items():
            texts, masses, roots = self._said(number)
            if masses:
                near = {key: root / UNIT for key, root in roots.items()}
                found.append(_Evidence(number, term, texts, *_speaks(masses), near))
        return found

    def _said(self, term: int) -> tuple[int, dict[K, int], dict[K, int]]:
        """In how many texts a term stands, and what they say of it (`Says`), by key, of those that were there when this
        was asked."""
        texts, masses, roots = 0, dict[K, int](), dict[K, int]()
        for part in self._parts:
            holding = part.holding(term)
            texts += len(holding)
            for key, (mass, root) in part.says(term):
                if key in self._keys:
                    masses[key] = masses.get(key, 0) + mass
                    roots[key] = roots.get(key, 0) + root
        return texts, masses, roots

    def _likely(self, evidence: list[_Evidence[K]]) -> dict[K, float]:
        """How likely each key is; together 1. Divided by the root of the length, so that long texts stay in doubt."""
        weights = [each.weight for each in evidence]
        total, scores = sum(weights), dict.fromkeys(self._keys, 0.0)
        for weight, each in zip(weights, evidence, strict=True):
            for key, more in each.more.items():
                scores[key] += weight * more
        root = math.sqrt(total) / _SHARPNESS or 1.0
        found = shares((score + total * self._outweigh[key]) / root for key, score in scores.items())
        return dict(zip(self._keys, found, strict=True))

    def _near(self, evidence: list[_Evidence[K]]) -> dict[K, float]:
        """How near the texts of each key are; together 1. Divided by the root of how many there are, between what all
        of them share and what each does."""
        found = dict.fromkeys(self._keys, 0.0)
        for each in evidence:
            square = self._telling(each.texts) ** 2
            for key, near in each.near.items():
                found[key] += square * near
        squares = {key: each * each / self._keys[key] for key, each in found.items()}
        total = sum(squares.values()) or 1.0
        return {key: each / total for key, each in squares.items()}

    def _alike(self, evidence: list[_Evidence[K]]) -> list[Lesson[K]]:
        """The nearest texts by terms that few have, of those whose likeness (the cosine, from 0 to 1) says something,
        most alike first."""
        asked = {each.number: self._telling(each.texts) ** 2 for each in evidence}
        shared: dict[Lesson[K], float] = defaultdict(float)
        for number, square in asked.items():
            holding = [lesson for part in self._parts for lesson in part.holding(number)]
            for lesson in holding if len(holding) <= FEW else ():
                shared[lesson] += square / math.sqrt(len(lesson.terms))
        nearest = sorted(shared.items(), key=_order)[:_NEAREST]
        found = [(lesson, self._cosine(asked, lesson)) for lesson, _ in nearest]
        return [lesson for lesson, cosine in sorted(found, key=_order) if cosine >= _LEAST_ALIKE]

    def _cosine(self, asked: Mapping[int, float], lesson: Lesson[K]) -> float:
        squares = [self._square(term) for term in lesson.terms]
        length = sum(squares) * sum(asked.values())
        return sum(asked[term] for term in lesson.terms if term in asked) / math.sqrt(length)

    def _square(self, term: int) -> float:
        """Of what a term weighs."""
        if term not in self._squares:
            self._squares[term] = self._telling(sum([len(part.holding(term)) for part in self._parts])) ** 2
        return self._squares[term]

    def _telling(self, texts: int) -> float:
        """What a term weighs that so many of the texts have (inverse document frequency, smoothed)."""
        if texts not in self._tellings:
            self._tellings[texts] = 1 + math.log((1 + self._texts) / (1 + texts))
        return self._tellings[texts]

    def _words(self, evidence: list[_Evidence[K]]) -> dict[K, list[str]]:
        """The words that speak for each key, those that say most first: each for the one for which it speaks most."""
        found: dict[K, list[tuple[float, str]]] = defaultdict(list)
        for each in evidence:
            key, pull = self._pull(each)
            if pull > 0 and self._tells(each):
                found[key].append((round(pull * math.log1p(each.texts), _DIGITS), each.term.written))
        return {key: [written for _, written in sorted(found[key], reverse=True)] for key in self._keys}

    def _pull(self, evidence: _Evidence[K]) -> tuple[K, float]:
        """The key for which a term speaks most, and by how much more than for any other."""
        outweigh, more = self._outweigh, evidence.more
        speaks = {key: outweigh[key] + more.get(key, 0.0) for key in (*self._rarest, *more)}
        most = max(speaks, key=speaks.__getitem__)
        rest = [each for key, each in speaks.items() if key != most]
        return most, speaks[most] - (max(rest) if rest else -evidence.always)

    def _tells(self, evidence: _Evidence[K]) -> bool:
        words = evidence.term.written.split()
        says_something = words and not any(is_common(word) or word in _NO_REASON for word in words)
        return bool(says_something) and evidence.texts >= self._least_texts


def _speaks(masses: Mapping[K, int]) -> tuple[float, dict[K, float]]:
    """How much likelier a term is in the texts of a key than in all others, as a logarithm, but for what the sizes of
    keys make of it: of a key of which no text holds it, and how much more of each other."""
    everywhere = sum(masses.values()) / UNIT + 2 * _SMOOTHING
    always = math.log(_SMOOTHING / (everywhere - _SMOOTHING))
    inside = {key: mass / UNIT + _SMOOTHING for key, mass in masses.items()}
    return always, {key: math.log(mass / (everywhere - mass)) - always for key, mass in inside.items()}


def _order(found: tuple[Lesson[K], float]) -> tuple[float, int]:
    lesson, likeness = found
    return -round(likeness, _DIGITS), lesson.name or 0


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
