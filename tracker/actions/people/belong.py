"""Becoming a member: an invitation is accepted on one's own desk; who belongs nowhere else accepts by coming in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from tracker.actions.people.inherit import seat_holders
from tracker.queries.accounts import is_member
from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person, lock
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import NameCorrected, PersonCameIn
from tracker.rules.refusals import MoveNotAllowed, NotThere


def come_in(session: Session, person_id: int, *, now: datetime) -> None:
    """Somebody is signed in as themselves: where they were added, they are no longer only invited. An invitation of
    who belongs elsewhere waits until they accept it."""
    first = (col(Person.id) == person_id, col(Person.came_in_at).is_(None))
    session.execute(update(Person).where(*first).values(came_in_at=now))
    invited = session.exec(_invitations(person_id)).all()
    if not invited:
        return
    belongs = is_member(session, person_id)
    _become_members(session, [each for each in invited if not (belongs and each[0].pending)], now)


def accept(session: Session, person_id: int, key: str, side_key: str, *, now: datetime) -> None:
    """What somebody says on their own desk. Refuses: NotThere, where they have no invitation (any more)."""
    hold(session, person_id)
    mine = (Partnership.key == key, Organisation.key == side_key, col(Membership.pending))
    found = session.exec(_invitations(person_id).where(*mine)).first()
    if found is None:
        raise no_invitation()
    _become_members(session, [found], now)


def correct_name(
    session: Session, person_id: int, organisation_id: int, *, name: str, actor: Actor, now: datetime
) -> None:
    """Another name for somebody who was invited. The account takes it only where nobody has come in with it and nobody
    else knows it. Refuses: MoveNotAllowed, where they came in meanwhile."""
    found = _invited_at(session, organisation_id, person_id)
    if found is None:
        raise MoveNotAllowed("They have come in: their name and address are theirs to change.")
    membership, person, organisation, partnership = found
    before, membership.name = membership.name, name
    if person.came_in_at is None and _is_known_here_alone(session, membership):
        person.name = name
    partnership.changed()
    session.flush()
    kind = NameCorrected(
        key=person.email,
        organisation=organisation.key,
        person_name=before,
        organisation_name=organisation.name,
        after=name,
    )
    record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)


def no_invitation() -> NotThere:
    return NotThere("There is no invitation for you here, or not any more.")


def hold(session: Session, person_id: int | None) -> None:
    """Whoever lets somebody in, or lets them go, waits for whoever does so now. Partnerships that will tell of it are
    taken first, then the person: everybody takes them in this order."""
    told = select(Partnership.id).where(col(Partnership.id).in_(_homes(person_id)))
    session.exec(told.order_by(col(Partnership.id)).with_for_update()).all()
    lock(session, person_id)


def _become_members(
    session: Session, invited: Iterable[tuple[Membership, Organisation, Partnership]], now: datetime
) -> None:
    for membership, organisation, partnership in invited:
        was_pending = membership.pending
        membership.come_in()
        partnership.changed()
        session.flush()
        person = session.get_one(Person, membership.person_id)
        actor = Actor(person.id, person.name, organisation.id, organisation.key, organisation.name)
        kind = PersonCameIn(
            key=person.email,
            organisation=organisation.key,
            person_name=person.name,
            organisation_name=organisation.name,
        )
        record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)
        if was_pending:  # only now their seats hold
            seat_holders(session, arrangement(session, partnership.id), now=now)


def _is_known_here_alone(session: Session, membership: Membership) -> bool:
    others = (Membership.person_id == membership.person_id, col(Membership.id) != membership.id)
    return session.exec(select(Membership.id).where(*others, col(Membership.retired_at).is_(None))).first() is None


def _invited_at(session: Session, organisation_id: int, person_id: int) -> Any:
    """The membership of somebody who was invited and has not come in, with its person, organisation and partnership."""
    asked = (
        select(Membership, Person, Organisation, Partnership)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
        .where(Membership.person_id == person_id, Membership.organisation_id == organisation_id)
        .where(col(Membership.retired_at).is_(None), col(Membership.invited_at).is_not(None))
    )
    return session.exec(asked.with_for_update(of=Partnership)).first()


def _homes(person_id: int | None) -> Any:
    return (
        select(Organisation.partnership_id)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(Membership.person_id == person_id, col(Membership.invited_at).is_not(None))
    )


def _invitations(person_id: int) -> Any:
    return (
        select(Membership, Organisation, Partnership)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
        .where(Membership.person_id == person_id, col(Membership.invited_at).is_not(None))
        .where(col(Membership.retired_at).is_(None), col(Organisation.retired_at).is_(None))
        .order_by(col(Partnership.id), col(Membership.id))
    )
