"""What texts say of the house is so: a file that is named is there, and the README is read in five minutes."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import ROOT, committed, parsed

README_LINES = 120
FLOORS = "rules|measures|records|queries|actions|reports|exchange|pages|api|post|commands|settings"
ELSEWHERE = "templates|tests|deploy|migrations"
IN_THE_HOUSE = re.compile(rf"(?<![\w/.\"'-])(?:tracker/)?((?:{FLOORS})/[a-z_/]+)(?![\w}}{{*])")
A_CLASS = re.compile(rf"((?:{FLOORS})/[a-z_/]+)\.([A-Z]\w+)")
BESIDE_IT = re.compile(rf"`((?:{ELSEWHERE})/[a-z_./-]+)`")
TEXTS = (".py", ".html", ".txt", ".typ", ".md", ".css", ".toml", ".yml", ".sh")
PAST = ("CHANGELOG.md", "migrations/versions/", "tests/house/test_mentions.py")  # tell of what was, or of patterns
MADE = {"deploy/.env", "deploy/settings"}  # by whoever runs it


def test_every_file_that_a_text_names_is_there() -> None:
    gone = {f"{name}: {path}" for name, path in _named() if path not in MADE and not _is_there(path)}
    assert gone == set()


def test_every_class_that_a_template_names_is_there() -> None:
    named = {
        (name, f"tracker/{module}.py", each)
        for name in committed()
        if name.startswith("templates/")
        for module, each in A_CLASS.findall((ROOT / name).read_text())
    }
    gone = {f"{name}: {module} {each}" for name, module, each in named if each not in _classes(module)}
    assert gone == set()


def test_the_readme_is_read_in_five_minutes() -> None:
    assert (ROOT / "README.md").read_text().count("\n") <= README_LINES


def _named() -> Iterator[tuple[str, str]]:
    for name in committed():
        if name.endswith(TEXTS) and not name.startswith(PAST):
            text = (ROOT / name).read_text()
            yield from ((name, f"tracker/{path.rstrip('/')}") for path in IN_THE_HOUSE.findall(text))
            yield from ((name, path.rstrip("/")) for path in BESIDE_IT.findall(text))


def _classes(module: str) -> set[str]:
    if not (ROOT / module).exists():
        return set()
    return {node.name for node in ast.walk(parsed(module)) if isinstance(node, ast.ClassDef)}


def _is_there(path: str) -> bool:
    return any((ROOT / f"{path}{ending}").exists() for ending in ("", ".py", ".toml"))
