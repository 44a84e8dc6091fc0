"""Links in what people wrote: telephone numbers, and references of issues that the reader may see."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup, escape

from tracker.rules import addresses

_MOST = 100  # references that are asked about, whatever a text is made of
_REFERENCE = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{1,11}-[0-9]{1,9}(?![\w-])")
_NUMBER = re.compile(r"(?<![\w+/.-])(?:\+|0)\d(?:[ ()-]{0,2}\d){7,13}(?![\w-])")
_FEWEST_DIGITS = 9  # fewer are a date


class Mention(NamedTuple):
    """A piece of a text; `ref` and `dial` are empty where it mentions nothing."""

    text: str
    ref: str = ""
    dial: str = ""


def references(texts: Iterable[str]) -> tuple[str, ...]:
    """The references that texts mention, each once, in order; not more than a page asks about."""
    return tuple(dict.fromkeys(found for text in texts for found in _REFERENCE.findall(text)))[:_MOST]


def mentions(text: str) -> Iterator[Mention]:
    """A text in pieces, which together are the text."""
    end = 0
    for start, mention in sorted([*_references(text), *_numbers(text)]):
        if start >= end:
            yield Mention(text[end:start])
            yield mention
            end = start + len(mention.text)
    yield Mention(text[end:])


def dialled(number: str) -> str:
    """A telephone number as it is dialled: its digits, and a plus where it begins with one."""
    digits = "".join(each for each in number if each.isdecimal())
    return f"+{digits}" if number.strip().startswith("+") else digits


def _references(text: str) -> Iterator[tuple[int, Mention]]:
    yield from ((found.start(), Mention(found[0], ref=found[0])) for found in _REFERENCE.finditer(text))


def _numbers(text: str) -> Iterator[tuple[int, Mention]]:
    for found in _NUMBER.finditer(text):
        dial = dialled(found[0])
        if len(dial.removeprefix("+")) >= _FEWEST_DIGITS:
            yield found.start(), Mention(found[0], dial=dial)


def linked_text(text: str, refs: Collection[str]) -> Markup:
    """A text with its links. `refs`: those that this reader may see; others stay as they were written."""
    found = [*mentions(text)]
    return Markup("").join(_drawn(each, refs) for each in found) if len(found) > 1 else escape(text)


def _drawn(mention: Mention, refs: Collection[str]) -> Markup:
    if mention.dial:
        return Markup('<a href="tel:{}">{}</a>').format(mention.dial, mention.text)
    if mention.ref in refs:
        return Markup('<a href="{}">{}</a>').format(addresses.issue(mention.ref), mention.text)
    return escape(mention.text)
