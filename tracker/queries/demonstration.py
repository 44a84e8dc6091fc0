"""Whether this database is a demonstration, and whom one may come in as there."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Partnership
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.rings import Role

MARK = "demonstration"  # in Partnership.settings; only what makes the demonstration writes it
_SHOWN = {Role.FRONT_LINE: "front line", Role.MANAGER: "manager", Role.STEERING: "steering group", Role.LEAD: "lead"}


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody one may come in as, and what they are."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class PersonaSide:
    """The people of one organisation; `position` gives it its colour."""

    organisation: str
    position: int
    people: tuple[Persona, ...]


def is_demonstration(session: Session) -> bool:
    """Whether every partnership in this database is marked as a demonstration: one real one, and there is none."""
    marks = [bool(kept.get(MARK)) for kept in session.exec(select(Partnership.settings))]
    return bool(marks) and all(marks)


def personas(session: Session) -> tuple[PersonaSide, ...]:
    """A front-line person, a manager, a steering member and a lead of each organisation; none outside a
    demonstration."""
    if not is_demonstration(session):
        return ()
    keys = session.exec(select(Partnership.id, Partnership.version).order_by(col(Partnership.key)))
    shown = (arrangement(session, *each) for each in keys)
    return tuple(_side(each, organisation) for each in shown for organisation in each.active_organisations())


def _side(agreed: Arrangement, organisation: Organisation) -> PersonaSide:
    return PersonaSide(organisation.name, organisation.position, tuple(_people(agreed, organisation)))


def _people(agreed: Arrangement, organisation: Organisation) -> Iterator[Persona]:
    """For each role the first of the charter who has it and was not named yet."""
    in_order = sorted(agreed.people.values(), key=lambda each: each.id)
    named: set[int] = set()
    for role, words in _SHOWN.items():
        having = (each for each in in_order if role in each.roles.get(organisation.key, ()))
        found = next((each for each in having if each.id not in named and not each.retired), None)
        if found:
            named.add(found.id)
            yield Persona(found.id, found.name, words)
