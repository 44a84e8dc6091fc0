"""A verdict in plain words, and the numbers that it comes from in a few sentences."""

from collections.abc import Iterator, Sequence

from tracker.measures.periods import Period
from tracker.measures.suppression import FEW_IN_WORDS, LEAST_DENOMINATOR, LEAST_REPORTERS, are_few
from tracker.measures.verdicts import ChangeShape, Comparison, Evidence, Trend, Verdict
from tracker.rules.wording import say_count

_TRENDS = {
    Trend.TOO_FEW: "too few to say",
    Trend.RISING: "rising",
    Trend.EASING: "easing",
    Trend.QUIETER: "quieter, check reporting",
    Trend.STEADY: "steady",
    Trend.STABLE: "stable",
}
KEEPS_COMING_BACK = "keeps coming back"
_MOVING = {Trend.RISING, Trend.EASING, Trend.QUIETER}
_TONES = {Trend.RISING: "up", Trend.EASING: "down", Trend.TOO_FEW: "soft", Trend.QUIETER: "soft"}


def label(verdict: Verdict) -> str:
    """“rising”, “recurring, rising”, “recurring”: the trend, and whether it keeps coming back.

    Beside “recurring” a trend that does not move is left out.
    """
    if not verdict.is_recurring:
        return _TRENDS[verdict.trend]
    return f"recurring, {_TRENDS[verdict.trend]}" if verdict.trend in _MOVING else "recurring"


def standing_words(verdict: Verdict, months: Sequence[Period]) -> str:
    """As a reader is told it: “higher, level since June”, “keeps coming back; lower, still falling”, “higher, in August
    alone”, “steady”. `months`: those that were charted."""
    moving = _moving_words(verdict, months) if verdict.trend in {Trend.RISING, Trend.EASING} else ""
    if not verdict.is_recurring:
        return moving or _TRENDS[verdict.trend]
    quieter = _TRENDS[Trend.QUIETER] if verdict.trend is Trend.QUIETER else ""
    return "; ".join(filter(None, (KEEPS_COMING_BACK, moving or quieter)))


def _moving_words(verdict: Verdict, months: Sequence[Period]) -> str:
    shape, back = verdict.shape
    month, rises = f"{months[-back].start:%B}", verdict.trend is Trend.RISING
    how = {
        ChangeShape.ONE_MONTH: f"in {month} alone",
        ChangeShape.STILL_MOVING: "still rising" if rises else "still falling",
        ChangeShape.LEVEL: f"level since {month}",
    }[shape]
    return f"{'higher' if rises else 'lower'}, {how}"


def tone(verdict: Verdict | None) -> str:
    """How a verdict is coloured: "up", "down", "again", "soft" or ""."""
    if verdict is None:
        return "soft"
    if verdict.is_recurring and verdict.trend not in {Trend.RISING, Trend.EASING}:
        return "again"
    return _TONES.get(verdict.trend, "")


def charted_as(verdict: Verdict) -> str:
    """Which chart its counts have: “Drawn as c-chart: counts, equal months”, as a sentence."""
    chosen = verdict.evidence.chart
    return f"Drawn as {chosen.words}." if chosen.chart else f"{chosen.words.capitalize()}."


def numbers_in_words(verdict: Verdict) -> str:
    """Every number that the verdict used, as sentences."""
    if verdict.trend is Trend.TOO_FEW:
        return _too_few(verdict.evidence)
    return " ".join((*_change(verdict), *_reporting(verdict), *_coming_back(verdict.evidence), *_calm(verdict)))


def _too_few(evidence: Evidence) -> str:
    limits, months = evidence.thresholds, len(evidence.series.counts)
    if months < limits.least_periods:
        return f"{say_count(months, 'month')}: fewer than {limits.least_periods} are too few to say."
    last = min(months, limits.least_months)
    return f"{evidence.last_year} in the last {last} months: fewer than {limits.least_occurrences} are too few to say."


def _change(verdict: Verdict) -> Iterator[str]:
    evidence, change = verdict.evidence, verdict.evidence.comparison
    recent, months = evidence.thresholds.recent_months, len(evidence.series.counts)
    if change is None:
        yield f"{sum(evidence.series.counts)} in {months} months, and none before to compare."
        return
    yield (
        f"{change.recent} in the last {recent} months against {change.before} in the {months - recent} before"
        f"{_rates(evidence)}: {change.ratio:.2f} times the rate "
        f"(95 % interval {change.low:.2f} to {change.high:.2f})."
    )
    yield from _by_chance(verdict, change)
    fresh = evidence.thresholds.signal_months
    for side in ("above",) * evidence.above + ("below",) * evidence.below:
        yield f"A point of the last {fresh} months lies {side} the limits."


def _rates(evidence: Evidence) -> str:
    change, exposure = evidence.comparison, evidence.series.exposure
    if change is None or exposure is None:
        return ""
    now, then = (
        count * exposure.per / size
        for count, size in ((change.recent, change.recent_exposure), (change.before, change.before_exposure))
    )
    return f", {now:.3g} against {then:.3g} per {exposure.per:g} {exposure.what}"


def _by_chance(verdict: Verdict, change: Comparison) -> Iterator[str]:
    chance, extent = (change.p_more, "many or more") if change.ratio > 1 else (change.p_less, "few or fewer")
    among = "; it stands out" if verdict.trend in _MOVING and verdict.is_flagged else ""
    yield f"Were nothing changed, so {extent} would have a chance of {_percent(chance)}{among}."


def _reporting(verdict: Verdict) -> Iterator[str]:
    if verdict.trend not in {Trend.EASING, Trend.QUIETER}:
        return
    breadth, change = verdict.evidence.series.breadth, verdict.evidence.comparison
    if breadth is None or change is None:
        yield "Who reports is not known."
        return
    yield f"Reporters: {people(breadth.recent)} now, {people(breadth.before)} before."
    if breadth.circle >= LEAST_DENOMINATOR:
        back, back_before = _percent(breadth.back), _percent(breadth.back_before)
        yield f"Of those who reported this {back} have reported since, {back_before} before."
    if breadth.gone:
        gone = str(breadth.gone) if breadth.silent >= LEAST_REPORTERS else "Some"
        yield f"{gone} of the {change.before} before came from people who have fallen silent."


def _coming_back(evidence: Evidence) -> Iterator[str]:
    limits = evidence.thresholds
    if evidence.series.linked:
        yield f"{say_count(evidence.series.linked, 'linked recurrence')} in {limits.recurrence_months} months."
    if evidence.lasting:
        share, low, high = map(_percent, evidence.lasting)
        fixes = len(evidence.series.fixes.days)
        yield f"Of {fixes} fixes {share} lasted {limits.lasting_days} days (95 % interval {low} to {high})."
    if evidence.series.fixes.alike:
        of = f"{evidence.series.fixes.alike} of {say_count(len(evidence.series.fixes.days), 'solved issue')}"
        yield f"After {of} something alike happened, which nobody has linked."


def _calm(verdict: Verdict) -> Iterator[str]:
    if verdict.trend is Trend.STABLE:
        yield (
            f"No signal in {verdict.evidence.thresholds.stable_months} months: a steady {_usual(verdict.evidence)} "
            "needs a change of the system, not a hunt for last month’s cause."
        )


def _usual(evidence: Evidence) -> str:
    last, exposure = evidence.thresholds.stable_months, evidence.series.exposure
    count = sum(evidence.series.counts[-last:])
    if exposure is None:
        return f"{count / last:.1f} a month"
    return f"{count * exposure.per / sum(exposure.months[-last:]):.3g} per {exposure.per:g} {exposure.what}"


def people(many: float) -> str:
    """How many people reported, as it may be said: of so few that they could be identified “fewer than 5”."""
    return FEW_IN_WORDS if are_few(many) else f"{many:.3g}"


def _percent(share: float) -> str:
    return "under 0.1 %" if 0 < share < 0.001 else f"{share * 100:.2g} %" if share < 0.1 else f"{share * 100:.0f} %"
