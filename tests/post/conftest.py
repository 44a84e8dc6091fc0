"""A real mail server on this machine, with and without TLS and passwords; and letters to send to it."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from tracker.post.site import Site

SITE = Site("https://tracker.example", "Partnership tracker <tracker@tracker.example>")


class Mailbox:
    """What a mail server does with what it is sent: keeps it, unless told what to answer instead."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []
        self.peers: set[Any] = set()
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, _s: Any, _q: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _s: Any, _q: Any, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, _server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.peers.add(session.peer)
        if "DATA" not in self.answers:
            self.kept.append(envelope)
        return self.answers.get("DATA", "250 OK")


Serving: TypeAlias = Callable[..., AbstractContextManager[tuple[Mailbox, int]]]


@pytest.fixture
def mail_server() -> Serving:
    """`with mail_server(...) as (mailbox, port):` takes what aiosmtpd's Controller takes."""
    return _serving


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost` with its key, made for this run by the openssl program."""
    folder = tmp_path_factory.mktemp("certificate")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "certificate.pem"


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The server's side of a TLS that this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return _server_side(certificate)


@pytest.fixture
def untrusted(certificate: Path) -> ssl.SSLContext:
    """The server's side of a TLS that nobody vouches for."""
    return _server_side(certificate)


def knows_sam(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    """Lets in whoever is `sam` with the password `p@ss/word`."""
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (b"sam", b"p@ss/word")
    return AuthResult(success=known, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _serving(**options: Any) -> Iterator[tuple[Mailbox, int]]:
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield mailbox, port
    finally:
        server.stop()


def _server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context
