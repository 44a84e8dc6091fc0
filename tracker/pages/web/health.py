"""For machines that watch this one: is it alive, is it ready, does its clock go round, how busy is it."""

import os
from ipaddress import ip_address, ip_network
from typing import Any

from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from tracker.pages.web.request import Asking, TheDatabase, TheTime, settings_of
from tracker.queries.due import queue_lengths, sweeps
from tracker.rules.refusals import NotThere
from tracker.rules.sweeps import is_late

_FORWARDED = ("x-forwarded-for", "forwarded")
SHARED_FIGURES = "PROMETHEUS_MULTIPROC_DIR"  # where several web processes put their figures together


@get("/health/live", sync_to_thread=False)
def show_live() -> Response[dict[str, Any]]:
    """The process answers."""
    return _answer({"alive": True}, good=True)


@get("/health/ready", sync_to_thread=True)
def show_ready(db: TheDatabase) -> Response[dict[str, Any]]:
    """The database answers and has the tables of this version; 503 until then."""
    try:
        current = db.is_current()
    except SQLAlchemyError:
        return _answer({"database": "does not answer"}, good=False)
    return _answer(
        {"database": "answers", "migrations": "current" if current else "run `tracker migrate`"}, good=current
    )


@get("/health/clock", sync_to_thread=True)
def show_clock(db: TheDatabase, now: TheTime) -> Response[dict[str, Any]]:
    """When each sweep last ended; 503 when one is late, or none was ever made."""
    with db.read() as session:
        ended = sweeps(session)
    late = [name for name, at in ended.items() if is_late(at, now)]
    seen = {name: at.isoformat() for name, at in ended.items()}
    return _answer({"sweeps": seen, "late": late}, good=bool(ended) and not late)


@get("/metrics", sync_to_thread=True)
def show_metrics(request: Asking, db: TheDatabase, now: TheTime) -> Response[bytes]:
    """Figures for Prometheus, for the addresses in TRACKER_METRICS_FROM; for all others there is nothing here."""
    if not _may_read_figures(request):
        raise NotThere("There is nothing at this address.")
    with db.read() as session:
        lengths = queue_lengths(session, now)
    figures = generate_latest(_everybodys()) + generate_latest(_queues(lengths))
    return Response(figures, media_type=CONTENT_TYPE_LATEST)


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


def _queues(lengths: dict[str, int]) -> CollectorRegistry:
    fresh = CollectorRegistry()
    queue = Gauge("tracker_queue_length", "What waits to be done.", ["queue"], registry=fresh)
    for name, length in lengths.items():
        queue.labels(name).set(length)
    return fresh


routes = [show_live, show_ready, show_clock, show_metrics]
