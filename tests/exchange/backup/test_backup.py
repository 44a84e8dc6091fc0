"""What is restored is what was backed up, on either database, and while others write."""

import threading
from pathlib import Path

import pytest

from tests.exchange.backup.elsewhere import backed_up, empty_server, everything
from tests.issue_makers import doer, make_issue
from tests.journeys.test_every_column import TABLES, fill
from tests.makers import Cast
from tests.queries.test_search import found
from tracker.actions.add_note import add_note
from tracker.database import Database, metadata
from tracker.queries.proofs.links import verify_chains

ONTO = pytest.mark.parametrize("onto", ["sqlite", "postgresql"])
pytestmark = pytest.mark.both_databases


@ONTO
def test_every_row_of_every_table_is_restored_as_it_was_on_either_database(
    db: Database, cast: Cast, tmp_path: Path, onto: str, request: pytest.FixtureRequest
) -> None:
    with db.write() as session:
        make_issue(session, cast, title="Bärbel’s “letters” \\ 漢字 \u2028", detail="One line,\r\nanother")
        session.flush()
        fill(session, TABLES)
    before = everything(db)
    assert [name for name, rows in before.items() if not rows] == []
    file = backed_up(db, tmp_path / "home")
    with empty_server(onto, tmp_path / "elsewhere", request) as elsewhere:
        manifest = elsewhere.restore(file)
        assert everything(elsewhere.db) == before
    counts = {f"tables/{name}.jsonl": len(rows) for name, rows in before.items()}
    assert {name: each.rows for name, each in manifest.members.items()} == counts


@ONTO
def test_a_restored_record_has_its_references_is_searched_and_goes_on(
    db: Database, cast: Cast, tmp_path: Path, onto: str, request: pytest.FixtureRequest
) -> None:
    with db.write() as session:
        ref = make_issue(session, cast, title="The hoist is missing").ref
        session.flush()
        add_note(session, ref, doer(cast, "sam"), text="In the cellar")
    file = backed_up(db, tmp_path / "home")
    with empty_server(onto, tmp_path / "elsewhere", request) as elsewhere:
        elsewhere.restore(file)
        elsewhere.db.check()
        with elsewhere.db.write() as session:
            assert [found(session, cast, each) for each in ("hoist", "cellar")] == [["RIV-1"], ["RIV-1"]]
            make_issue(session, cast)
            session.flush()
            add_note(session, "RIV-2", doer(cast, "sam"), text="It goes on")
            assert found(session, cast, "goes") == ["RIV-2"]


def test_a_backup_taken_while_others_write_is_of_one_moment(
    db: Database, cast: Cast, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    begun, ended, failed = threading.Event(), threading.Event(), []

    def write_on() -> None:
        try:
            while not ended.is_set():
                with db.write() as session:
                    ref = make_issue(session, cast).ref
                    session.flush()
                    add_note(session, ref, doer(cast, "sam"), text="Another one")
                begun.set()
        except Exception as fault:  # told by the test
            failed.append(fault)
            begun.set()

    writers = [threading.Thread(target=write_on) for _ in range(2)]
    for each in writers:
        each.start()
    try:
        assert begun.wait(120)
        file = backed_up(db, tmp_path / "home")
    finally:
        ended.set()
        for each in writers:
            each.join(120)
    assert failed == []
    with empty_server("sqlite", tmp_path / "elsewhere", request) as elsewhere:
        elsewhere.restore(file)
        then, now = everything(elsewhere.db), everything(db)
        of_issue = list(metadata().tables["note"].columns.keys()).index("issue_id")
        assert 0 < len(then["issue"]) == len(then["note"]) == len({row[of_issue] for row in then["note"]})
        assert set(map(repr, then["event"])) <= set(map(repr, now["event"]))
        with elsewhere.db.snapshot() as session:
            assert verify_chains(session, cast.partnership.id, "RIV", lambda done, total: None).events == len(
                then["event"]
            )
