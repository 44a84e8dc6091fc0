"""The processes of a server: connections are spread over them, who hangs is replaced, and none outlives the server."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

RUNS, AT_ONCE, MOST = 20, 8, 5
ROOM = 40  # files that a process may have open


def test_connections_that_come_at_once_are_spread_over_the_processes() -> None:
    spread = []
    with served(patience=30) as (port, _):
        for _ in range(RUNS):
            until(lambda: not holds_any(port))  # those of before are known to be over
            spread += [max(Counter(answering(port, AT_ONCE)).values())]
    assert max(spread) <= MOST


def test_a_process_that_does_nothing_keeps_nobody_from_being_answered_and_is_replaced() -> None:
    with served() as (port, process):
        first, second = processes(process)
        os.kill(first, signal.SIGSTOP)
        assert set(answering(port, 2)) == {second}
        until(lambda: first not in processes(process) and len(processes(process)) == 2)
        until(lambda: len(set(answering(port, AT_ONCE))) == 2)


def test_who_watches_holds_nothing_of_what_its_processes_loaded() -> None:
    with served() as (_, process):
        assert "site-packages" not in Path(f"/proc/{process.pid}/maps").read_text()
        assert all("site-packages" in Path(f"/proc/{each}/maps").read_text() for each in processes(process))


def test_who_was_begun_instead_of_one_that_died_ends_with_the_server_as_well() -> None:
    with served() as (port, process):
        first, second = processes(process)
        os.kill(first, signal.SIGKILL)
        until(lambda: len({*processes(process)} - {first, second}) == 1)
        until(lambda: len(set(answering(port, AT_ONCE))) == 2)
        process.kill()
        process.wait(300)
        until(lambda: not takes(port))


def test_a_server_that_is_told_to_end_takes_nothing_more() -> None:
    with served() as (port, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(300) == 0
        assert not takes(port)


def test_no_process_outlives_a_server_that_was_killed() -> None:
    with served() as (port, process):
        assert len(processes(process)) == 2
        process.kill()
        process.wait(300)
        until(lambda: not takes(port))


def test_where_there_is_no_room_for_one_more_it_rests_and_then_takes_it() -> None:
    with served(stdout=subprocess.PIPE, preexec_fn=_little_room) as (port, process), ExitStack() as opened:
        began = time.monotonic()
        for _ in range(2 * ROOM + 20):
            opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=300))
        assert process.stdout
        said = [process.stdout.readline() for _ in range(4)]
        assert all(b"no connection can be taken" in each for each in said)
        assert time.monotonic() - began > 1, "two processes, each at most once a second"
        opened.close()
        assert len(answering(port, AT_ONCE)) == AT_ONCE


def _little_room() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (ROOM, ROOM))


@contextmanager
def served(patience: float = 1, **how: Any) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """`patience`: as who_answers has it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "tests.commands.who_answers", str(port), str(patience)]
    with subprocess.Popen(command, **how) as process:
        try:
            until(lambda: takes(port))
            until(lambda: len(set(answering(port, AT_ONCE))) == 2)
            yield port, process
        finally:
            process.terminate()


def answering(port: int, count: int) -> list[int]:
    """Which process holds each of so many connections, opened at once."""
    with ExitStack() as opened:
        connections = [HTTPConnection("127.0.0.1", port, timeout=300) for _ in range(count)]
        for connection in connections:
            opened.callback(connection.close)
            connection.connect()
        for connection in connections:
            connection.request("GET", "/")
        return [int(connection.getresponse().read()) for connection in connections]


def takes(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def holds_any(port: int) -> bool:
    """Whether the server at this port has a connection that it did not close (Linux, proc_net_tcp(5))."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(each[1].endswith(f":{port:04X}") and each[3] in _HELD for each in lines)


_HELD = {"01", "08"}  # established; closed by the other side alone


def processes(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < end, "it does not come to that"
        time.sleep(0.05)
