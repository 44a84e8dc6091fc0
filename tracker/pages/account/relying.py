"""What a page asks a browser for that has passkeys (`static/passkeys.js`), and for which site."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from tracker.actions.people.keep_passkeys import RelyingParty
from tracker.pages.web.csrf import browser_at_the_door
from tracker.pages.web.request import Asking, now_of, settings_of
from tracker.queries.visitors import Visitor
from tracker.records.session import Passkey


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """What the browser is asked. `host`: of this site, "" where that is a number, for which browsers make none. Only
    where one is made: the account's `handle`, and `others`, those it has already, with a space between."""

    challenge: str
    host: str
    handle: str = ""
    others: str = ""


def door_party(request: Asking) -> RelyingParty:
    """Before a browser in which nobody needs to be signed in."""
    return _party(request, f"door:{browser_at_the_door(request)}")


def session_party(request: Asking, visitor: Visitor) -> RelyingParty:
    """Before the browser of somebody signed in."""
    return _party(request, f"session:{visitor.session.nonce if visitor.session else ''}")


def asked_of(request: Asking, party: RelyingParty) -> PasskeyAsked:
    """To sign in with one."""
    return PasskeyAsked(_text(party.challenge(now_of(request))), _name_of(party.host))


def asked_to_make(request: Asking, party: RelyingParty, person_id: int, existing: Iterable[Passkey]) -> PasskeyAsked:
    """To make one for this account, on a device that has none of it yet."""
    others = " ".join(_text(each.credential_id) for each in existing)
    challenge, handle = party.challenge(now_of(request)), party.handle(person_id)
    return PasskeyAsked(_text(challenge), _name_of(party.host), _text(handle), others)


def _party(request: Asking, browser: str) -> RelyingParty:
    settings = settings_of(request)
    parts = urlsplit(settings.base_url)
    host, usual = parts.hostname or "", {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return RelyingParty(f"{parts.scheme}://{host}{port}", host, browser, settings.key("passkeys"))


def _name_of(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        return host
    return ""


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
