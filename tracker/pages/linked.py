"""Sentences as pages have them: each number in them a link to what it counts."""

from collections.abc import Iterable, Mapping

from tracker.pages.theme_views import Figure, Linked
from tracker.rules.sentences import Piece


def linked(pieces: Iterable[Piece], addresses: Mapping[str, str]) -> Linked:
    """`addresses`: by the name of what is counted; what has none, or "", stays a mere number."""
    return tuple(each if isinstance(each, str) else Figure(each.text, addresses.get(each.of, "")) for each in pieces)
