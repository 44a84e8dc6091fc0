"""What keeps rubbing: the themes that stand out, the worst first, and how that is to be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.measures.chart_choice import ChartExposure
from tracker.measures.periods import in_words
from tracker.measures.rates import a_month, factor, rate_text
from tracker.measures.verdicts import Comparison, Trend, Verdict, by_chance_in_words, expected_by_chance
from tracker.reports.sentences import Count, Sentence, joined, plain
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.charts import MonthBars
from tracker.reports.themes.lines import ThemeLines
from tracker.reports.themes.promises import Promises
from tracker.reports.themes.series import Verdicts
from tracker.reports.themes.subject import Pair, ThemeSection
from tracker.reports.themes.theme import ThemeLine
from tracker.reports.themes.verdicts import label, standing_words, tone
from tracker.rules.wording import listed, say_count

MOST = 5  # that are said first
_MOVING = {Trend.RISING, Trend.EASING}
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


@dataclass(frozen=True, slots=True)
class Headline:
    """A theme, or a theme between two (`pair`), that stands out. Its sentence in parts: “Pace of decisions” “between A
    and B” is “higher, level since June”: “38 in the last 6 months, ...”. `promise`: that its theme strains most."""

    line: ThemeLine
    pair: Pair | None
    verdict: Verdict
    promise: Count | None = None

    @property
    def theme(self) -> Count:
        """With the recent issues behind it."""
        return Count(self.line.name, self.issues_at)

    @property
    def called(self) -> str:
        """“Pace of decisions between A and B”."""
        return " ".join(filter(None, (self.line.name, self.line.subject.between(self.pair))))

    @property
    def label(self) -> str:
        return label(self.verdict)

    @property
    def standing(self) -> str:
        """The verdict as a reader is told it."""
        return standing_words(self.verdict, self.line.subject.chart)

    @property
    def tone(self) -> str:
        return tone(self.verdict)

    @property
    def bars(self) -> MonthBars | None:
        return self.line.bars_of(self.pair, self.verdict)

    @property
    def is_easing(self) -> bool:
        return self.verdict.trend is Trend.EASING and not self.verdict.is_recurring

    @property
    def reasons(self) -> Sentence:
        return (*joined(self._reasons(), "; "), ".")

    @property
    def around(self) -> Sentence:
        """How its theme stands, and what it strains: “All between A and B. 5 open now. Strains 6.1 Decisions”."""
        strains = ("Strains ", self.promise, ".") if self.promise and self.promise.text else ()
        return joined(filter(None, (self.line.around, strains)), " ")

    @property
    def sentence(self) -> str:
        return (
            f"{self.called} is {self.standing}: {plain(self.reasons)}"
            if self.verdict.trend in _MOVING
            else (f"{self.called} {self.standing}: {plain(self.reasons)}")
        )

    @property
    def issues_at(self) -> str:
        subject = self.line.subject
        return subject.issues_at(self.line.key, within=subject.recent(self.verdict), pair=self.pair)

    @property
    def place(self) -> tuple[int, float]:
        """Worst first: what recurs and rises, what rises, by how much a month, what recurs; then what eases."""
        rises = self.verdict.trend is Trend.RISING
        rank = (0 if self.verdict.is_recurring else 1) if rises else 2 if self.verdict.is_recurring else 3
        return rank, -self.verdict.excess if rises else 0.0

    def values(self) -> dict[str, Any]:
        return {
            "theme": self.line.key,
            "pair": list(self.pair) if self.pair else None,
            "verdict": self.label,
            "words": self.standing,
            "tone": self.tone,
            "called": self.called,
            "reasons": plain(self.reasons),
            "around": plain(self.around),
            "sentence": self.sentence,
            "easing": self.is_easing,
            "issues_at": self.issues_at,
            "bars": self.bars.values() if self.bars else None,
        }

    def _reasons(self) -> Iterator[Sentence]:
        evidence, limits = self.verdict.evidence, self.verdict.evidence.thresholds
        if evidence.comparison and self.verdict.trend in _MOVING:
            yield self._compared(evidence.comparison, limits.recent_months, evidence.series.exposure)
        elif evidence.comparison:
            recent = evidence.comparison.recent
            yield (f"{a_month(recent, min(limits.recent_months, len(evidence.series.counts)))} a month",)
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
        """“38 in the last 6 months, 6.3 a month; 0.4 a month before, some 16 times”: the rates that are held against
        each other, and the factor that they give (statistics.md 12)."""
        subject, key, pair = self.line.subject, self.line.key, self.pair
        earlier = subject.earlier(months)
        if exposure:
            unit = f" per {exposure.per:g} {exposure.what}" if exposure.per != 1 else f" per {exposure.what}"
            lately = rate_text(change.recent * exposure.per / change.recent_exposure)
            before = rate_text(change.before * exposure.per / change.before_exposure)
        else:
            unit = " a month"
            lately = a_month(change.recent, change.recent_exposure)
            before = a_month(change.before, change.before_exposure)
        now = self.line.count(change.recent, within=subject.lately(months), pair=pair)
        then = Count(f"{before}{unit}", subject.issues_at(key, within=earlier, pair=pair) if change.before else "")
        return (now, f" in the last {months} months, {lately}{unit}; ", then, f" before{factor(lately, before)}")


@dataclass(frozen=True, slots=True)
class Headlines(ThemeSection):
    """The worst first. `tested`: of how many themes, and themes between two, something can be said."""

    headlines: tuple[Headline, ...]
    most_frequent: ThemeLine | None
    tested: tuple[int, int]

    @classmethod
    def of(cls, themes: ThemeLines, verdicts: Verdicts, promises: Promises) -> "Headlines":
        enough = [key for key, verdict in verdicts.items() if verdict.evidence.is_enough]
        whole = sum(pair is None for _, pair in enough)
        most = next((line for line in themes.lines if line.now), None)
        lines = {line.key: line for line in themes.lines}
        found = (
            Headline(lines[theme], pair, each, promises.most_strained(theme))
            for theme, pair, each in standing_out(verdicts)
            if theme in lines
        )
        worst_first = sorted(found, key=lambda each: (*each.place, themes.lines.index(each.line)))
        return cls(themes.subject, tuple(worst_first), most, (whole, len(enough) - whole))

    @property
    def rubbing(self) -> tuple[Headline, ...]:
        """What is worse or keeps coming back; what eases stands with what helped."""
        return tuple(each for each in self.headlines if not each.is_easing)

    @property
    def foremost(self) -> tuple[Headline, ...]:
        return self.rubbing[:MOST]

    @property
    def easing(self) -> tuple[Headline, ...]:
        return tuple(each for each in self.headlines if each.is_easing)

    @property
    def rest(self) -> str:
        """“Eleven other themes are steady or too rare to tell.”, and how many stand out besides those said."""
        more = len(self.rubbing) - len(self.foremost)
        out = {each.line.key for each in self.headlines}
        others = sum(1 for key in self.subject.theme_names if key not in out) - 1  # what has no theme yet is none
        said = [f"{_number(more)} more {'stands' if more == 1 else 'stand'} out, below."] if more else []
        if others > 0:
            what = f"{_number(others)} other {'theme is' if others == 1 else 'themes are'}"
            said.append(f"{what} steady or too rare to tell.")
        return " ".join(said)

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
        return f"The last months are those up to {in_words(self.subject.chart[-1])}. "

    def values(self) -> dict[str, Any]:
        return {
            "headlines": [each.values() for each in self.headlines],
            "most_frequent": plain(self.ordinary),
            "rest": self.rest,
            "chance": self.chance,
        }

    def sheets(self) -> Iterator[Sheet]:
        told = [(each.sentence, plain(each.around)) for each in self.headlines]
        yield Sheet("Headlines", ("headline", "how it stands"), [*told, (self.rest, "")])


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def standing_out(verdicts: Verdicts) -> Iterator[tuple[str, Pair | None, Verdict]]:
    """A theme of which something is said, and a theme between two where it is not said of the theme itself."""
    for (theme, pair), verdict in verdicts.items():
        if theme and verdict.is_headline and (pair is None or not _is_said(verdicts.get((theme, None)), verdict)):
            yield theme, pair, verdict


def _is_said(whole: Verdict | None, part: Verdict) -> bool:
    if whole is None or not whole.is_headline:
        return False
    return whole.trend is part.trend or (whole.is_recurring and part.is_recurring)
