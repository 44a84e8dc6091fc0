"""What a lead says of their organisation's own sign-in: its provider, and which domains are its own."""

import hmac
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session as Sitting
from sqlmodel import col, select

from tracker.queries.administration.providers import domains_of
from tracker.records.partnership import Organisation
from tracker.records.partnership_chain import lock, record
from tracker.records.session.providers import MailDomain, SignInProvider, SignInRequest
from tracker.rules.events.kinds import Actor
from tracker.rules.events.providers import DomainConfirmed, DomainDropped, ProviderEnded, ProviderNamed
from tracker.rules.refusals import FieldError, MoveNotAllowed, NotThere, WrongInput
from tracker.rules.rings import Role
from tracker.rules.rings.id_tokens import is_single_tenant
from tracker.settings.seals import opened, sealed

MOST_DOMAINS = 20  # of an organisation
RECORD_AT = "_partnership-tracker"  # below the domain, as RFC 8552 has such names begin
_BEGINS = "partnership-tracker="
_FOR_GOOD = timedelta(days=36_500)
TxtLookup = Callable[[str], tuple[str, ...]]


class CannotLookUp(Exception):
    """The names of the world cannot be asked for just now."""


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """What a lead typed. `secret`: "" leaves the one that there is."""

    issuer: str
    client: str
    secret: str
    arrives: bool
    trusts_addresses: bool


def check_terms(sitting: Sitting, organisation_id: int, terms: ProviderTerms) -> None:
    """Before the provider is asked. Refuses with WrongInput."""
    kept = _provider_of(sitting, organisation_id)
    same = kept is not None and (kept.issuer, kept.client) == (terms.issuer, terms.client)
    if not terms.secret and not same:  # else it could be had by naming somebody else to whom it is shown
        raise WrongInput(FieldError("secret", "Give the secret that the provider made for us."))
    if terms.trusts_addresses and not is_single_tenant(terms.issuer):
        raise WrongInput(FieldError("trusts_addresses", "Everybody can have an account there, at whatever address."))


def name_provider(sitting: Sitting, actor: Actor, terms: ProviderTerms, *, key: bytes, now: datetime) -> None:
    """In force at once. Whoever is known there stays known by who they are there. Refuses with WrongInput."""
    organisation = _locked(sitting, actor)
    check_terms(sitting, organisation.id, terms)
    row = _provider_of(sitting, organisation.id)
    if row is None:
        row = SignInProvider(organisation_id=organisation.id, issuer="", client="", secret="", changed_at=now)
    row.issuer, row.client, row.changed_at = terms.issuer, terms.client, now
    row.secret = sealed(terms.secret, key, now=now) if terms.secret else row.secret
    row.arrive_as, row.trusts_addresses = Role.FRONT_LINE.value if terms.arrives else "", terms.trusts_addresses
    sitting.add(row)
    kind = ProviderNamed(
        organisation=organisation.key,
        side_name=organisation.name,
        issuer=terms.issuer,
        arrives=terms.arrives,
        trusts_addresses=terms.trusts_addresses,
    )
    record(sitting, partnership_id=organisation.partnership_id, kind=kind, actor=actor, now=now)


def end_provider(sitting: Sitting, actor: Actor, *, now: datetime) -> None:
    """Nobody comes in by it any more; sessions go on. Refuses with NotThere, and where it is asked of everybody."""
    organisation = _locked(sitting, actor)
    row = _provider_of(sitting, organisation.id)
    if row is None:
        raise NotThere("There is no sign-in of its own.")
    sitting.execute(delete(SignInRequest).where(col(SignInRequest.organisation_id) == organisation.id))
    sitting.delete(row)
    kind = ProviderEnded(organisation=organisation.key, side_name=organisation.name, issuer=row.issuer)
    record(sitting, partnership_id=organisation.partnership_id, kind=kind, actor=actor, now=now)


def secret_in(seal: str, key: bytes, now: datetime) -> str | None:
    """What we show the provider; None where another key sealed it."""
    return opened(seal, key, now=now, lives=_FOR_GOOD)


def record_for(organisation_id: int, domain: str, key: bytes) -> str:
    """The text that shows a domain to be an organisation's own, where its DNS says it below RECORD_AT."""
    drawn = hmac.digest(key, f"domain {organisation_id} {domain}".encode(), "sha256")[:20]
    return _BEGINS + b32encode(drawn).decode().lower()


def name_domain(sitting: Sitting, actor: Actor, domain: str, *, now: datetime) -> None:
    """That it is theirs is shown later. `domain`: as `read_domain` has it. A second time changes nothing."""
    organisation = _locked(sitting, actor)
    names = [each.name for each in domains_of(sitting, organisation.id)]
    if len(names) >= MOST_DOMAINS:
        raise MoveNotAllowed(f"{organisation.name} has named {MOST_DOMAINS} domains already: take one away first.")
    if domain not in names:
        sitting.add(MailDomain(organisation_id=organisation.id, name=domain, named_at=now))


def confirm_domain(
    sitting: Sitting, actor: Actor, domain: str, found: tuple[str, ...], *, key: bytes, now: datetime
) -> None:
    """By the texts that its DNS has, looked up before. Refuses with MoveNotAllowed, NotThere."""
    organisation = _locked(sitting, actor)
    row = _domain_of(sitting, organisation.id, domain)
    if record_for(organisation.id, domain, key) not in {each.strip() for each in found}:
        said = f"It says {len(found)} other texts" if found else "There is no text"
        raise MoveNotAllowed(f"{said} at {RECORD_AT}.{domain} so far. A new one can take an hour to be seen.")
    if row.confirmed_at is None:
        _require_free(sitting, domain)
        row.confirmed_at = now
        kind = DomainConfirmed(organisation=organisation.key, side_name=organisation.name, domain=domain)
        record(sitting, partnership_id=organisation.partnership_id, kind=kind, actor=actor, now=now)


def drop_domain(sitting: Sitting, actor: Actor, domain: str, *, now: datetime) -> None:
    """It is theirs no more. Refuses with NotThere."""
    organisation = _locked(sitting, actor)
    row = _domain_of(sitting, organisation.id, domain)
    sitting.delete(row)
    if row.confirmed_at is not None:
        kind = DomainDropped(organisation=organisation.key, side_name=organisation.name, domain=domain)
        record(sitting, partnership_id=organisation.partnership_id, kind=kind, actor=actor, now=now)


def _require_free(sitting: Sitting, domain: str) -> None:
    """One domain leads to one sign-in. An organisation that has left needs it no more."""
    owned = (MailDomain.name == domain, col(MailDomain.confirmed_at).is_not(None))
    owner = sitting.exec(select(MailDomain).where(*owned)).first()
    if owner is None:
        return
    if sitting.get_one(Organisation, owner.organisation_id).retired_at is None:
        raise MoveNotAllowed(f"Another organisation on this server has confirmed {domain} as its own.")
    owner.confirmed_at = None
    sitting.flush()


def _locked(sitting: Sitting, actor: Actor) -> Organisation:
    organisation = sitting.get_one(Organisation, actor.organisation_id or 0)
    lock(sitting, organisation.partnership_id)
    return organisation


def _provider_of(sitting: Sitting, organisation_id: int) -> SignInProvider | None:
    return sitting.exec(select(SignInProvider).where(SignInProvider.organisation_id == organisation_id)).one_or_none()


def _domain_of(sitting: Sitting, organisation_id: int, domain: str) -> MailDomain:
    mine = (MailDomain.organisation_id == organisation_id, MailDomain.name == domain)
    row = sitting.exec(select(MailDomain).where(*mine).with_for_update()).one_or_none()
    if row is None:
        raise NotThere(f"{domain} is not among the domains.")
    return row
