"""The clock: its sweeps one after the other, what it does while the post or the database is away, how it stops."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import Door, notice_of
from tracker.actions.welcome import ask_for_link
from tracker.clock import SWEEPS, Clock, clock_beside, clock_of
from tracker.database import FOR_THE_CLOCK, Database, statement_count
from tracker.post.folder import Folder
from tracker.post.smtp import Smtp
from tracker.queries.due import (
    ended_sweeps,
    is_anything_to_ring,
    is_anything_to_send,
    next_events,
    next_link,
    next_notices,
    next_timers,
    now_of,
)
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.records.proofs.log import Log
from tracker.records.timer import Sweep
from tracker.rules.letters import Letter, SignInLetter, Undelivered
from tracker.rules.lifecycle import Severity
from tracker.rules.notices import NoticeState
from tracker.rules.sweeps import EVERY, RINGING, late_sweeps
from tracker.settings import Settings

KEY = b"k" * 32
AWAY = Undelivered("nobody opens", nobody_there=True)
BROKEN = Undelivered("it broke off", broken_off=True)


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
    assert run(clock(db, door, days=4)) == ["timers", *["announcements"] * 3, "counts", *["letters"] * 4]
    assert len(door.sent) == 4


@pytest.mark.both_databases
def test_a_sign_in_link_goes_before_every_letter(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        ask_for_link(session, "kim@council.example", now=MONDAY, key=KEY)
    did = run(clock(db, Door()))
    assert did[did.index("links") :] == ["links", "letters"]


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
        assert noted == {**dict.fromkeys(EVERY, 0), "announcements": 2, "letters": 1}
        assert set(noted) == set(SWEEPS)
        assert not late_sweeps(ended_sweeps(session), datetime.now(UTC))


def test_a_clock_that_finds_nothing_asks_one_question(db: Database, cast: Cast) -> None:
    with db.write() as session:
        session.add_all(Log.begun(each.id, MONDAY) for each in (cast.partnership, cast.elsewhere))
    with statement_count(db) as sent, db.read() as session:
        assert not is_anything_to_ring(session, MONDAY)
    assert [each.split()[0] for each in sent if each != "BEGIN"] == ["SELECT"]


@pytest.mark.both_databases
def test_all_clocks_go_by_one_time(db: Database) -> None:
    with db.read() as session:
        first, second = now_of(session), now_of(session)
    assert timedelta() <= second - first < timedelta(minutes=1)
    assert first.utcoffset() == timedelta()


def test_a_clock_beside_the_server_tells_of_something_new_unasked(db: Database, cast: Cast) -> None:
    door = Door()
    with clock_beside(Clock(db, door, link_key=KEY)):
        with db.write() as session:
            make_issue(session, cast, now=now_of(session), severity=Severity.CRITICAL)
        assert eventually(lambda: bool(door.sent))
    assert not [each for each in threading.enumerate() if each.name in {"clock", "post"}]


def test_a_clock_outlives_a_database_that_is_away(db: Database, cast: Cast, tmp_path: Path) -> None:
    file = Path(db.url.database or "")
    door = Door()
    with db.write() as session:
        make_issue(session, cast, now=now_of(session), severity=Severity.CRITICAL)
    db.dispose()
    hidden = file.rename(tmp_path / "hidden.sqlite3")
    with clock_beside(Clock(db, door, link_key=KEY)):
        time.sleep(0.5)
        db.dispose()
        hidden.rename(file)
        assert eventually(lambda: bool(door.sent))


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
        is_anything_to_ring(session, MONDAY)
        next_timers(session, MONDAY)
        next_events(session)
        is_anything_to_send(session, MONDAY)
        next_notices(session, MONDAY)
        next_link(session, MONDAY)
    questions = [each.replace("?", "''") for each in sent if each.startswith("SELECT")]
    with db.engine.connect() as connection:
        plans = [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}").all()) for each in questions]
    indexes = {
        0: ("timer_due", "event_unannounced"),
        1: ("timer_due",),
        2: ("event_unannounced",),
        3: ("notice_due", "link_mail_wanted"),
        4: ("notice_urgent",),  # of critical issues
        5: ("notice_urgent",),
        6: ("notice_due",),
        7: ("link_mail_wanted",),
    }
    assert len(plans) == len(indexes)
    for number, names in indexes.items():
        assert all(name in plans[number] for name in names), plans[number]


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_two_clocks_take_different_issues_events_and_wait_for_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
    late = MONDAY + timedelta(days=4)
    with db.write() as one, db.write() as other:
        due, next_due = next_timers(one, late), next_timers(other, late)
        assert [each.of for each in (*due, *next_due)] == [first.id, second.id]
        mine, theirs = next_events(one), next_events(other)
        assert len(mine) == len(theirs) == 1
        assert mine != theirs


@dataclass
class HangingDoor(Door):
    """A channel on which the first letter hangs until it is let go."""

    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        self.reached.set()
        assert self.let_go.wait(120)
        super().send(letter, now)


@dataclass
class LastDoor(Door):
    """A channel by which two letters leave before the clock is to end."""

    stop: Callable[[], None] = lambda: None

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        super().send(letter, now)
        if len(self.sent) == 2:
            self.stop()


@pytest.mark.both_databases
def test_letters_claimed_and_not_sent_when_the_clock_is_to_end_are_as_if_they_had_not_been(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        for _ in range(6):
            make_issue(session, cast)
    door = LastDoor()
    ticking = clock(db, door)
    door.stop = ticking.stop
    run(ticking)
    with db.read() as session:
        waiting = session.exec(select(Notice).where(Notice.state == NoticeState.WAITING)).all()
        assert {(each.lease_until, each.letter_id, each.attempts) for each in waiting} == {(None, None, 0)}
    assert (len(door.sent), len(waiting)) == (2, 4)


@pytest.mark.both_databases
def test_while_a_letter_hangs_limits_pass_and_events_are_announced(db: Database, cast: Cast) -> None:
    door, did = HangingDoor(), list[str]()
    with db.write() as session:
        make_issue(session, cast)
    ticking = clock(db, door, days=4)
    with ticking.going(lambda name, _: did.append(name)):
        assert door.reached.wait(60)
        with db.write() as session:
            late = make_issue(session, cast)
        assert eventually(lambda: tier_of(db, late.id) == 2)
        assert "letters" not in did  # it hangs to this moment
        assert eventually(lambda: {"timers", "announcements"} <= set(ended(db)))
        door.let_go.set()
        assert eventually(lambda: len(door.sent) >= 4)


def test_a_sweep_that_hangs_is_seen_to_be_late_and_no_other(db: Database, cast: Cast) -> None:
    door = HangingDoor()
    with db.write() as session:
        make_issue(session, cast)
    ticking = clock(db, door, days=4)
    with ticking.going(lambda *_: None):
        assert door.reached.wait(60)
        assert eventually(lambda: set(RINGING) <= set(ended(db)))
        with db.write() as session:
            session.execute(update(Sweep).where(col(Sweep.name) == "letters").values(ended_at=MONDAY))
        assert "letters" in late_sweeps(ended(db), datetime.now(UTC))
        assert not set(RINGING) & set(late_sweeps(ended(db), datetime.now(UTC)))
        door.let_go.set()


def test_what_is_critical_is_sent_first_then_what_is_urgent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        make_issue(session, cast, severity=Severity.CRITICAL)
        ask_for_link(session, "kim@council.example", now=MONDAY, key=KEY)
    door = Door()
    run(clock(db, door))
    about = [each.about[0].ref if isinstance(each, Letter) else "a link" for each in door.sent]
    assert about == ["a link", "RIV-2", "RIV-1"]


def test_two_conversations_that_break_off_in_a_row_rest_the_post(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(5):
            make_issue(session, cast)
    door, now = Door(refusals=[BROKEN, BROKEN, BROKEN]), MONDAY
    ticking = Clock(db, door, link_key=KEY, now_of=lambda _: now)
    run(ticking)
    assert len(door.refusals) == 1  # the third letter was not tried
    now += timedelta(minutes=2)
    run(ticking)
    assert (door.refusals, door.sent) == ([], [])  # it breaks off, too, and the post rests again
    now += timedelta(minutes=2)
    run(ticking)
    assert len(door.sent) == 5


def test_any_answer_ends_the_row_of_conversations_that_broke_off(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(5):
            make_issue(session, cast)
    door = Door(refusals=[BROKEN, Undelivered("450 mailbox full"), BROKEN])
    run(clock(db, door))
    assert len(door.sent) == 2


def test_a_sweep_that_stumbles_stops_no_other(db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    with db.write() as session:
        make_issue(session, cast)
    monkeypatch.setitem(SWEEPS, "timers", stumble)
    door = Door()
    assert "letters" in run(clock(db, door))
    assert "timers" in late_sweeps(ended(db), datetime.now(UTC))


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_what_somebody_else_holds_is_left_for_a_moment_and_the_rest_is_done(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
    door = Door()
    by_clock = db.apart(2, FOR_THE_CLOCK)
    ticking = Clock(by_clock, door, link_key=KEY, now_of=lambda _: MONDAY + timedelta(days=4))
    with db.write() as holding:
        holding.execute(text(f"SELECT 1 FROM issue WHERE id = {first.id} FOR UPDATE"))
        holding.execute(text(f"SELECT 1 FROM holder WHERE issue_id = {second.id} FOR UPDATE"))
        list(ticking.ringing.until_still())
        assert ticking.ringing.leaves_something
        third = make_issue_apart(db, cast)
        list(ticking.ringing.until_still())
        assert tier_of(db, third) == 2
    for _ in ticking.until_nothing_is_due():
        pass
    assert (tier_of(db, first.id), tier_of(db, second.id)) == (2, 2)
    by_clock.dispose()


def make_issue_apart(db: Database, cast: Cast) -> int:
    with db.write() as session:
        return make_issue(session, cast).id


def tier_of(db: Database, issue_id: int) -> int:
    with db.read() as session:
        return session.exec(select(Issue.tier).where(Issue.id == issue_id)).one()


def ended(db: Database) -> dict[str, datetime]:
    with db.read() as session:
        return ended_sweeps(session)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds within two minutes: far more than it takes."""
    until = time.monotonic() + 120
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
