"""What a verdict goes by: the series of a theme, and the numbers of the rule (statistics.md 10)."""

from dataclasses import dataclass, fields

from tracker.measures.breadth import Breadth
from tracker.measures.chart_choice import Between, Exposure


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number of the rule, as a partnership may set it; shares of 1, months where a field says no other unit.

    Limits stay at 3 sigma and intervals at 95 %: those are what the charts and the intervals are. Refuses whole numbers
    below 1 and shares outside 0 to 1: ValueError.
    """

    recent_months: int = 6
    earlier_months: int = 18
    least_occurrences: int = 6  # in the last `least_months`; fewer are too few to say
    least_months: int = 12
    least_periods: int = 6
    signal_months: int = 3  # how fresh a point outside the limits must be
    share_by_chance: float = 0.10  # of the themes that are flagged
    baseline_months: int = 12
    recurrences: int = 3  # linked, in the last `recurrence_months`
    recurrence_months: int = 12
    fixes: int = 8  # the fewest whose lasting says something
    lasting_days: int = 90
    lasting_share: float = 0.8
    stable_months: int = 12
    breadth_kept: float = 0.8  # of those heard before, and of what they reported; less, and reporting is falling

    def __post_init__(self) -> None:
        for each in fields(self):
            value, is_share = getattr(self, each.name), isinstance(each.default, float)
            if not (0 < value <= 1 if is_share else value >= 1):
                allowed = "above 0 and at most 1" if is_share else "1 or more"
                raise ValueError(f"{each.name} is {allowed}, not {value:g}")


@dataclass(frozen=True, slots=True)
class Fixes:
    """Of each fix, `days` until it happened again, or until it was last seen still fixed; `again`: which of the two.
    `alike`: after how many of them something happened that is only like it, and that nobody has linked."""

    days: tuple[float, ...] = ()
    again: tuple[bool, ...] = ()
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """What is known of one theme: occurrences in each whole month, oldest first, the last 24 at most are used.

    `linked`: confirmed recurrences in the last 12 months. `breadth`: None where nobody can say, or need say
    (`evidence.may_be_fewer`); then nothing is easing. `between`: of what is too rare for months and quarters.
    `baseline` months or a `frozen` centre: as `chart_choice.chosen_chart` takes them.
    """

    counts: tuple[int, ...]
    exposure: Exposure | None = None
    linked: int = 0
    fixes: Fixes = Fixes()
    breadth: Breadth | None = None
    between: Between | None = None
    baseline: int | None = None
    frozen: float | None = None
