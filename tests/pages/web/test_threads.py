"""Lanes of threads: who looks waits neither for who changes something nor for what is long in the making."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from tracker.pages.web.threads import Lane, PageThreads, choosing_lanes, lane_of, lanes

MANY = [("POST", "/issues/new"), ("GET", "/reports/RIV/themes")] * 4


@pytest.mark.parametrize(
    "method, path, lane",
    [
        ("GET", "/", Lane.LOOK),
        ("HEAD", "/issues", Lane.LOOK),
        ("GET", "/issues/RIV-41", Lane.LOOK),
        ("GET", "/packs/RIV/1", Lane.LOOK),
        ("POST", "/issues/similar", Lane.LOOK),
        ("POST", "/decisions/RIV/precedents", Lane.LOOK),
        ("POST", "/issues/new", Lane.CHANGE),
        ("POST", "/packs/RIV", Lane.CHANGE),
        ("GET", "/issues/list.xlsx", Lane.MAKE),
        ("GET", "/reports/RIV/themes", Lane.MAKE),
        ("GET", "/reports/RIV/ladder.pdf", Lane.MAKE),
        ("GET", "/packs/RIV/1/pack.pdf", Lane.MAKE),
        ("POST", "/sign-in/own", Lane.CALL),
        ("GET", "/sign-in/own/RIV/acute", Lane.CALL),
        ("POST", "/account/providers/RIV/acute", Lane.CALL),
        ("POST", "/arrangements/RIV/organisations/acute/sign-in/provider", Lane.CALL),
    ],
)
def test_each_request_has_its_lane(method: str, path: str, lane: Lane) -> None:
    assert lane_of(method, path) is lane


@pytest.mark.parametrize("count, total", [(1, 3), (3, 3), (4, 4), (8, 8), (16, 16), (200, 200)])
def test_lanes_have_as_many_threads_as_there_are_and_each_has_one(count: int, total: int) -> None:
    assert sum(threads for lane, threads in lanes(count).items() if lane is not Lane.CALL) == total
    assert min(lanes(count).values()) >= 1


def test_who_looks_is_answered_while_all_that_change_and_make_wait() -> None:
    threads, let_go = PageThreads(4), Event()
    held = [submitted(threads, asked, let_go.wait) for asked in MANY]
    assert submitted(threads, ("GET", "/issues"), lambda: "answered").result(timeout=60) == "answered"
    assert not any(each.done() for each in held)
    let_go.set()
    threads.shutdown()
    assert all(each.done() for each in held)


def submitted(threads: PageThreads, asked: tuple[str, str], work: Callable[[], object]) -> Future[object]:
    """What is submitted while such a request is answered."""
    found: list[Future[object]] = []

    async def answer(*_: object) -> None:
        found.append(threads.submit(work))

    scope: Any = {"type": "http", "method": asked[0], "path": asked[1]}
    with ThreadPoolExecutor(1) as apart:  # a loop may run in this thread already
        apart.submit(asyncio.run, choosing_lanes(answer)(scope, None, None)).result()  # type: ignore[arg-type]
    return found[0]
