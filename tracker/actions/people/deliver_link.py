"""Delivering sign-in links that somebody asked for: claimed, sent and settled like any letter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import Session, col

from tracker.actions.people.invite import is_outdated
from tracker.database import raise_unless_of_the_row
from tracker.queries.due import next_link
from tracker.records.person import Person
from tracker.records.session import SignInLink
from tracker.rules import addresses
from tracker.rules.letters import LinkPurpose, SignInLetter, Undelivered, opaque_id
from tracker.rules.sweeps import SweepResult
from tracker.rules.wording import say_count

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ClaimedLink:
    """A sign-in letter that is ours to send until the lease ends."""

    letter: SignInLetter
    link: int
    attempts: int


def claim_link(
    session: Session, *, now: datetime, key: bytes, but: Collection[int] = ()
) -> ClaimedLink | SweepResult | None:
    """The next link to send; what was done where it is no use any more; None when none is wanted.

    `key` is what the tokens of links are made with; `but` are ids to leave for now. Refuses with Held where somebody
    else holds what it needs.
    """
    link_id = next_link(session, now, but)
    if link_id is None:
        return None
    try:
        with session.begin_nested():
            return _claimed(session, link_id, now, key)
    except Exception as error:
        raise_unless_of_the_row(error, link_id)
        _log.exception("sign-in link set aside", link_id=link_id)
        why = f"it could not be written ({type(error).__name__})"
        session.execute(update(SignInLink).where(col(SignInLink.id) == link_id).values(mail_failed=why))
        return SweepResult("a sign-in link", "failed")


def _claimed(session: Session, link_id: int, now: datetime, key: bytes) -> ClaimedLink | SweepResult:
    link = session.get_one(SignInLink, link_id)
    person = session.get(Person, link.person_id) if link.person_id is not None else None
    over = link.spent_at is not None or link.expires_at <= now or link.attempts >= MOST_ATTEMPTS
    if person is None or over or is_outdated(session, link):
        link.mail_failed = "it was of no use any more when its turn came"
        return SweepResult("a sign-in link", "not sent")
    link.attempts += 1
    link.lease_until = now + LEASE
    letter = SignInLetter(
        message_id=opaque_id("sign-in", link.token_hash),
        to_name=link.to_name or person.name,
        to_address=link.to_address or person.email,
        path=_path(link, key),
        good_for=say_count(int((link.expires_at - link.created_at).total_seconds()) // 60, "minute"),
        purpose=link.purpose,
        about=link.about,
    )
    return ClaimedLink(letter, link.id, link.attempts)


def _path(link: SignInLink, key: bytes) -> str:
    """Where the letter leads: only what lets them in, or makes an address theirs, carries a secret."""
    match link.purpose:
        case LinkPurpose.SIGN_IN:
            return addresses.link(link.token(key))
        case LinkPurpose.ADDRESS:
            return addresses.new_address(link.token(key))
        case LinkPurpose.ASKED:
            return addresses.ACCOUNT
    return addresses.SIGN_IN


def settle_link_sent(session: Session, claimed: ClaimedLink, *, now: datetime) -> SweepResult:
    """The channel took it."""
    _settle(session, claimed, mail_sent_at=now, lease_until=None)
    return SweepResult("a sign-in link", "sent")


def settle_link_refused(session: Session, claimed: ClaimedLink, refusal: Undelivered, *, now: datetime) -> SweepResult:
    """The channel did not take it: soon tried again, for somebody is waiting, or never."""
    if refusal.for_good:
        _settle(session, claimed, mail_failed=str(refusal), lease_until=None)
        return SweepResult("a sign-in link", "failed")
    _settle(session, claimed, lease_until=now + timedelta(seconds=10 * claimed.attempts))
    return SweepResult("a sign-in link", "to be tried again")


def _settle(session: Session, claimed: ClaimedLink, **values: Any) -> None:
    unsent = (col(SignInLink.id) == claimed.link, col(SignInLink.mail_sent_at).is_(None))
    session.execute(update(SignInLink).where(*unsent).values(**values))
