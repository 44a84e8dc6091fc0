"""For machines that watch this one: is it alive, is it ready, does its clock go round, how busy is it."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from tracker.database import Database
from tracker.pages.web.request import Asking, now_of, settings_of
from tracker.queries.administration.restored import held_copy
from tracker.queries.due import Queue, counts_besides, ended_sweeps, queues, set_aside
from tracker.rules.refusals import NotThere
from tracker.rules.sweeps import EVERY, POST, late_sweeps
from tracker.settings import SHARED_FIGURES

ANSWERS_IN = 5.0  # seconds
T = TypeVar("T")
_LANE = ThreadPoolExecutor(1, thread_name_prefix="health")
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_FIGURES = CONTENT_TYPE_LATEST.replace("; charset=utf-8", "")  # which is put behind every text


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """What waits at a moment, what is counted besides, and when each sweep last ended."""

    at: datetime
    queues: dict[str, Queue]
    besides: dict[str, int]
    sweeps: dict[str, datetime]


@get("/health/live", sync_to_thread=False)
def show_live() -> Response[dict[str, Any]]:
    """The process answers."""
    return _answer({"alive": True}, good=True)


@get("/health/ready")
async def show_ready(request: Asking) -> Response[dict[str, Any]]:
    """The database answers, has the tables of this version and takes writes; 503 until then."""
    found = await _asked(request, _readiness)
    if found is None:
        return _answer({"database": "does not answer"}, good=False)
    migrations, writes = found
    told = {
        "database": "answers",
        "migrations": migrations,
        "writes": "taken" if writes else "refused",
    }
    return _answer(told, good=writes)


@get("/health/clock")
async def show_clock(request: Asking) -> Response[dict[str, Any]]:
    """When each sweep last ended, and how much it had to set aside; 503 when one is late, or never ended, or nothing
    goes round because what was restored is held. Over a copy only what sends sign-in links goes round."""
    found = await _asked(request, _sweeps)
    if found is None:
        return _answer({"database": "does not answer"}, good=False)
    ended, aside, held = found
    if held:
        return _answer({"held": "restored from a backup: run `tracker restore --live`"}, good=False)
    late = late_sweeps(ended, now_of(request), POST if request.app.state.reads_only else EVERY)
    seen = {name: at.isoformat() for name, at in ended.items()}
    return _answer({"sweeps": seen, "late": late, "set_aside": aside}, good=not late)


@get("/metrics")
async def show_metrics(request: Asking) -> Response[bytes]:
    """Figures for Prometheus, for the addresses in TRACKER_METRICS_FROM; for all others there is nothing here."""
    if not _may_read_figures(request):
        raise NotThere("There is nothing at this address.")
    now = now_of(request)
    waiting = await _asked(request, lambda db: _waiting(db, now))
    figures = generate_latest(_everybodys()) + generate_latest(_gauges(waiting))
    return Response(figures, media_type=_FIGURES)


async def _asked(request: Asking, question: Callable[[Database], T]) -> T | None:
    """Asks by a connection and in a thread that no page uses, and not for long; None where nobody answers."""
    asking = asyncio.get_running_loop().run_in_executor(_LANE, question, request.app.state.health)
    try:
        return await asyncio.wait_for(asking, ANSWERS_IN)
    except (SQLAlchemyError, TimeoutError):
        return None


def _readiness(db: Database) -> tuple[str, bool]:
    """How its migrations stand, and whether it takes writes: not where a table of this version may be missing. Who was
    serving when the next version came goes on until its turn to be replaced; nobody begins on a newer database."""
    if db.is_current():
        return "current", db.takes_writes()
    return ("newer than this program", db.takes_writes()) if db.is_newer() else ("run `tracker migrate`", False)


def _sweeps(db: Database) -> tuple[dict[str, datetime], dict[str, int], bool]:
    with db.read() as session:
        return ended_sweeps(session), set_aside(session), held_copy(session) is not None


def _waiting(db: Database, now: datetime) -> WaitingWork:
    with db.read() as session:
        return WaitingWork(now, queues(session, now), counts_besides(session, now), ended_sweeps(session))


def _answer(said: dict[str, Any], *, good: bool) -> Response[dict[str, Any]]:
    return Response(said, status_code=200 if good else 503, media_type="application/json")


def _may_read_figures(request: Asking) -> bool:
    """Never through a proxy: whoever forgot to name theirs in the settings would show the figures to everybody."""
    caller = request.client.host if request.client else ""
    through_proxy = any(name in request.headers for name in _FORWARDED)
    return not through_proxy and _is_in(caller, settings_of(request).metrics_from)


def _is_in(host: str, networks: tuple[str, ...]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in ip_network(each) for each in networks)


def _everybodys() -> CollectorRegistry:
    """The figures of all web processes, where there are several; else of this one."""
    if SHARED_FIGURES not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _gauges(waiting: WaitingWork | None) -> CollectorRegistry:
    """None: the database does not answer."""
    fresh = CollectorRegistry()
    Gauge("tracker_database_up", "Whether the database answers.", registry=fresh).set(waiting is not None)
    length = Gauge("tracker_queue_length", "What waits to be done.", ["queue"], registry=fresh)
    age = Gauge("tracker_queue_age_seconds", "How long the first of a queue waits.", ["queue"], registry=fresh)
    lag = Gauge("tracker_sweep_lag_seconds", "Since a sweep of the clock ended.", ["sweep"], registry=fresh)
    if waiting is None:
        return fresh
    for name, queue in waiting.queues.items():
        length.labels(name).set(queue.length)
        age.labels(name).set(_seconds(queue.since, waiting.at))
    for name, count in waiting.besides.items():
        length.labels(name).set(count)
    for name, ended_at in waiting.sweeps.items():
        lag.labels(name).set(_seconds(ended_at, waiting.at))
    return fresh


def _seconds(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


routes = [show_live, show_ready, show_clock, show_metrics]
