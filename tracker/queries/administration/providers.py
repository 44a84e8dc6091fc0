"""The sign-in of organisations: of which one it is, by a domain or a place, and what its lead sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership
from tracker.records.session import hash_of
from tracker.records.session.providers import MailDomain, ProviderIdentity, SignInProvider, SignInRequest


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """The sign-in of an organisation, by its keys. `secret`: sealed."""

    organisation_id: int
    partnership_id: int
    partnership: str
    organisation: str
    name: str
    issuer: str
    client: str
    secret: str
    arrive_as: str
    trusts_addresses: bool


def sign_in_for_domain(session: Session, domain: str) -> OwnSignIn | None:
    """That of the organisation whose own the domain is, as was confirmed."""
    owner = select(MailDomain.organisation_id).where(
        MailDomain.name == domain, col(MailDomain.confirmed_at).is_not(None)
    )
    return _sign_in(session, col(Organisation.id).in_(owner)) if domain else None


def sign_in_of(session: Session, organisation_id: int) -> OwnSignIn | None:
    return _sign_in(session, Organisation.id == organisation_id)


def sign_in_at(session: Session, partnership: str, organisation: str) -> OwnSignIn | None:
    """By the keys of both."""
    return _sign_in(session, Partnership.key == partnership, Organisation.key == organisation)


def awaited(session: Session, state: str) -> SignInRequest | None:
    """Whom a state belongs to, to be taken."""
    return session.exec(
        select(SignInRequest).where(SignInRequest.state_hash == hash_of(state)).with_for_update()
    ).first()


def identity_of(session: Session, issuer: str, subject: str) -> ProviderIdentity | None:
    mine = (ProviderIdentity.issuer == issuer, ProviderIdentity.subject == subject)
    return session.exec(select(ProviderIdentity).where(*mine)).first()


def identities_of(session: Session, person_id: int) -> Sequence[ProviderIdentity]:
    """At which providers somebody is known."""
    mine = select(ProviderIdentity).where(ProviderIdentity.person_id == person_id)
    return session.exec(mine.order_by(col(ProviderIdentity.id))).all()


def own_sign_ins(session: Session, person_id: int) -> Sequence[OwnSignIn]:
    """Those of the organisations that somebody belongs to."""
    mine = select(Membership.organisation_id).where(
        Membership.person_id == person_id, col(Membership.retired_at).is_(None), ~col(Membership.pending)
    )
    rows = session.exec(
        _ASKED.where(col(Organisation.id).in_(mine)).order_by(Partnership.key, col(Organisation.position))
    )
    return [_read(*row) for row in rows]


def is_ended_since(session: Session, person_id: int, organisation_id: int, proved_at: datetime) -> bool:
    """Whether a lead has signed somebody out of an organisation after they proved who they are."""
    place = (Membership.person_id == person_id, Membership.organisation_id == organisation_id)
    ended = session.exec(select(Membership.sessions_from).where(*place, col(Membership.retired_at).is_(None))).first()
    return ended is not None and proved_at <= ended


def domains_of(session: Session, organisation_id: int) -> Sequence[MailDomain]:
    mine = select(MailDomain).where(MailDomain.organisation_id == organisation_id)
    return session.exec(mine.order_by(MailDomain.name)).all()


def confirmed_domains(session: Session, organisation_id: int) -> frozenset[str]:
    return frozenset(each.name for each in domains_of(session, organisation_id) if each.confirmed_at)


def _sign_in(session: Session, *which: Any) -> OwnSignIn | None:
    found = session.exec(_ASKED.where(*which)).first()
    return _read(*found) if found else None


def _read(provider: SignInProvider, organisation: Organisation, partnership: Partnership) -> OwnSignIn:
    return OwnSignIn(
        organisation_id=organisation.id,
        partnership_id=partnership.id,
        partnership=partnership.key,
        organisation=organisation.key,
        name=organisation.name,
        issuer=provider.issuer,
        client=provider.client,
        secret=provider.secret,
        arrive_as=provider.arrive_as,
        trusts_addresses=provider.trusts_addresses,
    )


_ASKED = (
    select(SignInProvider, Organisation, Partnership)
    .join(Organisation, col(Organisation.id) == col(SignInProvider.organisation_id))
    .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
    .where(col(Organisation.retired_at).is_(None))
)
