"""The sign-in of an organisation's own: its lead says who provides it, and shows which domains are its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import StringConstraints

from tracker.actions.people.providers.coming import PROVIDERS_KEY
from tracker.actions.people.providers.discovery import ProviderFault
from tracker.actions.people.providers.keep_provider import (
    RECORD_AT,
    CannotLookUp,
    ProviderTerms,
    check_terms,
    confirm_domain,
    drop_domain,
    end_provider,
    name_domain,
    name_provider,
    record_for,
)
from tracker.actions.throttle import TooOften, attempt
from tracker.exchange.charter.fields import Line
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import active
from tracker.pages.web.audit import note
from tracker.pages.web.forms import Form, Shape, read, refused
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import providers_of, settings_of, texts_at
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.providers import OwnSignIn, domains_of, sign_in_of
from tracker.rules import addresses
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings.mail_domains import LONGEST_DOMAIN, read_domain
from tracker.settings.calling import LONGEST_ADDRESS, CallTarget

MOST_ASKED, ASKED_WINDOW = 60, timedelta(minutes=20)  # of providers and of the DNS, for one organisation


class ProviderForm(Shape):
    """Who provides it; an empty secret leaves the one that there is."""

    sentences = {
        "issuer.missing": "Give the address by which the provider calls itself (its issuer).",
        "client.missing": "Give the name that the provider made for us (the client ID).",
    }
    issuer: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ADDRESS)]
    client: Line
    secret: Annotated[str, StringConstraints(max_length=2_000)] = ""
    arrives: str = ""
    trusts_addresses: str = ""

    def terms(self) -> ProviderTerms:
        arrives, trusts = bool(self.arrives), bool(self.trusts_addresses)
        return ProviderTerms(self.issuer, self.client, self.secret, arrives, trusts)


class DomainForm(Shape):
    """A domain of their addresses."""

    sentences = {"domain.missing": "Give the part behind the @ of your addresses, like hospital.example."}
    domain: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_DOMAIN)]


@get("/arrangements/{key:str}/organisations/{side_key:str}/sign-in/provider", sync_to_thread=True)
def show_provider(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """As it is, for leads of the organisation."""
    asked.require_lead(active(asked.agreed, side_key))
    return _draw(asked, side_key)


@post("/arrangements/{key:str}/organisations/{side_key:str}/sign-in/provider", sync_to_thread=True, opt=ANEW)
def keep_provider(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """In force at once, where the provider answers as one: a way in that leads nowhere is not kept."""
    actor = asked.actor(active(asked.agreed, side_key))
    typed, state = read(ProviderForm, form)
    if typed is None:
        return _draw(asked, side_key, provider=state, status=422)
    try:
        _ask(asked, side_key, typed.terms())
        with asked.db.write() as session:
            key = settings_of(asked.request).key(PROVIDERS_KEY)
            name_provider(session, actor, typed.terms(), key=key, now=asked.now)
            done = asked.done_by(session)
    except WrongInput as wrong:
        return _draw(asked, side_key, provider=refused(state, wrong), status=422)
    except TooOften as often:
        return _draw(asked, side_key, provider=refused(state, often), status=429)
    return asked.done(done, *_place(side_key))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/sign-in/provider/retirement",
    sync_to_thread=True,
    opt=ANEW,
)
def retire_provider(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """Nobody comes in by it from now on."""
    actor = asked.actor(active(asked.agreed, side_key))
    with asked.db.write() as session:
        end_provider(session, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, *_place(side_key))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/sign-in/provider/domains",
    sync_to_thread=True,
    opt=ANEW,
)
def add_domain(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """One more, which is to be shown to be theirs."""
    actor = asked.actor(active(asked.agreed, side_key))
    typed, state = read(DomainForm, form)
    if typed is None:
        return _draw(asked, side_key, domain=state, status=422)
    try:
        with asked.db.write() as session:
            name_domain(session, actor, read_domain(typed.domain), now=asked.now)
    except (WrongInput, MoveNotAllowed) as refusal:
        status = 422 if isinstance(refusal, WrongInput) else 409
        return _draw(asked, side_key, domain=refused(state, refusal), status=status)
    comes = ((f"It counts once its DNS says that it is {actor.organisation_name}’s.", None, ""),)
    return asked.done(StepDone("You named a domain", NOBODY_TOLD, comes), *_place(side_key))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/sign-in/provider/domains/{domain:str}/confirmation",
    sync_to_thread=True,
    opt=ANEW,
)
def look_domain_up(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], domain: FromPath[str]
) -> Response[bytes]:
    """Its DNS is asked whether it is theirs."""
    actor, name = asked.actor(active(asked.agreed, side_key)), read_domain(domain)
    try:
        _count(asked, side_key)
        found = texts_at(asked.request, f"{RECORD_AT}.{name}")
        with asked.db.write() as session:
            key = settings_of(asked.request).key(PROVIDERS_KEY)
            confirm_domain(session, actor, name, found, key=key, now=asked.now)
            done = asked.done_by(session)
    except CannotLookUp:
        problem = "The names of the internet could not be asked for just now. Try again in a few minutes."
        return _draw(asked, side_key, domain=FormState(problem=problem), status=503)
    except (MoveNotAllowed, TooOften) as refusal:
        status = 429 if isinstance(refusal, TooOften) else 409
        return _draw(asked, side_key, domain=FormState(problem=str(refusal)), status=status)
    return asked.done(done, *_place(side_key))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/sign-in/provider/domains/{domain:str}/removal",
    sync_to_thread=True,
    opt=ANEW,
)
def remove_domain(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], domain: FromPath[str]
) -> Response[bytes]:
    """It leads here no more."""
    actor = asked.actor(active(asked.agreed, side_key))
    with asked.db.write() as session:
        drop_domain(session, actor, domain, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, *_place(side_key))


def _ask(asked: ArrangementRequest, side_key: str, terms: ProviderTerms) -> None:
    """Refuses with WrongInput where the terms cannot be, or the provider is none; TooOften."""
    CallTarget.read(terms.issuer, settings_of(asked.request).may_call, "issuer")
    with asked.db.read() as session:
        check_terms(session, asked.agreed.organisation(side_key).id, terms)
    _count(asked, side_key)
    try:
        providers_of(asked.request).metadata_anew(terms.issuer, asked.now)
    except ProviderFault as fault:
        raise WrongInput(FieldError("issuer", f"It was asked how it is reached: {fault}.")) from fault


def _count(asked: ArrangementRequest, side_key: str) -> None:
    """One call more of this server for the organisation. Refuses with TooOften."""
    whose = str(asked.agreed.organisation(side_key).id)
    try:
        with asked.db.write() as session:
            attempt(session, "calls for", whose, most=MOST_ASKED, window=ASKED_WINDOW, now=asked.now)
    except TooOften:
        note(asked.request, "refused", why=TooOften.__name__, status=429)
        raise


def _draw(
    asked: ArrangementRequest,
    side_key: str,
    *,
    provider: FormState | None = None,
    domain: FormState | None = None,
    status: int = 200,
) -> Response[bytes]:
    """`provider`, `domain`: a form as it was typed."""
    organisation, settings = asked.agreed.organisation(side_key), settings_of(asked.request)
    with asked.db.read() as session:
        kept, domains = sign_in_of(session, organisation.id), domains_of(session, organisation.id)
    key = settings.key(PROVIDERS_KEY)
    return asked.draw(
        "sign_in/provider",
        status=status,
        organisation=organisation,
        kept=kept,
        domains=[(each, record_for(organisation.id, each.name, key)) for each in domains],
        record_at=RECORD_AT,
        address_back=f"{settings.base_url}{addresses.back_from_provider(asked.agreed.key, side_key)}",
        provider=_without_secret(provider) if provider else FormState(values=_filled_in(kept)),
        domain=domain or FormState(),
    )


def _without_secret(state: FormState) -> FormState:
    """What was typed, but for what no page shows; it is typed anew."""
    return replace(state, values={name: value for name, value in state.values.items() if name != "secret"})


def _filled_in(kept: OwnSignIn | None) -> dict[str, str]:
    if kept is None:
        return {}
    arrives, trusts = ("yes" if each else "" for each in (kept.arrive_as, kept.trusts_addresses))
    return {"issuer": kept.issuer, "client": kept.client, "arrives": arrives, "trusts_addresses": trusts}


def _place(side_key: str) -> tuple[str, ...]:
    return ("organisations", side_key, "sign-in", "provider")


routes = [show_provider, keep_provider, retire_provider, add_domain, look_domain_up, remove_domain]
