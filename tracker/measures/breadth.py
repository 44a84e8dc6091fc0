"""Who still reports: fewer reports from as many people are fewer problems; from fewer people they may be silence."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)

_REGULARLY = 2  # spells


@dataclass(frozen=True, slots=True)
class Breadth:
    """Distinct people who reported anything, of those who could have reported the theme; or that per head.

    `recent`: in the recent months. `before`: in a spell as long, on average. `gone`: occurrences of the theme in all
    months before the recent ones whose reporters reported regularly and have fallen silent.
    """

    recent: float
    before: float
    gone: int = 0


def breadth_of(
    reporters: Sequence[Sequence[Person]], heard: Sequence[Collection[Person]], recent_months: int = 6
) -> Breadth:
    """From months, oldest first: `reporters` of the theme, one an occurrence, and who was `heard` on any theme.

    `heard` holds the people of the theme's sides, teams or areas. Silent is a regular (heard in two or more of the
    spells before) who is not heard in the recent one. Refuses unequal lengths: ValueError.
    """
    if len(reporters) != len(heard):
        raise ValueError(f"{len(reporters)} months of reporters need as many of who was heard, not {len(heard)}")
    recent = _together(heard[-recent_months:])
    earlier = [_together(spell) for spell in _spells(heard[:-recent_months], recent_months)]
    enough = min(_REGULARLY, len(earlier))
    gone = {person for person in _together(earlier) - recent if sum(person in spell for spell in earlier) >= enough}
    before = sum(map(len, earlier)) / len(earlier) if earlier else 0.0
    return Breadth(len(recent), before, sum(person in gone for month in reporters[:-recent_months] for person in month))


def _together(months: Sequence[Collection[Person]]) -> set[Person]:
    return set().union(*months)


def _spells(months: Sequence[Collection[Person]], length: int) -> list[Sequence[Collection[Person]]]:
    """Whole spells, from the latest back; what is shorter than one counts as one where it is all there is."""
    whole = [months[end - length : end] for end in range(len(months), length - 1, -length)]
    return whole or [months[:]] * bool(months)
