"""Keeps a small database of this version, from which later ones are tried to be reached.

`python -m tests.migrations.keep`, once, before a version is released: `released/` has it under its newest migration.
"""

import lzma
import os
import sqlite3
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner
from sqlmodel import Session

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast, make_cast
from tracker.__main__ import main
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.database import Database
from tracker.database.tables import newest
from tracker.rules.lifecycle import Cause, Outcome
from tracker.rules.rings import Ring

RELEASED = Path(__file__).with_name("released")
PAST = """issue,at,event,organisation,person,to_organisation,tier,title,detail,severity,theme,service_area,outcome
A-1,2026-01-12T09:00,raised,acute,Sam Okafor,council,,Forms come back,Twice a week,serious,reliability,discharge,
A-1,2026-01-14T10:30,escalated,acute,,,,,No answer,,,,
A-1,2026-02-02T16:00,resolved,council,,,2,,One form for both,,,,solved
A-1,2026-03-09T09:15,reopened,acute,,,,,It came back,,,,
A-1,2026-03-20T12:00,resolved,council,,,2,,A new form,,,,solved
A-2,2026-02-03T08:00,raised,council,Kim Tran,acute,,Calls are not returned,,minor,decision_speed,,
A-2,2026-02-04T08:00,paused,council,,Transport,,,Waiting for a van,,,,
A-2,2026-02-20T08:00,resolved,acute,,,1,,,,,,worked_round
A-3,2026-03-30T11:00,raised,community,Mo Aziz,acute,,Lists are out of date,Since Monday,critical,reliability,,
A-3,2026-04-01T11:00,escalated,community,,,,,,,,,
"""


def keep() -> Path:
    """The file it is kept in, anew where it was there."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(TRACKER_HOME=home, TRACKER_DATABASE_URL="", TRACKER_SECRET="s" * 40)
        _run("migrate")
        file = Path(home) / "tracker.sqlite3"
        _live(Database(f"sqlite:///{file}"), Path(home))
        with sqlite3.connect(file) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA journal_mode = DELETE")
        kept = RELEASED / f"{next(iter(newest()))}.sqlite3.xz"
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(lzma.compress(file.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    return kept


def _live(db: Database, home: Path) -> None:
    """Two partnerships, past issues of one, and what its people and the clock did in a fortnight."""
    with db.write() as session:
        cast = make_cast(session)
    (home / "past.csv").write_text(PAST, encoding="utf-8")
    _run("history", str(home / "past.csv"), "--partnership", "RIV")
    with db.write() as session:
        _week(session, cast)
    _clock(days=(0, 4))
    with db.write() as session:
        make_decision(session, cast)
        make_pack(session, cast, now=MONDAY + timedelta(days=4))
    _clock(days=(5, 14))
    _run("link", "sam@acute.example")
    db.dispose()


def _week(session: Session, cast: Cast) -> None:
    """Issues in every state."""
    late, *others = (make_issue(session, cast, title=title) for title in ("Late", "Noted", "Climbing", "Proposed"))
    noted, climbing, proposed = others
    inside = make_issue(session, cast, by="kim", with_="acute", ring=Ring.ORGANISATION, title="Only ours")
    session.flush()
    acknowledge(session, noted.ref, doer(cast, "lee"))
    add_note(session, noted.ref, doer(cast, "lee"), text="Asked for the list.", ring=Ring.SHARED)
    record_occurrence(session, noted.ref, doer(cast, "sam"), occurred_on=date(2026, 4, 26), detail="Once more")
    escalate.by_holder(session, climbing.ref, doer(cast, "jo"), cause=Cause.AUTHORITY, reason="No answer")
    resolve.propose(session, proposed.ref, doer(cast, "lee"), outcome=Outcome.SOLVED, done="A list")
    resolve.agree(session, proposed.ref, doer(cast, "jo"))
    add_note(session, inside.ref, doer(cast, "kim"), text="Not yet.", ring=Ring.ORGANISATION)
    add_note(session, late.ref, doer(cast, "sam"), text="Still nothing.", ring=Ring.SHARED)


def _clock(days: Iterable[int]) -> None:
    for each in days:
        _run("clock", "--once", "--now", (MONDAY + timedelta(days=each)).isoformat())


def _run(*arguments: str) -> None:
    done = CliRunner().invoke(main, arguments)
    if done.exit_code:
        raise SystemExit(f"tracker {' '.join(arguments)}: {done.output}") from done.exception


if __name__ == "__main__":
    print(f"{keep()} is kept.")
