"""How the log is written: one line an event to stderr, as text or JSON."""

import logging
import sys
import threading
import time
import traceback
from contextlib import suppress
from hashlib import sha256
from ipaddress import ip_address, ip_network

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

_JSON: list[Processor] = [
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    structlog.processors.JSONRenderer(),
]
WHOLE_AGAIN_AFTER = 3600.0  # seconds
MOST_KINDS = 1000  # of faults that are counted
_LIBRARIES = "%(asctime)s [%(levelname)s] %(name)s: %(message)s"


def write_log(form: str) -> None:
    """From now on lines are written as `text` or `json`, or as text of `faults` alone. Libraries are heard from
    warnings on.

    A fault is written with the lines of code it went through, never with what they had in hand: that may be anybody's
    words.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final = _JSON if form == "json" else [_text(in_colour=sys.stderr.isatty())]
    structlog.configure(
        processors=[*shared, RepeatedFaults(), *final],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if form == "faults" else logging.INFO),
        logger_factory=lambda *_: _Lines(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format=_LIBRARIES)


def kind_of(fault: BaseException) -> str:
    """8 hex digits that are the same for faults of the same kind: what it is, and where in the code it was."""
    lines = [f"{each.filename}:{each.lineno}" for each in traceback.extract_tb(fault.__traceback__)]
    return sha256("\n".join([type(fault).__name__, *lines[-1:], *_ours(lines)[-1:]]).encode()).hexdigest()[:8]


class RepeatedFaults:
    """A fault is told with the lines of code it went through once an hour; of the same kind meanwhile only how often,
    at every doubling: hundreds of them would bury the rest, and fill the disk."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def __call__(self, _logger: object, _method: str, told: EventDict) -> EventDict:
        fault = told.get("exc_info")
        if fault is True:
            fault = sys.exc_info()[1]
        if not isinstance(fault, BaseException):
            return told
        times = self._count((str(told["event"]), kind_of(fault)))
        if times == 1:
            return told
        if times.bit_count() > 1:
            raise structlog.DropEvent
        told.pop("exc_info")
        return {**told, "why": type(fault).__name__, "times": times}

    def _count(self, kind: tuple[str, str]) -> int:
        now = time.monotonic()
        with self._lock:
            since, times = self._seen.get(kind, (now, 0))
            if now - since > WHOLE_AGAIN_AFTER:
                since, times = now, 0
            if len(self._seen) >= MOST_KINDS:
                self._seen.clear()
            self._seen[kind] = since, times + 1
        return times + 1


class _Lines(structlog.PrintLogger):
    """Writes lines. A log that cannot be written (a pipe that nobody reads any more, a full disk) stops nothing."""

    def msg(self, message: str) -> None:
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def _ours(lines: list[str]) -> list[str]:
    return [line for line in lines if "site-packages" not in line]


def _text(*, in_colour: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(colors=in_colour, exception_formatter=structlog.dev.plain_traceback)


def place_in_words(host: str) -> str:
    """Where somebody calls from: an IPv4 address, or the /64 network in which an IPv6 address is drawn at will."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ip_network((address, 64), strict=False))
