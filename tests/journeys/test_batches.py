"""Several things in one transaction: a bad one, an end that fails and a kill cost no other anything."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.clock_processes import PAST_LIMIT, TOLD, Place, escalations, notices, raise_many
from tests.journeys.damage import KINDS, damaged
from tests.makers import Cast
from tests.notice_makers import Door
from tracker.clock import Clock, Rounds
from tracker.database import Database, statement_count
from tracker.queries.due import set_aside
from tracker.rules.notices import NoticeState
from tracker.settings.log_lines import write_log

pytestmark = pytest.mark.both_databases

ISSUES = 50
ALL = [f"RIV-{number}" for number in range(1, ISSUES + 1)]
NO_POST = {"TRACKER_SMTP_URL": "smtp://127.0.0.1:9"}  # nobody listens there: notices wait


@pytest.fixture(autouse=True)
def _log_as_served() -> None:
    write_log("faults")


def clock(db: Database) -> Clock:
    return Clock(db, Door(), link_key=b"k" * 32, now_of=lambda _: PAST_LIMIT)


def test_many_that_are_due_together_are_done_in_a_few_transactions(db: Database, cast: Cast) -> None:
    raise_many(db, cast, ISSUES)
    with statement_count(db) as sent:
        done = list(clock(db).ringing.until_still())
    assert len([name for name, _ in done if name == "timers"]) == ISSUES
    assert sum("SAVEPOINT" in each for each in sent if not each.startswith("RELEASE")) < ISSUES  # for timers and events


@pytest.mark.parametrize("kind", ["a-state", "a-ladder-that-is-none", "a-tier-that-is-none"])
def test_one_bad_issue_among_fifty_stops_none_of_the_others(db: Database, cast: Cast, kind: str) -> None:
    raise_many(db, cast, ISSUES)
    hurt = KINDS[kind]
    with damaged(db, hurt.of, hurt.value(db), where="ref = 'RIV-17'") as problem:
        assert problem == ""
        list(clock(db).ringing.until_still())
        assert escalations(db) == {ref: 1 for ref in ALL if ref != "RIV-17"}
        with db.read() as session:
            assert set_aside(session)["timers"] >= 1  # each of its clocks that is due
    assert notices(db) == {NoticeState.WAITING: TOLD * (ISSUES - 1)}


@pytest.mark.parametrize("kind", ["a-kind-of-event", "details-of-an-event", "when-something-happened"])
def test_one_bad_event_among_fifty_stops_none_of_the_others(db: Database, cast: Cast, kind: str) -> None:
    raise_many(db, cast, ISSUES)
    only_timers, hurt = Rounds(clock(db), ("timers",), lambda _: True), KINDS[kind]
    assert len(list(only_timers.until_still())) == ISSUES
    went_up = "kind = 'escalated' AND issue_id = (SELECT id FROM issue WHERE ref = 'RIV-17')"
    with damaged(db, hurt.of, hurt.value(db), where=went_up) as problem:
        assert problem == ""
        list(clock(db).ringing.until_still())
        with db.read() as session:
            assert set_aside(session)["events"] == 1
    assert notices(db) == {NoticeState.WAITING: TOLD * (ISSUES - 1)}


def test_where_the_end_of_a_transaction_fails_each_is_done_by_itself(db: Database, cast: Cast) -> None:
    raise_many(db, cast, ISSUES)
    ticking = clock(db)
    with refused_at_the_end(db, "RIV-17"):
        list(ticking.ringing.until_still())
        assert escalations(db) == {ref: 1 for ref in ALL if ref != "RIV-17"}
        assert ticking.ringing.leaves_something
    for _ in ticking.until_nothing_is_due():
        pass
    assert escalations(db) == dict.fromkeys(ALL, 1)


@pytest.mark.parametrize(
    "function, call",
    [
        ("tracker.actions.escalate.by_clock", 23),
        ("tracker.actions.announce._notices", 23),
        ("tracker.actions.at_once.Batch", 5),
    ],
    ids=["while-ringing", "while-announcing", "before-the-end"],
)
def test_a_clock_killed_in_the_middle_of_a_batch_neither_loses_nor_repeats(
    db: Database, cast: Cast, tmp_path: Path, function: str, call: int
) -> None:
    raise_many(db, cast, ISSUES)
    place = Place(db, tmp_path / "home", NO_POST)
    place.die_in(function, call, PAST_LIMIT)
    assert sum(escalations(db).values()) < ISSUES or sum(notices(db).values()) < TOLD * ISSUES
    place.run(PAST_LIMIT)
    assert escalations(db) == dict.fromkeys(ALL, 1)
    assert notices(db) == {NoticeState.WAITING: TOLD * ISSUES}


@contextmanager
def refused_at_the_end(db: Database, ref: str) -> Iterator[None]:
    """The database refuses to commit what goes up of this issue."""
    begin, end = (_SQLITE, _SQLITE_AGAIN) if db.is_sqlite else (_POSTGRESQL, _POSTGRESQL_AGAIN)
    _do(db, [each.replace("?", f"'{ref}'") for each in begin])
    try:
        yield
    finally:
        _do(db, end)


def _do(db: Database, statements: Iterable[str]) -> None:
    with db.write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


_WHOSE = "(SELECT ref FROM issue WHERE id = NEW.issue_id) = ?"
_SQLITE = (
    "CREATE TABLE none (id INTEGER PRIMARY KEY)",
    "CREATE TABLE refused (id INTEGER REFERENCES none (id) DEFERRABLE INITIALLY DEFERRED)",
    f"CREATE TRIGGER refuse AFTER INSERT ON event WHEN {_WHOSE} BEGIN INSERT INTO refused VALUES (1); END",
)
_SQLITE_AGAIN = ("DROP TRIGGER refuse", "DROP TABLE refused", "DROP TABLE none")
_FUNCTION = f"BEGIN IF {_WHOSE} THEN RAISE foreign_key_violation; END IF; RETURN NEW; END"
_LATE = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
_POSTGRESQL = (
    f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {_FUNCTION} $$",
    f"CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON event {_LATE}",
)
_POSTGRESQL_AGAIN = ("DROP TRIGGER refuse ON event", "DROP FUNCTION refuse()")
