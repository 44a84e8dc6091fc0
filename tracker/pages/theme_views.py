"""What the theme report shows: findings in words, then the numbers, each with the issues behind it."""

from dataclasses import dataclass

from tracker.pages.part_views import Link


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed ("17", "<5", "") and the issues behind it ("" for none).

    `heat`: 0 to 4, how dark its cell is.
    """

    text: str
    href: str = ""
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, a sentence in parts: the theme (a link), the words between, the verdict, the rest."""

    theme: str
    href: str
    between: str
    verdict: str
    rest: str


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart of counts by month.

    `title` and `desc` are for those who do not see it. `upper`, `lower`: None without limits.

    `outside`: positions of the points to mark. `decided`: the position of the month a decision was taken,
    None without one.
    """

    title: str
    desc: str
    values: tuple[float, ...]
    centre: float | None = None
    upper: float | None = None
    lower: float | None = None
    outside: frozenset[int] = frozenset()
    decided: int | None = None


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme. `change`: "2.8 times, 1.5 to 5.2" or "no clear difference".

    `tone` of the verdict: "up", "down", "again", "", "soft".

    `spark` None: too few to draw. `months` and `pairs` stand in the order of the report's headings.
    """

    key: str
    name: str
    group: str
    means: str
    href: str
    spark: Spark | None
    now: Figure
    before: Figure
    change: str
    open: Figure
    solved: Figure
    not_solved: Figure
    verdict: str
    tone: str
    numbers: str
    months: tuple[Figure, ...]
    pairs: tuple[Figure, ...]
    promise: str = ""
    promise_href: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """One line of the strip that says how far to trust the numbers: "untagged", "12 %", "11 of 96 issues"."""

    name: str
    value: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ThemeReportView:
    """The theme report. `period` and `against` in words.

    `untagged`: always shown, a row like the others. `chance`: what to expect by chance.

    `whole`: the reader sees the whole partnership's totals; else `scope` says whose ("Riverside Hospitals
    and those it works with").
    """

    partnership: str
    period: str
    against: str
    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    occurrences: Figure
    issues: Figure
    findings: tuple[Finding, ...]
    chance: str
    months: tuple[str, ...]
    pairs: tuple[str, ...]
    rows: tuple[ThemeRow, ...]
    untagged: ThemeRow
    quality: tuple[Quality, ...] = ()
    scope: str = ""
    anything: bool = True
    beside: tuple[Link, ...] = ()
