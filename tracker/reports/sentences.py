"""Sentences whose numbers can be followed: a page links what a file only says."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """A number as it is printed ("17", "6 fixes", "<5", "") and the address of the issues that it counts ("" for none).

    `heat`: 0 to 4, how dark its cell is.
    """

    text: str
    issues: str = ""
    heat: int = 0


Sentence = tuple[str | Count, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """One line of a strip (how far to trust the numbers, how issues ended): "untagged", "12 %", "11 of 96 issues"."""

    name: str
    value: str
    words: Sentence
    href: str = ""


def plain(sentence: Iterable[str | Count]) -> str:
    """The sentence as a file has it."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in sentence)


def joined(sentences: Iterable[Sentence], between: str) -> Sentence:
    """One sentence of several."""
    return tuple(piece for place, words in enumerate(sentences) for piece in ((between,) * (place > 0) + words))
