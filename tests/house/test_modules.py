"""Files and functions stay small, files say what they are for, and are named for what they hold."""

import ast
from pathlib import PurePath

from tests.house.tree import ROOT, functions, parsed, under

LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 30  # statements
VAGUE = {
    "service",
    "services",
    "manager",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "util",
    "utils",
    "data",
    "info",
}
EXCUSED: frozenset[str] = frozenset()  # paths that may be longer, until they are mended: only ever gets shorter

PRODUCT = [*under("tracker", ".py"), "go.py"]
ALL = [*PRODUCT, *under("tests", ".py"), *under("migrations", ".py"), *under("deploy", ".py")]


def test_every_module_opens_with_a_line_that_says_what_it_is_for() -> None:
    silent = [name for name in ALL if not (ast.get_docstring(parsed(name)) or "").split("\n")[0].endswith(".")]
    assert silent == []


def test_no_file_is_too_long() -> None:
    lengths = {name: (ROOT / name).read_text().count("\n") for name in PRODUCT}
    assert {name for name, lines in lengths.items() if lines > LONGEST_FILE} == EXCUSED


def test_no_function_is_too_long() -> None:
    long = {
        f"{name}:{function.lineno} {function.name}"
        for name in PRODUCT
        for function in functions(name)
        if sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1 > LONGEST_FUNCTION
    }
    assert long == set()


def test_only_tables_are_laid_out_by_hand() -> None:
    """Where columns say more than the formatter's lines: a display of many, given a name."""
    by_hand = {
        f"{name}:{number}"
        for name in PRODUCT
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1)
        if "# fmt: skip" in line and number not in _ends_of_tables(parsed(name))
    }
    assert by_hand == set()


def test_no_file_has_a_name_that_says_nothing() -> None:
    words = {name: PurePath(name).stem.replace("service_area", "area").split("_") for name in ALL}
    assert [name for name in ALL if VAGUE & set(words[name])] == []


def _ends_of_tables(tree: ast.Module) -> set[int]:
    displays = ast.Dict | ast.Set | ast.Tuple | ast.List | ast.BinOp
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign))
    return {node.end_lineno or 0 for node in named if isinstance(node.value, displays)}
