"""What was promised to people has one door in the code, so that no second one can forget it."""

import ast

from tests.house.tree import ROOT, parsed, under

ASKED_IN = "tracker/rules/names.py"
WRITTEN_IN = ("tracker/records/", "tracker/actions/raise_issue.py", "tracker/pages/issues/raising.py")


def test_whether_a_reporters_name_is_kept_is_asked_in_one_place() -> None:
    """A column of a statement, `Issue.hide_reporter`, asks nothing."""
    asking = {
        f"{name}:{node.lineno}"
        for name in under("tracker", ".py")
        if name != ASKED_IN and not name.startswith(WRITTEN_IN)
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Attribute) and node.attr == "hide_reporter" and ast.unparse(node.value) != "Issue"
    }
    asking |= {name for name in under("templates", "") if ".hide_reporter" in (ROOT / name).read_text()}
    assert asking == set()
