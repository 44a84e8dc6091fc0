"""What a list or a measure needs to know of a kind of event stands on the kind: nobody else lists kinds by name."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import parsed, under
from tracker.measures.ladder_flow import EventFlags
from tracker.rules.events.kinds import KINDS, EventKind

HOME = ("tracker/rules/events/", "tracker/exchange/history/")  # where kinds are declared; a file that names them
OUTSIDE = [name for name in under("tracker", ".py") if not name.startswith(HOME)]


def test_no_kind_of_event_is_named_by_a_string_elsewhere() -> None:
    found = {f"{name}:{line} {kind}" for name in OUTSIDE for kind, line in _named(parsed(name))}
    assert found == set()


def test_every_flag_of_the_measures_stands_on_the_kinds() -> None:
    assert [flag for flag in EventFlags._fields if not hasattr(EventKind, flag)] == []


def test_every_flag_is_that_of_some_kind() -> None:
    idle = [flag for flag in EventFlags._fields if not any(getattr(kind, flag) for kind in KINDS.values())]
    assert idle == []


def test_no_sentence_says_that_somebody_was_told_but_by_what_was_kept_of_it() -> None:
    """Who hears of an event is found once it stands; what a sentence says of that is kept with the event, or is not."""
    claims = [
        name for name, kind in KINDS.items() if re.search(r"\b(told|informed|notified)\b", kind().sentence("Kim"))
    ]
    assert claims == []


def _named(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names of kinds as strings: in a list of them, or where something called kind is compared with one."""
    for node in ast.walk(tree):
        for each in (*_listed(node), *_compared(node)):
            if isinstance(each, ast.Constant) and each.value in KINDS:
                yield each.value, each.lineno


def _listed(node: ast.AST) -> list[ast.expr]:
    """The members of a collection of strings, two of which no other word would bring together."""
    members: list[ast.expr] = list(node.elts) if isinstance(node, ast.Tuple | ast.List | ast.Set) else []
    members = [each for each in node.keys if each] if isinstance(node, ast.Dict) else members
    kinds: list[ast.expr] = [each for each in members if isinstance(each, ast.Constant) and each.value in KINDS]
    return kinds if len(kinds) == len(members) and any("_" in ast.unparse(each) for each in kinds) else []


def _compared(node: ast.AST) -> list[ast.AST]:
    """What something called kind is compared with, in Python or by a statement."""
    if isinstance(node, ast.Compare) and "kind" in ast.unparse(node.left).lower():
        return [each for operand in node.comparators for each in ast.walk(operand)]
    asked = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"in_", "not_in"}
    if isinstance(node, ast.Call) and asked and "kind" in ast.unparse(node.func):
        return [each for operand in node.args for each in ast.walk(operand)]
    return []
