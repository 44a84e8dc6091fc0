"""Serves with web processes that begin as on a busy machine: python -m tests.commands.slow_start PORT."""

import ctypes
import sys

from litestar import Litestar

from tracker.app import from_environment
from tracker.commands.serving import serve_here

LONGER_THAN_USUAL = 7  # seconds; where nothing else is said a process has 5 to answer that it is alive


def create() -> Litestar:
    """The application, during whose making its process answers nobody: as an import does that waits for its turn."""
    ctypes.PyDLL(None).sleep(LONGER_THAN_USUAL)  # a sleep that lets no other thread of this process run
    return from_environment()


if __name__ == "__main__":
    serve_here("127.0.0.1", int(sys.argv[1]), 2, made_by="tests.commands.slow_start:create")
