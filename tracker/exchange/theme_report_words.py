"""What the theme report says in words, the same on every face of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from tracker.measures.agreement import Agreement
from tracker.measures.by_chance import by_chance_in_words, expected_by_chance
from tracker.measures.chart_choice import Exposure
from tracker.measures.evidence import Comparison
from tracker.measures.period_words import in_words
from tracker.measures.rate_words import between as between_two
from tracker.measures.rate_words import times
from tracker.measures.shares import Share
from tracker.measures.verdict_words import label
from tracker.measures.verdicts import Trend, Verdict
from tracker.queries.tallies import LAGS
from tracker.queries.theme_figures import Change, Headline, Promise, ThemeReport
from tracker.queries.theme_parts import EntryLag, Lasting, Pair
from tracker.rules.agreement import TOPICS
from tracker.rules.wording import listed, say_count, say_day

_TONES = {Trend.RISING: "up", Trend.EASING: "down", Trend.TOO_FEW: "soft", Trend.QUIETER: "soft"}


@dataclass(frozen=True, slots=True)
class Said:
    """A headline in parts: “Pace of decisions” “between A and B” is “rising”: “17 in the last 6 months, ...”."""

    theme: str
    between: str
    label: str
    rest: str

    @property
    def sentence(self) -> str:
        return f"{' '.join(filter(None, (self.theme, self.between)))} is {self.label}: {self.rest}"


def headline(report: ThemeReport, told: Headline) -> Said:
    """One headline."""
    return Said(told.line.name, between(report, told.pair), label(told.verdict), _rest(told.verdict))


def most_frequent(report: ThemeReport) -> str:
    """What is said where nothing stands out: “Pace of decisions between A and B: 11 occurrences of 7 issues”."""
    line = next(iter(report.lines), None)
    if line is None or not line.now:
        return ""
    pair, count = max(line.pairs.items(), key=lambda each: each[1], default=(None, 0))
    mostly = between(report, pair) if len(line.pairs) > 1 and count * 2 > line.now else ""
    counted = f"{say_count(line.now, 'occurrence')} of {say_count(line.issues.issues, 'issue')}"
    return f"{' '.join(filter(None, (line.name, mostly)))}: {counted}"


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
    """How many headlines to expect by chance alone."""
    themes, pairs = report.tested
    if not themes + pairs:
        return "There is too little yet to tell what recurs from noise."
    least, most = map(sum, zip(expected_by_chance(themes), expected_by_chance(pairs), strict=True))
    some = [say_count(themes, "theme")] + ([f"{say_count(pairs, 'theme')} between two organisations"] if pairs else [])
    return f"Something can be said of {listed(some)}. {by_chance_in_words(least, most)}"


def lasting_words(found: Lasting) -> str:
    """Whether what was solved stays solved."""
    if not found.fixes:
        return "Nothing has been solved yet that could come back."
    followed = "1 fix followed up" if found.fixes == 1 else f"{found.fixes} fixes followed up"
    alike = f" After {found.alike} something alike happened, which nobody has linked." if found.alike else ""
    known = f"{followed}; {found.back} came back within {say_count(found.within, 'day')}.{alike}"
    if found.share is None:
        return f"{known} Fewer than {found.least} are too few to say how long fixes last."
    share, low, high = (f"{100 * each:.0f} %" for each in found.share)
    return f"{known} After {say_count(found.within, 'day')} {share} still last (95 % interval {low} to {high})."


def answers(report: ThemeReport) -> str:
    """What was said when it was asked whether it stayed fixed; who has not answered counts for nothing."""
    found = report.answers
    if not found.asked:
        return "Nobody has been asked yet whether it stayed fixed."
    said = f"{found.yes} said that it stayed fixed, {found.no} that it did not"
    return f"Asked after four weeks, {said}; {found.unanswered} have not said."


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


def talked(report: ThemeReport) -> str:
    """The share that was solved by talking on the first tier."""
    share = report.talked
    if not share.n:
        return ""
    part = f"{share.k} of {share.n}" if share.percent is None else f"{share.percent} % ({share.k} of {share.n})"
    return f"{part} of what is resolved was solved by talking on the first tier."


def trust(report: ThemeReport) -> Iterator[tuple[str, str, str]]:
    """How far to trust the numbers: “No theme yet”, “12 %”, “11 of 96 issues have no theme yet”."""
    untagged, entered, unconfirmed = report.trust.untagged, report.trust.entered, report.trust.unconfirmed
    if not report.issues:
        return
    issues, occurrences = say_count(untagged.n, "issue"), say_count(entered.occurrences, "occurrence")
    yield "No theme yet", share_words(untagged), f"{untagged.k} of {issues} have no theme yet"
    prompt = f"{entered.prompt.k} of {occurrences} within two days"
    yield "Recorded", lag(entered), f"in the median; {prompt}"
    named = Agreement(reduce(add, (Counter(each.agreement.counts) for each in report.views), Counter()))
    if named.total:
        alike = f"{named.same} of {say_count(named.total, 'issue')} that two sides have named have one name"
        value = f"{named.same} of {named.total}" if named.kappa is None else f"kappa {named.kappa:.2f}"
        yield "Named alike", value, alike
    if unconfirmed.n:
        asked = f"{unconfirmed.k} of {unconfirmed.n} who were asked have not said"
        yield "Not confirmed", share_words(unconfirmed), asked
    without = report.exposure.without
    yield "Exposure", report.exposure.what if report.exposure.is_used else "months", exposure(report)
    if 0 < without.k < without.n:
        yield "Without exposure", share_words(without), f"{without.k} of {without.n} charted months"


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


def _rest(verdict: Verdict) -> str:
    return "; ".join(_reasons(verdict)) + "."


def _reasons(verdict: Verdict) -> Iterator[str]:
    evidence = verdict.evidence
    if evidence.comparison and verdict.trend in {Trend.RISING, Trend.EASING}:
        yield _compared(evidence.comparison, evidence.thresholds.recent_months, evidence.series.exposure)
    if verdict.is_recurring:
        limits = evidence.thresholds
        if evidence.series.linked >= limits.recurrences:
            often = f"{evidence.series.linked} times in {limits.recurrence_months} months"
            yield f"it came back {often} after it was resolved"
        if evidence.lasting and evidence.lasting[2] < limits.lasting_share:
            fixes = len(evidence.series.fixes.days)
            yield f"of {fixes} fixes {100 * evidence.lasting[0]:.0f} % lasted {limits.lasting_days} days"


def _compared(found: Comparison, months: int, exposure: Exposure | None) -> str:
    usual = found.before / found.before_exposure * found.recent_exposure
    per = f" per {exposure.per:g} {exposure.what}" if exposure else ""
    ratio = f"{times(found.ratio)} times{per}, {between_two(found.low, found.high)}"
    return f"{found.recent} in the last {months} months, {usual:.0f} at the earlier rate ({ratio})"
