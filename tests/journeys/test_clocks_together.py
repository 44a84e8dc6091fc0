"""Several clocks at once, and clocks that are killed: every escalation and every notice is there exactly once."""

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, update
from sqlmodel import col, select

from tests.decision_makers import make_decision
from tests.journeys.clock_processes import PAST_LIMIT, TOLD, Place, Receiving, escalations, notices, raise_many
from tests.makers import Cast
from tracker.database import Database
from tracker.records.event import Event
from tracker.rules.notices import LEASE, NoticeState

ISSUES, DECISIONS = 200, 60
ON_THE_DAY = datetime(2026, 5, 29, 9, tzinfo=UTC)  # they are due
NO_POST = {"TRACKER_SMTP_URL": "smtp://127.0.0.1:9"}  # nobody listens there: notices wait


@pytest.mark.both_databases
def test_four_clocks_at_once_make_every_escalation_and_every_notice_exactly_once(
    db: Database, cast: Cast, tmp_path: Path
) -> None:
    raise_many(db, cast, ISSUES)
    place = Place(db, tmp_path / "home", NO_POST)
    clocks = [place.start(PAST_LIMIT) for _ in range(4)]
    did = [clock.communicate() for clock in clocks]

    assert [clock.returncode for clock in clocks] == [0, 0, 0, 0], did
    assert escalations(db) == {f"RIV-{number}": 1 for number in range(1, ISSUES + 1)}
    assert notices(db) == {NoticeState.WAITING: TOLD * ISSUES}
    assert sum(lines.count("timers") for lines, _ in did) == ISSUES


@pytest.mark.both_databases
def test_four_clocks_at_once_send_every_letter_exactly_once(db: Database, cast: Cast, tmp_path: Path) -> None:
    raise_many(db, cast, 30)
    with Receiving() as server:
        place = Place(db, tmp_path / "home", {"TRACKER_SMTP_URL": server.url})
        for clock in [place.start(PAST_LIMIT) for _ in range(4)]:
            clock.communicate()

    assert notices(db) == {NoticeState.SENT: TOLD * 30}
    assert len(server.ids) == len(set(server.ids)) == TOLD * 30


@pytest.mark.both_databases
def test_a_clock_killed_at_any_moment_neither_loses_nor_repeats(db: Database, cast: Cast, tmp_path: Path) -> None:
    raise_many(db, cast, ISSUES)
    place = Place(db, tmp_path / "home", NO_POST)
    for lines in (1, 40, 77, 120):
        place.kill_after(lines, PAST_LIMIT)
    place.run(PAST_LIMIT + LEASE)

    assert escalations(db) == {f"RIV-{number}": 1 for number in range(1, ISSUES + 1)}
    assert notices(db) == {NoticeState.WAITING: TOLD * ISSUES}


@pytest.mark.both_databases
def test_four_clocks_at_once_remind_of_every_decision_exactly_once(db: Database, cast: Cast, tmp_path: Path) -> None:
    with db.write() as session:
        for _ in range(DECISIONS):
            make_decision(session, cast)
        session.execute(update(Event).values(announced=True))
    place = Place(db, tmp_path / "home", NO_POST)
    did = [clock.communicate() for clock in [place.start(ON_THE_DAY) for _ in range(4)]]

    with db.read() as session:
        reminded = select(Event.decision_id, func.count()).where(Event.kind == "decision_due")
        counts = dict(session.exec(reminded.group_by(col(Event.decision_id))).all())
    assert counts == dict.fromkeys(counts, 1), did
    assert len(counts) == DECISIONS
    assert notices(db) == {NoticeState.WAITING: 2 * DECISIONS}


@pytest.mark.both_databases
@pytest.mark.parametrize("deadly", [3, 4], ids=["the-last-of-those-claimed", "the-first-of-several-claimed"])
def test_a_mail_is_repeated_only_if_its_sender_died_unanswered_and_then_it_is_known_by_its_id(
    db: Database, cast: Cast, tmp_path: Path, deadly: int
) -> None:
    raise_many(db, cast, 2)
    with Receiving(deadly) as server:
        place = Place(db, tmp_path / "home", {"TRACKER_SMTP_URL": server.url})
        clock = place.start(PAST_LIMIT)
        server.victim = clock.pid
        clock.communicate()
        assert clock.returncode == -signal.SIGKILL
        place.run(PAST_LIMIT)  # it is still leased, and so is what was claimed with it
        assert 1 <= notices(db)[NoticeState.WAITING] <= TOLD
        place.run(PAST_LIMIT + LEASE)

    assert (len(server.ids), len(set(server.ids))) == (TOLD * 2 + 1, TOLD * 2)
    assert server.ids.count(server.ids[deadly - 1]) == 2
    assert notices(db) == {NoticeState.SENT: TOLD * 2}


def test_what_a_clock_did_is_a_line_each_without_names_or_texts(db: Database, cast: Cast, tmp_path: Path) -> None:
    raise_many(db, cast, 1)
    lines = Place(db, tmp_path / "home", {}).run(PAST_LIMIT + timedelta(minutes=1))
    assert lines == [
        "timers  RIV-1  limit: tier 2, raised",
        "announcements  RIV-1  escalated: 4 told",
        "counts  RIV  2026-04 counted",
        "checkpoints  RIV  its log begins",
        "checkpoints  ELS  its log begins",
        *["letters  RIV-1  1 sent"] * 4,
    ]
