"""Silence: whether nothing was reported though something was to be expected (statistics.md 8)."""

from math import ceil

LEAST_EXPECTED = 3  # none has then a chance of e^-3, one in twenty


def expected(before: int, months_before: int, months: int) -> float:
    """What was to be expected of so many months at the rate of those before; 0 without any before."""
    return before * months / months_before if months_before else 0.0


def least_before(months_before: int, months: int) -> int:
    """The fewest in the months before of which so many months are silent without any."""
    return ceil(LEAST_EXPECTED * months_before / months)


def is_silent(count: int, mu: float) -> bool:
    """Whether nothing came though three or more were to be expected: by chance that is one in twenty."""
    return not count and mu >= LEAST_EXPECTED
