"""What the theme report shows: findings in words, then the numbers, each with the issues behind it."""

from dataclasses import dataclass
from datetime import date

from tracker.pages.reports.theme_quotations import QuotedTheme
from tracker.pages.web.parts import Link
from tracker.reports.sentences import Count, Linked, Quality


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, a sentence in parts: the theme (a link), the words between, the verdict, the rest."""

    theme: str
    href: str
    between: str
    verdict: str
    rest: Linked


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart of counts.

    `title` and `desc` are for those who do not see it. `centre`, `upper`, `lower`: one for each point, or empty.

    `outside`: positions of the points to mark. `decided`: positions of the months in which something was decided.
    """

    title: str
    desc: str
    values: tuple[float, ...]
    centre: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    outside: frozenset[int] = frozenset()
    decided: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme. `change`: "2.8 times, 1.5 to 5.2" or "no clear difference".

    `tone` of the verdict: "up", "down", "again", "", "soft".

    `numbers`: every number that the verdict used; `behind`: the issues they count. `spark` None: too few to draw;
    `chart`: each of its months. `months` and `pairs` stand in the order of the report's headings.
    """

    key: str
    name: str
    group: str
    means: str
    href: str
    spark: Spark | None
    chart: tuple[Count, ...]
    now: Count
    before: Count
    change: str
    open: Count
    solved: Count
    not_solved: Count
    verdict: str
    tone: str
    numbers: str
    months: tuple[Count, ...]
    pairs: tuple[Count, ...]
    promise: str = ""
    promise_href: str = ""
    behind: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise under strain: the clause or topic, how often, and by which themes ("Pace of decisions 7")."""

    name: str
    topic: str
    count: Count
    themes: Linked


@dataclass(frozen=True, slots=True)
class Curve:
    """How many fixes still last after so many days: a staircase from 1 down, as points of days and shares."""

    title: str
    desc: str
    points: tuple[tuple[float, float], ...]
    days: int


@dataclass(frozen=True, slots=True)
class LastingView:
    """Whether what was solved stays solved. `steps`: the curve as a table. `chains`: theme, how often, the issues."""

    words: Linked
    curve: Curve | None
    steps: tuple[tuple[str, str], ...]
    chains: tuple[tuple[str, str, tuple[Link, ...]], ...]
    answers: Linked
    talked: Linked


@dataclass(frozen=True, slots=True)
class Seen:
    """A theme as two organisations see it: the share of what each reported, or how often each calls it so."""

    theme: str
    one: Count
    other: Count
    words: str


@dataclass(frozen=True, slots=True)
class BothWaysView:
    """Two organisations, both ways. `heads`: their names. `mix`: the themes that they see differently, or all."""

    heads: tuple[str, str]
    words: tuple[Linked, ...]
    mix: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class ViewsView:
    """How far two organisations see the same. `heads`: their names. `gaps`: how often each called issues so."""

    heads: tuple[str, str]
    words: Linked
    gaps: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """What was decided about themes; by theme, whether it helped, in words."""

    what: str
    href: str
    day: date
    effects: tuple[tuple[str, Linked], ...]


@dataclass(frozen=True, slots=True)
class ReportingRow:
    """How widely an organisation reports."""

    name: str
    recent: str
    before: str
    people: int
    words: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A service area: occurrences lately and before."""

    name: str
    recent: Count
    before: Count
    words: str


@dataclass(frozen=True, slots=True)
class AreasView:
    """Service areas: which quarters are told of, in words, and for each area its counts as they may be shown."""

    words: str
    summary: str
    heads: tuple[str, str]
    rows: tuple[AreaRow, ...]


@dataclass(frozen=True, slots=True)
class ThemeReportView:
    """The theme report. `period` and `against` in words.

    `charted`: the months of the charts. `untagged`: always shown, a row like the others. `chance`: what to expect by
    chance.

    `whole`: the reader sees the whole partnership's totals; else `scope` says whose ("Riverside Hospitals
    and those it works with").
    """

    partnership: str
    period: str
    against: str
    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    occurrences: Count
    issues: Count
    findings: tuple[Finding, ...]
    most_frequent: Linked
    chance: str
    months: tuple[str, ...]
    pairs: tuple[str, ...]
    rows: tuple[ThemeRow, ...]
    untagged: ThemeRow
    charted: tuple[str, ...]
    promises: tuple[PromiseRow, ...]
    lasting: LastingView
    both_ways: tuple[BothWaysView, ...]
    views: tuple[ViewsView, ...]
    decisions: tuple[DecidedRow, ...]
    reporting: tuple[ReportingRow, ...]
    areas: AreasView | None = None
    quality: tuple[Quality, ...] = ()
    scope: str = ""
    rule: str = ""
    anything: bool = True
    beside: tuple[Link, ...] = ()
    quotations: tuple[QuotedTheme, ...] = ()
