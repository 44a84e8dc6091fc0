"""Clocks, as processes, beside all that can go wrong at once: limits pass in time, nothing is lost or done twice.

Run with `-s`, it prints how late they passed.
"""

import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, text, update
from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.journeys.clock_processes import TOLD, Place, Receiving, eventually
from tests.journeys.damage import KINDS, damaged
from tests.journeys.lateness import Watch, let_pass
from tests.makers import Cast
from tests.notice_makers import Door
from tests.post.servers_in_trouble import Talk, die_in_data, drip, hang_after_data, refuse_for_now, talking
from tracker.actions.raise_issue import raise_issue
from tracker.actions.welcome import ask_for_link
from tracker.clock import Clock
from tracker.database import Database, Patience
from tracker.exchange.history.cells import COLUMNS
from tracker.queries.arrangements import arrangement
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.records.tally import Uncounted
from tracker.rules.lifecycle import Severity
from tracker.rules.new_issue import NewIssue
from tracker.rules.notices import NoticeState

AT_ONCE = 50  # limits
ELSEWHERE = 5  # of them in the other partnership
CASES = int(os.environ.get("TRACKER_TEST_CASES", "1000"))  # of the past, taken in meanwhile
HELD_FOR = {True: 4.0, False: 10.0}  # seconds: SQLite's one place to write, which all need; one row of PostgreSQL
AFTERWARDS = timedelta(hours=2)  # what was set aside is tried again, no letter is leased, none waits for its next try
A_NOTICE = "when-a-notice-was-made"  # that kind of damage needs one
KEY = b"k" * 32
TROUBLE = [
    ("sqlite", hang_after_data),
    ("sqlite", die_in_data),
    ("postgresql", drip),
    ("postgresql", refuse_for_now),
]
"""Each database beside a mail server that holds on to a letter and one that fails at once: how servers behave does not
go by the database."""
FOR_LONG = Patience(turn=600, row=600, statement=600, idle=600)


@pytest.mark.parametrize("db, talk", TROUBLE, indirect=["db"])
def test_beside_every_trouble_at_once_limits_pass_and_nothing_is_lost_or_done_twice(
    db: Database, cast: Cast, tmp_path: Path, talk: Talk
) -> None:
    stage, home, past = Stage.set(db, cast), tmp_path / "home", past_cases(tmp_path / "past.csv")
    with talking(talk) as url, stage.hurt(db), Watch(db) as watch:
        place = Place(db, home, {"TRACKER_SMTP_URL": url})
        with place.go_on() as first, place.go_on() as second:
            assert eventually(lambda: has_begun(first) and has_begun(second))
            began = time.monotonic()
            with place.tracker("history", str(past), "--partnership", "RIV", stdout=subprocess.DEVNULL) as taking_in:
                pass_limits(db, stage, watch, victim=first)
                assert taking_in.wait(600) == 0
            took = time.monotonic() - began
    print(
        f"\n{talk.__name__}, {db.url.get_backend_name()}: {watch.said()}; {CASES} cases were taken in for {took:.0f} s"
    )

    with Receiving() as server:
        Place(db, home, {"TRACKER_SMTP_URL": server.url}).run(datetime.now(UTC) + AFTERWARDS)
    assert escalated(db) == dict.fromkeys(stage.all, 1)
    assert told(db, stage.good) == {NoticeState.SENT: TOLD * len(stage.good)}
    assert len(server.ids) == len(set(server.ids)) >= TOLD * len(stage.good)
    assert taken_in(db) == CASES


@dataclass(frozen=True)
class Stage:
    """Issues by their ids: two waves of good ones and one that will be held, of which everybody was told; and for
    every kind of damage one that will be hurt, whose limit has passed."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    held: int
    bad: dict[str, int]

    @classmethod
    def set(cls, db: Database, cast: Cast) -> "Stage":
        now = datetime.now(UTC)
        with db.write() as session:
            good = [make_issue(session, cast, now=now).id for _ in range(2 * AT_ONCE - ELSEWHERE)]
            good += [raise_elsewhere(session, cast, now) for _ in range(ELSEWHERE)]
            held = make_issue(session, cast, now=now).id
            session.flush()
            session.execute(update(Event).values(announced=True))
            told_of = make_issue(session, cast, now=now).id
        list(Clock(db, Door(), link_key=KEY, now_of=lambda _: now).ringing.until_still())
        with db.write() as session:
            bad = {kind: told_of if kind == A_NOTICE else make_issue(session, cast, now=now).id for kind in KINDS}
            ask_for_link(session, "sam@acute.example", now=now, key=KEY)
            session.flush()
            session.execute(update(Notice).values(due_at=now))
            session.execute(update(Uncounted).values(marked_at=now - timedelta(minutes=5)))
        let_pass(db, list(bad.values()), now)
        return cls(tuple(good[AT_ONCE:]), tuple(good[:AT_ONCE]), held, bad)

    @property
    def good(self) -> tuple[int, ...]:
        return (*self.first, *self.second, self.held)

    @property
    def all(self) -> tuple[int, ...]:
        return (*self.good, *self.bad.values())

    @contextmanager
    def hurt(self, db: Database) -> Iterator[None]:
        """Each kind of damage is done, to the issue that is there for it where it is of one."""
        with ExitStack() as mended:
            for kind, hurt in KINDS.items():
                of = "id" if hurt.table == "issue" else "issue_id" if "issue_id" in hurt.of.table.columns else ""
                where = f"{of} = {self.bad[kind]}" if of else "1 = 1"
                problem = mended.enter_context(damaged(db, hurt.of, hurt.value(db), where=where))
                assert problem == "", kind
            yield


def pass_limits(db: Database, stage: Stage, watch: Watch, *, victim: "subprocess.Popen[str]") -> None:
    """Limits pass while somebody holds what clocks need, and again while one of these is killed."""
    patient = db.apart(1, FOR_LONG)
    at = datetime.now(UTC) + timedelta(seconds=2)
    let_pass(patient, [*stage.first, stage.held], at)
    watch.expect(stage.first, at)
    with held(db, stage.held):
        at = datetime.now(UTC) + timedelta(seconds=8)
        let_pass(patient, stage.second, at)
        watch.expect(stage.second, at)
        assert eventually(lambda: len(watch.late) > AT_ONCE + 10)
        victim.kill()
        assert eventually(lambda: watch.all_rang)
    assert eventually(lambda: escalated(db)[stage.held] == 1)
    patient.dispose()


@contextmanager
def held(db: Database, issue_id: int) -> Iterator[None]:
    """Somebody holds the row of this issue for a while; on SQLite the one place to write."""
    has_it, held_by = threading.Event(), db.apart(1, FOR_LONG)

    def hold() -> None:
        with held_by.write() as session:
            session.connection()
            if not db.is_sqlite:
                session.execute(text(f"SELECT 1 FROM issue WHERE id = {issue_id} FOR UPDATE"))
            has_it.set()
            time.sleep(HELD_FOR[db.is_sqlite])
        held_by.dispose()

    holding = threading.Thread(target=hold, daemon=True)
    holding.start()
    assert has_it.wait(60)
    yield
    holding.join()


def past_cases(file: Path) -> Path:
    """A history file: cases of a year, a day each after the last."""
    told = [{"event": "raised", "person": "sam@acute.example", "to_organisation": "council"}, {"event": "acknowledged"}]
    told += [{"event": "escalated", "tier": "2"}, {"event": "resolved", "outcome": "solved"}]
    rows = [",".join(COLUMNS)]
    for number in range(CASES):
        for day, cells in enumerate(told):
            at = date(2025, 6, 1) + timedelta(days=number % 365 + day)
            row = {"issue": f"A-{number}", "at": at.isoformat(), "organisation": "acute", "title": f"Case {number}"}
            rows.append(",".join({**row, **cells}.get(column, "") for column in COLUMNS))
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def raise_elsewhere(session: Session, cast: Cast, now: datetime) -> int:
    """The id of an issue of the other partnership."""
    day = now.date()
    new = NewIssue(title="Bolts are short", detail="", with_="south", severity=Severity.SERIOUS, occurred_on=day)
    return raise_issue(session, arrangement(session, cast.elsewhere.id), new, doer(cast, "stan", now)).id


def has_begun(clock: "subprocess.Popen[str]") -> bool:
    """Whether it has opened the database: beside it, a clock opens neither such a file nor a socket."""
    for each in Path(f"/proc/{clock.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            opened = str(each.readlink())
            if opened.startswith("socket:") or opened.endswith(".sqlite3"):
                return True
    return False


def escalated(db: Database) -> Counter[int]:
    """How often each issue went up, those of the past apart."""
    found = select(Event.issue_id, func.count()).join(Issue, col(Issue.id) == col(Event.issue_id))
    went_up = found.where(Event.kind == "escalated", col(Issue.outside_ref).is_(None)).group_by(col(Event.issue_id))
    with db.read() as session:
        return Counter({issue_id: times for issue_id, times in session.exec(went_up) if issue_id})


def told(db: Database, issues: Collection[int]) -> Counter[NoticeState]:
    """What became of the notices of it that these went up."""
    found = select(col(Notice.state), func.count()).join(Event, col(Event.id) == col(Notice.event_id))
    of_them = found.where(Event.kind == "escalated", col(Event.issue_id).in_(issues)).group_by(col(Notice.state))
    with db.read() as session:
        return Counter(dict(session.exec(of_them).all()))


def taken_in(db: Database) -> int:
    """How many cases of the past there are."""
    with db.read() as session:
        return session.exec(select(func.count(func.distinct(Issue.outside_ref)))).one()
