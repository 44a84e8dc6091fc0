"""Typesetters: one sets paper after paper, and who ends is not missed."""

from collections.abc import Iterator
from subprocess import Popen
from threading import Timer
from typing import Any

import pytest

from tracker.reports import typesetters
from tracker.reports.typesetters import PaperFault, typeset


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Popen[bytes]]]:
    """The processes that were started, in order."""
    found: list[Popen[bytes]] = []

    def start(*given: Any, **named: Any) -> Popen[bytes]:
        found.append(Popen(*given, **named))
        return found[-1]

    monkeypatch.setattr(typesetters, "Popen", start)
    monkeypatch.setattr(typesetters, "_idle", [])
    yield found
    for each in found:
        each.kill()


def refuse() -> None:
    """A paper that cannot be set takes least."""
    with pytest.raises(PaperFault, match="dictionary does not contain key"):
        typeset("pack", "a4", "{}")


def test_one_sets_paper_after_paper_also_after_one_that_cannot_be_set(started: list[Popen[bytes]]) -> None:
    refuse()
    refuse()

    assert len(started) == 1


def test_after_some_papers_another_goes_on(started: list[Popen[bytes]]) -> None:
    for _ in range(30):
        refuse()

    assert 2 <= len(started) <= 4


def test_one_that_was_killed_is_not_missed(started: list[Popen[bytes]]) -> None:
    refuse()
    started[0].kill()
    started[0].wait()
    refuse()

    assert len(started) == 2


def test_one_of_whom_nothing_is_asked_ends_by_itself(
    started: list[Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetters, "_IDLES_FOR", 0.05)
    refuse()

    assert started[0].wait(60) == 0
    refuse()


class TimeIsUp(Timer):
    """At once."""

    def start(self) -> None:
        self.function()


def test_one_that_takes_too_long_is_ended_and_it_is_said(
    started: list[Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetters, "Timer", TimeIsUp)

    with pytest.raises(PaperFault, match="took more than"):
        typeset("pack", "a4", "{}")
    assert started[0].wait(60) != 0
