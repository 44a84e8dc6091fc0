"""What texts say of the house is so: a file that is named is there, and the README is read in five minutes."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

from tests.house.tree import ROOT, committed, parsed, under

README_LINES = 120
FLOORS = "rules|measures|records|queries|actions|reports|exchange|pages|api|post|commands|settings"
ELSEWHERE = "templates|tests|deploy|migrations"
IN_THE_HOUSE = re.compile(rf"(?<![\w/.\"'-])(?:tracker/)?((?:{FLOORS})/[a-z_/]+)(?![\w}}{{*])")
A_CLASS = re.compile(r"\b([a-z_]+)\.([A-Z]\w+)")
A_TEMPLATE = re.compile(r"([a-z_]+/[a-z_]+\.html)")
BESIDE_IT = re.compile(rf"`((?:{ELSEWHERE})/[a-z_./-]+)`")
TEXTS = (".py", ".html", ".txt", ".typ", ".md", ".css", ".toml", ".yml", ".sh")
PAST = ("CHANGELOG.md", "migrations/versions/", "tests/house/test_mentions.py")  # tell of what was, or of patterns
MADE = {"deploy/.env", "deploy/settings"}  # by whoever runs it


def test_every_file_that_a_text_names_is_there() -> None:
    gone = {f"{name}: {path}" for name, path in _named() if path not in MADE and not _is_there(path)}
    assert gone == set()


def test_every_class_that_a_template_names_is_there() -> None:
    known = {(_module(PurePath(name)), each) for name in under("tracker", ".py") for each in _classes(name)}
    named = {
        (name, module, each)
        for name in under("templates", "")
        for comment in re.findall(r"{#.*?#}", (ROOT / name).read_text(), re.DOTALL)
        for module, each in A_CLASS.findall(comment)
    }
    assert {each for each in named if each[1:] not in known} == set()


def test_every_template_that_a_style_names_is_there() -> None:
    named = {(name, path) for name in under("tracker/static/css", ".css") for path in A_TEMPLATE.findall(_text(name))}
    assert {(name, path) for name, path in named if not (ROOT / "templates" / path).exists()} == set()


def test_the_readme_is_read_in_five_minutes() -> None:
    assert (ROOT / "README.md").read_text().count("\n") <= README_LINES


def _named() -> Iterator[tuple[str, str]]:
    for name in committed():
        if name.endswith(TEXTS) and not name.startswith(PAST):
            text = (ROOT / name).read_text()
            yield from ((name, f"tracker/{path.rstrip('/')}") for path in IN_THE_HOUSE.findall(text))
            yield from ((name, path.rstrip("/")) for path in BESIDE_IT.findall(text))


def _module(path: PurePath) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


def _classes(name: str) -> set[str]:
    return {node.name for node in ast.walk(parsed(name)) if isinstance(node, ast.ClassDef)}


def _text(name: str) -> str:
    return (ROOT / name).read_text()


def _is_there(path: str) -> bool:
    return any((ROOT / f"{path}{ending}").exists() for ending in ("", ".py", ".toml"))
