"""Somebody goes to an organisation's provider and comes back: awaited once, then known, linked, arrived or nobody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session as Sitting
from sqlmodel import col, select

from tracker.actions.people.belong import hold
from tracker.queries.accounts import is_member
from tracker.queries.administration.providers import (
    OwnSignIn,
    awaited,
    confirmed_domains,
    identity_of,
    sign_in_of,
)
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person
from tracker.records.session import hash_of
from tracker.records.session.providers import ProviderIdentity, SignInRequest
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import PersonArrived
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Role
from tracker.rules.rings.id_tokens import ProvenPerson, address_of
from tracker.rules.rings.mail_domains import domain_of

PROVIDERS_KEY = "providers"  # purpose: what Settings.key is asked for
_LONGEST_STATE = 200  # letters


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody who was awaited. `person_id`: who was signed in when they went; `back`: where they wanted to go."""

    sign_in: OwnSignIn
    person_id: int | None
    back: str


def send_away(
    sitting: Sitting, sign_in: OwnSignIn, browser: str, *, person_id: int | None, back: str, now: datetime
) -> str:
    """The state by which whoever goes to that provider is known when they come back to this browser."""
    sitting.execute(delete(SignInRequest).where(col(SignInRequest.expires_at) < now))
    row, state = SignInRequest.made(sign_in.organisation_id, browser, person_id=person_id, back=back, now=now)
    sitting.add(row)
    return state


def take_back(sitting: Sitting, state: str, browser: str, *, now: datetime) -> Return | None:
    """Whoever was awaited with this state in this browser, and is from now on awaited no more; None else. What another
    browser shows is left, for it may be somebody's who is still on the way."""
    request = awaited(sitting, state) if 0 < len(state) <= _LONGEST_STATE else None
    if request is None or not browser or request.browser_hash != hash_of(browser):
        return None
    sitting.delete(request)
    sign_in = sign_in_of(sitting, request.organisation_id)
    if sign_in is None or request.expires_at <= now:
        return None
    return Return(sign_in, request.person_id, request.back)


def whom_it_is(sitting: Sitting, sign_in: OwnSignIn, person: ProvenPerson, *, now: datetime) -> int | None:
    """The account of whoever the provider names: by who they are there; the first time by their address, where nobody
    has come in with that yet; or a new one, where the organisation has its people arrive by themselves. None where a
    sign-in of their own has to say first that it is they, where they were never invited, and where they have left:
    which, nobody is told."""
    known = identity_of(sitting, person.issuer, person.subject)
    if known:
        return known.person_id if _belongs(sitting, known.person_id, sign_in.organisation_id) else None
    domains = confirmed_domains(sitting, sign_in.organisation_id)
    address = address_of(person, domains, trusts_addresses=sign_in.trusts_addresses)
    if address is None:
        return None
    account = sitting.exec(select(Person).where(Person.email == address)).one_or_none()
    if account is None:
        account = _arrived(sitting, sign_in, person, address, now) if domain_of(address) in domains else None
    elif not _is_only_invited(sitting, account, sign_in.organisation_id):
        return None
    if account is not None:
        _link(sitting, account.id, person, now)
    return account.id if account else None


def known_as(sitting: Sitting, person: ProvenPerson) -> int | None:
    """Whose account it is that whoever the provider names is linked to."""
    known = identity_of(sitting, person.issuer, person.subject)
    return known.person_id if known else None


def link_own(sitting: Sitting, sign_in: OwnSignIn, person: ProvenPerson, person_id: int, *, now: datetime) -> None:
    """Somebody signed in says that it is they. Refuses with MoveNotAllowed, where it is somebody else's already."""
    hold(sitting, person_id)
    known = identity_of(sitting, person.issuer, person.subject)
    if not _belongs(sitting, person_id, sign_in.organisation_id):
        raise MoveNotAllowed("You do not belong to that organisation any more.")
    if known and known.person_id != person_id:
        raise MoveNotAllowed("Another account here is linked to this sign-in already.")
    if known is None:
        _link(sitting, person_id, person, now)


def _link(sitting: Sitting, person_id: int, person: ProvenPerson, now: datetime) -> None:
    identity = ProviderIdentity(person_id=person_id, issuer=person.issuer, subject=person.subject, linked_at=now)
    sitting.add(identity)
    sitting.flush()


def _belongs(sitting: Sitting, person_id: int, organisation_id: int) -> bool:
    """Whether they have a place there now, or accept an invitation to it by coming in."""
    mine = (Membership.person_id == person_id, Membership.organisation_id == organisation_id)
    found = sitting.exec(select(Membership).where(*mine, col(Membership.retired_at).is_(None))).first()
    return found is not None and (not found.pending or not is_member(sitting, person_id))


def _is_only_invited(sitting: Sitting, account: Person, organisation_id: int) -> bool:
    """Whether nobody has come in with this account, and this organisation alone has invited it."""
    hold(sitting, account.id)
    sitting.refresh(account)
    theirs = (Membership.person_id == account.id, col(Membership.retired_at).is_(None))
    places = sitting.exec(select(Membership).where(*theirs)).all()
    invited = [each.organisation_id for each in places if each.invited_at is not None]
    return account.came_in_at is None and len(places) == 1 and invited == [organisation_id]


def _arrived(sitting: Sitting, sign_in: OwnSignIn, person: ProvenPerson, address: str, now: datetime) -> Person | None:
    if not sign_in.arrive_as:
        return None
    account = Person(email=address, name=person.name or address.partition("@")[0], created_at=now)
    sitting.add(account)
    sitting.flush()
    place = Membership(person_id=account.id, organisation_id=sign_in.organisation_id)
    place.take_roles([Role(sign_in.arrive_as)])
    sitting.add(place)
    sitting.get_one(Partnership, sign_in.partnership_id).changed()
    sitting.flush()
    kind = PersonArrived(
        key=address,
        organisation=sign_in.organisation,
        person_name=account.name,
        organisation_name=sign_in.name,
        roles=(sign_in.arrive_as,),
        address=address,
    )
    actor = Actor(account.id, account.name, sign_in.organisation_id, sign_in.organisation, sign_in.name)
    record(sitting, partnership_id=sign_in.partnership_id, kind=kind, actor=actor, now=now)
    return account
