"""An organisation's own sign-in: to its provider, and back from there, before the door and from behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath
from pydantic import StringConstraints

from tracker.actions.people.providers.asking import SignInTerms, person_behind, way_there
from tracker.actions.people.providers.coming import (
    PROVIDERS_KEY,
    Return,
    known_as,
    send_away,
    take_back,
    whom_it_is,
)
from tracker.actions.people.providers.discovery import ProviderFault
from tracker.actions.people.providers.keep_provider import secret_in
from tracker.actions.throttle import attempt
from tracker.database import Database
from tracker.pages.account.provider_seals import sealed_link
from tracker.pages.web.audit import note, place_of
from tracker.pages.web.csrf import browser_at_the_door, door_form_token
from tracker.pages.web.forms import Shape, TheForm, read
from tracker.pages.web.page import page
from tracker.pages.web.request import (
    Asking,
    TheDatabase,
    TheTime,
    local_address,
    providers_of,
    see_other,
    settings_of,
    take_visitor,
)
from tracker.pages.web.visitor import begin, go_on, who_asks
from tracker.queries.administration.providers import OwnSignIn, is_ended_since, sign_in_for_domain
from tracker.rules import addresses
from tracker.rules.refusals import NotThere
from tracker.rules.rings.doors import ANEW_FOR, sso_door
from tracker.rules.rings.id_tokens import ProvenPerson, TokenNotGood
from tracker.rules.rings.mail_domains import LONGEST_DOMAIN

WINDOW = timedelta(minutes=20)
MOST_FROM_A_PLACE = 100  # in a window; a whole hospital may come from one place
_LONGEST_CODE = 4_000  # letters


class GoForm(Shape):
    """To the sign-in of whose domain this is. `hint`: the address that was typed."""

    domain: Annotated[str, StringConstraints(max_length=LONGEST_DOMAIN)]
    hint: Annotated[str, StringConstraints(max_length=254)] = ""
    next: str = "/"


@dataclass(frozen=True, slots=True)
class Errand:
    """For what somebody goes to a provider. `person_id`: who is signed in here, None at the door; `afresh`: they are to
    prove anew who they are."""

    sign_in: OwnSignIn
    back: str
    person_id: int | None = None
    hint: str = ""
    afresh: bool = False


@post(addresses.OWN_SIGN_IN, status_code=200, sync_to_thread=True)
def go_to_own(request: Asking, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """On to the provider, of which the door said that it is there."""
    wanted, _ = read(GoForm, form)
    with db.read() as session:
        sign_in = sign_in_for_domain(session, wanted.domain.lower()) if wanted else None
    if wanted is None or sign_in is None:
        raise NotThere("There is no such sign-in, or not any more.")
    return send_to_provider(request, db, now, Errand(sign_in, local_address(wanted.next), hint=wanted.hint))


@get(f"{addresses.OWN_SIGN_IN}/{{key:str}}/{{side_key:str}}", sync_to_thread=True)
def come_back(
    request: Asking, db: TheDatabase, now: TheTime, key: FromPath[str], side_key: FromPath[str]
) -> Response[bytes]:
    """From the provider, with a code in the address. It is taken once, in the browser that went, from the provider to
    which it went."""
    asked = request.query_params
    with db.write() as session:
        returned = take_back(session, asked.get("state", ""), browser_at_the_door(request), now=now)
    if returned is None:
        note(request, "sign-in refused", why="nobody is awaited with this state")
        return _sent_back(request, "not_awaited", status=410)
    if (returned.sign_in.partnership, returned.sign_in.organisation) != (key, side_key):
        return _refused(request, returned, "it came to another's address")
    try:
        person = _person_behind(request, returned, now)
    except ProviderFault as fault:
        return provider_away(request, returned.sign_in, fault)
    except TokenNotGood as bad:
        return _refused(request, returned, str(bad))
    if returned.person_id is not None:
        return _go_on_as(request, db, now, returned, person)
    return _come_in_as(request, db, now, returned, person)


def send_to_provider(request: Asking, db: Database, now: datetime, errand: Errand) -> Response[bytes]:
    """A page that leads there: no form of ours may be led on to another site."""
    browser, sign_in = browser_at_the_door(request), errand.sign_in
    key = settings_of(request).key(PROVIDERS_KEY)
    with db.write() as session:
        attempt(session, "provider from", place_of(request), most=MOST_FROM_A_PLACE, window=WINDOW, now=now)
    try:
        metadata = providers_of(request).metadata(sign_in.issuer, now)
        terms = _terms(request, sign_in, now)
    except ProviderFault as fault:
        return provider_away(request, sign_in, fault)
    with db.write() as session:
        state = send_away(session, sign_in, browser, person_id=errand.person_id, back=errand.back, now=now)
    where = way_there(metadata, terms, state, key, hint=errand.hint, afresh=errand.afresh)
    return page(request, "account/to_provider.html", name=sign_in.name, address=where)


def provider_away(request: Asking, sign_in: OwnSignIn, fault: ProviderFault) -> Response[bytes]:
    """Said plainly, with the other way in."""
    note(request, "sign-in refused", why=f"the provider of an organisation: {fault}")
    return _sent_back(request, "away", name=sign_in.name, status=503)


def _terms(request: Asking, sign_in: OwnSignIn, now: datetime) -> SignInTerms:
    settings = settings_of(request)
    secret = secret_in(sign_in.secret, settings.key(PROVIDERS_KEY), now)
    if secret is None:
        raise ProviderFault("its secret was sealed by another key of this server; a lead has to type it anew")
    return SignInTerms(sign_in.issuer, sign_in.client, secret, address_back(request, sign_in))


def address_back(request: Asking, sign_in: OwnSignIn) -> str:
    """The whole address to which the provider sends people back."""
    local = addresses.back_from_provider(sign_in.partnership, sign_in.organisation)
    return f"{settings_of(request).base_url}{local}"


def _person_behind(request: Asking, returned: Return, now: datetime) -> ProvenPerson:
    """Refuses with ProviderFault and TokenNotGood."""
    asked, sign_in, providers = request.query_params, returned.sign_in, providers_of(request)
    metadata = providers.metadata(sign_in.issuer, now)
    named = asked.get("iss")
    if named != sign_in.issuer and (named is not None or metadata.names_itself):  # RFC 9207, 2.4
        raise TokenNotGood("it is from another provider than the one that was asked")
    code = asked.get("code", "")
    if "error" in asked or not 0 < len(code) <= _LONGEST_CODE:
        raise TokenNotGood("the provider let nobody in")
    key = settings_of(request).key(PROVIDERS_KEY)
    terms = _terms(request, sign_in, now)
    return person_behind(providers, terms, code=code, state=asked.get("state", ""), key=key, now=now)


def _come_in_as(
    request: Asking, db: Database, now: datetime, returned: Return, person: ProvenPerson
) -> Response[bytes]:
    door, proved_at = sso_door(returned.sign_in.organisation_id), _proved_at(person, now)
    with db.write() as session:
        person_id = whom_it_is(session, returned.sign_in, person, now=now)
        is_ended = person_id and is_ended_since(session, person_id, returned.sign_in.organisation_id, proved_at)
        if person_id is not None and not is_ended:
            begin(request, session, person_id, door, proved_at=proved_at)
    if is_ended:
        note(request, "sign-in refused", person_id=person_id, why="a lead signed them out since: asked anew")
        return send_to_provider(request, db, now, Errand(returned.sign_in, returned.back, afresh=True))
    if person_id is None:
        note(request, "sign-in refused", why="the provider names nobody who is known here")
        return _sent_back(request, "unknown", name=returned.sign_in.name, status=403)
    note(request, "signed in", person_id=person_id, by=door)
    return see_other(local_address(returned.back))


def _go_on_as(request: Asking, db: Database, now: datetime, returned: Return, person: ProvenPerson) -> Response[bytes]:
    """Whoever went while they were signed in; the first time they are asked whether it is they."""
    visitor = who_asks(request)
    if visitor is None or visitor.person_id != returned.person_id:
        note(request, "sign-in refused", why="who went to the provider is not signed in any more")
        return _sent_back(request, "not_awaited", status=410)
    take_visitor(request, visitor)
    with db.write() as session:
        known = known_as(session, person)
        if known == visitor.person_id:
            door = sso_door(returned.sign_in.organisation_id)
            go_on(request, session, known, door, proved_at=_proved_at(person, now))
    if known == visitor.person_id:
        note(request, "confirmed anew", by=door)
        return see_other(local_address(returned.back))
    if known is not None:
        return _refused(request, returned, "it belongs to another account")
    shown: dict[str, Any] = {"name": returned.sign_in.name, "known": person, "back": returned.back}
    return page(request, "account/provider_link.html", seal=sealed_link(request, returned, person, now), **shown)


def _proved_at(person: ProvenPerson, now: datetime) -> datetime:
    """Of a provider that does not say when, as long ago as does not count for what touches others."""
    return person.proved_at or now - ANEW_FOR


def _refused(request: Asking, returned: Return, why: str) -> Response[bytes]:
    """Why stands in the log alone: whoever tampers learns nothing."""
    note(request, "sign-in refused", why=why)
    return _sent_back(request, "refused", name=returned.sign_in.name, status=403)


def _sent_back(request: Asking, why: str, *, status: int, name: str = "") -> Response[bytes]:
    shown: dict[str, Any] = {"why": why, "name": name, "csrf": door_form_token(request)}
    return page(request, "account/sent_back.html", status=status, **shown)


routes = [go_to_own, come_back]
