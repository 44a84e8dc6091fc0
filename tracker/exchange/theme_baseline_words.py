"""Who froze the limits of a theme, or of one between two, when and why: the same on every face of the theme report."""

from collections.abc import Iterator
from typing import Any

from tracker.exchange.theme_report_words import between
from tracker.queries.theme_figures import ThemeLine, ThemeReport
from tracker.queries.theme_parts import Pair
from tracker.rules.reporting import Baseline, ReportTerms
from tracker.rules.wording import say_day


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
