"""Styles stand in rooms: a rule begins with a class of its own component, and nothing is styled that is not there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePath

from tests.house.tree import ROOT, parsed, under

GROUND = "ground"  # plain elements, and the classes that any element may wear beside its own
ROOMS = {PurePath(name).stem: name for name in under("tracker/static/css", ".css")}
TEMPLATES = under("templates", ".html")
CODE = under("tracker", ".py")

# A component may say how another one lies inside it, never how that one looks by itself.
PLACED = {
    ("amounts", "error"), ("asked", "acts"),
    ("beside", "field"), ("best", "step"), ("choice", "readers"), ("climb", "bar"),
    ("deciding", "error"), ("deciding", "hint"), ("desk", "next"), ("empty", "step"), ("field", "choice"),
    ("filters", "tick"),
    ("form", "acts"), ("issue", "item"), ("item", "mini"), ("item", "step"),
    ("of-theme", "chart"), ("of-theme", "months"),
    ("pack", "chart"), ("part", "step"), ("part", "wide"),
    ("paper", "told"), ("pile", "acts"), ("report", "chart"), ("report", "periods"), ("report", "spark"),
    ("report", "themes"), ("report", "verdict"), ("routine", "event"), ("rows", "mini"), ("step", "field"),
    ("tier-row", "field"), ("tier-row", "tick"),
}  # fmt: skip
# What an expression in a template gives, by the root of the rules that name it: each is a word of the code, too.
GIVEN = {
    "event": "up down back end pause again",
    "verdict": "up down again soft",
    "mark": "critical serious",
    "ladder": "past now above skipped passed settled",
    "rows": "resolved soon",
    "mini": "ball-left ball-right",
    "months": "then now",
}
BY_OTHERS = {"htmx-request"}  # htmx sets it while it waits

WITHIN = r'(?:{{.*?}}|{%.*?%}|[^"{])*'
WORN = re.compile(rf'class="({WITHIN})"|{{% block shape %}}(.*?){{%', re.DOTALL)
NAMED = re.compile(r"\.([a-z][a-z0-9-]*)")


def test_every_rule_of_a_component_begins_with_a_class_of_its_own() -> None:
    bare = [f"{room}: {rule}" for room, rule in _rules() if room != GROUND and not _root(rule)]
    assert bare == []


def test_no_class_is_the_root_of_two_components() -> None:
    rooms: dict[str, set[str]] = {}
    for room, rule in _rules():
        if room != GROUND:
            rooms.setdefault(_root(rule), set()).add(room)
    assert {root: found for root, found in rooms.items() if len(found) > 1} == {}


def test_no_element_wears_the_roots_of_two_components() -> None:
    both = {
        f"{name}: {' '.join(found)}"
        for name, worn in _elements()
        if len(found := sorted({word for word in worn if word in _roots()})) > 1
    }
    assert both == set()


def test_what_stands_inside_a_component_is_no_root_of_another_unless_it_is_placed_there() -> None:
    inside = {
        (root, name) for room, rule in _rules() if room != GROUND and (root := _root(rule))
        for name in _names(rule) if name in _roots() and name != root
    }  # fmt: skip
    assert inside == PLACED


def test_every_class_that_the_styles_name_stands_in_a_template_or_in_the_code() -> None:
    stand = {word for _, worn in _elements() for word in worn} | _stems() | BY_OTHERS
    patterns = re.compile("|".join(map(_pattern, stand)))
    idle = {
        f"{rule}: {name}" for _, rule in _rules() for name in _names(rule)
        if not patterns.fullmatch(name) and name not in GIVEN.get(_root(rule), "").split()
    }  # fmt: skip
    assert idle == set()


def test_every_class_that_the_code_is_said_to_give_is_a_word_of_it_and_is_styled() -> None:
    words = {word for name in CODE for text in _strings(name) for word in text.split()}
    given = {(root, word) for root, each in GIVEN.items() for word in each.split()}
    assert {word for _, word in given if word not in words} == set()
    assert given <= {(_root(rule), name) for _, rule in _rules() for name in _names(rule)}


def test_every_class_in_a_template_or_in_the_code_is_named_by_the_styles() -> None:
    named = {name for _, rule in _rules() for name in _names(rule)}
    worn = {word: name for name, words in _elements() for word in words if not word.endswith("*")}
    assert {word: name for word, name in worn.items() if word not in named} == {}


def test_every_room_is_joined_to_the_stylesheet_and_the_ground_comes_first() -> None:
    joined = re.findall(r'@import "css/(\w+)\.css";', (ROOT / "tracker/static/app.css").read_text())
    assert joined[0] == GROUND
    assert sorted(joined) == sorted(ROOMS)


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    """Each selector with its room; what stands in quotes or brackets is left out, as it may look like a class."""
    found = []
    for room, name in ROOMS.items():
        bare = re.sub(r'/\*.*?\*/|"[^"]*"|\[[^\]]*\]', "", (ROOT / name).read_text(), flags=re.DOTALL)
        for prelude in re.findall(r"([^{};]+)\{", bare):
            if not prelude.strip().startswith("@"):
                found += [(room, each.strip()) for each in _apart(prelude)]
    return tuple(found)


def _apart(prelude: str) -> Iterator[str]:
    """The selectors of a rule, at the commas that stand in no parenthesis."""
    deep, start = 0, 0
    for at, letter in enumerate(prelude):
        deep += (letter == "(") - (letter == ")")
        if letter == "," and not deep:
            yield prelude[start:at]
            start = at + 1
    yield prelude[start:]


def _names(rule: str) -> list[str]:
    return NAMED.findall(rule)


@cache
def _shared() -> frozenset[str]:
    """The classes that any element may wear."""
    return frozenset(name for room, rule in _rules() if room == GROUND for name in _names(rule))


def _root(rule: str) -> str:
    """The first class of a selector that is not shared, where the selector begins with a class; else nothing."""
    begins = re.match(r"[a-z0-9]*\.", rule)
    return next((name for name in _names(rule) if name not in _shared()), "") if begins else ""


@cache
def _roots() -> frozenset[str]:
    return frozenset(root for room, rule in _rules() if room != GROUND and (root := _root(rule)))


@cache
def _elements() -> tuple[tuple[str, frozenset[str]], ...]:
    """What each element of a template, or of markup in the code, may wear; `of-*` where an expression ends the word."""
    sources = [(name, (ROOT / name).read_text()) for name in TEMPLATES]
    sources += [(name, text) for name in CODE for text in _strings(name) if "class=" in text]
    return tuple((name, _worn(found[1] or found[2] or "")) for name, text in sources for found in WORN.finditer(text))


def _worn(value: str) -> frozenset[str]:
    given = re.sub(r"\(.*?\)", "", " ".join(re.findall(r"{{.*?}}", value)))  # without what a call is asked
    spoken = re.findall(r'"([^"]*)"', given)
    plain = re.sub(r"{{.*?}}|{}", "*", re.sub(r"{%.*?%}", " ", value))
    return frozenset(word for word in " ".join([plain, *spoken]).split() if word.strip("*"))


def _pattern(word: str) -> str:
    """`h*` is for a number; what ends in a dash, like `side-*`, is for a word, too."""
    return re.escape(word).replace(r"\*", r"[a-z0-9-]+" if word.endswith("-*") else r"\d+")


@cache
def _stems() -> frozenset[str]:
    """How the classes begin that the code puts together, like f"side-{colour}"."""
    words = (word for name in CODE for text in _strings(name) for word in text.split())
    return frozenset(f"{word}*" for word in words if re.fullmatch(r"(side|tier|of|left|right)-", word))


def _strings(name: str) -> Iterator[str]:
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
