"""Sentences as pages have them: each number in them a link to what it counts."""

from collections.abc import Iterable, Mapping

from tracker.exchange.issue_addresses import listed_at
from tracker.pages.report_views import Figure, Linked
from tracker.rules.sentences import Counted, Piece


def linked(pieces: Iterable[Piece], addresses: Mapping[str, str]) -> Linked:
    """`addresses`: by the name of what is counted; what has none, or "", stays a mere number; so does 0, which has
    nothing behind it to see."""
    return tuple(each if isinstance(each, str) else _figure(each, addresses.get(each.of, "")) for each in pieces)


def counted(count: int, filters: Mapping[str, str], text: str = "") -> Figure:
    """A count with the issues behind it; 0 is a count too, but there is nothing behind it to see."""
    return Figure(text or str(count), listed_at(filters) if count else "")


def _figure(count: Counted, address: str) -> Figure:
    return Figure(count.text, "" if count.text.split()[0] == "0" else address)
