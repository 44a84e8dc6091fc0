"""The phrases of a theme that stand in a text."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def phrases_found(text: str, phrases: Mapping[K, Iterable[str]]) -> list[tuple[K, tuple[str, ...]]]:
    """(key, its phrases that stand in the text) for every key with any, the one with most first."""
    folded = " ".join(text.casefold().split())
    found = [(key, tuple(each for each in these if each.casefold() in folded)) for key, these in phrases.items()]
    return sorted((each for each in found if each[1]), key=lambda each: -len(each[1]))
