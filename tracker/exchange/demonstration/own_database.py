"""The demonstration's own database: made anew each day, known again by its mark, and no other is ever touched."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select, update

from tracker.actions.agree_ladder import agree_as_lead
from tracker.actions.counting.climbs import count_all_climbs
from tracker.actions.people.belong import come_in
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import load
from tracker.exchange.demonstration.earlier import FILE as EARLIER
from tracker.exchange.demonstration.governing import FILE as DECISIONS
from tracker.exchange.demonstration.moments import working_day_before
from tracker.exchange.demonstration.play import Progress, play, unseen
from tracker.exchange.demonstration.story import CHARTER, FOLDER
from tracker.queries.arrangements import by_key
from tracker.queries.demonstration import MARK
from tracker.records.event import Event
from tracker.records.ladder import Ladder
from tracker.records.partnership import Partnership
from tracker.records.person import Membership, Person
from tracker.rules.refusals import Refused
from tracker.rules.spans import day_in, start_of

KEY = "RIV"
SEED = "riverside"
PLAYED_BY = "3"
"""Raised when the stories are played otherwise, so that a demonstration of before is made anew."""

AGREED_BEFORE = timedelta(days=400)
"""How long before today the charter was agreed: before the first story."""


class NotItsOwn(Refused):
    """Where the demonstration's database should be there is one that is not the demonstration's."""


def make_ready(file: Path, *, now: datetime, seed: str = SEED, progress: Progress = unseen) -> bool:
    """Leaves a demonstration that ends today in the SQLite file, and says whether it had to be made. One that was
    made today from the same stories and seed is kept, with what visitors did in it. Refuses: NotItsOwn."""
    mark = _mark(now, seed)
    if _is_ready(file, mark):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    _make(_unfinished(file), mark, now, progress)
    for old in _all_of(file):
        old.unlink(missing_ok=True)
    _unfinished(file).rename(file)
    return True


def _mark(now: datetime, seed: str) -> dict[str, str]:
    told = sha256(b"".join(each.read_bytes() for each in (CHARTER, DECISIONS, EARLIER, *sorted(FOLDER.glob("*.toml")))))
    today = day_in("Europe/London", now)
    return {"seed": seed, "played_by": PLAYED_BY, "told": told.hexdigest(), "made_on": today.isoformat()}


def _is_ready(file: Path, mark: dict[str, str]) -> bool:
    if not file.exists():
        return False
    found = _mark_in(file)
    if found is None:
        raise NotItsOwn(
            f"{file} is not the demonstration's own database, so it is left alone. "
            "Move it away, or give TRACKER_HOME another folder."
        )
    with _opened(file) as database:
        return found == mark and database.is_current()


def _mark_in(file: Path) -> dict[str, Any] | None:
    """Read without the records, whose tables may be of another version, and so that nothing in the file changes."""
    mine = "SELECT settings FROM partnership WHERE key = ?"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute(mine, (KEY,)).fetchone()
    except sqlite3.DatabaseError:  # no such table, or no database at all
        return None
    mark: dict[str, Any] | None = json.loads(found[0]).get(MARK) if found else None
    return mark


def _make(file: Path, mark: dict[str, str], now: datetime, progress: Progress) -> None:
    """Beside the file, so that one that was broken off is never taken for a whole one."""
    for old in _all_of(file):
        old.unlink(missing_ok=True)
    with _opened(file) as database:
        database.migrate()
        with database.write() as session:
            _agree(session, mark, now - AGREED_BEFORE)
        play(database, KEY, now=now, seed=mark["seed"], progress=progress)
        with database.write() as session:
            _count_the_past_as_told(session, now)
        sum(count_all_climbs(database, now))


def _agree(session: Session, mark: dict[str, str], at: datetime) -> None:
    """The charter is loaded, everybody has come in, and the leads of all three organisations agree its ladders."""
    load(session, check(CHARTER.read_text(encoding="utf-8"), today=at.date()), now=at, invites=False)
    partnership = session.exec(select(Partnership).where(Partnership.key == KEY)).one()
    partnership.settings = {**partnership.settings, MARK: mark}
    leads = select(Person).join(Membership, col(Membership.person_id) == Person.id).where(col(Membership.lead))
    for person in session.exec(select(Person).order_by(col(Person.id))).all():
        come_in(session, person.id, now=at)
    for person in session.exec(leads.order_by(col(Person.id))).all():
        for ladder in session.exec(select(Ladder).order_by(col(Ladder.id))).all():
            agree_as_lead(session, ladder, person, now=at)


def _count_the_past_as_told(session: Session, now: datetime) -> None:
    """All but what happened since the last working day began: the clock still tells people of that."""
    agreed = by_key(session, KEY)
    calendar = agreed.joint_calendar(agreed.organisations)
    since = start_of(working_day_before(1, now, calendar), calendar.tz)
    session.execute(update(Event).where(col(Event.at) < since).values(announced=True))


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.dispose()


def _unfinished(file: Path) -> Path:
    return file.with_name(f"{file.name}.unfinished")


def _all_of(file: Path) -> tuple[Path, ...]:
    """The file of a database, and what SQLite keeps beside it while it is open."""
    return tuple(file.with_name(file.name + ending) for ending in ("", "-wal", "-shm"))
