"""The clock: its sweeps one after the other, what it does while the post or the database is away, how it stops."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import Door, notice_of
from tracker.actions.welcome import ask_for_link
from tracker.clock import SWEEPS, Clock, ClockThread, clock_of
from tracker.database import Database, statement_count
from tracker.post.folder import Folder
from tracker.post.smtp import Smtp
from tracker.queries.due import is_anything_due, last_sweep, next_event, next_link, next_notice, next_timer_of, now_of
from tracker.records.notice import Notice
from tracker.records.timer import Sweep
from tracker.rules.letters import Undelivered
from tracker.rules.lifecycle import Severity
from tracker.rules.notices import NoticeState
from tracker.settings import Settings

KEY = b"k" * 32
AWAY = Undelivered("nobody opens", nobody_there=True)


def clock(db: Database, door: Door, **length: float) -> Clock:
    """A clock so long after Monday morning."""
    now = MONDAY + timedelta(**length)
    return Clock(db, door, link_key=KEY, now_of=lambda _: now)


def run(clock: Clock) -> list[str]:
    return [name for name, _ in clock.until_nothing_is_due()]


@pytest.mark.both_databases
def test_what_a_timer_does_is_announced_and_sent_in_one_go(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
    door = Door()
    assert run(clock(db, door, days=4)) == ["timers", *["announcements"] * 3, *["letters"] * 4, "counts"]
    assert len(door.sent) == 4


@pytest.mark.both_databases
def test_a_sign_in_link_goes_before_everything_else(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        ask_for_link(session, "kim@council.example", now=MONDAY, key=KEY)
    assert run(clock(db, Door()))[0] == "links"


def test_while_the_mail_server_is_away_limits_pass_all_the_same(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
    door = Door(refusals=[AWAY])
    assert "timers" in run(clock(db, door, days=4))
    assert door.sent == []  # it is not asked again for every letter


def test_when_the_mail_server_is_back_every_letter_is_sent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
    door = Door(refusals=[AWAY])
    run(clock(db, door, days=4))
    run(clock(db, door, days=4, minutes=1))
    assert len(door.sent) == 4


def test_a_channel_that_fails_in_a_way_of_its_own_does_not_stop_the_clock(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
    door = Door(refusals=[ZeroDivisionError()])  # type: ignore[list-item]
    run(clock(db, door))
    with db.read() as session:
        assert notice_of(session, "raised", "kim").why == "tried once: it could not be sent (ZeroDivisionError)"


@pytest.mark.both_databases
def test_when_each_sweep_ended_and_what_it_last_did_is_noted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
    run(clock(db, Door()))
    run(clock(db, Door()))
    with db.read() as session:
        noted = {each.name: each.did for each in session.exec(select(Sweep))}
        assert noted == {"links": 0, "timers": 0, "announcements": 2, "letters": 1, "counts": 0}
        assert set(noted) == set(SWEEPS)
        assert last_sweep(session)


def test_a_clock_that_finds_nothing_asks_one_question(db: Database, cast: Cast) -> None:
    with statement_count(db) as sent, db.read() as session:
        assert not is_anything_due(session, MONDAY)
    assert [each.split()[0] for each in sent] == ["BEGIN", "SELECT"]


@pytest.mark.both_databases
def test_all_clocks_go_by_one_time(db: Database) -> None:
    with db.read() as session:
        first, second = now_of(session), now_of(session)
    assert timedelta() <= second - first < timedelta(minutes=1)
    assert first.utcoffset() == timedelta()


def test_a_clock_beside_the_server_tells_of_something_new_within_two_seconds(db: Database, cast: Cast) -> None:
    door = Door()
    with ClockThread(Clock(db, door, link_key=KEY)):
        time.sleep(0.2)
        with db.write() as session:
            make_issue(session, cast, now=now_of(session), severity=Severity.CRITICAL)
        began = time.monotonic()
        while not door.sent and time.monotonic() < began + 10:
            time.sleep(0.05)
        assert door.sent
        assert time.monotonic() - began < 2.5
    assert not [each for each in threading.enumerate() if each.name == "clock"]


def test_a_clock_outlives_a_database_that_is_away(db: Database, cast: Cast, tmp_path: Path) -> None:
    file = Path(db.url.database or "")
    door = Door()
    with db.write() as session:
        make_issue(session, cast, now=now_of(session), severity=Severity.CRITICAL)
    db.dispose()
    hidden = file.rename(tmp_path / "hidden.sqlite3")
    with ClockThread(Clock(db, door, link_key=KEY)):
        time.sleep(0.5)
        db.dispose()
        hidden.rename(file)
        began = time.monotonic()
        while not door.sent and time.monotonic() < began + 15:
            time.sleep(0.05)
    assert door.sent


def test_a_stopped_clock_begins_nothing_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(3):
            make_issue(session, cast)
    ticking = clock(db, Door())
    for _ in ticking.until_nothing_is_due():
        ticking.stop()
    with db.read() as session:
        assert len(session.exec(select(Notice)).all()) == 1


@pytest.mark.parametrize("url, channel", [("smtp://127.0.0.1:2525", Smtp), ("", Folder)], ids=["smtp", "folder"])
def test_the_settings_choose_the_channel(db: Database, tmp_path: Path, url: str, channel: type) -> None:
    settings = Settings.from_environment({"TRACKER_HOME": str(tmp_path), "TRACKER_SMTP_URL": url})
    assert isinstance(clock_of(settings, db).channel, channel)


def test_a_notice_held_overnight_is_sent_when_its_reader_s_organisation_opens(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, now=MONDAY + timedelta(hours=12))
    door = Door()
    for hours in range(12, 24):
        run(clock(db, door, hours=hours))
    assert door.sent == []
    run(clock(db, door, hours=24))
    assert len(door.sent) == 1
    with db.read() as session:
        assert notice_of(session, "raised", "kim").state is NoticeState.SENT


def test_every_question_is_answered_by_an_index(db: Database, cast: Cast) -> None:
    with statement_count(db) as sent, db.read() as session:
        is_anything_due(session, MONDAY)
        next_timer_of(session, MONDAY)
        next_event(session)
        next_notice(session, MONDAY)
        next_link(session, MONDAY)
    questions = [each.replace("?", "''") for each in sent if each.startswith("SELECT")]
    with db.engine.connect() as connection:
        plans = [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}").all()) for each in questions]
    for plan, index in zip(
        plans[1:], ("timer_due", "event_unannounced", "notice_due", "link_mail_wanted"), strict=True
    ):
        assert index in plans[0]
        assert index in plan


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_two_clocks_take_different_issues_events_and_wait_for_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
    late = MONDAY + timedelta(days=4)
    with db.write() as one, db.write() as other:
        assert (next_timer_of(one, late), next_timer_of(other, late)) == (first.id, second.id)
        mine, theirs = next_event(one), next_event(other)
        assert mine
        assert theirs
        assert mine.id != theirs.id
