"""What people write goes into no address: addresses stand in histories, logs and the headers of other requests."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import ROOT, functions, under
from tracker.pages.issues.steps import WRITTEN

SEARCHED = {"q"}  # what is looked for: typed to be found again, kept, sent on; the page that finds it says so
TYPED = {*WRITTEN, "what", "how", "name", "email", "lines", "meets", "with"}


def test_no_page_is_asked_for_with_words_that_somebody_writes() -> None:
    asked = {f"{name}: {parameter}" for name in under("tracker/pages", ".py") for parameter in _parameters(name)}
    assert {each for each in asked if each.split(": ")[1] in TYPED - SEARCHED} == set()


def test_no_form_in_which_people_write_is_sent_as_an_address() -> None:
    for name in under("templates", ".html"):
        text = (ROOT / name).read_text()
        assert not re.search("formmethod=.get|hx-get=[^>]*hx-include", text), name
        for form in re.findall(r"<form(?![^>]*method=.post).*?</form>", text, re.DOTALL):
            assert not re.search(r"\barea\(|<textarea", form), f"{name} has a form without method=post"


def _parameters(name: str) -> Iterator[str]:
    """What handlers take from an address: parameters given as `FromQuery`, and names asked of `query_params`."""
    for function in functions(name):
        for argument in (*function.args.args, *function.args.kwonlyargs):
            if argument.annotation and "FromQuery" in ast.unparse(argument.annotation):
                yield argument.arg
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and "query_params.get" in ast.unparse(node.func):
                yield str(getattr(node.args[0], "value", ""))
