"""The way there and back (OpenID Connect Core 1.0, code flow with PKCE): what a provider is asked, what it answers."""

import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jws, jwt
from joserfc.errors import JoseError

from tracker.actions.people.providers.discovery import ProviderFault, ProviderMetadata, Providers, json_of
from tracker.rules.rings.id_tokens import ALGORITHMS, ProvenPerson, TokenNotGood, person_in, with_claims

_LONGEST_TOKEN = 32_000  # letters
_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
_REGISTRY.max_header_length = 2_000


@dataclass(frozen=True, slots=True)
class SignInTerms:
    """What is agreed with a provider. `secret`: unsealed; `back`: the whole address that it sends people back to."""

    issuer: str
    client: str
    secret: str
    back: str


def way_there(
    metadata: ProviderMetadata, terms: SignInTerms, state: str, key: bytes, *, hint: str = "", afresh: bool = False
) -> str:
    """The address to which a browser is sent. `hint`: the address that was typed at the door; `afresh`: they are to
    prove who they are, however lately they did."""
    asked = {
        "response_type": "code",
        "client_id": terms.client,
        "redirect_uri": terms.back,
        "scope": "openid email profile",
        "state": state,
        "nonce": _drawn(key, "nonce", state),
        "code_challenge": _text(sha256(_drawn(key, "verifier", state).encode()).digest()),
        "code_challenge_method": "S256",
        **({"login_hint": hint} if hint else {}),
        **({"max_age": "0"} if afresh else {}),
    }
    return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(asked)}"


def person_behind(
    providers: Providers, terms: SignInTerms, *, code: str, state: str, key: bytes, now: datetime
) -> ProvenPerson:
    """Whom the provider means by the code with which it sent somebody back. Refuses with ProviderFault and
    TokenNotGood; nothing here stands in a transaction."""
    metadata = providers.metadata(terms.issuer, now)
    answer = _redeemed(providers, metadata, terms, code, _drawn(key, "verifier", state))
    claims = verified(providers, metadata, str(answer.get("id_token", "")), now)
    nonce = _drawn(key, "nonce", state)
    person = person_in(claims, issuer=terms.issuer, client=terms.client, nonce=nonce, now=now)
    token = answer.get("access_token")
    if person.email or not metadata.userinfo or not isinstance(token, str):
        return person
    return with_claims(person, _described(providers, metadata, token))


def verified(providers: Providers, metadata: ProviderMetadata, token: str, now: datetime) -> Mapping[str, Any]:
    """What stands in a token, signed by a key that the provider has now. Refuses with ProviderFault, TokenNotGood."""
    header = _header(token)
    if header.get("alg") not in ALGORITHMS:
        raise TokenNotGood("it is signed in a way that proves nothing here")
    name = header.get("kid")
    for key in providers.keys(metadata, name if isinstance(name, str) else None, now):
        try:
            return jwt.decode(token, key, algorithms=[header["alg"]], registry=_REGISTRY).claims
        except (JoseError, ValueError, TypeError):
            continue
    raise TokenNotGood("no key that its provider has signed it")


def _redeemed(
    providers: Providers, metadata: ProviderMetadata, terms: SignInTerms, code: str, verifier: str
) -> Mapping[str, Any]:
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": terms.back, "code_verifier": verifier}
    if metadata.by_form:
        shown, headers = {"client_id": terms.client, "client_secret": terms.secret}, {}
    else:
        pair = f"{quote(terms.client, safe='')}:{quote(terms.secret, safe='')}"  # RFC 6749, 2.3.1
        shown, headers = {}, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    body = urlencode({**asked, **shown}).encode()
    answer = providers.post(metadata.issuer, metadata.token, body, {**headers, "Accept": "application/json"})
    if answer.status >= 500:
        raise ProviderFault(f"it answers {answer.status}")
    if answer.status != 200:
        raise TokenNotGood(f"the provider took the code for none, with {answer.status}")
    return json_of(answer)


def _described(providers: Providers, metadata: ProviderMetadata, token: str) -> Mapping[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    answer = providers.get(metadata.issuer, metadata.userinfo, headers)
    if answer.status != 200:
        raise ProviderFault(f"it answers {answer.status} where it should describe who came in")
    return json_of(answer)


def _header(token: str) -> Mapping[str, Any]:
    if len(token) > _LONGEST_TOKEN:
        raise TokenNotGood("it is too long")
    try:
        return jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
    except (JoseError, ValueError, TypeError, RecursionError) as fault:
        raise TokenNotGood("it is none") from fault


def _drawn(key: bytes, what: str, state: str) -> str:
    """Kept nowhere: who has only the database cannot make it."""
    return _text(hmac.digest(key, f"{what} {state}".encode(), "sha256"))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
