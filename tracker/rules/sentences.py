"""Sentences whose numbers can be followed: in pieces, so that a page can link what a file only says."""

from collections.abc import Iterable
from typing import NamedTuple


class Counted(NamedTuple):
    """A number as a sentence has it (“12”, “12 issues”), and the name of what it counts."""

    text: str
    of: str


Piece = str | Counted
Sentence = tuple[Piece, ...]


def said(pieces: Iterable[Piece]) -> str:
    """The sentence as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)
