"""No text costs more than its length: every pattern, and every function that takes nothing but texts, is tried."""

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

import pytest

import tracker
from tests.house.tree import parsed, under
from tracker.exchange.identifiers import COUNTRIES, kinds_of

LENGTH, PARTS = 8_000, 8
AT_ONCE = 0.02  # seconds of this thread: what takes less is not measured twice; squared, 8,000 letters take far more
GROWTH = 3 * PARTS  # times as long for a text PARTS times as long; its square would be PARTS * PARTS

WORDS = ("a", "0", " ", ".", "-", "@", "_", "\n", "é", "07", "a.", "a@", "a-", "0 ", "0-", "a0", ". ", "@.", "1,", " -")
ENDINGS = ("", "! ", "a")
WHOLE = {"match", "fullmatch"}
ASKED = {*WHOLE, "search", "findall", "finditer", "split", "sub"}
PURE = (
    "tracker.rules",
    "tracker.measures",
    "tracker.records",
    "tracker.pages.web",
)  # rooms whose functions only answer


def _sources() -> Iterator[tuple[str, str | bytes | None, frozenset[str]]]:
    """(where a pattern stands, the pattern, how it is asked there); a pattern of None is made while running."""
    for name in under("tracker", ".py"):
        tree = parsed(name)
        named = {id(node.value): _name(node) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                method = ast.unparse(node.func).removeprefix("re.")
                asked = _methods(tree, named.get(id(node), "")) if method == "compile" else {method}
                found = node.args[0]
                pattern = found.value if isinstance(found, ast.Constant) else None
                assert pattern is None or isinstance(pattern, str | bytes)
                yield f"{name}:{node.lineno}", pattern, frozenset(asked or _methods(tree, "") - {"split", "sub"})


def _name(node: ast.Assign) -> str:
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def _methods(tree: ast.Module, name: str) -> set[str]:
    """What a module asks of a pattern by its name; of one without a name, or that is handed on, what it asks of any."""
    attributes = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    called = [each for each in attributes if isinstance(each, ast.Attribute) and each.attr in ASKED]
    return {each.attr for each in called if name in ("", ast.unparse(each.value))}


SOURCES = tuple(_sources())
NUMBERS = [(f"identifiers: {kind.called}", kind.shape.pattern, frozenset({"finditer"})) for kind in kinds_of(COUNTRIES)]
READ = [*((where, pattern, asked) for where, pattern, asked in SOURCES if pattern is not None), *NUMBERS]
MADE = {  # while running: of words as they stand, which are taken out; NUMBERS
    "tracker/rules/packs.py",
    "tracker/exchange/identifiers.py",
}


def test_every_pattern_is_written_where_it_can_be_read() -> None:
    assert {where.partition(":")[0] for where, pattern, _ in SOURCES if pattern is None} == MADE


@pytest.mark.parametrize("where, pattern, asked", READ, ids=[where for where, *_ in READ])
def test_no_pattern_takes_longer_than_a_text_is_long(where: str, pattern: str | bytes, asked: frozenset[str]) -> None:
    text = pattern.decode() if isinstance(pattern, bytes) else pattern
    found = re.compile(text)
    ways: list[Callable[[str], Any]] = []
    if asked & WHOLE:
        ways.append(found.fullmatch)
    if asked - WHOLE:
        ways.append(lambda unlucky: [*found.finditer(unlucky)])
    assert {repr(unlucky[:12]) for unlucky in _unlucky(text) for way in ways if _outgrows(way, unlucky)} == set()


def _functions() -> Iterator[tuple[str, Callable[[str], Any]]]:
    for module in _modules():
        for name, function in vars(module).items():
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                needed = [each for each in inspect.signature(function).parameters.values() if _is_needed(each)]
                if needed and all(each.annotation is str for each in needed):
                    yield f"{module.__name__}.{name}", partial(_asked_all, function, len(needed))


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(tracker.__path__, "tracker."):
        if found.name.startswith(PURE):
            yield importlib.import_module(found.name)


def _is_needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD


def _asked_all(function: Callable[..., Any], count: int, text: str) -> None:
    """What is refused, or not to be had, was read all the same."""
    try:
        answer = function(*[text] * count)
        if isinstance(answer, Iterator):
            list(answer)
    except Exception:
        pass


FUNCTIONS = dict(_functions())


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_function_takes_longer_than_a_text_is_long(name: str) -> None:
    assert {repr(text[:12]) for text in _unlucky("") if _outgrows(FUNCTIONS[name], text)} == set()


def _unlucky(pattern: str) -> Iterator[str]:
    """Texts of one thing over and over that end otherwise: what the pattern names, and what people write."""
    signs = {sign for sign in pattern if not sign.isalnum()} | set(re.findall(r"[A-Za-z]{2,}", pattern))
    own = sorted(signs | {f"a{sign}" for sign in signs})
    for unit in (*WORDS, *own):
        body = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
        yield from (body + ending for ending in ENDINGS)


def _outgrows(ask: Callable[[str], Any], text: str) -> bool:
    """Whether it takes far more than PARTS times as long for a text PARTS times as long."""
    whole = _seconds(ask, text)
    if whole < AT_ONCE:
        return False
    part = min(_seconds(ask, text[-LENGTH // PARTS :]) for _ in range(3))
    return min(whole, _seconds(ask, text)) > GROWTH * part


def _seconds(ask: Callable[[str], Any], text: str) -> float:
    began = time.thread_time()
    ask(text)
    return time.thread_time() - began
