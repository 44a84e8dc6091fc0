"""Texts as terms: words and pairs of words without their plain endings, and how words begin, each known by a number."""

import math
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar
from zlib import crc32

from tracker.measures.similarity import stem

_WORD = re.compile(r"[^\W\d_]{2,}")
_BEGINNING = 4  # letters, which words of one kind share whatever their endings


@dataclass(slots=True)
class Term:
    """A word or a pair of words as it stands first in a text, in small letters, and how often it stands there; of the
    beginning of a word nothing is `written`."""

    written: str
    count: int = 0


def number_of(term: str) -> int:
    """By which a term is kept: no word is. Of a hundred thousand terms two have the same number, by chance."""
    return crc32(term.encode())


def terms(text: str) -> dict[int, Term]:
    """The terms of a text by their numbers, in the order in which they come."""
    words = _WORD.findall(text.casefold())
    stems = [stem(word) for word in words]
    found: dict[int, Term] = {}
    for written, term in (*zip(words, stems, strict=True), *zip(_pairs(words), _pairs(stems), strict=True)):
        found.setdefault(number_of(term), Term(written)).count += 1
    for word in words:
        if len(word) > _BEGINNING:
            found.setdefault(number_of(f"{word[:_BEGINNING]}…"), Term("")).count += 1
    return found


def _pairs(words: Iterable[str]) -> list[str]:
    return [" ".join(pair) for pair in pairwise(words)]


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
