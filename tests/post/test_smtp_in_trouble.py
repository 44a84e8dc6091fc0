"""Mail servers in trouble: each letter has an end, and nobody waits for ever."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.post.conftest import SITE
from tests.post.letters import letter
from tracker.post.smtp import Smtp
from tracker.rules.letters import Undelivered

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)
AN_END = 30  # seconds: far less than the minutes for which they would wait
Talk = Callable[[socket.socket, threading.Event], None]


def hang(line: socket.socket, over: threading.Event) -> None:
    """Says nothing at all."""
    over.wait(AN_END)


def hang_after_data(line: socket.socket, over: threading.Event) -> None:
    """Takes the letter, and never says so."""
    _until_data(line)
    over.wait(AN_END)


def drip(line: socket.socket, over: threading.Event) -> None:
    """Says a letter now and then: no single wait is long."""
    _until_data(line)
    while not over.wait(0.05):
        line.sendall(b"2")


def drip_lines(line: socket.socket, over: threading.Event) -> None:
    """Greets for ever."""
    while not over.wait(0.05):
        line.sendall(b"220-still here\r\n")


def read_nothing(line: socket.socket, over: threading.Event) -> None:
    """Lets the letter come, and does not read it."""
    line.sendall(b"220 hello\r\n")
    _answer(line, b"250 hello\r\n", until=b"MAIL")
    over.wait(AN_END)


def die_in_data(line: socket.socket, over: threading.Event) -> None:
    """Hangs up in the middle of a letter."""
    _until_data(line, whole=False)
    line.close()


@contextmanager
def talking(talk: Talk) -> Iterator[str]:
    """The address of a server that behaves so to everybody."""
    over, listening = threading.Event(), socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_quietly, args=(talk, line, over), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.close()


@pytest.mark.parametrize("talk", [hang, hang_after_data, drip, drip_lines, read_nothing])
def test_a_letter_has_an_end_however_the_server_behaves(talk: Talk) -> None:
    with talking(talk) as url:
        refusal, took = _refused(url, seconds=0.5)
    assert took < AN_END / 2
    assert refusal.broken_off or refusal.nobody_there
    assert not refusal.for_good


@pytest.mark.parametrize("talk", [hang_after_data, die_in_data])
def test_a_conversation_that_broke_off_is_tried_again_and_counted(talk: Talk) -> None:
    with talking(talk) as url:
        refusal, _ = _refused(url, seconds=0.5)
    assert (refusal.broken_off, refusal.for_good, refusal.nobody_there) == (True, False, False)
    assert "broke off" in str(refusal)


@pytest.mark.parametrize("greeting", [b"554 no service here\r\n", b"421 too busy\r\n"])
def test_a_server_that_turns_everybody_away_is_held_against_no_letter(greeting: bytes) -> None:
    def turn_away(line: socket.socket, over: threading.Event) -> None:
        line.sendall(greeting)
        over.wait(AN_END)

    with talking(turn_away) as url:
        refusal, _ = _refused(url, seconds=10)
    assert (refusal.nobody_there, refusal.for_good) == (True, False)


def test_a_server_that_refuses_every_greeting_is_held_against_no_letter() -> None:
    def refuse(line: socket.socket, over: threading.Event) -> None:
        line.sendall(b"220 hello\r\n")
        _answer(line, b"554 5.7.1 you are on a list\r\n", until=b"never")

    with talking(refuse) as url:
        refusal, _ = _refused(url, seconds=10)
    assert (refusal.nobody_there, refusal.for_good) == (True, False)


def _refused(url: str, *, seconds: float) -> tuple[Undelivered, float]:
    channel, began = Smtp(url, SITE, seconds), time.monotonic()
    with pytest.raises(Undelivered) as refusal:
        channel.send(letter(subject="x" * 2000, why="y" * 3_000_000), NOW)
    took = time.monotonic() - began
    channel.close()
    return refusal.value, took


def _quietly(talk: Talk, line: socket.socket, over: threading.Event) -> None:
    """The other side hangs up when it has had enough."""
    try:
        talk(line, over)
    except OSError:
        pass
    finally:
        line.close()


def _until_data(line: socket.socket, *, whole: bool = True) -> None:
    line.sendall(b"220 hello\r\n")
    _answer(line, b"250 yes\r\n", until=b"data")
    line.sendall(b"354 go on\r\n")
    _heard(line, b"\r\n.\r\n" if whole else b"Subject")


def _answer(line: socket.socket, words: bytes, *, until: bytes) -> None:
    """The same to every command, until one begins so."""
    while said := line.recv(4096):
        if said.upper().startswith(until.upper()):
            return
        line.sendall(words)


def _heard(line: socket.socket, end: bytes) -> None:
    heard = b""
    while end not in heard and (more := line.recv(65536)):
        heard = heard[-10:] + more
