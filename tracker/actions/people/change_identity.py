"""Name and address are changed by the person alone; a new address counts once a link sent to it is opened by them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.throttle import attempt
from tracker.actions.welcome import LinkIsSpent, unspent
from tracker.queries.accounts import MEMBER
from tracker.queries.people import account_of
from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person, lock
from tracker.records.session import ASKED_LIVES, LINK_LIVES, NEWS_LIVES, SignInLink, spend_asks, spend_links
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import AddressChanged, ChangeAsked, NameChanged, OfPerson
from tracker.rules.letters import LinkPurpose
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput

MOST_TO_ONE, MOST_FROM_ONE, NEWS_WINDOW = 5, 1000, timedelta(days=1)  # letters that nobody asked for


def change_name(session: Session, person_id: int, name: str, *, now: datetime) -> None:
    """What they are called from now on, wherever they belong; what was recorded keeps the name of the time."""
    person = session.get_one(Person, person_id)
    before, person.name = person.name, name
    if before != name:
        spend_asks(session, person_id, now=now)
        _tell(session, person, now, person_name=before, kind=NameChanged, after=name)


def say_how_to_reach(session: Session, person_id: int, *, phone: str, reach: str) -> None:
    """The number and the way by which they want to be reached; empty ones are taken away. It is read wherever they hold
    an issue, so that what their partnerships know of them reads differently from now on."""
    homes = _homes(session, person_id)
    person = session.get_one(Person, person_id)
    if (person.phone, person.reach) != (phone, reach):
        person.phone, person.reach = phone, reach
        for _, partnership in homes:
            partnership.changed()


def ask_for_address(session: Session, person_id: int, address: str, *, now: datetime, key: bytes) -> None:
    """A link to this address waits for the post. Whether it is somebody else's is not said: then nothing is sent.
    Refuses their own: WrongInput."""
    person = session.get_one(Person, person_id)
    if address == person.email:
        raise WrongInput(FieldError("email", "This is your address already."))
    link = _letter(person, LinkPurpose.ADDRESS, key, now, to_address=address)
    link.mail_wanted_at = None if account_of(session, address) else now
    session.add(link)


def address_wanted(session: Session, person_id: int, token: str, *, now: datetime) -> str:
    """The address that a link would make theirs. Refuses: LinkIsSpent, also where it is somebody else's link."""
    return _wanted(session, person_id, token, now).to_address


def change_address(session: Session, person_id: int, token: str, *, now: datetime, key: bytes) -> None:
    """Theirs from now on; the old one is told, and what was sent there does nothing any more. Refuses: LinkIsSpent, and
    MoveNotAllowed where somebody else has the address meanwhile."""
    _homes(session, person_id)
    lock(session, person_id)
    new = _wanted(session, person_id, token, now).to_address
    person = session.get_one(Person, person_id)
    if account_of(session, new) is not None:
        raise MoveNotAllowed("This address belongs to another account by now.")
    before, person.email = person.email, new
    spend_links(session, person_id, now=now)
    spend_asks(session, person_id, now=now)
    session.add(_letter(person, LinkPurpose.ADDRESS_CHANGED, key, now, to_address=before))
    _tell(session, person, now, person_name=person.name, kind=AddressChanged, before=before, after=new)


def ask_for_change(
    session: Session, person_id: int, organisation_id: int, what: str, *, actor: Actor, now: datetime
) -> None:
    """A lead asks somebody of their organisation to look at their name and address: only they can change them. They are
    written to, and it stands on their desk until they have changed one, or say that they have looked."""
    person = session.get_one(Person, person_id)
    asks = f"{actor.of_where} asks you to look at your name and address: {what}"
    write_news(session, person, LinkPurpose.ASKED, actor=actor, now=now, about=asks)
    organisation = session.get_one(Organisation, organisation_id)
    kind = ChangeAsked(**_place(person, organisation), person_name=person.name, what=what)
    record(session, partnership_id=organisation.partnership_id, kind=kind, actor=actor, now=now)


def write_news(
    session: Session,
    person: Person,
    purpose: LinkPurpose,
    *,
    actor: Actor,
    now: datetime,
    sent_at: datetime | None = None,
    **said: str,
) -> SignInLink:
    """What only tells somebody something, of what somebody else did; it waits for the post until `sent_at`. Refuses
    with TooOften what would make this server a nuisance to them."""
    _throttle_news(session, person, actor, now)
    letter = _letter(person, purpose, token_bytes(), sent_at or now, **said)  # it carries no token: none can be made
    session.add(letter)
    return letter


def _throttle_news(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    """What a lead makes this server write to somebody who did not ask for it. The server's operator is not counted."""
    if actor.organisation_id is not None:  # counted for each organisation, so that none learns what another writes
        by, to = str(actor.organisation_id), f"{actor.organisation_id} {person.email}"
        attempt(session, "news to", to, most=MOST_TO_ONE, window=NEWS_WINDOW, now=now)
        attempt(session, "news from", by, most=MOST_FROM_ONE, window=NEWS_WINDOW, now=now)


def _letter(person: Person, purpose: LinkPurpose, key: bytes, now: datetime, **said: str) -> SignInLink:
    lives = {LinkPurpose.ADDRESS: LINK_LIVES, LinkPurpose.ASKED: ASKED_LIVES}.get(purpose, NEWS_LIVES)
    letter = SignInLink.made(person.id, key=key, now=now, lives=lives)
    letter.purpose, letter.mail_wanted_at = purpose, now
    for column, text in said.items():
        setattr(letter, column, text)
    return letter


def _wanted(session: Session, person_id: int, token: str, now: datetime) -> SignInLink:
    mine = (*unspent(token, now, LinkPurpose.ADDRESS), col(SignInLink.person_id) == person_id)
    link = session.exec(select(SignInLink).where(*mine)).first()
    if link is None:
        raise LinkIsSpent
    return link


def _tell(session: Session, person: Person, now: datetime, *, kind: type[OfPerson], **words: str) -> None:
    """In every partnership in which they are a member, once for each organisation; nowhere else."""
    for organisation, partnership in _homes(session, person.id):
        partnership.changed()
        session.flush()
        actor = Actor(person.id, person.name, organisation.id, organisation.key, organisation.name)
        told = kind(**_place(person, organisation), **words)
        record(session, partnership_id=partnership.id, kind=told, actor=actor, now=now)


def _place(person: Person, organisation: Organisation) -> dict[str, str]:
    return {"key": person.email, "organisation": organisation.key, "organisation_name": organisation.name}


def _homes(session: Session, person_id: int) -> Sequence[Any]:
    """Where they are a member, locked: partnerships are taken before a person, by everybody."""
    asked: Any = (
        select(Organisation, Partnership)
        .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(Membership.person_id == person_id, *MEMBER, col(Organisation.retired_at).is_(None))
        .order_by(col(Partnership.id), col(Organisation.position))
        .with_for_update(of=Partnership)
    )
    found: Sequence[Any] = session.exec(asked).all()
    return found
