"""Texts as weighted terms: words and pairs of words, those that are rare among the learnt texts weighing more."""

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW = 100  # texts: among fewer than these a term that stands in one only counts too

Weights: TypeAlias = list[tuple[int, float]]  # (place of a term, its weight), the squares of the weights adding up to 1


def terms(text: str) -> Counter[str]:
    """How often each word, and each two that follow one another, stands in a text."""
    words = _WORD.findall(text.casefold())
    return Counter([*words, *map(" ".join, pairwise(words))])


class Vocabulary:
    """The terms of the learnt texts by their place, each with how much it tells (TF-IDF, smoothed)."""

    def __init__(self, texts: Sequence[Counter[str]]) -> None:
        least = 1 if len(texts) < _FEW else 2
        documents = Counter(term for counts in texts for term in counts)
        self.terms = [term for term, count in documents.items() if count >= least]
        self._places = {term: place for place, term in enumerate(self.terms)}
        self.documents = [documents[term] for term in self.terms]
        self._telling = [1 + math.log((1 + len(texts)) / (1 + count)) for count in self.documents]

    def weights(self, counts: Counter[str]) -> Weights:
        """The weights of a text's terms; nothing of terms that were never learnt."""
        known = [(self._places[term], count) for term, count in counts.items() if term in self._places]
        raw = [(place, (1 + math.log(count)) * self._telling[place]) for place, count in known]
        length = math.sqrt(sum(weight * weight for _, weight in raw)) or 1.0
        return [(place, weight / length) for place, weight in raw]


def shares(scores: Iterable[float]) -> list[float]:
    """Scores on a logarithmic scale as shares of 1."""
    found = list(scores)
    most = max(found)
    powers = [math.exp(score - most) for score in found]
    total = sum(powers)
    return [power / total for power in powers]


K = TypeVar("K", bound=Hashable)


def phrases_found(text: str, phrases: Mapping[K, Iterable[str]]) -> list[tuple[K, tuple[str, ...]]]:
    """(key, its phrases that stand in the text) for every key with any, the one with most first."""
    folded = " ".join(text.casefold().split())
    found = [(key, tuple(each for each in these if each.casefold() in folded)) for key, these in phrases.items()]
    return sorted((each for each in found if each[1]), key=lambda each: -len(each[1]))
