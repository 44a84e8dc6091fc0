"""Watches the processes of a server: who died or hangs is begun anew, and all end with this one.

It runs in the place of the process that loaded what they share, of which it needs nothing: so it is the standard
library alone, and little of that.
"""

import json
import mmap
import os
import shutil
import signal
import sys
import time
from typing import Any

LOOKED_EVERY = 0.2  # seconds between two looks at what the server is told, and whether its processes live
ENDS_IN = 28.0  # seconds; systemd kills after 30
COULD_NOT_BEGIN = 3  # what a web process ends with then (uvicorn); no other would
TAKES_NONE = 1 << 40  # as many connections: who takes none is not waited for
ENDING = (signal.SIGINT, signal.SIGTERM)


class Watch:
    """`given`: the `works`, each with the id of its process, the command that begins it `again`, and its number among
    the shares, None where it says nothing; `hung_after` so many seconds without a word; the files `shares`, `lives` and
    the folder `figures`, which goes when all have ended."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._works, self._hung_after, self._figures = given["works"], given["hung_after"], given["figures"]
        memory = memoryview(mmap.mmap(given["shares"], 0))
        half = len(memory) // 2
        self._held, self._heard_at = memory[:half].cast("q"), memory[half:].cast("d")
        self._told: list[int] = []
        self.failed = False  # one could not begin at all
        os.set_inheritable(given["lives"], False)

    def run(self) -> None:
        """Returns when all have ended."""
        for each in ENDING:
            signal.signal(each, lambda told, _: self._told.append(told))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        try:
            while not (self._told or self.failed):
                time.sleep(LOOKED_EVERY)
                for work in self._works:
                    self._see_to(work)
        finally:
            self._end()
            if self._figures:
                shutil.rmtree(self._figures, ignore_errors=True)

    def _see_to(self, work: dict[str, Any]) -> None:
        if self._silence(work["number"]) > self._hung_after:
            os.kill(work["process"], signal.SIGKILL)
        died = work["process"]
        if not self._has_ended(work) or self._told:
            return
        if work["ended"] == COULD_NOT_BEGIN:
            self.failed = True
            return
        said = json.dumps({"process": died, "ended": work["ended"], "number": work["number"]})
        if work["number"] is not None:
            self._held[work["number"]], self._heard_at[work["number"]] = TAKES_NONE, time.monotonic()
        again = [*work["again"], said]
        work["process"] = os.posix_spawn(again[0], again, os.environ, setsigmask=ENDING)

    def _silence(self, number: int | None) -> float:
        """Seconds since it was last heard of."""
        return 0.0 if number is None else time.monotonic() - self._heard_at[number]

    def _has_ended(self, work: dict[str, Any]) -> bool:
        if not work["process"]:
            return True
        ended, status = os.waitpid(work["process"], os.WNOHANG)
        if ended:
            work["process"], work["ended"] = 0, os.waitstatus_to_exitcode(status)
        return bool(ended)

    def _end(self) -> None:
        """Each finishes what it is at; told a second time, or after long, all end at once."""
        told, until = len(self._told), time.monotonic() + ENDS_IN
        _tell(self._works, signal.SIGTERM)
        while living := [work for work in self._works if not self._has_ended(work)]:
            if len(self._told) > told or time.monotonic() > until:
                _tell(living, signal.SIGKILL)
            time.sleep(LOOKED_EVERY / 4)


def _tell(works: list[dict[str, Any]], what: signal.Signals) -> None:
    for work in works:
        if work["process"]:
            os.kill(work["process"], what)


if __name__ == "__main__":
    watch = Watch(json.loads(sys.argv[1]))
    watch.run()
    sys.exit(COULD_NOT_BEGIN if watch.failed else 0)
