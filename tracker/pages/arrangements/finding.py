"""People found among many: by the beginnings of what they are called, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.pages.web.forms import number_in
from tracker.queries.people import Member, people_found

PAGE = 25


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people. `typed`: what was searched for; `waiting`: only who has not come in; `total`: how many were
    found in all."""

    people: tuple[Member, ...]
    total: int
    typed: str
    waiting: bool
    previous: Mapping[str, str] | None
    next: Mapping[str, str] | None


def people_page(people: Sequence[Member], asked: Mapping[str, str], *, most: int = PAGE) -> PeoplePage:
    """Those whom an address asks for: `name`, `who=waiting`, `page` from 1; too far is the last one."""
    typed, waiting = asked.get("name", "")[:200], asked.get("who") == "waiting"
    found = [each for each in people_found(people, typed) if each.invited or not waiting]
    last = max(1, -(-len(found) // most))
    number = min(max(1, number_in(asked.get("page", "")) or 1), last)
    kept = {name: text for name, text in (("name", typed), ("who", "waiting" if waiting else "")) if text}
    return PeoplePage(
        people=tuple(found[(number - 1) * most : number * most]),
        total=len(found),
        typed=typed,
        waiting=waiting,
        previous={**kept, **({"page": str(number - 1)} if number > 2 else {})} if number > 1 else None,
        next={**kept, "page": str(number + 1)} if number < last else None,
    )
