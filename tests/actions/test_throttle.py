"""Attempts are counted together, by what and by whom, in windows of time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.makers import MONDAY
from tracker.actions.throttle import TooOften, attempt
from tracker.database import Database
from tracker.records.session import Throttle

WINDOW = timedelta(minutes=20)


def test_more_than_the_most_is_refused_with_when_to_try_again(db: Database) -> None:
    _tried(db, "sam", times=3)
    with pytest.raises(TooOften, match="Wait 20 minutes") as refusal:
        _tried(db, "sam")
    assert refusal.value.again_at == MONDAY + WINDOW


def test_a_long_wait_is_said_in_hours(db: Database) -> None:
    _tried(db, "sam", times=3, window=timedelta(days=1))
    with pytest.raises(TooOften, match="Wait 16 hours"):
        _tried(db, "sam", window=timedelta(days=1))


def test_a_new_window_starts_anew(db: Database) -> None:
    _tried(db, "sam", times=3)
    with db.write() as session:
        attempt(session, "sign-in", "sam", most=3, window=WINDOW, now=MONDAY + WINDOW)


def test_everybody_is_counted_apart(db: Database) -> None:
    _tried(db, "sam", times=3)
    _tried(db, "kim", times=3)


def test_nobodys_address_is_kept(db: Database) -> None:
    _tried(db, "sam@acute.example")
    with db.read() as session:
        assert "sam" not in session.exec(select(Throttle)).one().key


def test_attempts_at_the_same_moment_all_count(db: Database) -> None:
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda _: _tried(db, "sam", most=100), range(24)))
    with db.read() as session:
        assert session.exec(select(Throttle)).one().count == 24


def _tried(db: Database, whose: str, *, times: int = 1, most: int = 3, window: timedelta = WINDOW) -> None:
    for _ in range(times):
        with db.write() as session:
            attempt(session, "sign-in", whose, most=most, window=window, now=MONDAY)
