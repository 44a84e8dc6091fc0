"""What the theme report says in words, the same on every face of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import add
from typing import Any

from tracker.measures.agreement import Agreement
from tracker.measures.chart_choice import Exposure
from tracker.measures.periods import in_words
from tracker.measures.rates import Share, times
from tracker.measures.rates import between as between_two
from tracker.measures.verdicts import Comparison, Trend, Verdict, by_chance_in_words, expected_by_chance
from tracker.queries.tallies.tallies import LAGS
from tracker.reports.sentences import Counted, Sentence, said
from tracker.reports.themes.report import Change, EntryLag, Headline, Pair, Promise, ThemeLine, ThemeReport
from tracker.reports.themes.verdicts import label
from tracker.rules.agreement import TOPICS
from tracker.rules.reporting import Baseline, ReportTerms
from tracker.rules.wording import listed, say_count, say_day

RECENT, BEFORE, AGAIN, FIXES = "recent", "before", "again", "fixes"
OCCURRENCES, ISSUES = "occurrences", "issues"
UNTAGGED, PROMPT, ALIKE, NAMED, UNCONFIRMED, ASKED = "untagged", "prompt", "alike", "named", "unconfirmed", "asked"
_TONES = {Trend.RISING: "up", Trend.EASING: "down", Trend.TOO_FEW: "soft", Trend.QUIETER: "soft"}


@dataclass(frozen=True, slots=True)
class Said:
    """A headline in parts: “Pace of decisions” “between A and B” is “rising”: “17 in the last 6 months, ...”. Counted
    in the rest are RECENT and BEFORE, AGAIN and FIXES."""

    theme: str
    between: str
    label: str
    rest: Sentence

    @property
    def sentence(self) -> str:
        return f"{' '.join(filter(None, (self.theme, self.between)))} is {self.label}: {said(self.rest)}"


def headline(report: ThemeReport, told: Headline) -> Said:
    """One headline."""
    return Said(told.line.name, between(report, told.pair), label(told.verdict), _rest(told.verdict))


def most_frequent(report: ThemeReport) -> Sentence:
    """What is said where nothing stands out: “Pace of decisions, mostly between A and B: 11 occurrences of 7 issues”;
    counted are OCCURRENCES and ISSUES of the first line."""
    line = next(iter(report.lines), None)
    if line is None or not line.now:
        return ()
    pair, count = max(line.pairs.items(), key=lambda each: each[1], default=(None, 0))
    where = between(report, pair) if len(line.pairs) > 1 and count * 2 > line.now else ""
    mostly = f"{', mostly' if count < line.now else ''} {where}" if where else ""
    often = Counted(say_count(line.now, "occurrence"), OCCURRENCES)
    issues = Counted(say_count(line.issues.issues, "issue"), ISSUES)
    return (f"{line.name}{mostly}: ", often, " of ", issues)


def between(report: ThemeReport, pair: Pair | None) -> str:
    """“between A and B”; empty for all."""
    return f"between {listed(report.organisations[key] for key in pair)}" if pair else ""


def charted_as(verdict: Verdict) -> str:
    """Which chart its counts have: “Drawn as c-chart: counts, equal months”, as a sentence."""
    chosen = verdict.evidence.chart
    return f"Drawn as {chosen.words}." if chosen.chart else f"{chosen.words.capitalize()}."


def tone(verdict: Verdict | None) -> str:
    """How a verdict is coloured: "up", "down", "again", "soft" or ""."""
    if verdict is None:
        return "soft"
    if verdict.is_recurring and verdict.trend not in {Trend.RISING, Trend.EASING}:
        return "again"
    return _TONES.get(verdict.trend, "")


def chance(report: ThemeReport) -> str:
    """How headlines are to be read, and how many to expect by chance alone."""
    themes, pairs = report.tested
    if not themes + pairs:
        return "There is too little yet to tell what recurs from noise."
    least, most = map(sum, zip(expected_by_chance(themes), expected_by_chance(pairs), strict=True))
    some = [say_count(themes, "theme")] + ([f"{say_count(pairs, 'theme')} between two organisations"] if pairs else [])
    return f"{_read_so(report)}Something can be said of {listed(some)}. {by_chance_in_words(least, most)}"


def _read_so(report: ThemeReport) -> str:
    if all(told.verdict.trend not in {Trend.RISING, Trend.EASING} for told in report.headlines):
        return ""
    brackets = "in brackets, how many times the earlier rate that is, with its 95 % interval"
    return f"The last months are those up to {in_words(report.chart[-1])}; {brackets}. "


def exposure(report: ThemeReport) -> str:
    """What rates are told by, or that equal months stand for it."""
    found = report.exposure
    if found.is_used:
        return f"how often is told per {found.per:g} {found.what}, which were entered for every charted month"
    if found.without.k == found.without.n:
        return "how much there was to go wrong is not known: equal months stand for it"
    return (
        f"{found.without.k} of {say_count(found.without.n, 'charted month')} have no {found.what} entered by everybody "
        "who enters them: equal months stand for all"
    )


def trust(report: ThemeReport) -> Iterator[tuple[str, str, Sentence]]:
    """How far to trust the numbers: “No theme yet”, “12 %”, “11 of 96 issues have no theme yet”. Counted are UNTAGGED,
    ISSUES, PROMPT, OCCURRENCES, ALIKE, NAMED, UNCONFIRMED and ASKED."""
    untagged, entered, unconfirmed = report.trust.untagged, report.trust.entered, report.trust.unconfirmed
    if not report.issues:
        return
    issues, often = say_count(untagged.n, "issue"), say_count(entered.occurrences, "occurrence")
    yield "No theme yet", share_words(untagged), (*_part(untagged.k, UNTAGGED, issues, ISSUES), " have no theme yet")
    prompt = _part(entered.prompt.k, PROMPT, often, OCCURRENCES)
    yield "Recorded", lag(entered), ("in the median; ", *prompt, " within two days")
    named = Agreement(reduce(add, (Counter(each.agreement.counts) for each in report.views), Counter()))
    if named.total:
        alike = _part(named.same, ALIKE, str(named.total), NAMED)  # an issue of three sides, pair by pair
        value = f"{named.same} of {named.total}" if named.kappa is None else f"kappa {named.kappa:.2f}"
        yield "Named alike", value, (*alike, " times that two sides named the same issue, they gave it one name")
    if unconfirmed.n:
        asked = _part(unconfirmed.k, UNCONFIRMED, str(unconfirmed.n), ASKED)
        yield "Not confirmed", share_words(unconfirmed), (*asked, " who were asked have not said")
    without = report.exposure.without
    yield "Exposure", report.exposure.what if report.exposure.is_used else "months", (exposure(report),)
    if 0 < without.k < without.n:
        yield "Without exposure", share_words(without), (f"{without.k} of {without.n} charted months",)


def _part(count: int, of: str, whole: str, of_whole: str) -> Sentence:
    return (Counted(str(count), of), " of ", Counted(whole, of_whole))


def lag(found: EntryLag) -> str:
    """How long after it happened something was recorded, in the median: “on the day”, “3 to 7 days later”; empty where
    nothing was."""
    if not found.occurrences:
        return ""
    if found.median is None:
        return f"more than {LAGS[-1]} days later"
    if found.median == 0:
        return "on the day"
    least = LAGS[LAGS.index(found.median) - 1] + 1
    days = f"{least} to {found.median} days" if least < found.median else say_count(found.median, "day")
    return f"{days} later"


def scope(report: ThemeReport) -> str:
    """Whose issues are counted; empty where all are."""
    return issues_between([report.organisations[key] for key in report.scope])


def issues_between(names: Sequence[str]) -> str:
    """“the issues of A, and the pairs it is part of”; empty for nobody."""
    belong = "they are" if len(names) > 1 else "it is"
    return f"the issues of {listed(names)}, and the pairs {belong} part of" if names else ""


def period(report: ThemeReport) -> str:
    """“January to March 2026”; of one that is not over with the last day counted."""
    return in_words(report.period) + (f", up to {say_day(report.so_far)}" if report.so_far else "")


def change(found: Change | None) -> str:
    """Against the period before: “2.8 times, 1.5 to 5.2”."""
    if found is None:
        return ""
    return (
        f"{times(found.ratio)} times, {between_two(found.low, found.high)}" if found.is_clear else "no clear difference"
    )


def share_words(share: Share) -> str:
    """As a percentage; of fewer than ten, as it is."""
    return f"{share.k} of {share.n}" if share.percent is None else f"{share.percent} %"


def promise(found: Promise) -> str:
    """“4.2 Discharge letters”, or the topic where no clause was named."""
    return f"{found.clause} {found.title}" if found.title else TOPICS.get(found.topic, found.topic)


def _rest(verdict: Verdict) -> Sentence:
    first, *others = [*_reasons(verdict)] or [()]
    return (*first, *chain.from_iterable(("; ", *each) for each in others), ".")


def _reasons(verdict: Verdict) -> Iterator[Sentence]:
    evidence = verdict.evidence
    if evidence.comparison and verdict.trend in {Trend.RISING, Trend.EASING}:
        yield _compared(evidence.comparison, evidence.thresholds.recent_months, evidence.series.exposure)
    if verdict.is_recurring:
        limits = evidence.thresholds
        if evidence.series.linked >= limits.recurrences:
            often = Counted(f"{evidence.series.linked} times", AGAIN)
            yield ("it came back ", often, f" in {limits.recurrence_months} months after it was resolved")
        if evidence.lasting and evidence.lasting[2] < limits.lasting_share:
            fixes = Counted(f"{len(evidence.series.fixes.days)} fixes", FIXES)
            yield ("of ", fixes, f" {100 * evidence.lasting[0]:.0f} % lasted {limits.lasting_days} days")


def _compared(found: Comparison, months: int, exposure: Exposure | None) -> Sentence:
    usual = found.before / found.before_exposure * found.recent_exposure
    per = f" per {exposure.per:g} {exposure.what}" if exposure else ""
    ratio = f"{times(found.ratio)} times{per}, {between_two(found.low, found.high)}"
    now, then = Counted(str(found.recent), RECENT), Counted("the earlier rate", BEFORE)
    return (now, f" in the last {months} months, {usual:.0f} at ", then, f" ({ratio})")


def frozen(report: ThemeReport, line: ThemeLine, terms: ReportTerms) -> Iterator[str]:
    """Of every limit of this theme that is frozen and in use: “Limits frozen around 4 a month by Alex on ...: why”."""
    for pair in (None, *line.pair_verdicts):
        if found := in_use(line, pair, terms):
            yield frozen_words(report, pair, found)


def frozen_values(report: ThemeReport, line: ThemeLine, pair: Pair | None, terms: ReportTerms) -> dict[str, Any] | None:
    """The same as plain values; None where the limits come from the first months."""
    found = in_use(line, pair, terms)
    if found is None:
        return None
    said = {"by": found.by, "on": found.on.isoformat(), "reason": found.reason, "around": found.words}
    return {**said, "words": frozen_words(report, pair, found)}


def in_use(line: ThemeLine, pair: Pair | None, terms: ReportTerms) -> Baseline | None:
    """What the verdict went by; another measure than the one it was frozen in leaves it aside."""
    verdict = line.pair_verdicts.get(pair) if pair else line.verdict
    if verdict is None or verdict.evidence.series.frozen is None:
        return None
    return terms.baseline(line.key, pair or ())


def frozen_words(report: ThemeReport, pair: Pair | None, found: Baseline) -> str:
    """“Limits between A and B frozen around 4 a month by Alex on Mon 20 Apr: the new form came in”."""
    day = say_day(found.on, report.period.start.year)
    which = f"Limits {between(report, pair)}" if pair else "Limits"
    return f"{which} frozen around {found.words} by {found.by} on {day}: {found.reason}"
