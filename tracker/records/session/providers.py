"""Signing in by an organisation's own provider (OpenID Connect): which it is, its domains, and who is who there."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.records.columns import NumberedRow, hex_digits, index_where, moment
from tracker.records.session import hash_of

REQUEST_LIVES = timedelta(minutes=15)  # a password and a second factor there take their time


class SignInProvider(NumberedRow, table=True):
    """An organisation's own sign-in. `client`: how its provider calls us; `secret`: what we show it, sealed.
    `arrive_as`: what somebody becomes who was not invited, a role or "" for nothing; `trusts_addresses`: its lead says
    that the provider vouches for the addresses it gives (`rules/rings/id_tokens.address_of`)."""

    __tablename__ = "sign_in_provider"

    organisation_id: int = Field(foreign_key="organisation.id", unique=True)  # the door, and its lead's page
    issuer: str
    client: str
    secret: str
    arrive_as: str = ""
    trusts_addresses: bool = False
    changed_at: datetime = Field(sa_type=moment())


class MailDomain(NumberedRow, table=True):
    """A domain of an organisation's addresses, its own once that is confirmed. Several may say it is theirs; confirmed
    it is one's."""

    __tablename__ = "mail_domain"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),  # the list on its lead's page
        index_where("confirmed_at IS NOT NULL", "ix_mail_domain_name", "name", unique=True),  # the door
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    name: str
    named_at: datetime = Field(sa_type=moment())
    confirmed_at: datetime | None = Field(default=None, sa_type=moment())


class ProviderIdentity(NumberedRow, table=True):
    """Who somebody is at a provider: an issuer's subject is one account here, and never another."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)  # who comes in

    person_id: int = Field(foreign_key="person.id", index=True)  # the list on their account page
    issuer: str
    subject: str
    linked_at: datetime = Field(sa_type=moment())


class SignInRequest(NumberedRow, table=True):
    """Somebody was sent to a provider and is awaited back, once, in the browser that went. `person_id`: who was signed
    in there; `back`: the local address to go on to."""

    __tablename__ = "sign_in_request"

    state_hash: str = Field(sa_type=hex_digits(), unique=True)
    browser_hash: str = Field(sa_type=hex_digits())
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    back: str
    expires_at: datetime = Field(sa_type=moment(), index=True)  # old ones are removed

    @classmethod
    def made(
        cls, organisation_id: int, browser: str, *, person_id: int | None, back: str, now: datetime
    ) -> tuple["SignInRequest", str]:
        """(the row, the state), which is not kept."""
        state = secrets.token_urlsafe(32)
        row = cls(
            state_hash=hash_of(state),
            browser_hash=hash_of(browser),
            organisation_id=organisation_id,
            person_id=person_id,
            back=back,
            expires_at=now + REQUEST_LIVES,
        )
        return row, state
