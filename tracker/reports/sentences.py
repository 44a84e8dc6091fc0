"""Sentences whose numbers can be followed: in pieces, so that a page can link what a file only says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tracker.rules import addresses


class Counted(NamedTuple):
    """A number as a sentence has it (“12”, “12 issues”), and the name of what it counts."""

    text: str
    of: str


Piece = str | Counted
Sentence = tuple[Piece, ...]


def said(pieces: Iterable[Piece]) -> str:
    """The sentence as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)


@dataclass(frozen=True, slots=True)
class Count:
    """A number as it is printed ("17", "<5", "") and the address of the issues that it counts ("" for none).

    `heat`: 0 to 4, how dark its cell is.
    """

    text: str
    issues: str = ""
    heat: int = 0


Linked = tuple[str | Count, ...]  # a sentence, its numbers linked


@dataclass(frozen=True, slots=True)
class Quality:
    """One line of a strip (how far to trust the numbers, how issues ended): "untagged", "12 %", "11 of 96 issues"."""

    name: str
    value: str
    words: Linked
    href: str = ""


def linked(pieces: Iterable[Piece], addresses: Mapping[str, str]) -> Linked:
    """`addresses`: by the name of what is counted; what has none, or "", stays a mere number; so does 0, which has
    nothing behind it to see."""
    return tuple(each if isinstance(each, str) else _figure(each, addresses.get(each.of, "")) for each in pieces)


def counted(count: int, filters: Mapping[str, str], text: str = "") -> Count:
    """A count with the issues behind it; 0 is a count too, but there is nothing behind it to see."""
    return Count(text or str(count), addresses.issues(filters) if count else "")


def _figure(count: Counted, address: str) -> Count:
    return Count(count.text, "" if count.text.split()[0] == "0" else address)
