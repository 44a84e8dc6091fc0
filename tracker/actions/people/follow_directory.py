"""What an organisation's directory does to a membership at once: given back, or called otherwise."""

from datetime import datetime

from sqlmodel import Session, select

from tracker.queries.administration.directory import belongs_elsewhere
from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person
from tracker.records.session import spend_asks
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import NameCorrected, PersonReturned


def give_back(session: Session, person_id: int, organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """Somebody whose membership the directory itself ended has it again, with the roles that it had and without what
    others have meanwhile: seats, what they led, what they held."""
    membership = _membership(session, person_id, organisation_id)
    membership.return_to_it()
    person, organisation, partnership = _place(session, membership)
    partnership.changed()
    session.flush()
    kind = PersonReturned(
        key=person.email,
        organisation=organisation.key,
        roles=tuple(role.value for role in membership.roles),
        person_name=person.name,
        organisation_name=organisation.name,
    )
    record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)


def rename_member(
    session: Session, person_id: int, organisation_id: int, *, name: str, actor: Actor, now: datetime
) -> None:
    """Another name for somebody who has come in: only where no other organisation knows them, and else nothing."""
    person = session.get_one(Person, person_id)
    if person.name == name or belongs_elsewhere(session, person_id, organisation_id):
        return
    person, organisation, partnership = _place(session, _membership(session, person_id, organisation_id))
    before, person.name = person.name, name
    spend_asks(session, person_id, now=now)
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


def _membership(session: Session, person_id: int, organisation_id: int) -> Membership:
    mine = (Membership.person_id == person_id, Membership.organisation_id == organisation_id)
    return session.exec(select(Membership).where(*mine)).one()


def _place(session: Session, membership: Membership) -> tuple[Person, Organisation, Partnership]:
    person = session.get_one(Person, membership.person_id)
    organisation = session.get_one(Organisation, membership.organisation_id)
    return person, organisation, session.get_one(Partnership, organisation.partnership_id)
