"""The processes of a server: each a fork of one that has loaded everything, so that what is only read they share."""

import asyncio
import mmap
import multiprocessing
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE

LOOKED_EVERY = 0.2  # seconds between two looks at what the server is told, and whether its processes live
HUNG_AFTER = 60.0  # seconds without a word: what waits for its turn on a busy machine is not taken for hung
ENDS_IN = 28.0  # seconds; systemd kills after 30
GIVES_WAY, MOST_TIMES = 0.002, 100  # seconds that who has more connections waits for the others, and how often
RESTS = 1.0  # seconds that nothing is taken for which there is no room

_ENDING = (signal.SIGINT, signal.SIGTERM)
_TAKES_NONE = 1 << 40  # as many connections: who takes none is not waited for
_NUMBER = 8  # bytes
log = structlog.get_logger("tracker.serving")


class Shares:
    """What web processes know of each other, in memory that all of them have: how many connections each holds, and
    when it was last heard of."""

    def __init__(self, count: int) -> None:
        memory = memoryview(mmap.mmap(-1, 2 * count * _NUMBER))
        self._held, self._heard_at = memory[: count * _NUMBER].cast("q"), memory[count * _NUMBER :].cast("d")

    def begin(self, number: int) -> None:
        """One that begins is heard of, and takes no connections yet."""
        self.close(number)
        self.hear(number)

    def open(self, number: int) -> None:
        self._held[number] = 0

    def close(self, number: int) -> None:
        self._held[number] = _TAKES_NONE

    def change(self, number: int, connections: int) -> None:
        """So many more, or fewer."""
        self._held[number] += connections

    def has_more(self, number: int) -> bool:
        """Whether another holds fewer."""
        return self._held[number] > min(self._held)

    def hear(self, number: int) -> None:
        self._heard_at[number] = time.monotonic()

    def silence(self, number: int) -> float:
        """Seconds since it was last heard of."""
        return time.monotonic() - self._heard_at[number]


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


@dataclass(slots=True)
class Work:
    """What one process does until it is told to end. `died`: what the log says when another had to be begun; `begins`
    is done before each fork."""

    died: str
    do: Callable[[], object]
    begins: Callable[[], object] = lambda: None
    silence: Callable[[], float] = lambda: 0.0


class Processes:
    """One process for each work, begun anew when it died or hangs, until this one is told to end. None outlives it."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.failed = False  # one could not begin at all, as no other would
        self._works, self._running = works, list[BaseProcess]()
        self._told: list[int] = []
        self._fork = multiprocessing.get_context("fork")
        self._ends_with, self._lives = os.pipe()

    def run(self) -> None:
        """Returns when all have ended."""
        for each in _ENDING:
            signal.signal(each, lambda told, _: self._told.append(told))
        try:
            for work in self._works:
                self._running.append(self._begun(work))
            while not (self._told or self.failed):
                time.sleep(LOOKED_EVERY)
                for number, work in enumerate(self._works):
                    self._running[number] = self._seen_to(work, self._running[number])
        finally:
            self._end()

    def _begun(self, work: Work) -> BaseProcess:
        """What is told while it begins it hears once it listens."""
        work.begins()
        process = self._fork.Process(target=self._do, args=(work,))
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        return process

    def _do(self, work: Work) -> None:
        os.close(self._lives)
        threading.Thread(target=self._end_with_the_server, name="life", daemon=True).start()
        work.do()

    def _end_with_the_server(self) -> None:
        """Nothing is ever written there; it is closed when the server is gone, however it went."""
        os.read(self._ends_with, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _seen_to(self, work: Work, process: BaseProcess) -> BaseProcess:
        """The process, or the one that was begun instead of it."""
        if process.is_alive() and work.silence() > HUNG_AFTER:
            process.kill()
            process.join()
        if process.is_alive() or self._told:
            return process
        if process.exitcode == STARTUP_FAILURE:
            self.failed = True
            return process
        new = self._begun(work)
        log.error(work.died, process=process.pid, ended=process.exitcode, new=new.pid)
        return new

    def _end(self) -> None:
        """Each finishes what it is at; told a second time, or after long, all end at once."""
        told, until = len(self._told), time.monotonic() + ENDS_IN
        for process in self._running:
            process.terminate()
        while living := [process for process in self._running if process.is_alive()]:
            if len(self._told) > told or time.monotonic() > until:
                for process in living:
                    process.kill()
            wait([process.sentinel for process in living], LOOKED_EVERY)


def ends_by(end: Callable[[int, Any], object]) -> None:
    """What this process does from now on when it is told to end, be it that it was told already."""
    for number in _ENDING:
        signal.signal(number, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def web_processes(config: uvicorn.Config, listener: socket.socket, count: int) -> list[Work]:
    """So many that answer at this place, with the application that `config` has loaded."""
    shares = Shares(count)

    def answer(number: int) -> None:
        server = SharingServer(config, listener, shares, number)
        ends_by(server.handle_exit)
        server.run(sockets=[])

    died = "a web process died and another was begun"
    return [
        Work(died, partial(answer, number), partial(shares.begin, number), partial(shares.silence, number))
        for number in range(count)
    ]
