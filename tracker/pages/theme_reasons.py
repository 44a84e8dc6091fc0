"""The issues behind what a verdict goes by: the recent ones, those before, what came back."""

from collections.abc import Iterator

from tracker.measures.verdicts import Trend, Verdict
from tracker.pages.part_views import Link
from tracker.queries.tallies.fixes import ALIKE, FOLLOWED
from tracker.reports.sentences import listed_at
from tracker.reports.themes import lines as words
from tracker.reports.themes.report import Pair, ThemeLine, ThemeReport
from tracker.rules.wording import say_count


def counted_by(report: ThemeReport, theme: str, verdict: Verdict, pair: Pair | None = None) -> dict[str, str]:
    """By the name of what a headline counts, the address of its issues."""
    limits = verdict.evidence.thresholds
    recent, earlier = report.lately(limits.recent_months), report.earlier(limits.recent_months)
    came_back = report.filters(theme, within=report.lately(limits.recurrence_months), pair=pair, about={"again": "yes"})
    found = {
        words.RECENT: report.filters(theme, within=recent, pair=pair),
        words.AGAIN: came_back,
        words.FIXES: report.fixes(FOLLOWED, theme, pair),
    }
    before = {words.BEFORE: report.filters(theme, within=earlier, pair=pair)} if earlier else {}
    return {name: listed_at(filters) for name, filters in (found | before).items()}


def reasons_of(report: ThemeReport, line: ThemeLine) -> Iterator[Link]:
    """As the numbers name them: “the last 6 months”, “the 18 before”; what counts none is left out."""
    if line.verdict is None:
        return
    evidence, behind = line.verdict.evidence, counted_by(report, line.key, line.verdict)
    if line.verdict.trend is Trend.TOO_FEW:
        yield from _last_year(report, line, line.verdict)
        return
    recent, months = evidence.thresholds.recent_months, len(evidence.series.counts)
    change = evidence.comparison
    if change is None or change.recent:
        yield Link(f"the last {say_count(min(recent, months), 'month')}", behind[words.RECENT])
    if change and change.before:
        yield Link(f"the {months - recent} before", behind[words.BEFORE])
    if evidence.series.linked:
        yield Link(say_count(evidence.series.linked, "linked recurrence"), behind[words.AGAIN])
    if evidence.lasting:
        yield Link(f"{len(evidence.series.fixes.days)} fixes", behind[words.FIXES])
    if evidence.series.fixes.alike:
        yield Link("something alike happened", listed_at(report.fixes(ALIKE, line.key)))


def _last_year(report: ThemeReport, line: ThemeLine, verdict: Verdict) -> Iterator[Link]:
    limits, months = verdict.evidence.thresholds, len(verdict.evidence.series.counts)
    if months >= limits.least_periods and verdict.evidence.last_year:
        last = min(months, limits.least_months)
        behind = report.filters(line.key, within=report.lately(last))
        yield Link(f"the last {say_count(last, 'month')}", listed_at(behind))
