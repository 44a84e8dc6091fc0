"""A lead signs somebody of their organisation out: in every browser, and for that organisation alone."""

from datetime import datetime

from sqlmodel import Session, select

from tracker.actions.people.change_identity import write_news
from tracker.queries.accounts import MEMBER
from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person, lock
from tracker.records.session import end_sessions
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import SessionsEnded
from tracker.rules.letters import LinkPurpose


def sign_out_member(session: Session, person_id: int, organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """No session of before counts for this organisation. Where they belong nowhere else, all of them end, and the links
    that are out; else what they are signed in for elsewhere stays, and the lead is told nothing of it. They are written
    to. Refuses with TooOften what is done again and again."""
    organisation = session.get_one(Organisation, organisation_id)
    partnership = session.get_one(Partnership, organisation.partnership_id)
    lock(session, person_id)
    person = session.get_one(Person, person_id)
    places = session.exec(select(Membership).where(Membership.person_id == person_id, *MEMBER)).all()
    for place in places:
        if place.organisation_id == organisation_id:
            place.sessions_from = now
    if len(places) == 1:
        end_sessions(session, person_id, now=now)
    about = f"{actor.of_where} signed you out for {organisation.name} in {partnership.name}"
    write_news(session, person, LinkPurpose.SIGNED_OUT, actor=actor, now=now, about=about)
    kind = SessionsEnded(
        key=person.email,
        organisation=organisation.key,
        person_name=person.name,
        organisation_name=organisation.name,
    )
    record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)
