"""A provider for tests, behind a door that leads nowhere: it does as it should, and can be made to do otherwise."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key

from tests.site import Site
from tracker.actions.people.providers.coming import PROVIDERS_KEY
from tracker.actions.people.providers.discovery import Providers
from tracker.actions.people.providers.keep_provider import ProviderTerms, name_provider
from tracker.records.session.providers import MailDomain
from tracker.settings.calling import CallAnswer, CallFailed

ISSUER, CLIENT, SECRET = "https://login.acute.example", "tracker at riverside", "shown: to nobody?"
Claims = dict[str, Any]


def key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


@dataclass
class FakeProvider:
    """`alter`: what it changes of an ID token's claims; `sign`: how it signs, if not with the first of its keys."""

    site: Site
    issuer: str = ISSUER
    keys: list[Key] = field(default_factory=lambda: [key("one")])
    metadata: Claims = field(default_factory=dict)
    alter: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    described: Claims = field(default_factory=dict)
    is_away: bool = False
    calls: list[str] = field(default_factory=list)
    codes: dict[str, Claims] = field(default_factory=dict)

    def get(self, address: str, path: str, headers: Mapping[str, str] | None = None) -> CallAnswer:
        self.calls.append(path)
        if self.is_away or address != self.issuer:
            raise CallFailed("nobody there")
        return _answer(
            {"/.well-known/openid-configuration": self.says(), "/keys": self.shows()}.get(path, self.described)
        )

    def post(
        self, address: str, path: str, body: bytes, kind: str = "", headers: Mapping[str, str] | None = None
    ) -> CallAnswer:
        self.calls.append(path)
        if self.is_away or (address, path) != (self.issuer, "/token"):
            raise CallFailed("nobody there")
        asked = dict(parse_qsl(body.decode()))
        claims = self.codes.pop(asked["code"], None)
        shown = b64decode((headers or {}).get("Authorization", "").removeprefix("Basic ")).decode()
        whose = [unquote(each) for each in shown.split(":")]
        if claims is None or whose != [CLIENT, SECRET] or _challenge(asked["code_verifier"]) != claims.pop("challenge"):
            return _answer({"error": "invalid_grant"}, 400)
        token = (self.sign or self.signed)(self.alter(claims))
        return _answer({"id_token": token, "access_token": "opens the description", "token_type": "Bearer"})

    def says(self) -> Claims:
        said = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize?tenant=1"}
        said |= {"token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys"}
        return {**said, "authorization_response_iss_parameter_supported": True, **self.metadata}

    def shows(self) -> Claims:
        return {"keys": [each.as_dict(private=False) for each in self.keys]}

    def signed(self, claims: Claims, with_key: Key | None = None, **header: Any) -> str:
        chosen = with_key or self.keys[0]
        return jwt.encode({"alg": "ES256", "kid": chosen.kid, **header}, claims, chosen)

    def signs_in(self, page: str, **who: Any) -> str:
        """Where it sends a browser back to that came from this page of ours, once somebody has signed in there."""
        asked = {name: each[0] for name, each in parse_qs(urlsplit(address_on(page)).query).items()}
        code = f"code {len(self.codes)} of {asked['state']}"
        now = int(self.site.now.timestamp())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300, "auth_time": now - 10}
        self.codes[code] = {**claims, "nonce": asked["nonce"], "challenge": asked["code_challenge"], **who}
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode(back)}"


def address_on(page: str) -> str:
    """To where the page leads on."""
    return page.partition('<a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")


def set_up(site: Site, *domains: str, lead: str = "alex", arrives: bool = False, trusts: bool = False) -> FakeProvider:
    """A provider of the organisation of this lead, at the door of the site, and confirmed domains of theirs."""
    provider, actor = FakeProvider(site), site.cast.actor(lead)
    site.app.state.providers = Providers(provider)
    terms = ProviderTerms(ISSUER, CLIENT, SECRET, arrives, trusts)
    with site.db.write() as session:
        name_provider(session, actor, terms, key=site.settings.key(PROVIDERS_KEY), now=site.now)
        for name in domains:
            owner = actor.organisation_id or 0
            session.add(MailDomain(organisation_id=owner, name=name, named_at=site.now, confirmed_at=site.now))
    return provider


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _answer(value: Any, status: int = 200) -> CallAnswer:
    return CallAnswer(status, "application/json", json.dumps(value).encode())
