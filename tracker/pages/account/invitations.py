"""Invitations: an organisation added somebody who belongs elsewhere already, and waits for them to say yes or no."""

from datetime import datetime

from litestar import Response, post
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.people.belong import accept, no_invitation
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.pages.web.step_done import done_by, see_done
from tracker.pages.web.visitor import OWN
from tracker.queries.accounts import invitations_of
from tracker.queries.arrangements import by_key
from tracker.rules import addresses
from tracker.rules.events.kinds import Actor


@post("/invitations/{key:str}/{side_key:str}/acceptance", sync_to_thread=True, opt=OWN)
def take_invitation(
    request: Asking, db: TheDatabase, visitor: TheVisitor, now: TheTime, key: FromPath[str], side_key: FromPath[str]
) -> Response[bytes]:
    """A member from now on, and on to what they have joined."""
    with db.write() as session:
        accept(session, visitor.person_id, key, side_key, now=now)
        done = done_by(session, visitor.viewer, now)
    return see_done(request, addresses.desk(partnership=key), done)


@post("/invitations/{key:str}/{side_key:str}/refusal", sync_to_thread=True, opt=OWN)
def decline_invitation(
    request: Asking, db: TheDatabase, visitor: TheVisitor, now: TheTime, key: FromPath[str], side_key: FromPath[str]
) -> Response[bytes]:
    """No member, and no seat; whoever asked reads that they did not accept, under the name that was typed."""
    with db.write() as session:
        decline(session, visitor.person_id, key, side_key, now)
        done = done_by(session, visitor.viewer, now)
    return see_done(request, addresses.desk(), done)


def decline(session: Session, person_id: int, key: str, side_key: str, now: datetime) -> None:
    """Whatever that leaves the organisation with: nobody is kept because they are needed. Refuses NotThere, where there
    is no such invitation."""
    mine = {(each.partnership_key, each.organisation_key) for each in invitations_of(session, person_id)}
    if (key, side_key) not in mine:
        raise no_invitation()
    agreed = by_key(session, key)
    person, side = agreed.people[person_id], agreed.organisation(side_key)
    actor = Actor(person.id, person.called_in(side_key), side.id, side.key, side.name)
    revise(session, agreed.id, with_leaver(person.email, side_key), actor=actor, now=now, must_fit=False)


routes = [take_invitation, decline_invitation]
