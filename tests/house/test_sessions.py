"""Whoever has a session of a database opens no other one of it: where all have one and want another, nobody goes on."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import parsed, under

OPENS = {"read", "write", "snapshot", "write_in_passing"}


def opened_by(block: ast.With) -> Iterator[str]:
    """The databases, as they are written, of which a block opens a session."""
    for item in block.items:
        opens = item.context_expr
        if isinstance(opens, ast.Call) and isinstance(opens.func, ast.Attribute) and opens.func.attr in OPENS:
            database = ast.unparse(opens.func.value)
            if database.split(".")[-1] in {"db", "database"}:
                yield database


def again_in(tree: ast.AST) -> Iterator[int]:
    """The lines in such a block that open another session of the same database, or call what is given it."""
    for block in (node for node in ast.walk(tree) if isinstance(node, ast.With)):
        for database in opened_by(block):
            for call in (each for line in block.body for each in ast.walk(line) if isinstance(each, ast.Call)):
                given = [ast.unparse(each) for each in (*call.args, *(word.value for word in call.keywords))]
                if database in given or ast.unparse(call.func) in {f"{database}.{each}" for each in OPENS}:
                    yield call.lineno


def test_no_session_is_opened_while_one_of_the_same_database_is_open() -> None:
    assert [f"{name}:{line}" for name in under("tracker", ".py") for line in again_in(parsed(name))] == []


@pytest.mark.parametrize("inner", ["other(db)", "other(of=db)", "with db.read() as second: pass"])
def test_one_that_is_opened_within_another_is_found(inner: str) -> None:
    assert [*again_in(ast.parse(f"with db.write() as session:\n    {inner}"))] == [2]
