"""Statements that are kept for a reader: sent as they were built, and an issue comes with its parts by few of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, text
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.makers import Cast
from tracker.database import Database, statement_count
from tracker.queries import issues
from tracker.queries.decisions import visible_decisions
from tracker.queries.issue_lines import COLUMNS
from tracker.queries.issues import load, readable_events, readable_notes, visible_issues
from tracker.records.columns import among
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.rings import Viewer

CONDITIONS = [
    (Issue, visible_issues), (Event, readable_events), (Note, readable_notes), (Decision, visible_decisions),
]  # fmt: skip


@pytest.mark.parametrize("table, condition", CONDITIONS)
def test_a_condition_for_a_reader_is_written_once_and_not_each_time_it_is_sent(
    cast: Cast, table: type[Issue], condition: Callable[[Viewer], ColumnElement[bool]]
) -> None:
    for viewer in (cast.viewer("sam"), replace(cast.viewer("sam"), bodies=frozenset({1, 2}))):
        statement = select(table.id).where(condition(viewer))
        assert "POSTCOMPILE" not in str(statement)


def test_what_a_list_shows_of_an_issue_is_asked_for_without_a_parameter() -> None:
    assert select(*COLUMNS).compile().params == {}


def test_nobody_is_one_of_none(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
    with db.read() as session:
        assert session.exec(select(Issue.id).where(issues.one_of(Issue.id, ()))).all() == []
        every = session.exec(select(Issue.id)).all()
        assert session.exec(select(Issue.id).where(issues.one_of(Issue.id, every))).all() == every


@pytest.mark.both_databases
def test_a_statement_asks_for_however_many_there_are_in_the_same_words(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ids = [make_issue(session, cast).id for _ in range(3)]
    those = select(Issue.id).where(among(col(Issue.id))).order_by(col(Issue.id))
    with db.read() as session, statement_count(db) as sent:
        for some in ([], ids[:1], ids):
            assert session.exec(those, params={"ids": some}).all() == some
    assert len(set(sent)) == 1


@pytest.mark.both_databases
def test_what_is_none_of_the_values_of_a_column_is_refused_when_it_is_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        session.flush()
        session.connection().execute(text("UPDATE issue SET state = 'frozen'"))
    with db.read() as session, pytest.raises(LookupError, match="frozen"):
        session.exec(select(Issue.state).where(Issue.id == issue.id)).one()


def test_an_issue_comes_with_its_parts_by_a_statement_for_each(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
    with db.write() as session, statement_count(db) as sent:
        issue = load(session, ref, cast.viewer("sam"), for_change=True)
        assert (len(issue.sides), len(issue.timers) > 0, len(issue.holders) > 0) == (2, True, True)
    assert len([each for each in sent if each.startswith("SELECT")]) == 4


def test_what_is_loaded_to_be_changed_is_as_it_is_under_the_lock(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
    with db.write() as session:
        before = load(session, ref, cast.viewer("sam"))
        named = col(Issue.id) == before.id
        session.connection().exec_driver_sql("UPDATE issue_side SET theme = 'pace'")
        again = session.exec(select(Issue).where(named)).one()
        assert {each.theme for each in again.sides} == {None}
        assert {each.theme for each in load(session, ref, cast.viewer("sam"), for_change=True).sides} == {"pace"}
