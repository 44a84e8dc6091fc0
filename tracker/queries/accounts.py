"""What a person sees about themselves: settings of their account, and where they are signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker.database import straight
from tracker.measures.cut_text import by_letter
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person, SavedList
from tracker.records.session import SESSION_RESTS, SignInLink, device_number
from tracker.records.session import Session as SignedIn
from tracker.rules.letters import LinkPurpose
from tracker.rules.rings import Role

MEMBER = (col(Membership.retired_at).is_(None), col(Membership.pending).is_(False))


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An organisation that waits for somebody to accept, as only they read it."""

    partnership_key: str
    partnership_name: str
    organisation_key: str
    organisation_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Device:
    """One place where somebody is signed in, by its number (`records.session.device_number`). `agent` is what the
    browser calls itself, `place` roughly where from it was used last; "" where nobody knows."""

    number: int
    agent: str
    place: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What somebody chose for themselves: word of what is not urgent together once a day, and how others reach them."""

    digest: bool
    phone: str
    reach: str


def settings_of(session: Session, person_id: int) -> OwnSettings:
    """What they chose."""
    asked = select(Person.digest, Person.phone, Person.reach).where(Person.id == person_id)
    return OwnSettings(*session.exec(asked).one())


def devices_of(session: Session, person_id: int, now: datetime) -> tuple[Device, ...]:
    """Where they are signed in now, the last used first."""
    good = (SignedIn.expires_at > now, SignedIn.seen_at > now - SESSION_RESTS)
    told: Any = (SignedIn.nonce, SignedIn.agent, SignedIn.place, SignedIn.created_at, SignedIn.seen_at)
    asked = select(*told).where(SignedIn.person_id == person_id, *good)
    rows = session.exec(asked.order_by(col(SignedIn.seen_at).desc()))
    return tuple(Device(device_number(nonce), *rest) for nonce, *rest in rows)


def invitations_of(session: Session, person_id: int) -> tuple[OpenInvitation, ...]:
    """What somebody has not accepted yet, the oldest first."""
    asked: Any = (
        select(Partnership, Organisation, Membership)
        .join(Organisation, col(Organisation.partnership_id) == col(Partnership.id))
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(Membership.person_id == person_id, col(Membership.pending), col(Membership.retired_at).is_(None))
        .where(col(Organisation.retired_at).is_(None))
        .order_by(col(Membership.invited_at), col(Membership.id))
    )
    return tuple(
        OpenInvitation(partnership.key, partnership.name, organisation.key, organisation.name, membership.roles)
        for partnership, organisation, membership in session.exec(asked)
    )


def asks_of(session: Session, person_id: int, *, now: datetime) -> tuple[str, ...]:
    """What somebody is asked to look at of their name and address, in words, the oldest first."""
    mine = (col(SignInLink.person_id) == person_id, col(SignInLink.purpose) == LinkPurpose.ASKED)
    out = (col(SignInLink.spent_at).is_(None), col(SignInLink.expires_at) > now)
    return tuple(session.exec(select(SignInLink.about).where(*mine, *out).order_by(col(SignInLink.id))))


def is_member(session: Session, person_id: int) -> bool:
    """Whether somebody is a member of an organisation now, of whatever partnership."""
    places = (
        select(Membership.id)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(Membership.person_id == person_id, *MEMBER, col(Organisation.retired_at).is_(None))
    )
    return session.exec(places.limit(1)).first() is not None


def partnerships_of(session: Session, person_id: int) -> Sequence[Partnership]:
    """The partnerships in which somebody is a member now."""
    places = (
        select(Organisation.partnership_id)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(Membership.person_id == person_id, *MEMBER)
    )
    return session.exec(select(Partnership).where(col(Partnership.id).in_(places)).order_by(Partnership.key)).all()


_LISTS = select(col(SavedList.name), col(SavedList.asked)).where(col(SavedList.person_id) == bindparam("person"))


def saved_lists(session: Session, person_id: int) -> tuple[tuple[str, dict[str, str]], ...]:
    """The lists that somebody kept, by the names they gave them: (name, what is asked for)."""
    found = straight(session).execute(_LISTS, {"person": person_id}).all()
    return tuple((name, dict(asked)) for name, asked in sorted(found, key=lambda each: by_letter(each[0])))
