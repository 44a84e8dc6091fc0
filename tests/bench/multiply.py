"""Makes a large database of a small one inside the database, in minutes where seeding would take hours.

Every issue stands there with its parts so many times over: as open, as held and as lately raised as the first.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Table
from sqlmodel import Session, select

from tests.bench.partnership import KEY
from tracker.database import Database, metadata
from tracker.queries.ladder.kept import longest_of
from tracker.records.climb import ClimbTally

WITHOUT_STORIES = ("issue_side", "holder", "occurrence", "timer", "issue_climb")  # a fifth of the bytes
PARTS = (*WITHOUT_STORIES, "note", "event")


def multiply(database: Database, times: int, parts: Iterable[str] = PARTS) -> int:
    """So many times the issues that are there, in transactions of one copy each; how many there are then. A copy is
    named by its id, and stands in no chain with others. What was counted of how issues climbed is multiplied, too;
    months are not counted anew: `recount` does."""
    with database.write() as session:
        (count,) = session.connection().exec_driver_sql("SELECT max(id) FROM issue").one()
    for copy in range(1, times):
        with database.write() as session:
            _copy(session, copy * count, count, parts)
    with database.write() as session:
        session.connection().exec_driver_sql(f"UPDATE partnership SET next_number = {times * count + 1}")
        for tally in session.exec(select(ClimbTally)).all():
            tally.counts = {name: times * often for name, often in tally.counts.items()}
            tally.longest = longest_of(session, tally.scope_id, tally.month)
    return int(times * count)


def _copy(session: Session, ahead: int, count: int, parts: Iterable[str]) -> None:
    own = {
        "id": f"id + {ahead}", "number": f"number + {ahead}", "ref": f"'{KEY}-c' || (id + {ahead})",
        "again_of_id": "NULL", "same_as_id": "NULL", "outside_ref": "NULL",
    }  # fmt: skip
    _insert(session, "issue", own, f"id <= {count}")
    for name in parts:
        _insert(session, name, {"issue_id": f"issue_id + {ahead}", "once": "NULL"}, f"issue_id <= {count}")


def _insert(session: Session, name: str, changed: Mapping[str, str], where: str) -> None:
    """Ids that are not said are given by the database."""
    columns = [each.name for each in _table(name).columns if each.name != "id" or "id" in changed]
    values = ", ".join(changed.get(each, each) for each in columns)
    session.connection().exec_driver_sql(
        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM {name} WHERE {where}"
    )


def _table(name: str) -> Table:
    return metadata().tables[name]
