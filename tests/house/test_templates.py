"""Templates hold nothing that the content policy drops, and no block that a condition seems to guard."""

import re
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from tests.house.tree import ROOT, under

TEMPLATES = under("templates", ".html")
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)


class Inline(HTMLParser):
    """Gathers what a strict content policy drops."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(JINJA.sub(lambda match: " " + "\n" * match[0].count("\n"), source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        faults = [name for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        faults += [name for name, value in given.items() if (value or "").strip().startswith(("javascript:", "js:"))]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            faults.append("no src")
        self.found += [f"line {self.getpos()[0]} <{tag}> {fault}" for fault in faults]


def test_no_template_has_inline_style_or_script() -> None:
    inline = {name: found for name in TEMPLATES if (found := Inline((ROOT / name).read_text()).found)}
    assert inline == {}


def test_no_block_stands_inside_a_condition_or_a_loop() -> None:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    guarded = [
        f"{name}:{block.lineno} {block.name}"
        for name in TEMPLATES
        for outer in environment.parse((ROOT / name).read_text(), name, name).find_all((nodes.If, nodes.For))
        for block in outer.find_all(nodes.Block)
    ]
    assert guarded == []
