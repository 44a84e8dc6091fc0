"""Splitting a change: what touches nobody else comes into force at once, what does waits for who is touched."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.checking import fits
from tracker.exchange.charter.frozen import frozen
from tracker.exchange.charter.parts import SEATS, Part, Place, parts_of, put_all, referrers
from tracker.exchange.charter.shapes import LadderShape
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import touched


@dataclass(frozen=True)
class Bundle:
    """Parts that come into force together, and the keys of the organisations that they touch."""

    parts: tuple[Part, ...]
    touches: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """What comes into force at once, and what waits, each by itself."""

    charter: Charter
    waiting: tuple[Bundle, ...] = ()


def as_one(before: Charter, after: Charter, kept: Arrangement, own: str | None) -> Split:
    """A change that is made on screen: all of it, or nothing. `own`: the organisation that it is made for; `kept`: the
    arrangement as it is."""
    touches = touched(frozen(before, kept), frozen(after, kept), own)
    return Split(before, (Bundle(parts_of(before, after), touches),)) if touches else Split(after)


def split(before: Charter, after: Charter, kept: Arrangement) -> Split:
    """A change that a file makes, for no organisation: part by part. What refers to something that waits, waits with
    it; what would not hold together apart, waits together."""
    parts = parts_of(before, after)
    edges = _edges(before, parts)
    waits = _closed(_touching(before, parts, kept), edges)
    now = put_all(before, (each for each in parts if each.place not in waits))
    if not fits(now):
        return Split(before, (_bundle(before, parts, kept),))
    groups = _groups([each for each in parts if each.place in waits], edges)
    if not all(fits(put_all(now, group)) for group in groups):
        groups = [[each for group in groups for each in group]]
    return Split(now, tuple(_bundle(now, group, kept) for group in groups))


def _bundle(before: Charter, parts: Collection[Part], kept: Arrangement) -> Bundle:
    after = put_all(before, parts)
    return Bundle(tuple(parts), touched(frozen(before, kept), frozen(after, kept)))


def _touching(before: Charter, parts: Collection[Part], kept: Arrangement) -> set[Place]:
    """The places of the parts that touch somebody, each tried on all before it that do not."""
    waits: set[Place] = set()
    charter, agreed = before, frozen(before, kept)
    for _, group in groupby(parts, key=lambda each: each.table):
        found = list(group)
        for several in (found, *([each] for each in found)):  # most tables touch nobody: asked once for all of one
            tried = put_all(charter, several)
            new = frozen(tried, kept)
            if not touched(agreed, new):
                charter, agreed = tried, new
                waits -= {each.place for each in several}
                if several is found:
                    break
            else:
                waits |= {each.place for each in several}
    return waits


Edge = tuple[Place, Place]


def _edges(before: Charter, parts: Collection[Part]) -> set[Edge]:
    """(one, other): where the first of these places waits, the second does."""
    return {edge for each in parts for edge in _from(each, before, parts)}


def _from(part: Part, before: Charter, parts: Collection[Part]) -> Iterator[Edge]:
    if part.entry is None:
        freeing = referrers(before, part.place)
        for other in parts:
            if ("body" if other.table == SEATS else other.table, other.key) in freeing:
                yield part.place, other.place
                yield other.place, part.place
    elif part.table == "person" or not part.base(before):
        yield from ((part.place, other.place) for other in parts if part.place in other.needs())
    if _is_default(part, before):
        yield from ((part.place, other.place) for other in parts if other is not part and _is_default(other, before))


def _is_default(part: Part, before: Charter) -> bool:
    """Whether a part changes which ladder is the default."""
    if part.table != "ladder":
        return False
    was, now = before.ladder.get(part.key), part.entry
    return (was is not None and was.default) != (isinstance(now, LadderShape) and now.default)


def _closed(waits: set[Place], edges: Collection[Edge]) -> set[Place]:
    while more := {other for one, other in edges if one in waits} - waits:
        waits |= more
    return waits


def _groups(parts: list[Part], edges: Collection[Edge]) -> list[list[Part]]:
    """The parts that hang together, in their order."""
    group = {each.place: each.place for each in parts}
    for one, other in edges:
        if one in group and other in group:
            old, new = group[other], group[one]
            group = {place: new if found == old else found for place, found in group.items()}
    return [[each for each in parts if group[each.place] == found] for found in dict.fromkeys(group.values())]
