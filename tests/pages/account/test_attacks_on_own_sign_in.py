"""What is replayed, mixed up, forged or sent by a hostile provider lets nobody in, and every wait has an end."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jws, jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey
from joserfc.registry import HeaderParameter

from tests.pages.account.providers import ISSUER, Claims, FakeProvider, key, set_up
from tests.pages.account.test_own_sign_in import NEW, at_the_door
from tests.site import Guest, Site, went_to
from tracker.actions.people.providers.discovery import ASKED_AGAIN, AT_ONCE, KEPT, ProviderFault, Providers
from tracker.pages.account import own_sign_in
from tracker.post.calls import LARGEST, Calls
from tracker.records.session.providers import REQUEST_LIVES

AWAY = "The sign-in of Riverside Hospitals does not answer"


@pytest.fixture
def provider(site: Site) -> FakeProvider:
    return set_up(site, "acute.example", arrives=True)


def tried(site: Site, provider: FakeProvider, **who: Any) -> tuple[Guest, int]:
    """Somebody comes back from the provider: their browser, and what they are answered with."""
    guest = site.stranger()
    return guest, guest.get(provider.signs_in(at_the_door(site, guest), **{**NEW, **who})).status_code


def test_what_follows_starts_from_what_lets_somebody_in(site: Site, provider: FakeProvider) -> None:
    guest, status = tried(site, provider)
    assert (status, bool(guest.session)) == (303, True)


@pytest.mark.parametrize(
    "said",
    [
        {"aud": "another client"},
        {"aud": ["tracker at riverside", "another client"]},
        {"azp": "another client"},
        {"iss": "https://login.council.example"},
        {"nonce": "of another request"},
        {"nonce": None},
        {"exp": 0},
        {"iat": 0},
        {"sub": None},
    ],
)
def test_a_token_for_somebody_else_or_of_another_time_lets_nobody_in(
    site: Site, provider: FakeProvider, said: Claims
) -> None:
    guest, status = tried(site, provider, **said)
    assert (status, guest.session) == (403, "")


def none_at_all(provider: FakeProvider, claims: Claims) -> str:
    with pytest.warns(SecurityWarning):
        return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(), registry=jws.JWSRegistry(algorithms=["none"]))


def by_the_public_key(provider: FakeProvider, claims: Claims) -> str:
    """HS256 with what everybody can have: the trap of who takes the algorithm from the token."""
    shown = OctKey.import_key(json.dumps(provider.shows()["keys"][0]).encode())
    return jwt.encode({"alg": "HS256", "kid": provider.keys[0].kid}, claims, shown)


def by_our_secret(provider: FakeProvider, claims: Claims) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(b"shown: to nobody?" * 2))


def by_a_key_of_its_own(provider: FakeProvider, claims: Claims) -> str:
    """Shown in the token itself, under the name of the right one."""
    forged = key(str(provider.keys[0].kid))
    return jwt.encode({"alg": "ES256", "kid": forged.kid, "jwk": forged.as_dict(private=False)}, claims, forged)


def without_signature(provider: FakeProvider, claims: Claims) -> str:
    return provider.signed(claims).rpartition(".")[0] + "."


def altered(provider: FakeProvider, claims: Claims) -> str:
    head, _, end = provider.signed(claims).split(".")
    return ".".join((head, provider.signed({**claims, "sub": "another"}).split(".")[1], end))


def critical(provider: FakeProvider, claims: Claims) -> str:
    """It asks for something to be understood that nobody here knows."""
    known = jws.JWSRegistry({"stars": HeaderParameter("Stars", "int")})
    header = {"alg": "ES256", "kid": provider.keys[0].kid, "crit": ["stars"], "stars": 5}
    return jwt.encode(header, claims, provider.keys[0], registry=known)


@pytest.mark.parametrize(
    "forge",
    [none_at_all, by_the_public_key, by_our_secret, by_a_key_of_its_own, without_signature, altered, critical],
)
def test_a_forged_token_lets_nobody_in(site: Site, provider: FakeProvider, forge: Any) -> None:
    provider.sign = lambda claims: str(forge(provider, claims))
    guest, status = tried(site, provider)
    assert (status, guest.session) == (403, "")


@pytest.mark.parametrize("token", ["", "a.b.c", "..", "[" * 5_000, "e30.e30.", "x" * 40_000])
def test_what_is_no_token_lets_nobody_in(site: Site, provider: FakeProvider, token: str) -> None:
    provider.sign = lambda _: token
    assert tried(site, provider)[1] == 403


def test_a_key_that_its_provider_has_no_more_signs_nothing(site: Site, provider: FakeProvider) -> None:
    old = provider.keys[0]
    assert tried(site, provider)[1] == 303
    provider.keys = [key("two")]
    provider.sign = lambda claims: provider.signed(claims, old)
    site.now += KEPT
    guest, status = tried(site, provider)
    assert (status, guest.session) == (403, "")


def test_a_new_key_is_asked_for_and_a_made_up_one_not_over_and_over(site: Site, provider: FakeProvider) -> None:
    assert tried(site, provider)[1] == 303
    site.now += ASKED_AGAIN
    provider.keys.insert(0, key("two"))
    assert tried(site, provider)[1] == 303
    provider.sign = lambda claims: provider.signed(claims, key("made up"))
    before = provider.calls.count("/keys")
    for _ in range(5):
        assert tried(site, provider)[1] == 403
    assert provider.calls.count("/keys") - before <= 1


def test_what_a_browser_came_back_with_is_good_once(site: Site, provider: FakeProvider) -> None:
    guest = site.stranger()
    back = provider.signs_in(at_the_door(site, guest), **NEW)
    assert guest.get(back).status_code == 303
    guest.get("/account")
    guest.post("/sign-out")
    assert (guest.get(back).status_code, guest.session) == (410, "")


def test_a_code_of_another_request_is_none(site: Site, provider: FakeProvider) -> None:
    """As somebody would try who has caught it: with a state of their own, PKCE does not fit."""
    victim, thief = site.stranger(), site.stranger()
    caught = dict(parse_qsl(urlsplit(provider.signs_in(at_the_door(site, victim), **NEW)).query))
    own = dict(parse_qsl(urlsplit(provider.signs_in(at_the_door(site, thief), **NEW)).query))
    answer = thief.get(f"/sign-in/own/RIV/acute?{urlencode({**own, 'code': caught['code']})}")
    assert (answer.status_code, thief.session) == (403, "")


def test_a_state_is_good_in_the_browser_that_went_alone_and_stays_so(site: Site, provider: FakeProvider) -> None:
    """Nobody is signed in as somebody else who sends them their own way back."""
    attacker, victim = site.stranger(), site.stranger()
    back = provider.signs_in(at_the_door(site, attacker), **NEW)
    victim.get("/sign-in")
    assert (victim.get(back).status_code, victim.session) == (410, "")
    assert attacker.get(back).status_code == 303


def test_who_takes_too_long_begins_anew(site: Site, provider: FakeProvider) -> None:
    guest = site.stranger()
    back = provider.signs_in(at_the_door(site, guest), **NEW)
    site.now += REQUEST_LIVES
    assert guest.get(back).status_code == 410


@pytest.mark.parametrize("query", ["", "state=", "state=made-up&code=x", f"state={'x' * 3000}", "error=access_denied"])
def test_who_is_not_awaited_is_let_in_nowhere(site: Site, provider: FakeProvider, query: str) -> None:
    assert site.stranger().get(f"/sign-in/own/RIV/acute?{query}").status_code == 410


def test_what_the_provider_says_is_wrong_is_not_said_here(site: Site, provider: FakeProvider) -> None:
    guest = site.stranger()
    back = dict(parse_qsl(urlsplit(provider.signs_in(at_the_door(site, guest), **NEW)).query))
    said = {"state": back["state"], "iss": ISSUER, "error": "access_denied", "error_description": "Call 0800 EVIL"}
    answer = guest.get(f"/sign-in/own/RIV/acute?{urlencode(said)}")
    assert (answer.status_code, "EVIL" in answer.text) == (403, False)


@pytest.mark.parametrize("named", ["https://evil.example", ISSUER + "/", ""])
def test_the_answer_of_another_provider_is_mixed_up_with_none(site: Site, provider: FakeProvider, named: str) -> None:
    guest = site.stranger()
    back = dict(parse_qsl(urlsplit(provider.signs_in(at_the_door(site, guest), **NEW)).query))
    tokens = provider.calls.count("/token")
    answer = guest.get(f"/sign-in/own/RIV/acute?{urlencode({**back, 'iss': named})}")
    assert (answer.status_code, provider.calls.count("/token")) == (403, tokens)


def test_who_says_that_it_names_itself_has_to(site: Site, provider: FakeProvider) -> None:
    for says, status in ((True, 403), (False, 303)):
        provider.metadata = {"authorization_response_iss_parameter_supported": says}
        site.app.state.providers = Providers(provider)
        guest = site.stranger()
        back = dict(parse_qsl(urlsplit(provider.signs_in(at_the_door(site, guest), **NEW)).query))
        del back["iss"]
        assert guest.get(f"/sign-in/own/RIV/acute?{urlencode(back)}").status_code == status


def test_each_organisation_has_an_address_of_its_own_to_come_back_to(site: Site, provider: FakeProvider) -> None:
    guest = site.stranger()
    back = provider.signs_in(at_the_door(site, guest), **NEW).replace("/RIV/acute?", "/RIV/council?")
    assert guest.get(back).status_code == 403


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-in/own"])
def test_nobody_is_led_on_to_another_site(site: Site, provider: FakeProvider, then: str) -> None:
    guest = site.stranger()
    assert went_to(guest.get(provider.signs_in(at_the_door(site, guest, then), **NEW))) == "/"


def test_a_description_of_somebody_else_counts_for_nobody(site: Site, provider: FakeProvider) -> None:
    provider.metadata, provider.alter = {"userinfo_endpoint": f"{ISSUER}/me"}, _only_who
    for described, status in (({**NEW, "sub": "another"}, 403), (NEW, 303)):
        provider.described = described
        site.app.state.providers = Providers(provider)
        assert tried(site, provider)[1] == status


def _only_who(claims: Claims) -> Claims:
    return {name: value for name, value in claims.items() if name not in {"email", "email_verified", "name"}}


def test_a_provider_that_is_away_is_said_to_be_before_and_after(site: Site, provider: FakeProvider) -> None:
    guest = site.stranger()
    back = provider.signs_in(at_the_door(site, guest), **NEW)
    provider.is_away = True
    assert AWAY in guest.get(back).text
    site.now += KEPT
    assert AWAY in at_the_door(site, site.stranger())


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "https://127.0.0.1/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": "https://localhost/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://login.acute.example/authorize"},
        {"userinfo_endpoint": ["https://a.example"]},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
def test_what_a_provider_says_of_itself_leads_nowhere_inside(
    site: Site, provider: FakeProvider, metadata: Claims
) -> None:
    provider.metadata = metadata
    with pytest.raises(ProviderFault):
        Providers(provider).metadata(ISSUER, site.now)


@contextmanager
def answering(body: bytes | None) -> Iterator[str]:
    """A server that answers whoever asks with this, or with nothing at all; its address."""
    ended = threading.Event()

    def serve() -> None:
        while True:
            try:
                call, _ = listener.accept()
            except OSError:
                return
            with call:
                call.recv(4096)
                if body is None:
                    ended.wait(60)
                else:
                    call.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "body", [b"{" + b" " * LARGEST, b"[" * 60_000, b"", b"<html>", b"[]", b'{"issuer": 7}', b"\xff\xfe", b"1" * 9_000]
)
def test_what_is_no_answer_of_a_provider_is_taken_for_none(site: Site, body: bytes) -> None:
    with answering(body) as address, pytest.raises(ProviderFault):
        Providers(Calls(("127.0.0.1",)), ("127.0.0.1",)).metadata(address, site.now)


def test_a_provider_that_says_nothing_is_waited_for_with_an_end(site: Site) -> None:
    with answering(None) as address, pytest.raises(ProviderFault, match="does not answer"):
        Providers(Calls(("127.0.0.1",), longest=0.2), ("127.0.0.1",)).metadata(address, site.now)


def test_who_is_slow_holds_up_a_few_of_its_own_and_nobody_else(site: Site, provider: FakeProvider) -> None:
    waiting, go_on = threading.Semaphore(0), threading.Event()

    class Slow(FakeProvider):
        def get(self, address: str, path: str, headers: Any = None) -> Any:
            waiting.release()
            go_on.wait(60)
            return super().get(address, path, headers)

    providers = Providers(Slow(site))

    def asks(issuer: str) -> None:
        with suppress(ProviderFault):
            providers.metadata(issuer, site.now)

    addresses = [f"{ISSUER}/{number}" for number in range(AT_ONCE - 1)]  # one host by many names is one
    threads = [threading.Thread(target=asks, args=(each,)) for each in (ISSUER, *addresses)]
    for each in threads:
        each.start()
    assert all(waiting.acquire(timeout=60) for _ in threads)
    with pytest.raises(ProviderFault, match="slow"):
        providers.metadata(ISSUER, site.now)
    go_on.set()
    for each in threads:
        each.join(60)
    assert providers.metadata(ISSUER, site.now).issuer == ISSUER


def test_a_provider_that_is_away_is_not_called_by_everybody_who_comes(site: Site, provider: FakeProvider) -> None:
    provider.is_away = True
    for _ in range(3):
        assert AWAY in at_the_door(site, site.stranger())
    assert len(provider.calls) == 1
    provider.is_away = False
    site.now += ASKED_AGAIN
    assert AWAY not in at_the_door(site, site.stranger())


def test_whoever_comes_too_often_has_nobody_called(
    site: Site, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_sign_in, "MOST_FROM_A_PLACE", 0)
    assert "Too many tries" in at_the_door(site, site.stranger())
    assert provider.calls == []
