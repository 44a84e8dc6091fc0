"""What the theme report says, as frozen values; page, sheet, paper, CSV and JSON are faces of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.measures.asymmetry import Perception, Ratio
from tracker.measures.periods import Period
from tracker.measures.recurrence import StayedFixed
from tracker.measures.shares import Share
from tracker.measures.verdicts import Verdict
from tracker.queries.theme_counts import IssueCounts

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
    """Occurrences by topic of the agreement and clause (“”: no clause was named), theme by theme."""

    topic: str
    clause: str
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
class KnownExposure:
    """What is counted of how much there was to go wrong, rates `per` so many; `without`: of the charted months, those
    for which it is not known."""

    what: str
    per: float
    without: Share

    @property
    def is_used(self) -> bool:
        """Whether rates are told; else equal months stand for it."""
        return self.without.n > 0 and not self.without.k


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
    reporting: tuple[Reporting, ...]
    lasting: Lasting
    answers: StayedFixed
    talked: Share  # solved on the first tier, of all that is resolved
    trust: Trust
    exposure: KnownExposure

    @property
    def all_lines(self) -> tuple[ThemeLine, ...]:
        return (*self.lines, self.untagged)

    @property
    def occurrences(self) -> int:
        return sum(line.now for line in self.all_lines)

    @property
    def issues(self) -> int:
        return sum(line.issues.issues for line in self.all_lines)

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

    def recent(self, verdict: Verdict) -> Period:
        """The months that a verdict calls recent."""
        return self.chart[-1].ending(min(verdict.evidence.thresholds.recent_months, len(self.chart)))


def headlines_of(lines: Iterable[ThemeLine]) -> Iterator[Headline]:
    """Themes first of which something is said; then a theme between two, where it is not said of the theme itself."""
    for line in lines:
        if line.verdict and line.verdict.is_headline:
            yield Headline(line, None, line.verdict)
        for pair, verdict in line.pair_verdicts.items():
            if verdict.is_headline and not _is_said(line.verdict, verdict):
                yield Headline(line, pair, verdict)


def _is_said(whole: Verdict | None, part: Verdict) -> bool:
    if whole is None or not whole.is_headline:
        return False
    return whole.trend is part.trend or (whole.is_recurring and part.is_recurring)
