"""The own sign-in of an organisation, as its leads see and keep it."""

import pytest
from sqlmodel import select

from tests.pages.account.providers import CLIENT, ISSUER, SECRET, FakeProvider, set_up
from tests.site import Guest, Site
from tracker.actions.people.providers.coming import PROVIDERS_KEY
from tracker.actions.people.providers.discovery import Providers
from tracker.actions.people.providers.keep_provider import CannotLookUp, record_for, secret_in
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.writing import write
from tracker.pages.arrangements import providers
from tracker.records.session.providers import MailDomain, SignInProvider

OURS, THEIRS = (f"/arrangements/RIV/organisations/{side}/sign-in/provider" for side in ("acute", "council"))
TYPED = {"issuer": ISSUER, "client": CLIENT, "secret": SECRET}


def shows(site: Site, key: str, domain: str, *besides: str) -> None:
    """What the DNS says, whatever it is asked: that the domain is this organisation's, and other things."""
    organisation = site.cast.organisations[key].id
    text = record_for(organisation, domain, site.settings.key(PROVIDERS_KEY))
    site.app.state.texts_at = lambda _: (*besides, text)


def at(site: Site, name: str) -> Guest:
    guest = site.guest(name)
    guest.get("/account")
    return guest


def test_what_a_lead_keeps_is_sealed_and_its_secret_stands_on_no_page_and_in_no_file(site: Site) -> None:
    site.app.state.providers = Providers(FakeProvider(site))
    alex = at(site, "alex")
    assert alex.post(OURS, TYPED).status_code == 303
    page = alex.get(OURS).text
    assert (ISSUER in page, SECRET in page) == (True, False)
    assert f"{site.settings.base_url}/sign-in/own/RIV/acute" in page
    with site.db.read() as session:
        row = session.exec(select(SignInProvider)).one()
        written = write(kept(session, site.cast.partnership.id))
    assert SECRET not in row.secret
    assert secret_in(row.secret, site.settings.key(PROVIDERS_KEY), site.now) == SECRET
    assert SECRET not in written
    assert SECRET not in alex.get("/arrangements/RIV/events").text


def test_what_is_refused_comes_back_without_the_secret(site: Site) -> None:
    site.app.state.providers = Providers(FakeProvider(site))
    answer = at(site, "alex").post(OURS, {**TYPED, "issuer": "https://elsewhere.example"})
    assert (answer.status_code, "https://elsewhere.example" in answer.text) == (422, True)
    assert SECRET not in answer.text
    assert "It was asked how it is reached: it does not answer." in answer.text


def test_what_is_no_public_address_is_not_asked(site: Site) -> None:
    provider = FakeProvider(site)
    site.app.state.providers = Providers(provider)
    alex = at(site, "alex")
    for issuer in ("http://login.acute.example", "https://127.0.0.1", "https://localhost", "https://[::1]", "nonsense"):
        assert alex.post(OURS, {**TYPED, "issuer": issuer}).status_code == 422
    assert provider.calls == []


def test_the_secret_of_one_provider_is_not_shown_to_another(site: Site) -> None:
    """Whoever may change the address could else have it sent to themselves."""
    set_up(site)
    alex = at(site, "alex")
    for changed in ({"issuer": "https://elsewhere.example"}, {"client": "another"}):
        answer = alex.post(OURS, {**TYPED, "secret": "", **changed})
        assert (answer.status_code, "Give the secret" in answer.text) == (422, True)
    assert alex.post(OURS, {**TYPED, "secret": "", "arrives": "yes"}).status_code == 303


def test_addresses_of_a_provider_that_everybody_can_use_are_not_trusted(site: Site) -> None:
    shared = "https://accounts.google.com"
    site.app.state.providers = Providers(FakeProvider(site, issuer=shared))
    alex, typed = at(site, "alex"), {**TYPED, "issuer": shared}
    answer = alex.post(OURS, {**typed, "trusts_addresses": "yes"})
    assert (answer.status_code, "Everybody can have an account there" in answer.text) == (422, True)
    assert alex.post(OURS, typed).status_code == 303


def test_a_domain_is_confirmed_by_its_dns(site: Site) -> None:
    alex = at(site, "alex")
    assert alex.post(f"{OURS}/domains", {"domain": "Acute.example"}).status_code == 303
    assert "_partnership-tracker.acute.example" in alex.get(OURS).text
    site.app.state.texts_at = lambda _: ("v=spf1 -all",)
    answer = alex.post(f"{OURS}/domains/acute.example/confirmation")
    assert (answer.status_code, "It says 1 other texts" in answer.text) == (409, True)
    shows(site, "acute", "acute.example", "v=spf1 -all")
    assert alex.post(f"{OURS}/domains/acute.example/confirmation").status_code == 303
    assert "confirmed" in alex.get(OURS).text


def test_what_shows_a_domain_to_be_one_organisations_shows_nothing_of_another(site: Site) -> None:
    chris = at(site, "chris")
    chris.post(f"{THEIRS}/domains", {"domain": "acute.example"})
    shows(site, "acute", "acute.example")
    assert chris.post(f"{THEIRS}/domains/acute.example/confirmation").status_code == 409


def test_a_domain_is_one_organisations_on_the_whole_server(site: Site) -> None:
    nora, alex = at(site, "nora"), at(site, "alex")
    for guest, page, key in (
        (nora, "/arrangements/ELS/organisations/north/sign-in/provider", "north"),
        (alex, OURS, "acute"),
    ):
        guest.post(f"{page}/domains", {"domain": "acute.example"})
        shows(site, key, "acute.example")
        answer = guest.post(f"{page}/domains/acute.example/confirmation")
    assert (answer.status_code, "Another organisation on this server" in answer.text) == (409, True)
    with site.db.write() as session:
        site.cast.organisations["north"].retired_at = site.now
        session.merge(site.cast.organisations["north"])
    assert alex.post(f"{OURS}/domains/acute.example/confirmation").status_code == 303
    with site.db.read() as session:
        owners = [each.organisation_id for each in session.exec(select(MailDomain)) if each.confirmed_at]
    assert owners == [site.cast.acute.id]


def test_where_everybody_has_an_address_is_no_domain_of_theirs(site: Site) -> None:
    answer = at(site, "alex").post(f"{OURS}/domains", {"domain": "gmail.com"})
    assert (answer.status_code, "nobody’s own" in answer.text or "nobody&#39;s own" in answer.text) == (422, True)


def test_that_the_dns_cannot_be_asked_is_said(site: Site) -> None:
    def away(name: str) -> tuple[str, ...]:
        raise CannotLookUp(name)

    alex = at(site, "alex")
    alex.post(f"{OURS}/domains", {"domain": "acute.example"})
    site.app.state.texts_at = away
    answer = alex.post(f"{OURS}/domains/acute.example/confirmation")
    assert (answer.status_code, "could not be asked for just now" in answer.text) == (503, True)


def test_only_leads_of_the_organisation_come_near_it(site: Site) -> None:
    set_up(site, "acute.example")
    forms = (OURS, f"{OURS}/retirement", f"{OURS}/domains", f"{OURS}/domains/acute.example/confirmation",
             f"{OURS}/domains/acute.example/removal")  # fmt: skip
    for name, status in (("sam", 403), ("chris", 403), ("nora", 404)):
        guest = at(site, name)
        assert guest.get(OURS).status_code == status
        for address in forms:
            assert guest.post(address, {**TYPED, "domain": "own.example"}).status_code == status
    with site.db.read() as session:
        assert session.exec(select(SignInProvider)).one().issuer == ISSUER
        assert [each.name for each in session.exec(select(MailDomain))] == ["acute.example"]


def test_after_it_is_ended_nobody_is_led_there(site: Site) -> None:
    set_up(site, "acute.example")
    assert at(site, "alex").post(f"{OURS}/retirement").status_code == 303
    guest = site.stranger()
    page = guest.get("/sign-in").text
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    assert guest.post("/sign-in", {"email": "sam@acute.example", "csrf": token}).status_code == 303
    assert guest.post("/sign-in/own", {"domain": "acute.example", "csrf": token}).status_code == 404


def test_an_organisation_has_nobody_called_over_and_over_and_nothing_typed_is_lost(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = FakeProvider(site)
    site.app.state.providers = Providers(provider)
    monkeypatch.setattr(providers, "MOST_ASKED", 2)
    alex, chris = at(site, "alex"), at(site, "chris")
    alex.post(f"{OURS}/domains", {"domain": "acute.example"})
    for _ in range(2):
        assert alex.post(OURS, TYPED).status_code == 303
    called = len(provider.calls)
    site.app.state.texts_at = lambda _: pytest.fail("the DNS was asked")
    answer = alex.post(OURS, {**TYPED, "client": "as typed just now"})
    assert (answer.status_code, "Too many tries" in answer.text, "as typed just now" in answer.text) == (
        429,
        True,
        True,
    )
    looked = alex.post(f"{OURS}/domains/acute.example/confirmation")
    assert (looked.status_code, "Too many tries" in looked.text) == (429, True)
    assert len(provider.calls) == called
    assert chris.post(THEIRS, TYPED).status_code == 303


def test_a_lead_who_has_mended_their_provider_does_not_wait_to_name_it(site: Site) -> None:
    provider = FakeProvider(site, is_away=True)
    site.app.state.providers = Providers(provider)
    alex = at(site, "alex")
    assert alex.post(OURS, TYPED).status_code == 422
    provider.is_away = False
    assert alex.post(OURS, TYPED).status_code == 303
