"""Rows of tables: each value is set once, by SQLAlchemy, and what is left out has its default."""

from typing import Any

from sqlmodel import SQLModel

from tracker.database import metadata
from tracker.records.columns import TableRow
from tracker.records.issue import Issue
from tracker.rules.lifecycle import State


def test_every_table_is_of_rows_that_set_a_value_once() -> None:
    metadata()
    tables = [each.class_ for each in SQLModel._sa_registry.mappers]
    assert tables
    assert [each.__name__ for each in tables if not issubclass(each, TableRow)] == []


def test_a_row_has_the_defaults_of_what_is_left_out_and_none_that_rows_share() -> None:
    facts: dict[str, Any] = {"title": "A letter late"}
    first, second = Issue(**facts, state=State.OPEN), Issue(**facts)
    assert (first.title, first.version, first.due_at) == ("A letter late", 1, None)
    assert [first.state, second.state] == [State.OPEN, State.RAISED]
    first.other_themes.append("pace")
    assert second.other_themes == []
