"""What the theme report says first: themes that stand out, and how that is to be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tracker.measures.chart_choice import ChartExposure
from tracker.measures.periods import in_words
from tracker.measures.rates import between, times
from tracker.measures.verdicts import Comparison, Trend, Verdict, by_chance_in_words, expected_by_chance
from tracker.reports.sentences import Count, Sentence, joined, plain
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.lines import ThemeLines
from tracker.reports.themes.series import Verdicts
from tracker.reports.themes.subject import Pair, ThemeSection
from tracker.reports.themes.theme import ThemeLine
from tracker.reports.themes.verdicts import label
from tracker.rules.wording import listed, say_count

_MOVING = {Trend.RISING, Trend.EASING}


@dataclass(frozen=True, slots=True)
class Headline:
    """A theme, or a theme between two (`pair`), that stands out. Its sentence in parts: “Pace of decisions” “between A
    and B” is “rising”: “17 in the last 6 months, ...”."""

    line: ThemeLine
    pair: Pair | None
    verdict: Verdict

    @property
    def theme(self) -> Count:
        """With the recent issues behind it."""
        return Count(self.line.name, self.issues_at)

    @property
    def between(self) -> str:
        return self.line.subject.between(self.pair)

    @property
    def label(self) -> str:
        return label(self.verdict)

    @property
    def reasons(self) -> Sentence:
        return (*joined(self._reasons(), "; "), ".")

    @property
    def sentence(self) -> str:
        return f"{' '.join(filter(None, (self.line.name, self.between)))} is {self.label}: {plain(self.reasons)}"

    @property
    def issues_at(self) -> str:
        subject = self.line.subject
        return subject.issues_at(self.line.key, within=subject.recent(self.verdict), pair=self.pair)

    def values(self) -> dict[str, Any]:
        return {
            "theme": self.line.key,
            "pair": list(self.pair) if self.pair else None,
            "verdict": self.label,
            "sentence": self.sentence,
            "issues_at": self.issues_at,
        }

    def _reasons(self) -> Iterator[Sentence]:
        evidence, limits = self.verdict.evidence, self.verdict.evidence.thresholds
        if evidence.comparison and self.verdict.trend in _MOVING:
            yield self._compared(evidence.comparison, limits.recent_months, evidence.series.exposure)
        if not self.verdict.is_recurring:
            return
        if evidence.series.linked >= limits.recurrences:
            linked, months = evidence.series.linked, limits.recurrence_months
            often = self.line.recurrences(linked, months, self.pair, text=f"{linked} times")
            yield ("it came back ", often, f" in {months} months after it was resolved")
        if evidence.lasting and evidence.lasting[2] < limits.lasting_share:
            fixes, share = self.line.fixes(self.verdict, self.pair), f"{100 * evidence.lasting[0]:.0f} %"
            yield ("of ", fixes, f" {share} lasted {limits.lasting_days} days")

    def _compared(self, change: Comparison, months: int, exposure: ChartExposure | None) -> Sentence:
        subject, key, pair = self.line.subject, self.line.key, self.pair
        usual = change.before / change.before_exposure * change.recent_exposure
        per = f" per {exposure.per:g} {exposure.what}" if exposure else ""
        ratio = f"{times(change.ratio)} times{per}, {between(change.low, change.high)}"
        now = self.line.count(change.recent, within=subject.lately(months), pair=pair)
        then = Count("the earlier rate", subject.issues_at(key, within=subject.earlier(months), pair=pair))
        return (now, f" in the last {months} months, {usual:.0f} at ", then, f" ({ratio})")


@dataclass(frozen=True, slots=True)
class Headlines(ThemeSection):
    """`tested`: of how many themes, and themes between two, something can be said."""

    headlines: tuple[Headline, ...]
    most_frequent: ThemeLine | None
    tested: tuple[int, int]

    @classmethod
    def of(cls, themes: ThemeLines, verdicts: Verdicts) -> "Headlines":
        enough = [key for key, verdict in verdicts.items() if verdict.evidence.is_enough]
        whole = sum(pair is None for _, pair in enough)
        most = next((line for line in themes.lines if line.now), None)
        return cls(themes.subject, tuple(_standing_out(themes.lines)), most, (whole, len(enough) - whole))

    @property
    def ordinary(self) -> Sentence:
        """What is said where nothing stands out: “Pace of decisions, mostly between A and B: 11 occurrences of 7
        issues”."""
        line = self.most_frequent
        if line is None:
            return ()
        pair, count = max(line.pairs.items(), key=lambda each: each[1], default=(None, 0))
        met = self.subject.between(pair) if len(line.pairs) > 1 and count * 2 > line.now else ""
        mostly = f"{', mostly' if count < line.now else ''} {met}" if met else ""
        often = line.count(line.now, text=say_count(line.now, "occurrence"))
        issues = line.count(line.issues.issues, text=say_count(line.issues.issues, "issue"))
        return (f"{line.name}{mostly}: ", often, " of ", issues)

    @property
    def chance(self) -> str:
        """How headlines are to be read, and how many to expect by chance alone."""
        themes, pairs = self.tested
        if not themes + pairs:
            return "There is too little yet to tell what recurs from noise."
        least, most = map(sum, zip(expected_by_chance(themes), expected_by_chance(pairs), strict=True))
        some = [say_count(themes, "theme")]
        some += [f"{say_count(pairs, 'theme')} between two organisations"] if pairs else []
        return f"{self._reading}Something can be said of {listed(some)}. {by_chance_in_words(least, most)}"

    @property
    def _reading(self) -> str:
        if all(each.verdict.trend not in _MOVING for each in self.headlines):
            return ""
        brackets = "in brackets, how many times the earlier rate that is, with its 95 % interval"
        return f"The last months are those up to {in_words(self.subject.chart[-1])}; {brackets}. "

    def values(self) -> dict[str, Any]:
        return {
            "headlines": [each.values() for each in self.headlines],
            "most_frequent": plain(self.ordinary),
            "chance": self.chance,
        }

    def sheets(self) -> Iterator[Sheet]:
        yield Sheet("Headlines", ("headline",), [*((each.sentence,) for each in self.headlines), (self.chance,)])


def _standing_out(lines: Iterable[ThemeLine]) -> Iterator[Headline]:
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
