"""A linear model over weighted terms: softmax regression by stochastic descent, its weights averaged on the way.

Averaging (Polyak and Juditsky 1992) keeps the last texts of a round from counting for more than the first, and stands
in for a penalty on large weights.
"""

from collections.abc import Sequence
from random import Random

from tracker.measures.suggestion.words import Weights, shares

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
