"""What a provider says of itself (OpenID Connect Discovery 1.0), and the keys it signs with: asked for, kept a while.

Every call is made outside of any transaction.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from tracker.rules.refusals import WrongInput
from tracker.settings.calling import CallAnswer, CallFailed, CallTarget, OutwardDoor

KEPT = timedelta(hours=1)
ASKED_AGAIN = timedelta(minutes=1)  # at the soonest, of who was away, and for a key that was not there
AT_ONCE = 6  # calls for the providers at one host: who is slow holds up its own people alone
MOST_KEPT = 500  # providers
_KINDS: Mapping[str, Any] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}  # none that both sides know ("oct")
_WELL_KNOWN = "/.well-known/openid-configuration"


class ProviderFault(Exception):
    """A provider did not answer, or not as one. `str`: in words for its lead; nothing that it sent stands in it."""


class ProviderBusy(ProviderFault):
    """It was not called: as many as may wait for its host do."""


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """Where a provider is reached. `authorization`: by browsers; `token`, `jwks`, `userinfo`: by us; `userinfo` is ""
    where there is none. `by_form`: our secret is shown in the form, not in a header; `names_itself`: when it sends
    somebody back it says which it is (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    jwks: str
    userinfo: str
    by_form: bool
    names_itself: bool


@dataclass(frozen=True, slots=True)
class _Keys:
    keys: tuple[Key, ...]
    asked_at: datetime


class Providers:
    """The providers that were asked lately, of one process. `may_call`: hosts that may be private."""

    def __init__(self, door: OutwardDoor, may_call: Collection[str] = ()) -> None:
        self._door, self._may_call, self._lock = door, may_call, Lock()
        self._metadata: dict[str, tuple[ProviderMetadata, datetime]] = {}
        self._keys: dict[str, _Keys] = {}
        self._faults: dict[str, tuple[str, datetime]] = {}
        self._running: Counter[str] = Counter()  # calls, by host

    def metadata(self, issuer: str, now: datetime) -> ProviderMetadata:
        """Refuses with ProviderFault; of who was away just now, without asking again."""
        kept = self._metadata.get(issuer)
        if kept is not None and now < kept[1] + KEPT:
            return kept[0]
        fault = self._faults.get(issuer)
        if fault is not None and now < fault[1] + ASKED_AGAIN:
            raise ProviderFault(fault[0])
        return self.metadata_anew(issuer, now)

    def metadata_anew(self, issuer: str, now: datetime) -> ProviderMetadata:
        """As it is now, whatever is kept. Refuses with ProviderFault."""
        self._forget()
        try:
            answer = self.get(issuer, issuer.rstrip("/") + _WELL_KNOWN)
            found = _metadata_in(_json_in(answer), issuer, self._may_call)
        except ProviderBusy:
            raise
        except ProviderFault as fault:
            self._faults[issuer] = (str(fault), now)
            raise
        self._metadata[issuer] = (found, now)
        self._faults.pop(issuer, None)
        return found

    def keys(self, metadata: ProviderMetadata, name: str | None, now: datetime) -> tuple[Key, ...]:
        """Those of this name (`kid`), all of them where it has none. A name that is not known yet has them asked for
        anew: keys are changed. Refuses with ProviderFault."""
        kept = self._keys.get(metadata.jwks)
        found = _named(kept, name)
        wait = KEPT if found else ASKED_AGAIN
        if kept is None or now >= kept.asked_at + wait:
            answer = self.get(metadata.issuer, metadata.jwks)
            kept = self._keys[metadata.jwks] = _Keys(tuple(_keys_in(_json_in(answer))), now)
            found = _named(kept, name)
        return found

    def get(self, issuer: str, address: str, headers: Mapping[str, str] | None = None) -> CallAnswer:
        """Refuses with ProviderFault."""
        with self._turn(issuer):
            return self._door.get(*_split(address), headers or {})

    def post(self, issuer: str, address: str, body: bytes, headers: Mapping[str, str]) -> CallAnswer:
        """A form. Refuses with ProviderFault."""
        with self._turn(issuer):
            return self._door.post(*_split(address), body, "application/x-www-form-urlencoded", headers)

    @contextmanager
    def _turn(self, issuer: str) -> Iterator[None]:
        host = urlsplit(issuer).hostname or ""
        with self._lock:
            if self._running[host] >= AT_ONCE:
                raise ProviderBusy("it is slow, and others wait for it already")
            self._running[host] += 1
        try:
            yield
        except CallFailed as failed:
            raise ProviderFault("it does not answer") from failed
        finally:
            with self._lock:
                self._running[host] -= 1
                if not self._running[host]:
                    del self._running[host]

    def _forget(self) -> None:
        if max(len(self._metadata), len(self._faults)) >= MOST_KEPT:
            for kept in (self._metadata, self._keys, self._faults):
                kept.clear()


def json_of(answer: CallAnswer) -> dict[str, Any]:
    """The object in an answer, whatever its status. Refuses with ProviderFault."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderFault("it answers something that is no JSON object")
    return found


def _json_in(answer: CallAnswer) -> dict[str, Any]:
    if answer.status != 200:
        raise ProviderFault(f"it answers {answer.status} where it should say how it is reached")
    return json_of(answer)


def _metadata_in(said: Mapping[str, Any], issuer: str, may_call: Collection[str]) -> ProviderMetadata:
    if said.get("issuer") != issuer:
        raise ProviderFault("it calls itself by another address; give that one, letter by letter")
    challenges = said.get("code_challenge_methods_supported")
    if isinstance(challenges, list) and "S256" not in challenges:
        raise ProviderFault("it does not know PKCE with S256")
    ways = said.get("token_endpoint_auth_methods_supported")
    return ProviderMetadata(
        issuer=issuer,
        authorization=_address(said, "authorization_endpoint", may_call),
        token=_address(said, "token_endpoint", may_call),
        jwks=_address(said, "jwks_uri", may_call),
        userinfo=_address(said, "userinfo_endpoint", may_call) if "userinfo_endpoint" in said else "",
        by_form=isinstance(ways, list) and "client_secret_basic" not in ways,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(said: Mapping[str, Any], name: str, may_call: Collection[str]) -> str:
    """One that may be called, or that browsers are sent to: the same holds of both."""
    found = said.get(name)
    text = found if isinstance(found, str) else ""
    try:
        CallTarget.read(text.partition("?")[0], may_call)
    except WrongInput:
        raise ProviderFault(f"its {name} is no address that may be called") from None
    return text


def _split(address: str) -> tuple[str, str]:
    """(host, what stands behind it), with every stroke of it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}", parts._replace(scheme="", netloc="").geturl()


def _named(kept: _Keys | None, name: str | None) -> tuple[Key, ...]:
    return tuple(each for each in kept.keys if name in (None, each.kid)) if kept else ()


def _keys_in(said: Mapping[str, Any]) -> Iterator[Key]:
    """Those that sign; what cannot be read as a key is none."""
    listed = said.get("keys")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and each.get("use", "sig") == "sig" and each.get("kty") in _KINDS:
            try:
                key: Key = _KINDS[each["kty"]].import_key({name: value for name, value in each.items() if name != "d"})
            except (JoseError, ValueError, TypeError, KeyError):
                continue
            yield key
