"""One theme of the report: how often, what the rule says of it and why, and how its issues stand."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tracker.measures.periods import Period
from tracker.measures.rates import between, times
from tracker.measures.verdicts import Comparison, Trend, Verdict
from tracker.queries.tallies.counts import IssueCounts
from tracker.queries.tallies.fixes import ALIKE, FOLLOWED
from tracker.reports.sentences import Count, Sentence, joined
from tracker.reports.themes.charts import Spark, spark_of
from tracker.reports.themes.subject import EVERY, NOT_SOLVED, OPEN, SOLVED, Filters, Pair, ReportSubject
from tracker.reports.themes.verdicts import charted_as, label, numbers_in_words, tone
from tracker.rules.reporting import Baseline
from tracker.rules.wording import say_count, say_day

_STANDINGS: Mapping[str, Filters] = {"all": EVERY, "open": OPEN, "solved": SOLVED, "not_solved": NOT_SOLVED}


@dataclass(frozen=True, slots=True)
class RateChange:
    """How many times as often as before, with its 95 % interval (statistics.md 3)."""

    ratio: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        return self.low > 1 or self.high < 1

    @property
    def text(self) -> str:
        """“2.8 times, 1.5 to 5.2”."""
        return f"{times(self.ratio)} times, {between(self.low, self.high)}" if self.is_clear else "no clear difference"


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme, or what has none yet (`untagged`). `now`, `before`, `months`, `pairs` and `chart` count occurrences by
    the day they happened; `issues` counts, once each, the issues that they belong to, as they stand now.

    `verdict` and `pair_verdicts`: None and empty where not one whole month has been recorded. `baselines`: the frozen
    limits that these went by, for the theme (None) and for pairs. `decided`: the days on which something was, on it.
    """

    subject: ReportSubject = field(compare=False, repr=False)
    key: str
    name: str
    group: str
    means: str
    now: int
    before: int | None
    change: RateChange | None
    issues: IssueCounts
    months: tuple[int, ...]
    pairs: Mapping[Pair, int]
    chart: tuple[int, ...]
    verdict: Verdict | None
    pair_verdicts: Mapping[Pair, Verdict]
    baselines: Mapping[Pair | None, Baseline]
    decided: tuple[date, ...]

    @property
    def counts(self) -> Mapping[str, Count]:
        """By the names of their columns."""
        before = Count("") if self.before is None else self.count(self.before, within=self.subject.before)
        return {
            "now": self.count(self.now),
            "before": before,
            "open": self.count(self.issues.open, OPEN),
            "solved": self.count(self.issues.solved, SOLVED),
            "not solved": self.count(self.issues.not_solved, NOT_SOLVED),
        }

    @property
    def charted(self) -> Iterator[Count]:
        for month, count in zip(self.subject.chart, self.chart, strict=True):
            yield self.count(count, within=month) if count else Count("")

    @property
    def label(self) -> str:
        return label(self.verdict) if self.verdict else ""

    @property
    def tone(self) -> str:
        return tone(self.verdict)

    @property
    def spark(self) -> Spark | None:
        if self.verdict is None:
            return None
        return spark_of(self.name, self.subject.chart, self.verdict.evidence.chart, self.decided)

    @property
    def numbers(self) -> str:
        """Every number that the verdict used."""
        return numbers_in_words(self.verdict) if self.verdict else ""

    @property
    def reasons(self) -> str:
        """These, how it is charted, and who froze its limits."""
        numbers = [self.numbers, charted_as(self.verdict)] if self.verdict else []
        return " ".join([*numbers, *(f"{self.frozen_text(pair).rstrip('.')}." for pair in self.baselines)])

    @property
    def behind(self) -> Sentence:
        """The issues behind these numbers, as they name them: “the last 6 months, the 18 before.”; what counts none is
        left out."""
        links = [(link,) for link in self._behind()]
        return (*joined(links, ", "), ".") if links else ()

    def count(
        self,
        number: int,
        about: Filters = EVERY,
        within: Period | None = None,
        pair: Pair | None = None,
        text: str = "",
    ) -> Count:
        return self.subject.count(number, self.key, about, within=within, pair=pair, text=text)

    def recurrences(self, number: int, months: int, pair: Pair | None = None, *, text: str) -> Count:
        """Those of the last months that are each an earlier one that came back."""
        return self.count(number, {"again": "yes"}, within=self.subject.lately(months), pair=pair, text=text)

    def fixes(self, verdict: Verdict, pair: Pair | None = None) -> Count:
        """“12 fixes”, that were followed."""
        fixes = len(verdict.evidence.series.fixes.days)
        return self.subject.fix_count(fixes, FOLLOWED, self.key, pair, text=f"{fixes} fixes")

    def frozen_text(self, pair: Pair | None) -> str:
        """“Limits between A and B frozen around 4 a month by Alex on Mon 20 Apr: the new form came in”."""
        frozen, which = self.baselines[pair], f"Limits {self.subject.between(pair)}" if pair else "Limits"
        day = say_day(frozen.on, self.subject.period.start.year)
        return f"{which} frozen around {frozen.words} by {frozen.by} on {day}: {frozen.reason}"

    def values(self) -> dict[str, Any]:
        subject = self.subject
        return {
            "key": self.key,
            "name": self.name,
            "group": self.group or None,
            "occurrences": self.now,
            "before": self.before,
            "change": {**asdict(self.change), "words": self.change.text} if self.change else None,
            **{name: getattr(self.issues, name) for name in ("issues", "open", "solved", "not_solved")},
            "months": {month.name: count for month, count in zip(subject.period.months(), self.months, strict=True)},
            "charted": list(self.chart),
            "verdict": self._verdict_values(self.verdict) if self.verdict else None,
            "frozen": self._frozen_values(None),
            "pairs": [self._pair_values(pair) for pair in self.pairs],
            "issues_at": {name: subject.issues_at(self.key, about) for name, about in _STANDINGS.items()},
        }

    def _behind(self) -> Iterator[Count]:
        if self.verdict is None:
            return
        evidence, limits = self.verdict.evidence, self.verdict.evidence.thresholds
        months = len(evidence.series.counts)
        if self.verdict.trend is not Trend.TOO_FEW:
            yield from self._compared(evidence.comparison, limits.recent_months, months)
            yield from self._came_back(self.verdict)
        elif months >= limits.least_periods and evidence.last_year:
            yield self._last(min(months, limits.least_months))

    def _compared(self, change: Comparison | None, recent: int, months: int) -> Iterator[Count]:
        if change is None or change.recent:
            yield self._last(min(recent, months))
        if change and change.before:
            earlier = self.subject.earlier(recent)
            yield self.count(change.before, within=earlier, text=f"the {months - recent} before")

    def _came_back(self, verdict: Verdict) -> Iterator[Count]:
        series = verdict.evidence.series
        if series.linked:
            text = say_count(series.linked, "linked recurrence")
            yield self.recurrences(series.linked, verdict.evidence.thresholds.recurrence_months, text=text)
        if verdict.evidence.lasting:
            yield self.fixes(verdict)
        if series.fixes.alike:
            yield self.subject.fix_count(series.fixes.alike, ALIKE, self.key, text="something alike happened")

    def _last(self, months: int) -> Count:
        within = self.subject.lately(months)
        return Count(f"the last {say_count(months, 'month')}", self.subject.issues_at(self.key, within=within))

    def _pair_values(self, pair: Pair) -> dict[str, Any]:
        verdict = self.pair_verdicts.get(pair)
        return {
            "pair": list(pair),
            "occurrences": self.pairs[pair],
            "verdict": label(verdict) if verdict else None,
            "frozen": self._frozen_values(pair),
        }

    def _frozen_values(self, pair: Pair | None) -> dict[str, Any] | None:
        """None where the limits come from the first months."""
        frozen = self.baselines.get(pair)
        if frozen is None:
            return None
        made = {"by": frozen.by, "on": frozen.on.isoformat(), "reason": frozen.reason, "around": frozen.words}
        return {**made, "words": self.frozen_text(pair)}

    def _verdict_values(self, verdict: Verdict) -> dict[str, Any]:
        """The trend, whether it recurs, and every number that says so."""
        evidence = verdict.evidence
        return {
            "label": label(verdict),
            "trend": verdict.trend.value,
            "recurring": verdict.is_recurring,
            "headline": verdict.is_headline,
            "tone": tone(verdict),
            "numbers": self.numbers,
            "charted_as": charted_as(verdict),
            "comparison": asdict(evidence.comparison) if evidence.comparison else None,
            "linked": evidence.series.linked,
            "frozen": evidence.series.frozen,
            "lasting": list(evidence.lasting) if evidence.lasting else None,
            "chart": self._chart_values(verdict),
        }

    def _chart_values(self, verdict: Verdict) -> dict[str, Any]:
        """Its kind in words; where there is enough to draw, its lines and what they show, too."""
        chosen, spark = verdict.evidence.chart, self.spark
        kind = {"words": chosen.words, "months": chosen.months}
        if chosen.chart is None or spark is None:
            return kind
        lines = {name: getattr(chosen.chart, name) for name in ("values", "centre", "upper", "lower")}
        signals = {str(index): sorted(marks) for index, marks in chosen.chart.signals.items()}
        drawn = {"decided": list(spark.decided), "title": spark.title, "described": spark.described}
        return {**kind, **lines, "signals": signals, **drawn}
