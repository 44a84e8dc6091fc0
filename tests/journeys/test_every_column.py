"""Any column of any row may be damaged: the clock goes on for everybody else. A new table is looked at by itself."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Enum, LargeBinary, String, Table, insert, update
from sqlalchemy import select as of_table
from sqlmodel import Session, col

from tests.conftest import Stage, passing_database
from tests.decision_makers import make_decision
from tests.issue_makers import make_issue
from tests.journeys.clock_processes import TOLD
from tests.journeys.damage import Hurt, bad_values, damaged, worst_for
from tests.journeys.test_damaged_rows import raise_elsewhere
from tests.makers import MONDAY, Cast
from tests.notice_makers import Door
from tracker.actions.welcome import ask_for_link
from tracker.clock import Clock, Rounds
from tracker.database import Database, metadata, statement_count
from tracker.queries import arrangements
from tracker.records.columns import ArrangementEntry
from tracker.records.event import Event
from tracker.records.notice import Notice
from tracker.rules.notices import NoticeState
from tracker.settings.log_lines import write_log

KEY = b"k" * 32
FRIDAY = MONDAY + timedelta(days=4)  # limits were on Thursday
HOLDING = "restored_copy"  # a row of it holds every clock
TABLES = {table.name: table for table in metadata().sorted_tables if table.name != HOLDING}
OF_ISSUES = [name for name, table in TABLES.items() if name == "issue" or "issue_id" in table.columns]
AGREED = {getattr(each, "__tablename__", "") for each in (*arrangements._TABLES, *ArrangementEntry.__subclasses__())}
"""What a whole partnership agreed: where it cannot be read, no limit of that partnership can be reckoned."""


def gone_up(ref: str) -> Counter[str]:
    """What a clock does where a limit passed."""
    told = {f"timers {ref} limit: tier 2, raised": 1, f"announcements {ref} escalated: {TOLD} told": 1}
    return Counter({**told, f"letters {ref} 1 sent": TOLD})


FOR_ELSEWHERE = gone_up("ELS-1") + Counter(["links a sign-in link sent", "counts ELS 2026-04 counted"])
FOR_OTHERS = FOR_ELSEWHERE + gone_up("RIV-1") + Counter(["timers decision 2 decision_due"])
APART = [
    *((name, "1 = 1", FOR_ELSEWHERE if name in AGREED else FOR_OTHERS) for name in TABLES if name not in OF_ISSUES),
    ("timer", "decision_id IS NOT NULL", FOR_OTHERS),
    ("event", "decision_id IS NOT NULL", FOR_ELSEWHERE),  # all events of a partnership's own stand on one another
]
"""Tables apart from issues: which of their rows are damaged, and what is to be done all the same."""


@pytest.fixture(autouse=True)
def _log_as_served() -> None:
    """As `tracker serve` logs: with the lines of code alone, which is much quicker to write."""
    write_log("faults")


@pytest.mark.both_databases
def test_of_many_issues_each_damaged_in_another_place_no_other_is_stopped(db: Database, cast: Cast) -> None:
    hurts = [
        Hurt(name, column.name, worst)
        for name in OF_ISSUES
        for column in TABLES[name].columns
        for worst in bad_values(column, sqlite=db.is_sqlite)[: None if db.is_sqlite else 2]
    ]
    with db.write() as session:
        good = [make_issue(session, cast)]
        victims = [make_issue(session, cast).id for _ in hurts]
        good += [make_issue(session, cast), raise_elsewhere(session, cast)]
        make_decision(session, cast)
        session.flush()
        untold = [victim for hurt, victim in zip(hurts, victims, strict=True) if hurt.table == "event"]
        session.execute(update(Event).where(col(Event.issue_id).not_in(untold)).values(announced=True))
        fill(session, ["climb_scope", "checkpoint"])  # what is counted or signed of an issue refers to one
        for victim in victims:
            fill(session, OF_ISSUES, victim)
    clock, taken = clock_of(db, FRIDAY), 0
    with ExitStack() as mended:
        for hurt, victim in zip(hurts, victims, strict=True):
            of = "id" if hurt.table == "issue" else "issue_id"
            taken += not mended.enter_context(damaged(db, hurt.of, hurt.worst, where=f"{of} = {victim}"))
        did = done(clock.ringing)
        with db.write() as session:  # one letter about each is enough
            new = (col(Notice.issue_id).in_(victims), col(Notice.made_at) == FRIDAY)
            session.execute(update(Notice).where(*new).values(state=NoticeState.SUPPRESSED))
        did += done(clock.posting)
    print(f"{taken} of {len(hurts)} damages were taken by the database")
    assert taken > 100
    assert sum((gone_up(issue.ref) for issue in good), Counter()) - did == Counter()


@dataclass(frozen=True)
class World:
    """A database in which every table has a row, and something is due: of decisions 1, which may be damaged, and 2; of
    an issue beside them; and of the other partnership. `asked` is what a clock sends to it."""

    db: Database
    restore: Callable[[], None]
    asked: str

    def reads(self, column: Column[Any]) -> bool:
        """Whether a clock names this column, under whatever name its table goes."""
        table = column.table.name
        names = [table, *re.findall(rf"\b{table} AS (\w+)", self.asked)]
        return re.search(rf'\b({"|".join(names)})\."?{column.name}\b', self.asked) is not None

    def stopped(self, where: str, hurts: Sequence[tuple[Column[Any], Any]], todo: Counter[str]) -> Counter[str]:
        """What was not done of this while the first such row of a table was damaged so."""
        self.restore()
        with ExitStack() as mended:
            problems = [mended.enter_context(damaged(self.db, *hurt, where=where)) for hurt in hurts]
            return todo - swept(self.db) if not all(problems) else Counter()  # else the database takes none of it


class Alone(Database):
    """One beside which nobody waits to write: a fifth of all the time was spent on letting them."""

    def let_others_write(self, took: float) -> None:
        pass


@pytest.fixture(scope="module")
def world(sqlite_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    file = tmp_path_factory.mktemp("world") / "tracker.sqlite3"
    shutil.copyfile(sqlite_stage.file, file)
    db, cast = passing_database(file, Alone), sqlite_stage.cast
    with db.write() as session:
        for address in ("sam@acute.example", "stan@north.example"):
            ask_for_link(session, address, now=FRIDAY, key=KEY)
        for what in ("Beds are counted at noon", "Letters go out the same day"):
            make_decision(session, cast, due_on=date(2026, 4, 30), what=what)
        make_issue(session, cast)
        raise_elsewhere(session, cast)
        session.flush()
        session.execute(update(Event).values(announced=True))
        fill(session, list(TABLES))
    restore = restoring(db, file)
    with statement_count(db) as sent:
        assert FOR_OTHERS - swept(db) == Counter()
    yield World(db, restore, "\n".join(sent))
    db.dispose()


@pytest.mark.parametrize("table, where, todo", APART)
def test_whatever_a_row_of_a_table_holds_the_clock_goes_on_for_everybody_else(
    world: World, table: str, where: str, todo: Counter[str]
) -> None:
    columns = sorted(TABLES[table].columns, key=lambda column: column.primary_key)  # the row is found by its key
    worst = [(column, worst_for(column, sqlite=True)) for column in columns]
    nowhere = [(column, 99999) for column in columns if column.foreign_keys]
    one_by_one = [[hurt] for hurt in (*worst, *nowhere) if world.reads(hurt[0])]
    all_at_once = [hurt for hurt in worst if not world.reads(hurt[0])]
    stopped = [(hurts, world.stopped(where, hurts, todo)) for hurts in (*one_by_one, all_at_once) if hurts]
    assert [(str(hurts), found) for hurts, found in stopped if found] == []


def swept(db: Database) -> Counter[str]:
    """What a clock did that has just begun, until nothing was due."""
    arrangements._kept.clear()
    clock = clock_of(db, FRIDAY)
    return done(clock.ringing) + done(clock.posting)


def done(rounds: Rounds) -> Counter[str]:
    return Counter(f"{name} {done.about} {done.what}" for name, done in rounds.until_still())


def clock_of(db: Database, now: datetime) -> Clock:
    return Clock(db, Door(), link_key=KEY, now_of=lambda _: now)


def restoring(db: Database, file: Path) -> Callable[[], None]:
    """What brings the file back to how it is now."""
    db.truncate_log()
    db.dispose()
    kept = shutil.copyfile(file, file.with_suffix(".kept"))

    def restore() -> None:
        db.dispose()
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        shutil.copyfile(kept, file)

    return restore


def fill(session: Session, tables: Collection[str], issue_id: int | None = None) -> None:
    """Each of these tables has a row, of this issue where one is named: of the first of what it refers to."""
    for table in (TABLES[name] for name in TABLES if name in tables and name != "issue"):
        rows = of_table(table).limit(1)
        if issue_id is not None:
            rows = rows.where(table.columns["issue_id"] == issue_id)
        if session.execute(rows).first() is None:
            row = {each.name: _invented(session, each, issue_id) for each in table.columns if each.name != "id"}
            session.execute(insert(table).values(row))


def _invented(session: Session, column: Column[Any], issue_id: int | None) -> Any:
    if column.name == "issue_id" and issue_id is not None:
        return issue_id
    if column.nullable:
        return None
    for key in column.foreign_keys:
        return session.execute(_first(key.column, issue_id)).scalar_one()
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or ()))
    if isinstance(kind, DateTime | Date):
        return MONDAY if isinstance(kind, DateTime) else MONDAY.date()
    if isinstance(kind, String):
        return f"{column.name} {issue_id}"
    return _invented_by_type(column, issue_id or 0)


def _invented_by_type(column: Column[Any], number: int) -> Any:
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, LargeBinary):
        return b"" if kind is column.type else f"{number:032x}"
    return {} if isinstance(kind, JSON) else not isinstance(kind, Boolean) and 1


def _first(column: Column[Any], issue_id: int | None) -> Any:
    """Of the same issue, where that is of one."""
    table: Table = column.table
    first = of_table(column).order_by(column).limit(1)
    has_issue = issue_id is not None and "issue_id" in table.columns
    return first.where(table.columns["issue_id"] == issue_id) if has_issue else first
