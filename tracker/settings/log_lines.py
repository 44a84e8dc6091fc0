"""How the log is written: one line an event to stderr, as text or JSON."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

_JSON: list[Processor] = [
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    structlog.processors.JSONRenderer(),
]
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
        processors=[*shared, *final],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if form == "faults" else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format=_LIBRARIES)


def _text(*, in_colour: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(colors=in_colour, exception_formatter=structlog.dev.plain_traceback)
