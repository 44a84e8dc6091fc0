"""The cells of a list of people: organisations, roles and seats as people write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from tracker.measures.cut_text import fold
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.wording import listed

_BETWEEN = re.compile(r"[;,|/\n]")
_FLAGS = {"holds": "holds", "chairs": "chair", "chair": "chair"}
_ROLES = {
    **{fold(role.value): role for role in Role},
    **{fold(text): role for role, text in ROLE_WORDS.items()},
    "steering": Role.STEERING,
}

Named = TypeVar("Named")


class LineNotAllowed(ValueError):
    """What cannot be taken in of a line; says what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class TypedSeat:
    """A seat on a body, by its key."""

    body: str
    holds: bool = False
    chair: bool = False

    def text(self, agreed: Arrangement) -> str:
        flags = [*(["holds"] if self.holds else []), *(["chairs"] if self.chair else [])]
        return f"on {agreed.bodies[self.body].name}" + (f", {listed(flags)}" if flags else "")


def organisation_in(text: str, agreed: Arrangement, own: str | None) -> str:
    """The key of an organisation by its key or name. `own`: the only one allowed, and the one where none is said.
    Refuses: LineNotAllowed."""
    sides = agreed.active_organisations()
    if not text and own:
        return own
    found = next((each for each in sides if fold(text) in (fold(each.key), fold(each.name))), None)
    if found is None:
        raise LineNotAllowed(f"found the organisation “{text}”; allowed: {', '.join(each.key for each in sides)}")
    if own not in (None, found.key):
        raise LineNotAllowed(f"they stand under {found.name}; only its own leads add its people")
    return found.key


def roles_in(text: str) -> tuple[Role, ...]:
    """“manager; partnership lead”, in any order. Refuses: LineNotAllowed."""
    typed = _pieces(text)
    strange = next(
        (each for each in typed if fold(each).replace("_", " ") not in _ROLES and fold(each) not in _ROLES), ""
    )
    if strange:
        raise LineNotAllowed(f"found the role “{strange[:60]}”; allowed: {role_choices()}")
    found = {_ROLES.get(fold(each)) or _ROLES[fold(each).replace("_", " ")] for each in typed}
    return tuple(role for role in Role if role in found)


def role_choices() -> str:
    return ", ".join(ROLE_WORDS.values())


def seats_in(text: str, agreed: Arrangement) -> tuple[TypedSeat, ...]:
    """“ops holds; steering chair”: bodies by key or name, each with what the seat does. Refuses: LineNotAllowed."""
    return tuple(_seat(each, agreed) for each in _pieces(text))


def _seat(text: str, agreed: Arrangement) -> TypedSeat:
    called, flags = text.split(), set[str]()
    while len(called) > 1 and fold(called[-1]).strip("()") in _FLAGS:
        flags.add(_FLAGS[fold(called.pop()).strip("()")])
    name = fold(" ".join(called))
    bodies = [each for each in agreed.bodies.values() if not each.retired]
    body = next((each for each in bodies if name in (fold(each.key), fold(each.name))), None)
    if body is None:
        allowed = ", ".join(each.key for each in bodies) or "none, as there is no body yet"
        raise LineNotAllowed(
            f"found a seat on “{text[:60]}”; allowed: {allowed}, each with “holds” or “chair” behind it"
        )
    return TypedSeat(body.key, "holds" in flags, "chair" in flags)


def _pieces(text: str) -> list[str]:
    return [each.strip() for each in _BETWEEN.split(text) if each.strip()]


def cell_of(pieces: Iterable[str]) -> str:
    """Several in one cell, as they are read again."""
    return "; ".join(pieces)
