"""Mail servers in trouble: each letter has an end, and nobody waits for ever."""

import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from tests.post.conftest import SITE
from tests.post.letters import letter
from tests.post.servers_in_trouble import (
    AN_END,
    Talk,
    answer,
    die_in_data,
    drip,
    drip_lines,
    hang,
    hang_after_data,
    read_nothing,
    talking,
)
from tracker.post.smtp import Smtp
from tracker.rules.letters import Undelivered

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


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
        answer(line, b"554 5.7.1 you are on a list\r\n", until=b"never")

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
