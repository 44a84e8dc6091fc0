"""SQLite has one place to write: processes take turns at it, and whoever has it leaves it, killed or not."""

import fcntl
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.journeys.clock_processes import eventually
from tests.makers import Cast
from tracker.actions.raise_issue import next_number
from tracker.database import FOR_PAGES, FOR_THE_CLOCK, Database, is_held

WRITERS, EACH = 8, 10
ROUNDS = 10


def test_no_update_is_lost_between_processes_nor_is_anybody_refused(db: Database, cast: Cast) -> None:
    other = db.apart(WRITERS, FOR_THE_CLOCK)
    with ThreadPoolExecutor(2 * WRITERS) as writers:
        taking = [writers.submit(take_numbers, each, cast) for _ in range(WRITERS) for each in (db, other)]
        taken = sorted(number for each in taking for number in each.result())
    other.dispose()
    assert taken == list(range(1, 1 + 2 * WRITERS * EACH))


def test_whoever_was_killed_in_its_turn_to_write_leaves_it_to_the_next(db: Database, cast: Cast) -> None:
    writing = f"import sqlite3; at = sqlite3.connect({db.url.database!r}); at.execute('BEGIN IMMEDIATE')"
    holding = [sys.executable, "-c", f"{writing}; print(flush=True); input()"]
    with (
        subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder,
        ThreadPoolExecutor(1) as writer,
    ):
        assert holder.stdout
        assert holder.stdout.readline()
        taken = writer.submit(take_number, db, cast)
        with pytest.raises(TimeoutError):
            taken.result(timeout=0.3)
        holder.kill()
        assert taken.result(timeout=300) == 1


def test_who_waited_long_enough_for_its_turn_is_told_that_it_is_held(db: Database, cast: Cast) -> None:
    hasty = db.apart(1, replace(FOR_PAGES, turn=0.1))
    with db.write() as session:
        next_number(session, cast.partnership.id)
        with pytest.raises(OperationalError) as refused:
            take_number(hasty, cast)
    assert is_held(refused.value)
    assert take_number(hasty, cast) == 2
    hasty.dispose()


def test_who_came_first_writes_first(db: Database, cast: Cast) -> None:
    first, second = (db.apart(1, replace(FOR_PAGES, turn=600)) for _ in range(2))
    order: list[str] = []
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(2) as writers:
            with db.write() as session:
                next_number(session, cast.partnership.id)
                writing = [writers.submit(write_down, first, cast, "first", order)]
                assert eventually(lambda: stands_in_line(first))
                writing.append(writers.submit(write_down, second, cast, "second", order))
            for each in writing:
                each.result()
    assert order == ["first", "second"] * ROUNDS
    first.dispose()
    second.dispose()


def test_where_the_head_of_the_line_does_not_move_on_nobody_waits_for_it_without_an_end(
    db: Database, cast: Cast
) -> None:
    hasty = db.apart(1, replace(FOR_PAGES, turn=0.2))
    folder = os.open(Path(hasty.url.database or "").parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        assert take_number(hasty, cast) == 1
    finally:
        os.close(folder)
    hasty.dispose()


def test_who_raises_looks_more_often_for_its_turn_than_the_clock() -> None:
    assert FOR_PAGES.looks < FOR_THE_CLOCK.looks


def take_numbers(db: Database, cast: Cast) -> list[int]:
    return [take_number(db, cast) for _ in range(EACH)]


def write_down(db: Database, cast: Cast, who: str, order: list[str]) -> None:
    with db.write() as session:
        next_number(session, cast.partnership.id)
        order.append(who)


def stands_in_line(db: Database) -> bool:
    """Whether somebody is at the head of it."""
    folder = os.open(Path(db.url.database or "").parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False


def take_number(db: Database, cast: Cast) -> int:
    with db.write() as session:
        return next_number(session, cast.partnership.id)
