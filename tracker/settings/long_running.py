"""Processes that go on for long: what Python looks through for garbage, and where their threads keep memory."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MOST_ARENAS = -8  # M_ARENA_MAX of malloc.h
_OBJECTS_MADE = 10_000  # before it is looked for: a batch makes fewer that stay


@contextmanager
def loading() -> Iterator[None]:
    """Meanwhile no garbage is looked for: nothing of what is loaded is any, and that took a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def keep_few_arenas() -> bool:
    """glibc lets threads keep memory apart, and what one of them has freed no other takes: two such places are enough,
    since one thread at a time has the interpreter. Whether it was done: other libraries of C have no such places."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_MOST_ARENAS, 2))


def begun() -> None:
    """Of a clock: what is there by now stays for good, and is not looked through any more; what comes, less often than
    usual: that took a third of the time in which notices are made. Pages gain little by it, and would take more
    memory."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_MADE, 20, 20)
