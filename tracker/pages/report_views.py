"""What every report shows: figures that lead to issues, sentences and lines of them, and the ways on."""

from dataclasses import dataclass


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
