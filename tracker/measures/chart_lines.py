"""What every control chart is: values, a centre line, limits, and the points that are no chance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, inf, isfinite

from tracker.measures.run_rules import side, signals

Line = float | tuple[float, ...]  # one height, or one a point


@dataclass(frozen=True, slots=True)
class Chart:
    """Values oldest first. The centre is a height, a limit a height or a tuple with one a point.

    `signals`: {index: the rules that mark the point: "outside", "run", "trend", "two_of_three"}.
    """

    values: tuple[float, ...]
    centre: float
    upper: Line
    lower: Line
    signals: dict[int, frozenset[str]]


def charted(
    values: Sequence[float],
    middle: float,
    spread: Line,
    *,
    centre: float | None = None,
    floor: float = -inf,
    ceiling: float = inf,
) -> Chart:
    """The chart with limits `spread` above and below `middle`, which is the centre line unless another is given.

    Near a limit is beyond two thirds of the way to it; a limit goes no further than `floor` and `ceiling`.
    """
    line = float(middle if centre is None else centre)
    spreads = _each(spread, values)
    uppers = [min(ceiling, middle + far) for far in spreads]
    lowers = [max(floor, middle - far) for far in spreads]
    outside = [
        side(value, upper) > 0 or side(value, lower) < 0
        for value, upper, lower in zip(values, uppers, lowers, strict=True)
    ]
    near = [
        side(abs(value - middle), far * 2 / 3) > 0 and not out
        for value, far, out in zip(values, spreads, outside, strict=True)
    ]
    found = signals(values, [side(value, line) for value in values], near, outside)
    return Chart(tuple(values), line, _like(spread, uppers), _like(spread, lowers), found)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of one or more values."""
    return fsum(values) / len(values)


def checked(values: Iterable[float], what: str, *, least: float = -inf) -> tuple[float, ...]:
    """The values as a tuple. Refuses none at all, what is not a number, and less than `least`: ValueError."""
    kept = tuple(values)
    if not kept:
        raise ValueError(f"there are no {what} to chart")
    if not all(isfinite(value) and value >= least for value in kept):
        bound = f", {least:g} or more" if isfinite(least) else ""
        raise ValueError(f"{what} are finite numbers{bound}")
    return kept


def base(values: tuple[float, ...], baseline: int | None, *, least: int = 1) -> tuple[float, ...]:
    """The points that limits come from: the first `baseline`, or all. Refuses a baseline out of range: ValueError."""
    if baseline is None:
        return values
    if not least <= baseline <= len(values):
        raise ValueError(f"a baseline here is {least} to {len(values)} points, not {baseline}")
    return values[:baseline]


def _each(line: Line, values: Sequence[float]) -> tuple[float, ...]:
    return line if isinstance(line, tuple) else (line,) * len(values)


def _like(line: Line, heights: Sequence[float]) -> Line:
    return tuple(heights) if isinstance(line, tuple) else heights[0]
