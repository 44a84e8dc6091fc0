"""Complement naive Bayes: a text is of the kind whose terms it has and whose complement's terms it lacks.

Rennie, Shih, Teevan and Karger, "Tackling the poor assumptions of naive Bayes text classifiers" (2003): counting the
other kinds keeps a kind with many texts from winning by its number alone.
"""

import math
from collections import Counter
from collections.abc import Sequence

from tracker.measures.suggestion.words import Weights, shares

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
