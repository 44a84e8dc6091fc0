"""Web processes and clocks work where the tables are somebody else's, with the rights that the runbook gives."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.exchange.backup.elsewhere import empty_server
from tests.house.tree import ROOT
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast, make_cast
from tests.notice_makers import Door
from tracker.actions.add_note import add_note
from tracker.app import create_app
from tracker.clock import Clock
from tracker.database import Database
from tracker.rules.rings import Ring
from tracker.settings import Settings

FORBIDDEN = (
    "DROP TABLE event",
    "ALTER TABLE issue ADD COLUMN more text",
    "TRUNCATE event",
    "CREATE TABLE more (id int)",
)
RIGHTS = re.compile(r"^ALTER DEFAULT PRIVILEGES .*?;", re.MULTILINE)


@pytest.fixture
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Database, Cast]]:
    """As that role; the tables were made by who owns them."""
    with empty_server("postgresql", tmp_path / "home", request) as server:
        owner, role = server.db, f"tracker_{uuid4().hex}"
        rights = RIGHTS.findall((ROOT / "deploy" / "runbook.md").read_text())
        assert len(rights) == 2
        with owner.engine.begin() as connection:
            for each in (f"CREATE ROLE {role} LOGIN", *rights):
                connection.execute(text(each.replace("TO tracker;", f"TO {role};")))
        owner.migrate()
        with owner.write() as session:
            cast = make_cast(session)
        database = Database(owner.url.set(username=role).render_as_string(hide_password=False))
        yield database, cast
        database.dispose()
        with owner.engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))


def test_pages_and_clock_need_no_table_of_their_own(database: tuple[Database, Cast], tmp_path: Path) -> None:
    db, cast = database
    with db.write() as session:
        ref = make_issue(session, cast).ref
        session.flush()
        add_note(session, ref, doer(cast, "sam"), text="Still nothing.", ring=Ring.SHARED)
    clock = Clock(db, Door(), link_key=b"k" * 32, now_of=lambda _: MONDAY)
    assert [name for name, _ in clock.until_nothing_is_due()]
    assert db.takes_writes()
    with db.read() as session:
        asked = text(
            "SELECT bool_and(has_table_privilege(oid, 'MAINTAIN')) FROM pg_class WHERE relname IN ('event', 'note')"
        )
        assert session.connection().execute(asked).scalar_one(), "else words that were taken out are not cleaned away"
    with TestClient(create_app(Settings.from_environment({"TRACKER_HOME": str(tmp_path)}), database=db)) as client:
        assert client.get("/health/ready").status_code == 200
        assert client.get("/sign-in").status_code == 200


def test_it_may_not_change_a_table(database: tuple[Database, Cast]) -> None:
    db, _ = database
    for forbidden in FORBIDDEN:
        with pytest.raises(ProgrammingError), db.write() as session:
            session.connection().execute(text(forbidden))
