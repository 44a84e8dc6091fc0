"""Let people in: links that are asked for, made, looked at and spent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session as Sitting
from sqlmodel import col, select

from tracker.actions.people.belong import hold
from tracker.actions.people.keep_codes import take_away
from tracker.actions.people.keep_session import forget_old
from tracker.queries.accounts import partnerships_of
from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Organisation
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person, lock
from tracker.records.session import HANDED_OVER_LIVES, Passkey, SignInLink, hash_of, spend_links
from tracker.rules.events.arrangement import LinkMade
from tracker.rules.events.kinds import SERVER
from tracker.rules.letters import LinkPurpose, undeliverable_text
from tracker.rules.refusals import NotThere, Refused


class LinkIsSpent(Refused):
    """The link was used, is too old, was never made, or is for somebody who has left: which, is not said."""

    def __init__(self) -> None:
        super().__init__("This link has been used already, or it is too old.")


@dataclass(frozen=True, slots=True)
class AskingBrowser:
    """Where somebody asks for a link. `secret`: what that browser is given, which makes the link its own; `before`:
    what it had of the link it asked for last; `about`: with what and roughly from where, in words."""

    secret: str
    before: str
    about: str


def ask_for_link(
    sitting: Sitting, email: str, *, now: datetime, key: bytes, back: str = "/", browser: AskingBrowser | None = None
) -> None:
    """A link for whoever has this address waits for the post; for an address nobody has, the same is done in vain. Of
    the links that a browser asked for the newest alone is good."""
    person = _belonging_still(sitting, Person.email == _kept(email))
    link = SignInLink.made(person.id if person else None, key=key, now=now)
    link.mail_wanted_at, link.back = (now if person else None), back
    if browser:
        link.asked_hash, link.about = hash_of(browser.secret), browser.about
        before = (col(SignInLink.asked_hash) == hash_of(browser.before), col(SignInLink.spent_at).is_(None))
        sitting.execute(update(SignInLink).where(*before).values(spent_at=now))
    sitting.add(link)
    forget_old(sitting, now)


def make_link(
    sitting: Sitting,
    email: str,
    *,
    now: datetime,
    key: bytes,
    lives: timedelta = HANDED_OVER_LIVES,
    ending_codes: bool = False,
    ending_passkeys: bool = False,
) -> str:
    """The token of a link to hand over; the leads of the person's partnerships see that it was made. `ending_codes`:
    their app and their codes on paper, which they have lost, open nothing any more and are asked for no longer;
    `ending_passkeys`: likewise those.

    NotThere when nobody who belongs to an organisation has the address.
    """
    person = belonging(sitting, Person.email == _kept(email))
    if person is None:
        raise _nobody(email)
    for partnership in partnerships_of(sitting, person.id):
        name = arrangement(sitting, partnership.id).people[person.id].name
        ended = {"codes_ended": ending_codes, "passkeys_ended": ending_passkeys}
        made = LinkMade(person=person.id, person_name=name, **ended)
        record(sitting, partnership_id=partnership.id, kind=made, actor=SERVER, now=now)
    if _belonging_still(sitting, Person.id == person.id) is None:
        raise _nobody(email)
    if ending_codes:
        take_away(sitting, person.id)
    if ending_passkeys:
        sitting.execute(delete(Passkey).where(col(Passkey.person_id) == person.id))
    link = SignInLink.made(person.id, key=key, now=now, lives=lives)
    sitting.add(link)
    return link.token(key)


def whom_link_is_for(sitting: Sitting, token: str, *, now: datetime) -> Person:
    """Looks at a link and leaves it unspent. LinkIsSpent when it lets nobody in any more."""
    person_id = sitting.exec(select(SignInLink.person_id).where(*unspent(token, now))).first()
    person = person_id and belonging(sitting, Person.id == person_id)
    if not person:
        raise LinkIsSpent
    return person


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who comes in, and where they wanted to go."""

    person_id: int
    back: str


def spend_link(sitting: Sitting, token: str, *, now: datetime, secret: str = "") -> Welcome:
    """Spends a link, and the others of the same person with it. LinkIsSpent for whoever comes second, and in another
    browser than the one that asked, by its `secret`."""
    hold(sitting, whom_link_is_for(sitting, token, now=now).id)
    person = whom_link_is_for(sitting, token, now=now)
    asked_here = or_(col(SignInLink.asked_hash).is_(None), col(SignInLink.asked_hash) == hash_of(secret))
    spending = update(SignInLink).where(*unspent(token, now), asked_here).values(spent_at=now)
    back = sitting.execute(spending.returning(col(SignInLink.back))).scalar()
    if back is None:
        raise LinkIsSpent
    spend_links(sitting, person.id, now=now)
    return Welcome(person.id, back)


def _nobody(email: str) -> NotThere:
    return NotThere(f"Nobody with the address {email} belongs to an organisation here.{undeliverable_text(email)}")


def _kept(email: str) -> str:
    return email.strip().lower()


def unspent(token: str, now: datetime, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> tuple[Any, ...]:
    """The conditions on `SignInLink` under which a token still does what it is for."""
    return (col(SignInLink.token_hash) == hash_of(token), *still_good(now, purpose))


def still_good(now: datetime, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> tuple[Any, ...]:
    """The same of every link, whatever its token."""
    return (
        col(SignInLink.spent_at).is_(None),
        col(SignInLink.expires_at) > now,
        col(SignInLink.purpose) == purpose,
    )


def _belonging_still(sitting: Sitting, who: Any) -> Person | None:
    """The same, and nobody lets them go meanwhile: what is made for them here is there to be ended."""
    lock(sitting, sitting.exec(select(Person.id).where(who)).first())
    return belonging(sitting, who)


def belonging(sitting: Sitting, who: Any) -> Person | None:
    """Somebody with a place in an organisation that is still there, or invited to one."""
    found = (
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(who, col(Membership.retired_at).is_(None), col(Organisation.retired_at).is_(None))
    )
    return sitting.exec(found.limit(1)).first()
