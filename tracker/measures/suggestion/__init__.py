"""Suggesting a theme, with its reasons: phrases, texts that are alike, and what was learnt from those confirmed."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from tracker.measures.suggestion.lessons import Lessons
from tracker.measures.suggestion.models import Model, Why
from tracker.measures.suggestion.words import number_of, phrases_found

__all__ = ["Lessons", "Suggester", "Why", "number_of", "phrases_found"]

K = TypeVar("K", bound=Hashable)

_PHRASES = 0.5  # what all phrases count for together, beside the 1 of what was learnt
_NOTHING = (0.0, Why())
_DIGITS = 9  # of scores that are held against each other


class Suggester(Generic[K]):
    """Learns keys from texts, and suggests them for others. `phrases` of a key suggest it before anything is learnt;
    `lessons`: what was learnt elsewhere, which adds up with what is learnt here; `least_texts`: a word is named as a
    reason only where so many of the learnt texts have it."""

    def __init__(
        self,
        phrases: Mapping[K, Iterable[str]] | None = None,
        *,
        lessons: Iterable[Lessons[K]] = (),
        least_texts: int = 1,
    ) -> None:
        self._phrases = {key: tuple(these) for key, these in (phrases or {}).items()}
        self._least_texts = least_texts
        self._own: Lessons[K] = Lessons()
        self._lessons = (self._own, *lessons)

    def learn(self, text: str, key: K, name: int | None = None) -> None:
        """A text whose key somebody confirmed; `name`: how it is called among the reasons."""
        self._own.learn(text, key, name)

    def suggest(self, text: str) -> list[tuple[K, float, Why]]:
        """(key, score, why) for every key that was learnt or has a phrase in the text, best first; empty only before
        anything was learnt."""
        learnt = Model(self._lessons, self._least_texts).suggest(text)
        said = dict(phrases_found(text, self._phrases))
        most = sum(map(len, said.values())) or 1
        found = []
        for key in dict.fromkeys((*learnt, *said)):
            score, why = learnt.get(key, _NOTHING)
            these = said.get(key, ())
            found.append((key, score + _PHRASES * len(these) / most, _joined(these, why)))
        return sorted(found, key=lambda each: (-round(each[1], _DIGITS), str(each[0])))


def _joined(phrases: tuple[str, ...], why: Why) -> Why:
    said = " ".join(phrases).casefold()
    return Why((*phrases, *(word for word in why.words if word not in said)), why.alike)
