"""The door outwards: it reaches public hosts and named ones, follows nothing, and has an end."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tracker.post.calls import LARGEST, CallFailed, Calls, _Call
from tracker.settings.calling import CallTarget

HERE = Calls(("127.0.0.1",))
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what each caller sent first."""
    calls: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                call, _ = listener.accept()
            except OSError:
                return
            with call:
                calls.append(call.recv(4096))
                answer(call)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", calls
        listener.shutdown(socket.SHUT_RDWR)


def test_it_posts_below_the_address_and_hands_back_what_came() -> None:
    with listening(lambda call: call.sendall(LENGTH % 5 + b"hello")) as (address, calls):
        answer = HERE.post(f"{address}/log", "/add-checkpoint", b"old 0\n")
    assert (answer.status, answer.kind, answer.body) == (200, "text/plain", b"hello")
    assert calls[0].startswith(b"POST /log/add-checkpoint HTTP/1.1\r\n")


def test_it_goes_on_to_no_other_address() -> None:
    with listening(lambda call: call.sendall(LENGTH % 0)) as (elsewhere, never):
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        with listening(lambda call: call.sendall(moved)) as (address, _):
            assert HERE.post(address, "/", b"").status == 307
        assert never == []


def test_a_private_host_that_is_not_named_is_not_called() -> None:
    with listening(lambda call: call.sendall(LENGTH % 0)) as (address, calls):
        for typed in (address, address.replace("http:", "https:")):
            with pytest.raises(CallFailed):
                Calls().post(typed, "/", b"")
        assert calls == []


def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(lambda call: call.sendall(LENGTH % 0)) as (address, calls):
        port = int(address.rpartition(":")[2])

        def inside(*_: Any, **__: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", inside)
        with pytest.raises(CallFailed):
            Calls().post(f"https://witness.council.example:{port}", "/", b"")
        assert calls == []


def test_who_says_nothing_is_hung_up_on() -> None:
    ended = threading.Event()

    def wait(call: socket.socket) -> None:
        if call.recv(1) == b"":
            ended.set()

    with listening(wait) as (address, _):
        with pytest.raises(CallFailed):
            Calls(("127.0.0.1",), longest=0.2).post(address, "/", b"")
        assert ended.wait(60)


def test_a_name_that_cannot_be_looked_up_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [released.wait(60)][:0])
    with pytest.raises(CallFailed, match="in time"):
        Calls(longest=0.2).post("https://witness.council.example", "/", b"")
    released.set()


def test_who_looked_it_up_too_late_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    released, looked_up = threading.Event(), socket.getaddrinfo

    def late(host: str, *more: Any, **options: Any) -> list[Any]:
        released.wait(60)
        return looked_up("127.0.0.1", *more, **options)

    with listening(lambda call: call.sendall(LENGTH % 0)) as (address, calls):
        port = address.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", late)
        with pytest.raises(CallFailed, match="in time"):
            Calls(("witness.internal",), longest=0.2).post(f"http://witness.internal:{port}", "/", b"secret")
        (caller,) = [each for each in threading.enumerate() if each.name == "call"]
        released.set()
        caller.join(60)
        assert not caller.is_alive()
        assert b"".join(calls) == b""


def test_a_host_is_reached_by_whichever_of_its_addresses_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = socket.getaddrinfo

    def both(host: str, *more: Any, **options: Any) -> list[Any]:
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "witness.internal" else [host]
        return [found for each in hosts for found in looked_up(each, *more, **options)]

    with listening(lambda call: call.sendall(LENGTH % 5 + b"hello")) as (address, _):
        monkeypatch.setattr(socket, "getaddrinfo", both)
        port = address.rpartition(":")[2]
        assert Calls(("witness.internal",)).post(f"http://witness.internal:{port}", "/", b"").body == b"hello"


def test_who_is_being_greeted_can_be_hung_up_on() -> None:
    greeted, ended = threading.Event(), threading.Event()

    def wait(call: socket.socket) -> None:
        greeted.set()
        if call.recv(1) == b"":
            ended.set()

    with listening(wait) as (address, _):
        call = _Call(CallTarget.read(address.replace("http:", "https:"), ("127.0.0.1",)), longest=300)
        thread = threading.Thread(target=call.make, args=("POST", "/", b"", {}), daemon=True)
        thread.start()
        assert greeted.wait(60)
        call.hang_up()
        assert ended.wait(60)
        thread.join(60)
    assert (call.answer, thread.is_alive()) == (None, False)


@pytest.mark.parametrize(
    "said", [b"nonsense\r\n\r\n", b"", LENGTH % (LARGEST + 1) + b"x" * (LARGEST + 1)], ids=["nonsense", "none", "large"]
)
def test_an_answer_that_is_none_is_a_failure(said: bytes) -> None:
    with listening(lambda call: call.sendall(said)) as (address, _), pytest.raises(CallFailed):
        HERE.post(address, "/", b"")
