"""A clock that kills itself in the middle of what it does.

`python -m tests.journeys.dying_clock FUNCTION CALL ...` dies when a function, by its module and name, is called for
the so many-th time; what follows is what `tracker` is told.
"""

import importlib
import os
import signal
import sys
from itertools import count
from typing import Any

from tracker.__main__ import main


def dies(function: str, at: int) -> None:
    """The function kills the process on that call, the first being 1."""
    module, _, name = function.rpartition(".")
    real, calls = getattr(importlib.import_module(module), name), count(1)

    def deadly(*given: Any, **named: Any) -> Any:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)

    setattr(sys.modules[module], name, deadly)


if __name__ == "__main__":
    dies(sys.argv[1], int(sys.argv[2]))
    main(sys.argv[3:])
