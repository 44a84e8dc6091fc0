"""Typesetters at work: processes that set papers (`typesetter.py`), a few of which wait for the next one."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Lock, Thread, Timer

from tracker.settings import packaged

LONGEST = 60  # seconds
_MOST_IDLE = 2  # of a web process, 60 MB each,
_IDLES_FOR = 10.0  # seconds: whoever wants one paper may want the next
_PROGRAM = Path(__file__).with_name("typesetter.py")


class PaperFault(Exception):
    """A paper could not be made; what the typesetter said last."""


def typeset(template: str, size: str, content: str) -> bytes:
    """The PDF. One that ended while nobody asked is not asked twice: the next one is, a new one last."""
    request = json.dumps((template, size, content)).encode() + b"\n"
    for typesetter in _taken():
        try:
            made = typesetter.answer(request)
        except _Ended:
            continue
        typesetter.rest()
        return made
    raise PaperFault(f"the typesetter ended, or took more than {LONGEST} seconds")


class _Ended(Exception):
    """It ends after some papers, and when nothing is asked of it for a while."""


class _Typesetter:
    def __init__(self) -> None:
        command = (sys.executable, "-I", _PROGRAM, packaged("templates") / "reports", str(_IDLES_FOR))
        self._process: Popen[bytes] = Popen(command, stdin=PIPE, stdout=PIPE)
        Thread(target=self._process.wait, daemon=True).start()  # so that nothing stays of one that ended by itself

    def answer(self, request: bytes) -> bytes:
        """Refuses: PaperFault; _Ended where it is not there any more."""
        assert self._process.stdin
        assert self._process.stdout
        end = Timer(LONGEST, self._process.kill)
        end.start()
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
            kind, length = self._process.stdout.readline().split()
            answer = self._process.stdout.read(int(length))
        except (OSError, ValueError):
            raise _Ended from None
        finally:
            end.cancel()
        if kind != b"made":
            self.rest()
            raise PaperFault(answer.decode(errors="replace"))
        return answer

    def rest(self) -> None:
        """It waits for the next paper, or ends where enough others wait."""
        assert self._process.stdin
        with _lock:
            if len(_idle) < _MOST_IDLE:
                _idle.append(self)
                return
        self._process.stdin.close()


_idle: list[_Typesetter] = []
_lock = Lock()


def _taken() -> Iterator[_Typesetter]:
    """Those that wait, the last one first; then a new one."""
    while True:
        with _lock:
            typesetter = _idle.pop() if _idle else None
        if typesetter is None:
            break
        yield typesetter
    yield _Typesetter()
