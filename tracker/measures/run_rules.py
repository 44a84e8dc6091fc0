"""Run rules: which points of a chart are no chance, by the NHS “making data count” set."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import isclose

OUTSIDE, RUN, TREND, TWO_OF_THREE = "outside", "run", "trend", "two_of_three"
_IN_A_ROW = 7


def side(value: float, line: float) -> int:
    """1 above a line, -1 below, 0 on it; what only rounding parts from the line is on it."""
    if isclose(value, line, rel_tol=1e-9, abs_tol=1e-12):
        return 0
    return 1 if value > line else -1


def seven_on_one_side(sides: Sequence[int]) -> list[int]:
    """From the seventh point in a row on one side of the centre line: that side (1 or -1); else 0.

    A point on the line ends a row. Source: NHSRplotthedots, ptd_seven_point_one_side_mean.
    """
    return list(_from_the_nth(sides, _IN_A_ROW))


def seven_in_a_trend(values: Sequence[float]) -> list[int]:
    """From the seventh point of a row that only rises (1) or only falls (-1); else 0.

    A tie ends a row. Source: NHSRplotthedots, ptd_seven_point_trend.
    """
    steps = [(after > before) - (after < before) for before, after in pairwise(values)]
    return [0][: len(values)] + list(_from_the_nth(steps, _IN_A_ROW - 1))


def two_of_three(near: Sequence[bool], sides: Sequence[int]) -> list[int]:
    """1 for all three points of a window of which two are near a limit and all are on one side; else 0.

    Source: NHSRplotthedots, ptd_two_in_three.
    """
    flags = [0] * len(near)
    for start in range(len(near) - 2):
        window = slice(start, start + 3)
        if sum(near[window]) >= 2 and abs(sum(sides[window])) == 3:
            flags[window] = [1, 1, 1]
    return flags


def signals(
    values: Sequence[float], sides: Sequence[int], near: Sequence[bool], outside: Sequence[bool]
) -> dict[int, frozenset[str]]:
    """{index of a point: the names of the rules that mark it}, points that no rule marks left out."""
    marked = {
        OUTSIDE: outside,
        RUN: seven_on_one_side(sides),
        TREND: seven_in_a_trend(values),
        TWO_OF_THREE: two_of_three(near, sides),
    }
    named = (frozenset(name for name, flags in marked.items() if flags[index]) for index in range(len(values)))
    return {index: names for index, names in enumerate(named) if names}


def _from_the_nth(signs: Sequence[int], least: int) -> Iterator[int]:
    for sign, row in groupby(signs):
        for place, _ in enumerate(row, 1):
            yield sign if place >= least else 0
