"""What the theme report says, as frozen values; page, JSON and CSV are faces of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.measures.periods import Period
from tracker.measures.rates import benjamini_hochberg
from tracker.queries.theme_counts import IssueCounts

SHARE_BY_CHANCE = 0.10
ONE_DAY = timedelta(days=1)
# How an issue stands, as the filters of `/issues` say it.
OPEN = {"state": "unresolved"}
SOLVED = {"state": "resolved", "outcome": "solved"}
NOT_SOLVED = {"state": "resolved", "outcome": "unsolved"}

Pair = tuple[str, str]  # organisation keys, in the order of their positions


@dataclass(frozen=True, slots=True)
class Change:
    """How many times as often as before, with its 95 % interval; `p`: the chance of so much either way, were nothing
    changed (statistics.md 3)."""

    ratio: float
    low: float
    high: float
    p: float

    @property
    def is_clear(self) -> bool:
        return self.low > 1 or self.high < 1


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme, or what has none yet (`untagged`). `now`, `before`, `months`, `pairs` and `chart` count occurrences by
    the day they happened; `issues` counts, once each, the issues that they belong to, as they stand now."""

    key: str
    name: str
    group: str
    means: str
    now: int
    before: int | None
    change: Change | None
    issues: IssueCounts
    months: tuple[int, ...]
    pairs: Mapping[Pair, int]
    chart: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """`lines`: every theme, the most frequent first. `before`: None where nothing was recorded before the period.

    `first`: the first day ever recorded. `so_far`: the last day counted of a period that is not over. `chart`: the
    last months up to the period's end. `scope`: the reader's organisations, where only theirs are counted; else empty.
    """

    partnership: str
    period: Period
    before: Period | None
    first: date | None
    so_far: date | None
    chart: tuple[Period, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[ThemeLine, ...]
    untagged: ThemeLine
    scope: tuple[str, ...] = ()

    @property
    def all_lines(self) -> tuple[ThemeLine, ...]:
        return (*self.lines, self.untagged)

    @property
    def occurrences(self) -> int:
        return sum(line.now for line in self.all_lines)

    @property
    def issues(self) -> int:
        return sum(line.issues.issues for line in self.all_lines)

    @property
    def standing_out(self) -> frozenset[str]:
        """The themes that changed clearly, and more than chance would have it among so many (statistics.md 4)."""
        compared = [(line.key, line.change) for line in self.all_lines if line.change]
        flagged = benjamini_hochberg([change.p for _, change in compared], SHARE_BY_CHANCE)
        pairs = zip(compared, flagged, strict=True)
        return frozenset(key for (key, change), is_flagged in pairs if is_flagged and change.is_clear)

    def filters(
        self,
        theme: str = "",
        standing: Mapping[str, str] | None = None,
        *,
        within: Period | None = None,
        pair: Pair | None = None,
    ) -> dict[str, str]:
        """The filters of `/issues` behind a number: of a theme or all, by how they stand, a month, a pair."""
        asked = within or self.period
        said = {"partnership": self.partnership, "theme": theme, "pair": ",".join(pair or ()), **(standing or {})}
        days = {"from": asked.start.isoformat(), "until": (asked.end - ONE_DAY).isoformat()}
        return {name: value for name, value in (said | days).items() if value}
