"""Suggesting a theme, with the reasons: the words of the theme that stand in the text."""

from collections.abc import Iterable, Mapping


def phrases_found(text: str, phrases: Mapping[str, Iterable[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """(theme key, the phrases that stand in the text) for every theme with any, the one with most first."""
    folded = " ".join(text.casefold().split())
    found = [(key, tuple(each for each in these if each.casefold() in folded)) for key, these in phrases.items()]
    return sorted((each for each in found if each[1]), key=lambda each: -len(each[1]))
