"""How many headlines to expect though nothing has changed: a report says so beside its headlines."""

from itertools import pairwise

# Of so many themes: rising or easing ones a report, the least and the most of 1, 2 and 5 occurrences a month and theme.
# Source: `python3 go.py simulate --by-themes`, 24 months of pure chance, 1,000 to 8,000 reports each.
EXPECTED = {
    0: (0.0, 0.0),
    1: (0.03, 0.03),
    2: (0.06, 0.08),
    3: (0.08, 0.13),
    5: (0.10, 0.18),
    8: (0.14, 0.20),
    14: (0.20, 0.24),
    20: (0.24, 0.29),
    30: (0.32, 0.43),
    50: (0.39, 0.62),
    100: (0.63, 1.25),
}
_NEARLY_EVERY = 2 / 3  # headlines a report


def expected_by_chance(themes: int) -> tuple[float, float]:
    """The least and the most headlines a report to expect by chance alone, of so many themes with enough to say.

    Between the numbers of themes that were tried in proportion, beyond the last one as there. Refuses less than none:
    ValueError.
    """
    if themes < 0:
        raise ValueError(f"themes are 0 or more, not {themes}")
    tried = [*EXPECTED.items()]
    most, last = tried[-1]
    if themes > most:
        return last[0] * themes / most, last[1] * themes / most
    return next(_between(themes, before, after) for before, after in pairwise(tried) if before[0] <= themes <= after[0])


def by_chance_in_words(least: float, most: float) -> str:
    """What a report prints beside its headlines, of so many to expect in it."""
    usual = (least + most) / 2
    often = f"about one report in {1 / usual:.0f}" if usual < _NEARLY_EVERY else "about every report"
    counted = f"{least:.2g}" if least == most else f"{least:.2g} to {most:.2g}"
    called = f"{often} would call a theme rising or easing"
    return f"Even if nothing had changed, {called}: {counted} headlines a report, by chance alone."


def _between(
    themes: int, before: tuple[int, tuple[float, float]], after: tuple[int, tuple[float, float]]
) -> tuple[float, float]:
    (low, (low_least, low_most)), (high, (high_least, high_most)) = before, after
    part = (themes - low) / (high - low)
    return low_least + part * (high_least - low_least), low_most + part * (high_most - low_most)
