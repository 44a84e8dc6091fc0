"""What was promised to people has one door in the code, so that no second one can forget it."""

import ast
from collections.abc import Iterator

from tests.house.tree import ROOT, parsed, under

ASKED_IN = "tracker/rules/names.py"
WRITTEN_IN = ("tracker/records/", "tracker/actions/raise_issue.py", "tracker/pages/issues/raising.py")
NAMED_IN = {"tracker/pages/issues/view.py", "tracker/reports/packs/content.py"}


def readers_of(attribute: str) -> Iterator[tuple[str, int]]:
    """Where a field is read, but of a row's column, `Issue.hide_reporter`, which asks nothing; and of a template."""
    for name in (name for name in under("tracker", ".py") if not name.startswith(WRITTEN_IN)):
        for node in ast.walk(parsed(name)):
            if isinstance(node, ast.Attribute) and node.attr == attribute and ast.unparse(node.value) != "Issue":
                yield name, node.lineno
    yield from ((name, 0) for name in under("templates", "") if f".{attribute}" in (ROOT / name).read_text())


def test_whether_a_reporters_name_is_kept_is_asked_in_one_place() -> None:
    assert {name for name, _ in readers_of("hide_reporter")} == {ASKED_IN}


def test_a_reporters_name_is_taken_only_where_it_is_asked_whether_it_may_be_known() -> None:
    taken = set(readers_of("raised_by_name"))
    assert {name for name, _ in taken} == NAMED_IN
    for name, line in taken:
        assert "names.may_know_reporter(" in (ROOT / name).read_text().splitlines()[line - 1]
