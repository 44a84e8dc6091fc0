"""What a provider says of somebody (OpenID Connect Core 1.0): which of it counts, and whose it is."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tracker.rules.letters import LONGEST_LINE, is_address
from tracker.rules.rings.mail_domains import domain_of

# A provider signs with a key of its own: with one that both know (HS256), whoever has ours could sign, too.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip
SKEW = timedelta(minutes=2)  # by which clocks may differ
LONGEST_AGO = timedelta(minutes=10)  # that a token was made: it is asked for just now
LONGEST_SUBJECT = 255  # letters, all of them ASCII (Core, 2)

# Where everybody can have an account: whose address it is, such a provider has to say itself.
SHARED_ISSUERS = (
    "accounts.google.com", "appleid.apple.com", "login.live.com", "github.com", "gitlab.com", "www.facebook.com",
    "www.linkedin.com", "login.yahoo.com", "api.login.yahoo.com", "id.twitch.tv", "login.salesforce.com",
)  # fmt: skip
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"})


class TokenNotGood(Exception):
    """A token that says nothing here. `str`: why, for the log; nothing of the token stands in it."""


@dataclass(frozen=True, slots=True)
class ProvenPerson:
    """Somebody, as a provider knows them: by `issuer` and `subject`, and by nothing else for good. `email` counts where
    `owns_email`, or where `address_of` has another reason; `name` is only how they are called. `proved_at`: when they
    signed in there; None where it does not say."""

    issuer: str
    subject: str
    email: str = ""
    owns_email: bool = False
    name: str = ""
    proved_at: datetime | None = None


def person_in(claims: Mapping[str, Any], *, issuer: str, client: str, nonce: str, now: datetime) -> ProvenPerson:
    """Whom an ID token names, whose signature was checked. Refuses with TokenNotGood."""
    _require_for_us(claims, issuer, client, now)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise TokenNotGood("it answers something else that was asked")
    proved_at = _moment(claims, "auth_time")
    return ProvenPerson(issuer, subject_in(claims), **_described(claims), proved_at=proved_at and min(proved_at, now))


def with_claims(person: ProvenPerson, claims: Mapping[str, Any]) -> ProvenPerson:
    """The same person, as the provider describes them when asked (UserInfo), where that is of them."""
    if claims.get("sub") != person.subject:
        raise TokenNotGood("it describes somebody else")
    return replace(person, **_described(claims))


def address_of(person: ProvenPerson, domains: Collection[str], *, trusts_addresses: bool) -> str | None:
    """The address that is theirs, in lower case: as the provider says of it (`email_verified`), or because it is in one
    of the organisation's confirmed `domains`, its provider serves it alone, and its lead trusts what it says."""
    trusted = trusts_addresses and is_single_tenant(person.issuer) and domain_of(person.email) in domains
    return person.email if person.email and (person.owns_email or trusted) else None


def is_single_tenant(issuer: str) -> bool:
    """Whether a provider has the people of one organisation alone, as far as its address tells."""
    parts = urlsplit(issuer)
    return parts.hostname not in SHARED_ISSUERS and _SHARED_TENANTS.isdisjoint(parts.path.lower().split("/"))


def subject_in(claims: Mapping[str, Any]) -> str:
    found = claims.get("sub")
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_SUBJECT or not found.isascii() or "\0" in found:
        raise TokenNotGood("it names nobody")
    return found


def _require_for_us(claims: Mapping[str, Any], issuer: str, client: str, now: datetime) -> None:
    """It is from this provider, for us and nobody beside us, and of just now."""
    if claims.get("iss") != issuer:
        raise TokenNotGood("it is of another provider")
    if claims.get("aud") not in (client, [client]) or claims.get("azp", client) != client:
        raise TokenNotGood("it is for somebody else")
    made, ends, begins = (_moment(claims, name) for name in ("iat", "exp", "nbf"))
    if made is None or ends is None:
        raise TokenNotGood("it does not say when it was made or ends")
    if ends <= now - SKEW or made < now - LONGEST_AGO - SKEW:
        raise TokenNotGood("it is over")
    if made > now + SKEW or (begins or made) > now + SKEW:
        raise TokenNotGood("it is of a time that has not come")


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        return datetime.fromtimestamp(found, UTC)
    except (ValueError, OverflowError, OSError):
        raise TokenNotGood("it is of no time that there is") from None


def _described(claims: Mapping[str, Any]) -> dict[str, Any]:
    email, name = (_text(claims.get(each)) for each in ("email", "name"))
    email = email.lower() if is_address(email) else ""  # one that is none is nobody's
    return {"email": email, "owns_email": claims.get("email_verified") is True, "name": name}


def _text(value: object) -> str:
    """A line as it can be kept; "" of anything else."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= LONGEST_LINE else ""
