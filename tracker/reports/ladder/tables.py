"""A section of the ladder report as page and paper have it: a heading, a sentence, a table."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from tracker.reports.sentences import Count, Sentence


class Column(NamedTuple):
    """`kind`: of numbers, of texts, or of bars that say nothing new, which paper leaves out."""

    head: str
    kind: Literal["n", "text", "bar"] = "n"


@dataclass(frozen=True, slots=True)
class ShareBar(Count):
    """A share with a bar before it, `tenths` of its cell long."""

    tenths: int = 0


@dataclass(frozen=True, slots=True)
class TableLine:
    """`name` stands before the cells; of a tier with its `number`, of an issue with its `ref`, to which it leads."""

    name: str
    cells: tuple[Count, ...]
    number: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class LadderSection:
    """Left out where its table has no lines. `label`: of the table, for those who do not see it; `look`: in the style
    sheet; `first`: the heading over the names of its lines."""

    heading: str
    words: Sentence
    label: str
    look: Literal["climb", "heat", ""]
    first: str
    columns: tuple[Column, ...]
    lines: tuple[TableLine, ...]
