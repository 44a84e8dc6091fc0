"""What looks as if it identified a person: said before a text crosses to another organisation (product.md, Raise)."""

import re
from collections.abc import Iterator

_NHS_WEIGHTS = range(10, 1, -1)
_NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_PATTERNS = (
    ("a National Insurance number", re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)),
    ("a phone number", re.compile(r"(?<!\d)(?:\+\d{2} ?|0)\d(?:[ -]?\d){8,9}(?!\d)")),
    (
        "a date of birth",
        re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth)\b[^\d\n]{0,12}\d[\d./ -]{5,9}", re.IGNORECASE),
    ),
    # Begun once a run of letters and never taken back: a text without any "@" is otherwise read anew from each letter.
    ("an e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]+\b")),
)


def what_may_identify(*texts: str) -> tuple[str, ...]:
    """Each thing found, in words with what was found: “a phone number: 07700 900123”; empty when there is none."""
    return tuple(dict.fromkeys(found for text in texts for found in _found(text)))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the NHS number's check digit (modulus 11, NHS Data Dictionary)."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _NHS_WEIGHTS, strict=False)) % 11
    return len(digits) == 10 and check % 11 == int(digits[9])


def _found(text: str) -> Iterator[str]:
    numbers = dict.fromkeys(match for match in _NHS.findall(text) if is_nhs_number(re.sub(r"\D", "", match)))
    yield from (f"an NHS number: {number}" for number in numbers)
    for name, pattern in _PATTERNS:
        yield from (
            f"{name}: {match.group().strip()}" for match in pattern.finditer(text) if match.group() not in numbers
        )
