"""One theme of the report: how often, what the rule says of it and why, and how its issues stand."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tracker.measures.month_bars import earlier_rate
from tracker.measures.periods import Period
from tracker.measures.rates import between, byar, times
from tracker.measures.verdicts import Comparison, Trend, Verdict
from tracker.queries.tallies.counts import IssueCounts
from tracker.queries.tallies.fixes import ALIKE, FOLLOWED
from tracker.queries.tallies.open_now import OpenNow
from tracker.reports.sentences import Count, Sentence, joined, plain
from tracker.reports.themes.charts import MonthBars, Spark, month_bars_of, spark_of
from tracker.reports.themes.harm import Harm
from tracker.reports.themes.subject import EVERY, NOT_SOLVED, OPEN, SOLVED, Filters, Pair, ReportSubject
from tracker.reports.themes.verdicts import charted_as, label, numbers_in_words, standing_words, tone
from tracker.rules.reporting import Baseline
from tracker.rules.wording import listed, say_count, say_day

_QUARTER = 3  # months
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
    limits that these went by, for the theme (None) and for pairs. `decided`: the days on which something was, on it;
    `owners`: of what was and is not done, as the reader may know them. `open_now`: today, whenever it happened.
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
    open_now: OpenNow | None = None
    owners: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, Count]:
        """By the names of their columns."""
        open_now = self.open_now.issues if self.open_now else 0
        return {
            "now": self.count(self.now),
            "open": Count(str(open_now), self.subject.open_at(self.key) if open_now else ""),
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
    def standing(self) -> str:
        """The verdict as a reader is told it."""
        return standing_words(self.verdict, self.subject.chart) if self.verdict else ""

    @property
    def bars(self) -> MonthBars | None:
        """Its months, with the earlier rate."""
        return self.bars_of(None, self.verdict) if self.verdict else None

    def bars_of(self, pair: Pair | None, verdict: Verdict) -> MonthBars | None:
        """The same of what happened between two."""
        recent, series = verdict.evidence.thresholds.recent_months, verdict.evidence.series
        rate = earlier_rate(series.counts, recent, series.exposure, frozen=series.frozen)
        called = " ".join(filter(None, (self.name, self.subject.between(pair))))
        said = standing_words(verdict, self.subject.chart)
        return month_bars_of(called, self.subject.chart, series.counts, recent, rate, self.decided, said)

    @property
    def around(self) -> Sentence:
        """As far as it is so: “Mostly between A and B. 5 open now, the oldest 40 days, 1 critical. 4 of 31 serious or
        critical (13 %). Owner: O. Bell”."""
        return joined(self._around(), " ")

    def _around(self) -> Iterator[Sentence]:
        if met := self._mostly:
            yield (met,)
        if self.open_now:
            yield (*self.open_text, ".")
        if harm := self.harm.text:
            yield harm
        if self.owners:
            yield (f"{'Owner' if len(self.owners) == 1 else 'Owners'}: {listed(self.owners)}.",)

    @property
    def harm(self) -> Harm:
        return Harm(self.subject, self.key, self.issues)

    @property
    def open_text(self) -> Sentence:
        """“5 open now, the oldest 40 days, one critical”."""
        there = self.open_now
        if there is None:
            return ("none open now",)
        days = say_count((self.subject.made_on - there.oldest).days, "day")
        words = [f" open now, {'the oldest ' if there.issues > 1 else ''}{days}{'' if there.issues > 1 else ' old'}"]
        words += [f"{n} {name}" for n, name in ((there.serious, "serious"), (there.critical, "critical")) if n]
        return (Count(str(there.issues), self.subject.open_at(self.key)), ", ".join(words))

    @property
    def outlook(self) -> str:
        """What comes in the next quarter if nothing is done, at the rate of the recent months, with the exact interval
        of that count (statistics.md 9 and 12); empty where there is too little to say."""
        if self.verdict is None or not self.verdict.evidence.is_enough or self.verdict.evidence.comparison is None:
            return ""
        months, recent = self.verdict.evidence.thresholds.recent_months, self.verdict.evidence.comparison.recent
        if not recent:
            return ""
        about, low, high = (round(each * _QUARTER / months) for each in (recent, *byar(recent)))
        return f"If nothing is done: some {about} more in the next three months ({low} to {high}), at the rate of now."

    @property
    def pair_counts(self) -> Iterator[tuple[str, Count, str]]:
        """Between whom it happened in the period, how often, and how it stands there."""
        for pair, number in self.pairs.items():
            if number:
                verdict = self.pair_verdicts.get(pair)
                said = standing_words(verdict, self.subject.chart) if verdict else ""
                yield f"B{self.subject.between(pair)[1:]}", self.count(number, pair=pair), said

    @property
    def _mostly(self) -> str:
        pair, count = max(self.pairs.items(), key=lambda each: each[1], default=(None, 0))
        if len(self.pairs) < 2 or count * 2 <= self.now:
            return ""
        return f"{'All' if count == self.now else 'Mostly'} {self.subject.between(pair)}."

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
            "open_now": self._open_values(),
            "harm": self.harm.values(),
            "outlook": self.outlook or None,
            "standing": self.standing or None,
            "charted": list(self.chart),
            "verdict": self._verdict_values(self.verdict) if self.verdict else None,
            "frozen": self._frozen_values(None),
            "pairs": [self._pair_values(pair) for pair in self.pairs],
            "issues_at": {name: subject.issues_at(self.key, about) for name, about in _STANDINGS.items()},
        }

    def _open_values(self) -> dict[str, Any]:
        there, today = self.open_now, self.subject.made_on
        if there is None:
            return {"issues": 0, "oldest_days": None, "serious": 0, "critical": 0, "words": plain(self.open_text)}
        counts = {"issues": there.issues, "oldest_days": (today - there.oldest).days}
        severe = {"serious": there.serious, "critical": there.critical}
        return {**counts, **severe, "words": plain(self.open_text), "issues_at": self.subject.open_at(self.key)}

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
            "bars": self.bars.values() if self.bars else None,
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
