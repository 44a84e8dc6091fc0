"""Word of an invitation: who invites and to what, sent while the organisation of whoever is invited is open."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.people.change_identity import write_news
from tracker.queries.people import account_of
from tracker.records.partnership_chain import record
from tracker.records.person import Membership
from tracker.records.session import SignInLink
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import InvitedAgain, PersonInvited
from tracker.rules.letters import LinkPurpose
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Role
from tracker.rules.working_time import NoWorkingTime


def write_invitation(
    session: Session, agreed: Arrangement, invited: PersonInvited, *, actor: Actor, now: datetime
) -> None:
    """The letter leads to the door and lets nobody in; it waits until their organisation is open. Refuses with TooOften
    what would make this server a nuisance to somebody."""
    person = account_of(session, invited.key)
    organisation = agreed.organisation(invited.organisation)
    if person is None:
        return
    asked = _invitation(person.id, organisation.id)
    membership = session.exec(asked).one()
    try:
        opens = organisation.calendar.add(now, timedelta())
    except NoWorkingTime:
        opens = now
    about = invited.to_letter(f"{actor.invites} you", agreed.name)
    purpose, name = LinkPurpose.INVITATION, invited.person_name
    letter = write_news(session, person, purpose, actor=actor, now=now, sent_at=opens, to_name=name, about=about)
    membership.letter = letter.token_hash


def invite_again(
    session: Session, agreed: Arrangement, person_id: int, organisation_id: int, *, actor: Actor, now: datetime
) -> None:
    """Another letter to somebody who has not come in. Refuses: MoveNotAllowed, where they have meanwhile, or are
    invited no longer; TooOften."""
    membership = session.exec(_invitation(person_id, organisation_id)).first()
    if membership is None:
        raise MoveNotAllowed("They have come in, or the invitation was taken back.")
    organisation, email = agreed.organisations[organisation_id], agreed.people[person_id].email
    invited = InvitedAgain(
        key=email,
        organisation=organisation.key,
        person_name=membership.name,
        organisation_name=organisation.name,
        address=email,
        roles=tuple(role.value for role in Role if role in membership.roles),
    )
    write_invitation(session, agreed, invited, actor=actor, now=now)
    record(session, partnership_id=agreed.id, kind=invited, actor=actor, now=now)


def is_outdated(session: Session, letter: SignInLink) -> bool:
    """Whether a letter invites somebody who has come in since, is invited no longer, or was written to once more."""
    if letter.purpose != LinkPurpose.INVITATION:
        return False
    waits = (col(Membership.invited_at).is_not(None), col(Membership.retired_at).is_(None))
    ours = (Membership.person_id == letter.person_id, col(Membership.letter) == letter.token_hash)
    return session.exec(select(Membership.id).where(*ours, *waits)).first() is None


def _invitation(person_id: int, organisation_id: int) -> Any:
    waits = (col(Membership.invited_at).is_not(None), col(Membership.retired_at).is_(None))
    return select(Membership).where(
        Membership.person_id == person_id, Membership.organisation_id == organisation_id, *waits
    )
