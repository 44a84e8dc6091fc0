"""What the DNS says of a name: its texts, that there are none, or that it cannot be asked; with an end."""

import socket
import threading
from collections.abc import Callable, Iterator

import dns.message
import dns.resolver
import dns.rrset
import pytest

from tracker.actions.people.providers.keep_provider import CannotLookUp
from tracker.post import names

NAME = "_partnership-tracker.hospital.example"
Answering = Callable[[dns.message.Message], dns.message.Message | None]


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answering]]:
    """A name server on this machine, the only one that is asked, and what it does."""
    does: list[Answering] = []

    def serve() -> None:
        while True:
            try:
                asked, whence = server.recvfrom(4096)
            except OSError:
                return
            answer = does[0](dns.message.from_wire(asked))
            if answer is not None:
                server.sendto(answer.to_wire(), whence)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield does


def saying(*texts: str) -> Answering:
    def answer(asked: dns.message.Message) -> dns.message.Message:
        said = dns.message.make_response(asked)
        said.answer.append(dns.rrset.from_text(f"{NAME}.", 60, "IN", "TXT", *texts))
        return said

    return answer


def refusing(code: int) -> Answering:
    def answer(asked: dns.message.Message) -> dns.message.Message:
        said = dns.message.make_response(asked)
        said.set_rcode(dns.rcode.Rcode(code))
        return said

    return answer


def test_texts_are_read_whole(answered: list[Answering]) -> None:
    answered.append(saying('"partnership-tracker=" "abc"', '"v=spf1 -all"'))
    assert set(names.texts_at(NAME)) == {"partnership-tracker=abc", "v=spf1 -all"}


def test_where_there_is_no_such_name_there_are_no_texts(answered: list[Answering]) -> None:
    answered.append(refusing(dns.rcode.NXDOMAIN))
    assert names.texts_at(NAME) == ()


@pytest.mark.parametrize("does", [refusing(dns.rcode.SERVFAIL), lambda _: None])
def test_who_cannot_be_asked_is_not_waited_for_without_end(
    answered: list[Answering], monkeypatch: pytest.MonkeyPatch, does: Answering
) -> None:
    monkeypatch.setattr(names, "LONGEST", 0.3)
    answered.append(does)
    with pytest.raises(CannotLookUp):
        names.texts_at(NAME)
