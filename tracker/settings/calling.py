"""Which addresses outside of the house may be called: public ones, by https, and those that whoever runs it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from tracker.rules.refusals import FieldError, WrongInput

LONGEST_ADDRESS = 500  # characters
_PORTS = {"https": 443, "http": 80}
_WIDE_WORLD = IPv6Network("2000::/3")  # all that is handed out of IPv6
_TRANSLATED = IPv6Network("64:ff9b::/96")  # what a network makes of IPv4 addresses (RFC 6052)


class CallFailed(Exception):
    """Nobody answered, or not in time, or not as HTTP has it."""


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What came back. `status`: of HTTP, an address to go on to is followed by nobody; `kind`: its content type."""

    status: int
    kind: str
    body: bytes


class OutwardDoor(Protocol):
    """What calls outwards (`post/calls`), for those who stand below it. Each refuses with CallFailed."""

    def get(self, address: str, path: str, headers: Mapping[str, str] = ...) -> CallAnswer: ...

    def post(
        self, address: str, path: str, body: bytes, kind: str = ..., headers: Mapping[str, str] = ...
    ) -> CallAnswer: ...


@dataclass(frozen=True, slots=True)
class CallTarget:
    """An address that may be called. `is_named`: its host is one of those that may be private, and called by http."""

    scheme: str
    host: str
    port: int
    path: str
    is_named: bool = False

    @classmethod
    def read(cls, address: str, may_call: Collection[str] = (), field: str = "address") -> "CallTarget":
        """`may_call`: hosts, or a host with the one port that may be called. Refuses with WrongInput what may not be
        called; where a name leads is looked at when it is called."""
        parts, port = _parts(address)
        host = (parts.hostname or "").lower() if parts else ""
        if parts is None or not host or parts.username is not None or parts.query or parts.fragment:
            raise WrongInput(FieldError(field, "Give an address, like https://witness.council.example."))
        number = port or _PORTS.get(parts.scheme, 0)
        is_named = bool({host, f"{_in_brackets(host)}:{number}"}.intersection(may_call))
        if parts.scheme != "https" and not (is_named and parts.scheme == "http"):
            raise WrongInput(FieldError(field, "Only https addresses are called."))
        if not is_named and (_is_private_name(host) or not _is_public_text(host)):
            raise WrongInput(FieldError(field, "Only public addresses are called, and this one is private."))
        return cls(parts.scheme, host, number, parts.path.rstrip("/"), is_named)

    def __str__(self) -> str:
        host = _in_brackets(self.host)
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def may_connect(self, address: str) -> bool:
        """Whether this is where the host may lead: a public address, whatever the name says."""
        return self.is_named or is_public(address)


def _in_brackets(host: str) -> str:
    """As a host stands before a port."""
    return f"[{host}]" if ":" in host else host


def is_public(address: str) -> bool:
    """Whether an IP address is one of the wide world, and none that only wraps one that is not."""
    found = ip_address(address.partition("%")[0])
    wrapped = _wrapped(found) if isinstance(found, IPv6Address) else []
    if isinstance(found, IPv6Address) and not (found in _WIDE_WORLD or found in _TRANSLATED):
        return False
    return all(each.is_global and not each.is_multicast for each in (found, *wrapped))


def _wrapped(address: IPv6Address) -> list[IPv4Address]:
    translated = IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None
    tunnelled = address.teredo[1] if address.teredo else None
    return [each for each in (address.ipv4_mapped, address.sixtofour, tunnelled, translated) if each]


def _parts(address: str) -> tuple[SplitResult | None, int | None]:
    if len(address) > LONGEST_ADDRESS or not (address.isascii() and address.isprintable()) or " " in address:
        return None, None
    try:
        parts = urlsplit(address)
        return parts, parts.port
    except ValueError:
        return None, None


def _is_private_name(host: str) -> bool:
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _is_public_text(host: str) -> bool:
    """Of a name it is not known yet."""
    try:
        return is_public(host)
    except ValueError:
        return True
