"""The threads in which pages are made, in lanes, so that who looks finds one; and one that learns for suggestions."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import ContextVar
from enum import Enum, auto
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from tracker.database import Database, is_of_the_database
from tracker.queries.learning import learner
from tracker.rules.addresses import is_long_in_making, may_call_outwards, only_compares

_log = structlog.get_logger()
T = TypeVar("T")
_LOOKING = {"GET", "HEAD", "OPTIONS"}


class Lane(Enum):
    """LOOK: at a page. CHANGE: something, which waits for whoever changes it, too. MAKE: a report, a paper, a file.
    CALL: another server, which may be slow."""

    LOOK = auto()
    CHANGE = auto()
    MAKE = auto()
    CALL = auto()


_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.LOOK)


def lanes(count: int) -> Mapping[Lane, int]:
    """How many of so many threads are in each lane: half of them look, an eighth makes. One at least in each.

    More of those who look or make would slow each other: one at a time has the interpreter. Who calls only waits, and
    is not counted.
    """
    make, change = max(1, count // 8), max(1, count * 3 // 8)
    return {
        Lane.LOOK: max(1, count - make - change),
        Lane.CHANGE: change,
        Lane.MAKE: make,
        Lane.CALL: max(4, count // 2),
    }


class PageThreads(ThreadPoolExecutor):
    """So many threads, in lanes. In which something is done is known from where it is submitted."""

    def __init__(self, count: int) -> None:
        super().__init__(1)  # what asyncio takes for its own; nothing is done in it
        self._lanes: dict[Lane, Executor] = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=lane.name.lower())
            for lane, threads in lanes(count).items()
        }

    def submit(self, work: Callable[..., T], /, *args: Any, **named: Any) -> Future[T]:
        return self._lanes[_lane.get()].submit(work, *args, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for lane in self._lanes.values():
            lane.shutdown(wait, cancel_futures=cancel_futures)


class LearningThread:
    """Learns from issues, a few at a time, whenever somebody asked for suggestions: no request waits for it. It rests
    for as long as it worked, so that requests have their turn."""

    AT_ONCE = 20  # issues: some five milliseconds

    def __init__(self, db: Database) -> None:
        self._db, self._ended, self._thread = db, Event(), Thread(target=self._run, name="learning", daemon=True)

    def start(self) -> None:
        """In the process that answers: the one that it is forked from has no connection."""
        with self._db.read() as session:
            self._learner = learner(session)
        self._learner.is_taught = True
        self._thread.start()

    def end(self) -> None:
        """Once what it is at is done."""
        self._learner.is_taught = False
        self._ended.set()
        self._learner.wanted.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        wanted = self._learner.wanted
        while not self._ended.is_set():
            wanted.wait()
            wanted.clear()
            began = monotonic()
            while not self._ended.is_set() and self._learns_more():
                self._ended.wait(monotonic() - began)
                began = monotonic()

    def _learns_more(self) -> bool:
        try:
            with self._db.read() as session:
                return self._learner.learn_wanted(session, self.AT_ONCE)
        except Exception as fault:  # else nobody would learn any more
            if not is_of_the_database(fault):
                _log.exception("not learnt")
            return False  # whoever asks next wakes it


def lane_of(method: str, path: str) -> Lane:
    """The lane in which such a request is answered."""
    if may_call_outwards(path):
        return Lane.CALL
    if method not in _LOOKING and not only_compares(path):
        return Lane.CHANGE
    return Lane.MAKE if is_long_in_making(path) else Lane.LOOK


def choosing_lanes(app: ASGIApp) -> ASGIApp:
    """The same application, each of whose requests is answered in its lane."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            _lane.set(lane_of(scope["method"], scope["path"]))
        await app(scope, receive, send)

    return choose


def threads_begin(count: int) -> Callable[[], object]:
    """What makes pages in so many threads, once the application begins."""

    async def begin() -> None:
        asyncio.get_running_loop().set_default_executor(PageThreads(count))

    return begin
