"""How the log is written."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
import structlog

from tracker.settings.log_lines import write_log


@pytest.mark.parametrize("form, written", [("text", ["done", "late"]), ("faults", ["late"])])
def test_of_faults_alone_nothing_is_heard_that_went_well(
    form: str, written: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    write_log(form)
    structlog.get_logger().info("done")
    structlog.get_logger().warning("late")
    structlog.configure(**before)
    said = capsys.readouterr().err
    assert [word for word in ("done", "late") if word in said] == written


def _fail() -> None:
    raise ZeroDivisionError


def _fail_elsewhere() -> None:
    raise ZeroDivisionError


def _logged(fail: Callable[[], None], times: int = 1) -> None:
    for _ in range(times):
        try:
            fail()
        except ZeroDivisionError:
            structlog.get_logger().exception("fault")


def test_faults_of_a_kind_are_told_once_and_then_counted(capsys: pytest.CaptureFixture[str]) -> None:
    write_log("text")
    _logged(_fail, 720)
    written = capsys.readouterr().err
    assert written.count("Traceback") == 1
    assert "times=512" in written
    assert len(written) < 5_000


def test_a_fault_of_another_kind_is_told_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    write_log("text")
    _logged(_fail, 3)
    _logged(_fail_elsewhere)
    assert capsys.readouterr().err.count("Traceback") == 2


def test_a_log_that_nobody_reads_any_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        monkeypatch.setattr(sys, "stderr", nobody)
        write_log("text")
        structlog.get_logger().error("fault")
        _logged(_fail)
        monkeypatch.undo()
        with suppress(OSError):
            nobody.close()
