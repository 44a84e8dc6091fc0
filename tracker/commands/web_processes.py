"""The processes of a server: each a fork of one that has loaded everything, so that what is only read they share."""

import asyncio
import json
import mmap
import multiprocessing
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn

import structlog
import uvicorn

from tracker.commands import watching
from tracker.commands.watching import ENDING, TAKES_NONE

HUNG_AFTER = 60.0  # seconds without a word: what waits for its turn on a busy machine is not taken for hung
GIVES_WAY, MOST_TIMES = 0.002, 100  # seconds that who has more connections waits for the others, and how often
RESTS = 1.0  # seconds that nothing is taken for which there is no room

_NUMBER = 8  # bytes
log = structlog.get_logger("tracker.serving")


class Shares:
    """What web processes know of each other, in memory that all of them have: how many connections each holds, and
    when it was last heard of."""

    def __init__(self, file: int) -> None:
        """`file`: the open one that they share."""
        memory = memoryview(mmap.mmap(file, 0))
        half = len(memory) // 2
        self.file, self.count = file, half // _NUMBER
        self._held, self._heard_at = memory[:half].cast("q"), memory[half:].cast("d")

    @classmethod
    def among(cls, count: int) -> "Shares":
        """Of so many."""
        with tempfile.TemporaryFile() as file:
            file.truncate(2 * count * _NUMBER)
            return cls(os.dup(file.fileno()))

    def begin(self, number: int) -> None:
        """One that begins is heard of, and takes no connections yet."""
        self.close(number)
        self.hear(number)

    def open(self, number: int) -> None:
        self._held[number] = 0

    def close(self, number: int) -> None:
        self._held[number] = TAKES_NONE

    def change(self, number: int, connections: int) -> None:
        """So many more, or fewer."""
        self._held[number] += connections

    def has_more(self, number: int) -> bool:
        """Whether another holds fewer."""
        return self._held[number] > min(self._held)

    def hear(self, number: int) -> None:
        self._heard_at[number] = time.monotonic()


class _Connections(set[Any]):
    """The open connections of a server, which tells when one is over."""

    def __init__(self, over: Callable[[], None]) -> None:
        super().__init__()
        self._over = over

    def discard(self, connection: Any) -> None:
        if connection in self:
            self._over()
        super().discard(connection)


class SharingServer(uvicorn.Server):
    """A web process beside others that listen at the same place: who holds more connections than another gives way, for
    a moment, since the other may be at something long."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, shares: Shares, number: int) -> None:
        super().__init__(config)
        self._listener, self._shares, self._number = listener, shares, number
        self._waiting = select.poll()
        self._waiting.register(listener, select.POLLIN)
        self._coming: set[asyncio.Task[Any]] = set()
        self.server_state.connections = _Connections(partial(shares.change, number, -1))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._shares.open(self._number)
        asyncio.get_running_loop().add_reader(self._listener, self._take)

    async def on_tick(self, counter: int) -> bool:
        self._shares.hear(self._number)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.should_exit = True
        asyncio.get_running_loop().remove_reader(self._listener)
        self._shares.close(self._number)
        await super().shutdown(sockets)

    def _take(self, gave_way: int = 0) -> None:
        """One connection, that the next is for who has fewer then."""
        loop = asyncio.get_running_loop()
        if gave_way < MOST_TIMES and self._shares.has_more(self._number):
            loop.remove_reader(self._listener)
            loop.call_later(GIVES_WAY, self._look_again, gave_way + 1)
            return
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another took it, or it is gone
        except OSError as fault:  # no room for one more (EMFILE, ENOBUFS)
            log.warning("no connection can be taken", fault=str(fault), seconds=RESTS)
            loop.remove_reader(self._listener)
            loop.call_later(RESTS, self._look_again, 0)
            return
        self._shares.change(self._number, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        self._coming.add(coming := loop.create_task(loop.connect_accepted_socket(self._protocol, connection)))
        coming.add_done_callback(self._came)

    def _look_again(self, gave_way: int) -> None:
        if self.should_exit:
            return
        asyncio.get_running_loop().add_reader(self._listener, self._take)
        if self._waiting.poll(0):
            self._take(gave_way)

    def _came(self, coming: asyncio.Task[Any]) -> None:
        self._coming.discard(coming)
        if coming.cancelled() or coming.exception():
            self._shares.change(self._number, -1)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


@dataclass(frozen=True, slots=True)
class Work:
    """What one process does until it is told to end. `again`: the command by which another is begun when it died, with
    what became of it as the last argument; `number`: its own among the shares, None where it is no web process."""

    do: Callable[[], object]
    again: Sequence[str]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Died:
    """A process that died, how it `ended`, and its number among the shares (`Work`)."""

    process: int
    ended: int
    number: int | None

    @property
    def said(self) -> str:
        """For the log."""
        return f"{'the clock' if self.number is None else 'a web process'} died and another was begun"


class Processes:
    """One process for each work, until this one is told to end: none outlives it. `listener`: where all of them take
    their connections; `figures`: a folder that goes with them."""

    def __init__(self, works: Sequence[Work], shares: Shares, listener: socket.socket, figures: str = "") -> None:
        self._works, self._shares, self._figures = works, shares, figures
        self._fork = multiprocessing.get_context("fork")
        self._ends_with, self._lives = os.pipe()
        self._passed_on = (listener.fileno(), shares.file, self._ends_with)

    def run(self) -> NoReturn:
        """Begins them, and gives place to who watches them (`watching`), under the same number: what this process
        loaded, its processes share, and each page that they change would stay here, too."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        works = [
            {"process": self._begun(work).pid, "again": self._again(work), "number": work.number}
            for work in self._works
        ]
        for each in (*self._passed_on, self._lives):
            os.set_inheritable(each, True)
        given = {"works": works, "hung_after": HUNG_AFTER, "shares": self._shares.file, "lives": self._lives}
        said = json.dumps({**given, "figures": self._figures})
        os.execv(sys.executable, [sys.executable, "-I", "-S", watching.__file__, said])

    def _again(self, work: Work) -> list[str]:
        return [*work.again, json.dumps(self._passed_on)]

    def _begun(self, work: Work) -> BaseProcess:
        """What is told while it begins it hears once it listens."""
        if work.number is not None:
            self._shares.begin(work.number)
        process = self._fork.Process(target=self._do, args=(work,))
        process.start()
        return process

    def _do(self, work: Work) -> None:
        os.close(self._lives)
        end_with(self._ends_with)
        work.do()


def end_with(server: int) -> None:
    """This process ends with the server, at the other end of that pipe: nothing is ever written there, and it is closed
    when the server is gone, however it went."""

    def wait() -> None:
        os.read(server, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="life", daemon=True).start()


def ends_by(end: Callable[[int, Any], object]) -> None:
    """What this process does from now on when it is told to end, be it that it was told already."""
    for number in ENDING:
        signal.signal(number, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def answer(config: uvicorn.Config, listener: socket.socket, shares: Shares, number: int) -> None:
    """As one of the web processes, with the application that `config` has loaded."""
    server = SharingServer(config, listener, shares, number)
    ends_by(server.handle_exit)
    server.run(sockets=[])


def answer_again(config: uvicorn.Config, number: int, passed_on: Sequence[int]) -> None:
    """The same, in the place of one that died: `passed_on` are the files that all of them have."""
    listener, shares, server = passed_on
    end_with(server)
    answer(config, socket.socket(fileno=listener), Shares(shares), number)


def web_processes(config: uvicorn.Config, listener: socket.socket, shares: Shares, again: Sequence[str]) -> list[Work]:
    """As many as there are shares, that answer at this place. `again`: the command that begins another."""
    return [Work(partial(answer, config, listener, shares, number), again, number) for number in range(shares.count)]
