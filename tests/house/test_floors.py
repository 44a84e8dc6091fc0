"""Imports only go down; rules and measures stand alone; migrations do not know the product."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, functions, imported, parsed, under


def test_imports_only_go_down_and_every_module_has_a_floor() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("floor", ["rules", "measures"])
def test_a_pure_floor_imports_the_standard_library_alone(floor: str) -> None:
    allowed = {*sys.stdlib_module_names, "tracker"}
    strangers = [
        f"{name}:{line} {module}"
        for name in under(f"tracker/{floor}", ".py")
        for module, line in imported(parsed(name))
        if module.split(".")[0] not in allowed
    ]
    assert strangers == []


@pytest.mark.parametrize(
    "library, writers",
    [("xlsxwriter", {"tracker/reports/spreadsheet.py"}), ("typst", {"tracker/reports/typesetter.py"})],
)
def test_one_module_alone_writes_what_a_report_is_kept_as(library: str, writers: set[str]) -> None:
    found = {name for name in under("tracker", ".py") for module, _ in imported(parsed(name)) if module == library}
    assert found == writers


def test_one_module_alone_writes_comma_separated_values() -> None:
    writes = re.compile(r"\bcsv\.(writer|DictWriter)\b|\bfrom csv import\b")
    found = [name for name in under("tracker", ".py") if writes.search((ROOT / name).read_text())]
    assert found == ["tracker/reports/spreadsheet.py"]


def test_migrations_never_import_the_product() -> None:
    known = [
        f"{name}:{line}"
        for name in under("migrations", ".py")
        for module, line in imported(parsed(name))
        if module.split(".")[0] == "tracker"
    ]
    assert known == []


def test_nothing_is_imported_inside_a_function() -> None:
    late = {
        f"{name}:{line} {module}"
        for name in [*under("tracker", ".py"), *under("tests", ".py"), "go.py"]
        for function in functions(name)
        for module, line in imported(function)
    }
    assert late == set()
