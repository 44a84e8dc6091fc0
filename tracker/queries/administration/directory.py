"""An organisation's people as its directory calls them, and what each of them is to the organisation now."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from tracker.records.person import DirectoryEntry, Membership, Person
from tracker.rules.refusals import NotThere
from tracker.rules.rings.directory import Belonging


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a directory, and what the person to whom it led is to the organisation now."""

    entry: DirectoryEntry
    belonging: Belonging


def listed_people(session: Session, organisation_id: int) -> tuple[Listed, ...]:
    """Everybody of whom an organisation's directory knows, in the order in which they were entered."""
    asked = _listed().where(DirectoryEntry.organisation_id == organisation_id)
    return tuple(_one(*row) for row in session.exec(asked.order_by(col(DirectoryEntry.id))))


def listed_person(session: Session, organisation_id: int, key: str, *, for_change: bool = False) -> Listed:
    """One of them. Refuses: NotThere, also of somebody of another organisation."""
    mine = (DirectoryEntry.organisation_id == organisation_id, DirectoryEntry.key == key)
    asked = _listed().where(*mine)
    found = session.exec(asked.with_for_update(of=DirectoryEntry) if for_change else asked).first()
    if found is None:
        raise NotThere("There is no such user.")
    return _one(*found)


def unlisted(session: Session, organisation_id: int) -> tuple[tuple[Membership, Person], ...]:
    """Who belongs to an organisation, or is invited, without an entry in its directory, in the order of their ids."""
    entered = select(DirectoryEntry.person_id).where(
        DirectoryEntry.organisation_id == organisation_id, col(DirectoryEntry.person_id).is_not(None)
    )
    asked = (
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.organisation_id == organisation_id, col(Membership.retired_at).is_(None))
        .where(col(Membership.person_id).not_in(entered))
        .order_by(col(Membership.id))
    )
    return tuple((member, person) for member, person in session.exec(asked))


def entry_by_login(session: Session, organisation_id: int, login: str) -> DirectoryEntry | None:
    mine = (DirectoryEntry.organisation_id == organisation_id, DirectoryEntry.login == login)
    return session.exec(select(DirectoryEntry).where(*mine)).first()


def is_taken(
    session: Session, organisation_id: int, *, login: str, person_id: int | None, but: int | None = None
) -> bool:
    """Whether another entry of the directory has this login, or leads to this person, who is here: of who was once,
    nothing is to be learnt. `but`: the id of one that may."""
    mine = (DirectoryEntry.organisation_id == organisation_id, col(DirectoryEntry.id) != (but or 0))
    same = col(DirectoryEntry.login) == login
    if person_id is not None:
        theirs = (Membership.organisation_id == organisation_id, Membership.person_id == person_id)
        is_here = select(Membership.id).where(*theirs, col(Membership.retired_at).is_(None)).exists()
        same = same | ((col(DirectoryEntry.person_id) == person_id) & is_here)
    return session.exec(select(DirectoryEntry.id).where(*mine, same).limit(1)).first() is not None


def belongs_elsewhere(session: Session, person_id: int, organisation_id: int) -> bool:
    """Whether another organisation knows somebody too, as a member or invited, of whatever partnership."""
    others = (Membership.person_id == person_id, Membership.organisation_id != organisation_id)
    asked = select(Membership.id).where(*others, col(Membership.retired_at).is_(None))
    return session.exec(asked.limit(1)).first() is not None


def _listed() -> Any:
    theirs = (col(Membership.person_id) == col(DirectoryEntry.person_id)) & (
        col(Membership.organisation_id) == col(DirectoryEntry.organisation_id)
    )
    told: Any = select(DirectoryEntry, Membership.retired_at, Membership.invited_at, Membership.id)
    return told.join(Membership, theirs, isouter=True)


def _one(entry: DirectoryEntry, retired_at: Any, invited_at: Any, membership_id: int | None) -> Listed:
    if membership_id is None:
        return Listed(entry, Belonging.NOBODY)
    if retired_at is None:
        return Listed(entry, Belonging.INVITED if invited_at else Belonging.MEMBER)
    return Listed(entry, Belonging.GIVEN_UP if retired_at == entry.ended_at else Belonging.NOBODY)
