"""What the theme report says, as frozen values; page, sheet, paper, CSV and JSON are faces of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.measures.asymmetry import Perception, Ratio
from tracker.measures.effect import Effect
from tracker.measures.periods import Period
from tracker.measures.recurrence import StayedFixed
from tracker.measures.shares import Share
from tracker.measures.verdicts import Verdict
from tracker.queries.decisions import Decided
from tracker.queries.quotations import Quoted
from tracker.queries.theme_counts import IssueCounts
from tracker.queries.theme_terms import KnownExposure
from tracker.queries.theme_views import PairOfViews

ONE_DAY = timedelta(days=1)
# How an issue stands, as the filters of `/issues` say it.
OPEN = {"state": "unresolved"}
SOLVED = {"state": "resolved", "outcome": "solved"}
NOT_SOLVED = {"state": "resolved", "outcome": "unsolved"}

Pair = tuple[str, str]  # organisation keys, in the order of their positions
NO_ISSUES = IssueCounts()


@dataclass(frozen=True, slots=True)
class Change:
    """How many times as often as before, with its 95 % interval (statistics.md 3)."""

    ratio: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        return self.low > 1 or self.high < 1


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme, or what has none yet (`untagged`). `now`, `before`, `months`, `pairs` and `chart` count occurrences by
    the day they happened; `issues` counts, once each, the issues that they belong to, as they stand now.

    `verdict` and `pair_verdicts`: None and empty where not one whole month has been recorded. `topic`: the promise that
    the theme strains as a rule.
    """

    key: str
    name: str
    group: str
    means: str
    topic: str
    now: int
    before: int | None
    change: Change | None
    issues: IssueCounts
    months: tuple[int, ...]
    pairs: Mapping[Pair, int]
    chart: tuple[int, ...]
    verdict: Verdict | None = None
    pair_verdicts: Mapping[Pair, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Headline:
    """A theme, or a theme between two (`pair`), of which the report says something first."""

    line: ThemeLine
    pair: Pair | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Promise:
    """Occurrences by topic of the agreement and clause (“”: no clause was named), theme by theme. `title`: the
    clause's, as the agreement has it now."""

    topic: str
    clause: str
    title: str
    occurrences: int
    themes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BothWays:
    """Two organisations held against each other, both ways: who reports how often, by the exposure of each or, where
    that is not known (None), the people it has on the record; and how the themes of what each reports differ."""

    pair: Pair
    raised: tuple[int, int]
    people: tuple[int, int]
    exposures: tuple[float, float] | None
    ratios: tuple[Ratio, Ratio] | None
    mix: tuple[Perception, ...]


@dataclass(frozen=True, slots=True)
class Helped:
    """A decision on themes, and by the key of each theme that is counted whether it helped. `what`: empty for whoever
    gets figures without texts."""

    decision: Decided
    effects: Mapping[str, Effect]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Distinct people of an organisation that reported something, in the recent months and in as many before them;
    how many people it has on the record, and how many reports were to be expected of them (statistics.md 8)."""

    organisation: str
    recent: int
    before: int
    people: int
    reports: int
    expected: float

    @property
    def is_silent(self) -> bool:
        """Nothing was reported though three or more were to be expected: by chance that is one in twenty."""
        return not self.reports and self.expected >= 3


@dataclass(frozen=True, slots=True)
class Chain:
    """Issues that are each other again, the first one first: how many there are, and the references of those that the
    reader may see."""

    theme: str
    length: int
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long fixes last. `curve`: (days, share that still lasts), Kaplan-Meier; `share`: after 90 days, with its 95 %
    interval, None of too few."""

    fixes: int
    back: int
    curve: tuple[tuple[float, float], ...]
    share: tuple[float, float, float] | None
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """How far to trust the numbers: shares of issues and occurrences."""

    untagged: Share
    prompt: Share  # occurrences that were recorded within two days
    unconfirmed: Share  # of what was asked about, what nobody has answered


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """`organisations`: their names by key. `lines`: every theme, the most frequent first. `before`: None where nothing
    was recorded before the period.

    `first`: the first day ever recorded. `so_far`: the last day counted of a period that is not over. `chart`: the
    whole months that verdicts look at, up to the period's end. `scope`: the reader's organisations, where only theirs
    are counted; else empty. `tested`: of how many themes, and themes between two, something can be said.
    """

    partnership: str
    name: str
    organisations: Mapping[str, str]
    period: Period
    before: Period | None
    first: date | None
    so_far: date | None
    chart: tuple[Period, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[ThemeLine, ...]
    untagged: ThemeLine
    scope: tuple[str, ...]
    headlines: tuple[Headline, ...]
    tested: tuple[int, int]
    promises: tuple[Promise, ...]
    both_ways: tuple[BothWays, ...]
    views: tuple[PairOfViews, ...]  # what both sides call the issues of the period
    decisions: tuple[Helped, ...]  # of the charted months, oldest first
    reporting: tuple[Reporting, ...]
    lasting: Lasting
    trust: Trust
    exposure: KnownExposure
    quotations: tuple[Quoted, ...] = ()  # newest first

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
    def answers(self) -> StayedFixed:
        """What was said when it was asked whether the period's issues stayed fixed."""
        counts = [line.issues for line in self.all_lines]
        return StayedFixed(*(sum(getattr(each, name) for each in counts) for name in ("fixed", "not_fixed", "asked")))

    @property
    def talked(self) -> Share:
        """Solved by talking on the first tier, of all of the period that is resolved."""
        counts = [line.issues for line in self.all_lines]
        return Share(sum(each.solved_first for each in counts), sum(each.solved + each.not_solved for each in counts))

    def filters(
        self,
        theme: str = "",
        standing: Mapping[str, str] | None = None,
        *,
        within: Period | None = None,
        pair: Pair | None = None,
        topic: str = "",
    ) -> dict[str, str]:
        """The filters of `/issues` behind a number: of a theme or all, by how they stand, a month, a pair, a topic."""
        asked = within or self.period
        said = {"partnership": self.partnership, "theme": theme, "pair": ",".join(pair or ()), "topic": topic}
        days = {"from": asked.start.isoformat(), "until": (asked.end - ONE_DAY).isoformat()}
        return {name: value for name, value in (said | dict(standing or {}) | days).items() if value}

    def decided_on(self, theme: str) -> tuple[Helped, ...]:
        """The decisions on a theme."""
        return tuple(each for each in self.decisions if theme in each.decision.themes)

    def recent(self, verdict: Verdict) -> Period:
        """The months that a verdict calls recent."""
        return self.chart[-1].ending(min(verdict.evidence.thresholds.recent_months, len(self.chart)))
