"""The learnt texts that a text resembles most, by the cosine of their weights."""

from collections import defaultdict
from collections.abc import Sequence

from tracker.measures.suggestion.words import Weights

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
