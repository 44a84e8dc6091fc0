"""What looks as if it identified a person: said before a text crosses to another organisation (product.md, Raise)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

_PATTERNS = (
    ("a phone number", re.compile(r"(?<!\d)(?:\+\d{2} ?|0)\d(?:[ -]?\d){8,9}(?!\d)")),
    (
        "a date of birth",
        re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth)\b[^\d\n]{0,12}\d[\d./ -]{5,9}", re.IGNORECASE),
    ),
    # Begun once a run of letters and never taken back: a text without any "@" is otherwise read anew from each letter.
    ("an e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]+\b")),
)


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A number that identifies a person: how it is called, its shape, and whether one of that shape is one."""

    called: str
    shape: re.Pattern[str]
    is_valid: Callable[[str], bool] = bool


def what_may_identify(texts: Mapping[str, str], numbers: Iterable[NumberKind] = ()) -> tuple[tuple[str, str], ...]:
    """Each thing found, by the field of its text, in words with what was found: “a phone number: 07700 900123”; empty
    when there is none. `numbers`: those that a partnership agreed to look for."""
    kinds = tuple(numbers)
    return tuple(dict.fromkeys((field, found) for field, text in texts.items() for found in _found(text, kinds)))


NO_TELEPHONE = "Give a telephone number, like +44 117 496 0123."
_TELEPHONE = re.compile(r"\+?[\d ()./-]{5,30}(?: ?(?:x|ext\.?) ?\d{1,6})?")


def telephone(text: str) -> str:
    """A telephone number as somebody gives their own. Refuses what cannot be dialled: ValueError."""
    if text and (_TELEPHONE.fullmatch(text) is None or sum(each.isdecimal() for each in text) < 3):
        raise ValueError(NO_TELEPHONE)
    return text


def _found(text: str, kinds: Iterable[NumberKind]) -> Iterator[str]:
    named: set[str] = set()
    for kind in kinds:
        numbers = dict.fromkeys(match.group().strip() for match in kind.shape.finditer(text))
        valid = [each for each in numbers if each not in named and kind.is_valid(each)]
        named |= set(valid)
        yield from (f"{kind.called}: {number}" for number in valid)
    for name, pattern in _PATTERNS:
        found = (match.group().strip() for match in pattern.finditer(text))
        yield from (f"{name}: {each}" for each in found if each not in named)
