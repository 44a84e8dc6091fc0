"""What the theme report says, as frozen values; page, sheet, paper, CSV and JSON are faces of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.measures.asymmetry import Perception, Ratio
from tracker.measures.breadth import is_silent
from tracker.measures.effect import Effect
from tracker.measures.periods import ALL_TIME, Period, is_period
from tracker.measures.rates import Share
from tracker.measures.recurrence import StayedFixed
from tracker.measures.verdicts import Trend, Verdict
from tracker.queries.decisions import Decided
from tracker.queries.issue_list import NONE
from tracker.queries.tallies.counts import IssueCounts
from tracker.queries.tallies.quotations import Quoted
from tracker.queries.tallies.tallies import LAGS, PROMPT
from tracker.reports.themes.areas import Areas
from tracker.reports.themes.request import KnownExposure
from tracker.reports.themes.side_views import PairOfViews
from tracker.rules.spans import ONE_DAY

Pair = tuple[str, str]  # organisation keys, in the order of their positions


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
        """Nothing was reported though something was to be expected."""
        return is_silent(self.reports, self.expected)


@dataclass(frozen=True, slots=True)
class Chain:
    """Issues that are each other again, the first one first: how many there are, and the references of those that the
    reader may see."""

    theme: str
    length: int
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long fixes last, each followed for `within` days at most. `back`: after so many a linked issue came; `alike`:
    one that is only like it. `curve`: (days, share that still lasts), Kaplan-Meier; `share`: after `within` days, with
    its 95 % interval, None of fewer than `least` fixes."""

    fixes: int
    back: int
    alike: int
    curve: tuple[tuple[float, float], ...]
    share: tuple[float, float, float] | None
    chains: tuple[Chain, ...]
    within: int
    least: int


@dataclass(frozen=True, slots=True)
class EntryLag:
    """How long after it happened each of `occurrences` was recorded: how many `within` 0, 1, 2, 7 and 28 days (LAGS);
    () of none."""

    within: tuple[int, ...]
    occurrences: int

    @property
    def prompt(self) -> Share:
        """Those recorded within two days."""
        return Share(dict(zip(LAGS, self.within, strict=False)).get(PROMPT, 0), self.occurrences)

    @property
    def median(self) -> int | None:
        """Within how many days half of them were: one of LAGS; None: more than the last, or nothing was recorded."""
        return next(
            (lag for lag, count in zip(LAGS, self.within, strict=False) if 0 < self.occurrences <= count * 2), None
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """How far to trust the numbers: shares of issues and occurrences."""

    untagged: Share
    entered: EntryLag
    unconfirmed: Share  # of what was asked about, what nobody has answered


# How an issue stands, as the filters of `/issues` say it.
OPEN = {"state": "unresolved"}
SOLVED = {"state": "resolved", "outcome": "solved"}
NOT_SOLVED = {"state": "resolved", "outcome": "unsolved"}

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

    @property
    def filters(self) -> dict[str, str]:
        """Of `/issues`: what strains it."""
        return {"topic": self.topic, "clause": self.clause or NONE}


@dataclass(frozen=True, slots=True)
class Helped:
    """A decision on themes, and by the key of each theme that is counted whether it helped. `what`: empty for whoever
    gets figures without texts."""

    decision: Decided
    effects: Mapping[str, Effect]


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
    areas: Areas | None  # for who has the totals of all
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
        about: Mapping[str, str] | None = None,
        *,
        within: Period | None = None,
        pair: Pair | None = None,
    ) -> dict[str, str]:
        """The filters of `/issues` behind a number: of a theme or all, a month, a pair; `about`: what else is asked, by
        the names of those filters. What has not crossed is never among what is counted."""
        asked = within or self.period
        days = {"from": asked.start.isoformat(), "until": (asked.end - ONE_DAY).isoformat()}
        return self._filters(theme, pair, {**(about or {}), **days})

    def fixes(self, fared: str, theme: str = "", pair: Pair | None = None) -> dict[str, str]:
        """The filters behind a number of fixes (`solved.Fared`), of the months that verdicts look at."""
        first, last = self.chart[0].start, self.chart[-1].end - ONE_DAY
        days = {"resolved_from": first.isoformat(), "resolved_until": last.isoformat()}
        return self._filters(theme, pair, {"fix": fared, **days})

    def _filters(self, theme: str, pair: Pair | None, more: Mapping[str, str]) -> dict[str, str]:
        mine = self.scope[0] if len(self.scope) == 1 and not pair else ""
        said = {"partnership": self.partnership, "side": mine, "theme": theme, "pair": ",".join(pair or ())}
        back = {"crossed": "yes", "report": self.period.name if is_period(self.period.name) else ALL_TIME}
        return {name: value for name, value in (said | dict(more) | back).items() if value}

    def decided_on(self, theme: str) -> tuple[Helped, ...]:
        """The decisions on a theme."""
        return tuple(each for each in self.decisions if theme in each.decision.themes)

    def recent(self, verdict: Verdict) -> Period:
        """The months that a verdict is about: the recent ones, or those in which it came back again and again."""
        limits, moves = verdict.evidence.thresholds, verdict.trend in {Trend.RISING, Trend.EASING}
        return self.lately(limits.recurrence_months if verdict.is_recurring and not moves else limits.recent_months)

    def lately(self, months: int) -> Period:
        """The last so many months that verdicts look at."""
        return self.chart[-1].ending(min(months, len(self.chart)))

    def earlier(self, months: int) -> Period | None:
        """Those before them; None where there are none."""
        return self.chart[-1 - months].ending(len(self.chart) - months) if len(self.chart) > months else None
