"""A built wheel works where there is no checkout: it holds the templates, the migrations and htmx."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, under
from tracker.settings import packaged


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def empty_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that has the wheel, and its dependencies from ours."""
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-qq", "--no-deps", "--no-index"]
    subprocess.run([*pip, wheel], check=True, env={"PATH": ""})
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_holds_every_template_every_migration_and_htmx(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"tracker/_data/{name}" for folder in ("templates", "migrations") for name in under(folder, "")}
    assert wanted | {"tracker/static/vendor/htmx.min.js"} <= held


def test_the_wheel_holds_nothing_but_the_product(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in held} == {"tracker", "partnership_tracker"}
    assert [name for name in held if "node_modules" in name or name.endswith((".pyc", "package.json"))] == []


def test_the_wheel_works_in_an_empty_environment(empty_python: Path, tmp_path: Path) -> None:
    ask = "import tracker.settings as s; print(s.packaged('templates')); print(s.packaged('migrations'))"
    alone = [str(empty_python), "-I", "-c", ask]  # whatever PYTHONPATH says
    done = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = [Path(line) for line in done.stdout.splitlines()]
    assert [path.parent.name for path in found] == ["_data", "_data"]
    assert all(path.is_relative_to(empty_python.parents[1].resolve()) and path.is_dir() for path in found)


def test_a_checkout_reads_its_own_templates_and_migrations() -> None:
    assert [packaged("templates"), packaged("migrations")] == [ROOT / "templates", ROOT / "migrations"]
