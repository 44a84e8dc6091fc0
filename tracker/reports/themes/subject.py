"""What a theme report is of: whose issues, which months; and the one way from a number to the issues it counts."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.measures.periods import ALL_TIME, Period, in_words, is_period, month_words, twelve_months_to
from tracker.measures.rates import Share
from tracker.measures.verdicts import Trend, Verdict
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet
from tracker.rules import addresses
from tracker.rules.arrangement import PaperSize
from tracker.rules.wording import listed, say_day

Pair = tuple[str, str]  # organisation keys, in the order of their positions

Filters = Mapping[str, str]  # of `/issues`

EVERY: Filters = {}
OPEN = {"state": "unresolved"}
SOLVED = {"outcome": "solved"}
NOT_SOLVED = {"outcome": "unsolved"}
SEVERE = {"severity": "severe"}
HOURS_SAID = {"lost": "said"}


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """`organisations`, `theme_names`: names by key. `before`: None where nothing was recorded before the period.

    `first`: the first day ever recorded. `so_far`: the last day counted of a period that is not over. `chart`: the
    whole months that verdicts look at, up to the period's end. `scope`: the reader's organisations, where only theirs
    are counted; else empty. `made_on`: by the partnership's clock. `asks_hours`: whether hours lost are told.
    """

    partnership: str
    name: str
    organisations: Mapping[str, str]
    theme_names: Mapping[str, str]
    period: Period
    before: Period | None
    first: date | None
    so_far: date | None
    chart: tuple[Period, ...]
    scope: tuple[str, ...]
    made_on: date
    asks_hours: bool = False
    paper: PaperSize = PaperSize.A4

    def issues_at(
        self, theme: str = "", about: Filters = EVERY, *, within: Period | None = None, pair: Pair | None = None
    ) -> str:
        """Where the issues behind a number are listed: of a theme or all, a month, a pair; `about`: what else is asked,
        by the names of the filters of `/issues`. What has not crossed is never among what is counted."""
        return self._counted(theme, pair, about, within or self.period)

    def open_at(self, theme: str) -> str:
        """Where what is open today is listed, whenever it happened."""
        return self._counted(theme, None, OPEN)

    def count(
        self,
        number: int,
        theme: str = "",
        about: Filters = EVERY,
        *,
        within: Period | None = None,
        pair: Pair | None = None,
        text: str = "",
    ) -> Count:
        """A number with its issues; 0 is a number too, but there is nothing behind it to see."""
        return Count(text or str(number), self.issues_at(theme, about, within=within, pair=pair) if number else "")

    def count_text(self, text: str, theme: str, *, within: Period) -> Count:
        """A rate in words, with the issues that it counts; none behind “0”."""
        return Count(text, self.issues_at(theme, within=within) if text.split()[0] != "0" else "")

    def fix_count(
        self, number: int, outcome: str, theme: str = "", pair: Pair | None = None, *, text: str = ""
    ) -> Count:
        """A number of fixes with this outcome (`FOLLOWED`, `BACK`, `ALIKE`), of the months that verdicts look at."""
        if not (number and self.chart):
            return Count(text or str(number))
        followed = self.lately(len(self.chart))
        return Count(text or str(number), self._counted(theme, pair, {"fix": outcome}, followed))

    def _counted(self, theme: str, pair: Pair | None, more: Filters, within: Period | None = None) -> str:
        mine = self.scope[0] if len(self.scope) == 1 and not pair else ""
        asked = {"side": mine, "theme": theme, "pair": ",".join(pair or ()), **more, **self._back}
        months = within.ending(within.length).name if within else ""
        return addresses.counted(self.partnership, {name: value for name, value in asked.items() if value}, months)

    @property
    def _back(self) -> Filters:
        """Which report leads there; the one that the page shows by itself goes without saying."""
        if self.period == twelve_months_to(self.made_on):
            return {}
        return {"report": self.period.name if is_period(self.period.name) else ALL_TIME}

    def theme_link(self, theme: str, called: str) -> Count:
        """To its own page, over the same period."""
        return Count(called, addresses.theme(self.partnership, theme, self._back.get("report", "")))

    @property
    def rule_at(self) -> str:
        return addresses.arrangements(self.partnership, "report")

    @property
    def period_text(self) -> str:
        """“January to March 2026”; of one that is not over with the last day counted."""
        return in_words(self.period) + (f", up to {say_day(self.so_far)}" if self.so_far else "")

    @property
    def before_text(self) -> str:
        return in_words(self.before) if self.before else ""

    @property
    def scope_text(self) -> str:
        """Whose issues are counted; empty where all are."""
        return issues_between([self.organisations[key] for key in self.scope])

    @property
    def chart_texts(self) -> tuple[str, ...]:
        """“Jan 26” of each charted month."""
        return tuple(month_words(month) for month in self.chart)

    def theme(self, key: str) -> str:
        return self.theme_names.get(key, key)

    def names(self, pair: Pair) -> tuple[str, str]:
        return self.organisations[pair[0]], self.organisations[pair[1]]

    def keys_and_names(self, pair: Pair) -> list[str]:
        """As a sheet has them, beside each other."""
        return [word for key in pair for word in (key, self.organisations[key])]

    def between(self, pair: Pair | None) -> str:
        """“between A and B”; empty for all."""
        return f"between {listed(self.names(pair))}" if pair else ""

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


@dataclass(frozen=True, slots=True)
class ThemeSection(ABC):
    """A part of the report: its figures, its sentences, and what each kind of file takes of it."""

    subject: ReportSubject = field(compare=False, repr=False)

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """Its part of the JSON, of the paper and of a frozen pack."""

    @abstractmethod
    def sheets(self) -> Iterable[Sheet]:
        """Its sheets of the workbook."""


def issues_between(names: Sequence[str]) -> str:
    """“the issues of A, and the pairs it is part of”; empty for nobody."""
    belong = "they are" if len(names) > 1 else "it is"
    return f"the issues of {listed(names)}, and the pairs {belong} part of" if names else ""


def share_text(share: Share) -> str:
    """As a percentage; of fewer than ten, as it is."""
    return f"{share.k} of {share.n}" if share.percent is None else f"{share.percent} %"


def share_values(share: Share) -> dict[str, Any]:
    return {"k": share.k, "n": share.n, "percent": share.percent, "words": share_text(share)}
