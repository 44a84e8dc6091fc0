"""Sentences whose numbers can be followed: in pieces, so that a page can link what a file only says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode


class Counted(NamedTuple):
    """A number as a sentence has it (“12”, “12 issues”), and the name of what it counts."""

    text: str
    of: str


Piece = str | Counted
Sentence = tuple[Piece, ...]


def said(pieces: Iterable[Piece]) -> str:
    """The sentence as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)


def listed_at(filters: Mapping[str, str]) -> str:
    """The address of the list with these filters."""
    return f"/issues?{'&'.join([_asked(name, value) for name, value in filters.items()])}"


@lru_cache(maxsize=4096)
def _asked(name: str, value: str) -> str:
    """Kept: a report asks of hundreds of numbers for the same few days, themes and pairs."""
    return urlencode({name: value})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed ("17", "<5", "") and the issues behind it ("" for none).

    `heat`: 0 to 4, how dark its cell is.
    """

    text: str
    href: str = ""
    heat: int = 0


Linked = tuple[str | Figure, ...]  # a sentence, its numbers linked


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


def counted(count: int, filters: Mapping[str, str], text: str = "") -> Figure:
    """A count with the issues behind it; 0 is a count too, but there is nothing behind it to see."""
    return Figure(text or str(count), listed_at(filters) if count else "")


def _figure(count: Counted, address: str) -> Figure:
    return Figure(count.text, "" if count.text.split()[0] == "0" else address)
