"""Rooms stay rooms: a noun a folder, a subject a file, a name for one thing, a decision in one place."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import PurePath

from tests.house.tree import ROOT, imported_modules, parsed, under

PRODUCT = under("tracker", ".py")
MOST_ENTRIES = 30
SHORT = 60  # lines; what is shorter has two importers, or is one of the walls
LAYERS = ("_views", "_page", "_words", "_section", "_sections", "_marks", "_rows", "_frame", "_reasons")
WALLS = {
    "tracker/__main__.py": "where the command line begins; nobody imports it",
    "tracker/actions/people/sign_out_member.py": "a verb; what begins and ends sessions else knows no organisation",
    "tracker/api/cosignatures.py": "an address of the API",
    "tracker/commands/exposure.py": "a command",
    "tracker/commands/history.py": "a command",
    "tracker/commands/witness.py": "a command",
    "tracker/exchange/demonstration/ways_in.py": "how one comes in, apart from what is played",
    "tracker/exchange/charter/people_changes.py": "what a load does to people, as events",
    "tracker/pages/account/code_asked.py": "a page before the door, where nobody is signed in yet",
    "tracker/pages/account/keys.py": "a page",
    "tracker/pages/arrangements/opposite_numbers.py": "a page",
    "tracker/pages/reports/standalone.py": "the one face of reports that needs a page; the others need none",
    "tracker/post/folder.py": "a channel",
    "tracker/post/names.py": "what asks the DNS; nothing else of the post goes that way",
    "tracker/post/witnesses.py": "a channel",
    "tracker/post/resting.py": "when the post rests, whatever the channel",
    "tracker/records/sides/handing_down.py": "a trait of the issue, which alone has it",
    "tracker/records/sides/merging.py": "a trait of the issue, which alone has it",
    "tracker/reports/issue_sheet.py": "a sheet; pages write none",
    "tracker/reports/themes/quotations.py": "a section",
}
"""Short files with one importer, each with the reason why it stands alone."""

ASKING = {"select", "insert", "update", "delete", "text", "exists", "union_all", "execute", "exec", "get", "get_one"}


def test_no_folder_holds_more_than_can_be_taken_in_at_once() -> None:
    entries: dict[str, set[str]] = defaultdict(set)
    for name in (*under("tracker", ""), *under("templates", ""), *under("tests", "")):
        parts = PurePath(name).parts
        for depth in range(1, len(parts)):
            entries["/".join(parts[:depth])].add(parts[depth])
    full = {folder: len(names) for folder, names in entries.items() if len(names) > MOST_ENTRIES}
    assert full == {}


def test_no_file_is_named_for_a_layer() -> None:
    assert [name for name in PRODUCT if PurePath(name).stem.endswith(LAYERS)] == []


def test_every_module_of_queries_asks_the_database() -> None:
    silent = [name for name in under("tracker/queries", ".py") if not _is_package(name) and not _asks(parsed(name))]
    assert silent == []


def test_a_class_name_stands_for_one_thing() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for name in PRODUCT:
        for node in ast.walk(parsed(name)):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(name)
    twice = {each: names for each, names in homes.items() if len(names) > 1 and not _is_table_and_value(names)}
    assert twice == {}


def test_a_short_file_serves_two_or_is_a_wall_for_a_reason() -> None:
    importers = Counter(module for name in PRODUCT for module in {*imported_modules(name)})
    short = {name for name in PRODUCT if not _is_package(name) and (ROOT / name).read_text().count("\n") < SHORT}
    lonely = {name for name in short if importers[_module(name)] < 2}
    assert lonely == WALLS.keys()


def test_names_are_put_in_order_by_letter_alone() -> None:
    """By code point, Émile stands behind Zara."""
    ordering = re.compile(r"\bkey=lambda \w+: [^\n]*(?<!by_letter\()\b\w+\.name\b")
    assert {name for name in PRODUCT if ordering.search((ROOT / name).read_text())} == set()


def test_an_address_of_the_site_is_written_in_one_place() -> None:
    pattern = re.compile(r"/(issues|bodies|decisions|packs|reports|people|arrangements|sign-in|account)(/|\?|$)")
    spelled = {
        f"{name}:{line} {text}"
        for name in PRODUCT
        if name != "tracker/rules/addresses.py"
        for text, line in _texts(parsed(name))
        if pattern.match(text)
    }
    assert spelled == set()


def test_the_day_that_a_clock_shows_is_reckoned_in_one_place() -> None:
    pattern = re.compile(r"\.astimezone\([^()]*(\([^()]*\))?[^()]*\)\s*\.date\(\)")
    homes = ("tracker/rules/spans.py", "tracker/rules/working_time.py")
    assert [name for name in PRODUCT if name not in homes and pattern.search((ROOT / name).read_text())] == []


def test_a_page_says_a_moment_in_one_place() -> None:
    """By the reader's clock, which `pages/web/moments` alone knows how to read."""
    modules = re.compile(r"\.astimezone\(|\bsay_(moment|end|close)\b|strftime|\.ctime\(|:%[HIMdjbaAcX]")
    templates = re.compile(r"strftime|astimezone|\.(date|time)\(\)|\b(?!issues)[a-z]+_at[.\[]")
    wrong = [
        f"{name}:{number}"
        for names, pattern in ((under("tracker/pages", ".py"), modules), (under("templates", ".html"), templates))
        for name in names
        if name != "tracker/pages/web/moments.py"
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1)
        if pattern.search(line)
    ]
    assert wrong == []


def _is_package(name: str) -> bool:
    return name.endswith("__init__.py")


def _module(name: str) -> str:
    return name.removesuffix(".py").replace("/", ".")


def _is_table_and_value(names: list[str]) -> bool:
    """What is kept, and the same as it was agreed: a table of `records/` and a value of `rules/`."""
    floors = sorted(PurePath(name).parts[1] for name in names)
    return floors == ["records", "rules"]


def _asks(tree: ast.Module) -> bool:
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in called}
    return bool(names & ASKING)


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every text that is no docstring and no route of a handler, as (text, line)."""
    routes = {
        id(text)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        for text in ast.walk(decorator)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in routes:
            yield node.value, node.lineno
