"""How far OWASP ASVS 5.0 is met is written down requirement by requirement, and what is said to show it is there."""

import csv
import re
from collections import Counter
from itertools import pairwise

from tests.house.tree import ROOT, functions, under
from tracker.actions.people.keep_codes import CODES_KEY
from tracker.actions.people.providers.coming import PROVIDERS_KEY
from tracker.exchange.mirror.feed import CURSOR_KEY
from tracker.records.session import LINK_KEY, SESSION_KEY

LEVELS = {"1": 70, "2": 183}  # how many requirements version 5.0.0 has of each
VERDICTS = {"met", "partly", "not met", "not applicable"}
NAMED = {
    "CODES_KEY": CODES_KEY,
    "CURSOR_KEY": CURSOR_KEY,
    "LINK_KEY": LINK_KEY,
    "PROVIDERS_KEY": PROVIDERS_KEY,
    "SESSION_KEY": SESSION_KEY,
}
MADE_FOR = re.compile(r"\.key\((?:\"([^\"]+)\"|([A-Z_]+))\)")


def scores() -> list[dict[str, str]]:
    with (ROOT / "deploy" / "asvs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_requirement_of_both_levels_stands_once_and_in_order() -> None:
    assert Counter(each["level"] for each in scores()) == LEVELS
    order = [tuple(map(int, each["id"].split("."))) for each in scores()]
    assert [(one, next_one) for one, next_one in pairwise(order) if one >= next_one] == []


def test_every_verdict_is_one_of_four_and_says_why() -> None:
    assert {each["verdict"] for each in scores()} <= VERDICTS
    assert [each["id"] for each in scores() if not each["words"]] == []
    assert [each["id"] for each in scores() if each["verdict"] in {"met", "partly"} and not each["shown_by"]] == []


def test_every_file_and_every_test_that_shows_something_is_there() -> None:
    shown = {(each["id"], *each_path.split("::")) for each in scores() for each_path in each["shown_by"].split()}
    assert {each for each in shown if not _is_there(*each[1:])} == set()


def test_the_inventory_has_every_purpose_that_a_key_is_made_for() -> None:
    text = (ROOT / "deploy" / "security.md").read_text(encoding="utf-8")
    sources = [(ROOT / name).read_text(encoding="utf-8") for name in under("tracker", ".py")]
    made = [found for source in sources for found in MADE_FOR.findall(source)]
    purposes = {written or NAMED[name] for written, name in made}
    assert {"forms", LINK_KEY} <= purposes
    assert {each for each in purposes if f"“{each}”" not in text} == set(), "say it in deploy/security.md, under Keys"


def _is_there(path: str, test: str = "") -> bool:
    if not (ROOT / path).is_file():
        return False
    return not test or test in {function.name for function in functions(path)}
