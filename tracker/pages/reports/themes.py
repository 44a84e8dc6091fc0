"""The theme report, drawn: headlines in words, then figures, each a link to the issues behind it."""

from collections.abc import Iterator
from math import ceil

from tracker.measures.periods import Period, in_words, month_words
from tracker.measures.verdicts import Trend, Verdict
from tracker.pages.reports.periods import Turning
from tracker.pages.reports.theme_quotations import quotations_of
from tracker.pages.reports.theme_sections import (
    areas_of,
    both_ways_of,
    decisions_of,
    lasting_of,
    promises_of,
    quality_of,
    reporting_of,
    spark_of,
    views_of,
)
from tracker.pages.reports.theme_shapes import Finding, ThemeReportView, ThemeRow
from tracker.pages.web.parts import Link
from tracker.queries.tallies.fixes import ALIKE, FOLLOWED
from tracker.reports.sentences import Count, Linked, counted, linked
from tracker.reports.themes import lines as words
from tracker.reports.themes.lines import frozen
from tracker.reports.themes.report import NOT_SOLVED, OPEN, SOLVED, Headline, Pair, ThemeLine, ThemeReport
from tracker.reports.themes.verdicts import label, numbers_in_words
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
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
    return {name: addresses.issues(filters) for name, filters in (found | before).items()}


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
        yield Link("something alike happened", addresses.issues(report.fixes(ALIKE, line.key)))


def _last_year(report: ThemeReport, line: ThemeLine, verdict: Verdict) -> Iterator[Link]:
    limits, months = verdict.evidence.thresholds, len(verdict.evidence.series.counts)
    if months >= limits.least_periods and verdict.evidence.last_year:
        last = min(months, limits.least_months)
        behind = report.filters(line.key, within=report.lately(last))
        yield Link(f"the last {say_count(last, 'month')}", addresses.issues(behind))


DARKEST = 4


def draw_themes(report: ThemeReport, arrangement: Arrangement, turning: Turning) -> ThemeReportView:
    """The report as its template takes it."""
    drawing = _Drawing(report, arrangement)
    return ThemeReportView(
        partnership=report.name,
        period=words.period(report),
        against=in_words(report.before) if report.before else "",
        periods=turning.periods, exports=turning.exports, beside=turning.beside,
        occurrences=drawing.figure(report.occurrences),
        issues=drawing.figure(report.issues),
        findings=tuple(drawing.finding(each) for each in report.headlines),
        most_frequent=drawing.most_frequent(),
        chance=words.chance(report),
        months=tuple(month_words(month) for month in report.period.months()),
        pairs=tuple(drawing.pair(pair) for pair in report.pairs),
        rows=tuple(drawing.row(line) for line in report.lines),
        untagged=drawing.row(report.untagged),
        charted=tuple(month_words(month) for month in report.chart),
        promises=tuple(promises_of(report)),
        lasting=lasting_of(report),
        both_ways=tuple(both_ways_of(report)),
        views=tuple(views_of(report)),
        decisions=tuple(decisions_of(report)),
        reporting=tuple(reporting_of(report)),
        areas=areas_of(report),
        quality=tuple(quality_of(report)),
        scope=words.scope(report), rule=addresses.arrangements(report.partnership, "report"),
        anything=report.first is not None,
        quotations=tuple(quotations_of(report)),
    )  # fmt: skip


class _Drawing:
    """One report of one partnership."""

    def __init__(self, report: ThemeReport, arrangement: Arrangement) -> None:
        self.report = report
        self.terms = arrangement.report
        self.groups = {each.key: each.name for each in arrangement.theme_groups}
        self.most_in_a_month = max((count for line in report.all_lines for count in line.months), default=0)
        self.most_in_a_pair = max((count for line in report.all_lines for count in line.pairs.values()), default=0)

    def figure(self, count: int, theme: str = "", standing: dict[str, str] | None = None) -> Count:
        """A count; 0 is a count too, but there is nothing behind it to see."""
        return counted(count, self.report.filters(theme, standing))

    def most_frequent(self) -> Linked:
        """What is said where nothing stands out."""
        behind = addresses.issues(self.report.filters(self.report.lines[0].key)) if self.report.lines else ""
        return linked(words.most_frequent(self.report), dict.fromkeys((words.OCCURRENCES, words.ISSUES), behind))

    def finding(self, told: Headline) -> Finding:
        """What is said first, with the recent issues behind it."""
        said, recent = words.headline(self.report, told), self.report.recent(told.verdict)
        behind = self.report.filters(told.line.key, within=recent, pair=told.pair)
        rest = linked(said.rest, counted_by(self.report, told.line.key, told.verdict, told.pair))
        return Finding(said.theme, addresses.issues(behind), said.between, said.label, rest)

    def row(self, line: ThemeLine) -> ThemeRow:
        report = self.report
        promise = max((each for each in report.promises), key=lambda each: each.themes.get(line.key, 0), default=None)
        strained = promise if promise and line.key in promise.themes else None
        return ThemeRow(
            key=line.key,
            name=line.name,
            group=self.groups.get(line.group, ""),
            means=line.means,
            href=addresses.issues(report.filters(line.key)),
            spark=spark_of(report, line),
            chart=tuple(self.charted(line, *each) for each in zip(report.chart, line.chart, strict=True)),
            now=self.figure(line.now, line.key),
            before=Count("") if line.before is None else self.before(line, line.before),
            change=words.change(line.change),
            open=self.figure(line.issues.open, line.key, OPEN),
            solved=self.figure(line.issues.solved, line.key, SOLVED),
            not_solved=self.figure(line.issues.not_solved, line.key, NOT_SOLVED),
            verdict=label(line.verdict) if line.verdict else "",
            tone=words.tone(line.verdict),
            numbers=self.numbers(line),
            months=tuple(self.month(line, *each) for each in zip(report.period.months(), line.months, strict=True)),
            pairs=tuple(self.between(line, *each) for each in line.pairs.items()),
            promise=words.promise(strained) if strained else "",
            promise_href=addresses.issues(report.filters(line.key, strained.filters)) if strained else "",
            behind=tuple(reasons_of(report, line)),
        )

    def numbers(self, line: ThemeLine) -> str:
        """What the verdict goes by, and who froze its limits."""
        said = [numbers_in_words(line.verdict), words.charted_as(line.verdict)] if line.verdict else []
        limits = frozen(self.report, line, self.terms)
        return " ".join([*said, *(f"{each.rstrip('.')}." for each in limits)])

    def before(self, line: ThemeLine, count: int) -> Count:
        return counted(count, self.report.filters(line.key, within=self.report.before))

    def charted(self, line: ThemeLine, month: Period, count: int) -> Count:
        return counted(count, self.report.filters(line.key, within=month)) if count else Count("")

    def month(self, line: ThemeLine, month: Period, count: int) -> Count:
        return _cell(count, self.report.filters(line.key, within=month), self.most_in_a_month)

    def between(self, line: ThemeLine, pair: Pair, count: int) -> Count:
        return _cell(count, self.report.filters(line.key, pair=pair), self.most_in_a_pair)

    def pair(self, pair: Pair) -> str:
        return " ↔ ".join(self.report.organisations[key] for key in pair)


def _cell(count: int, filters: dict[str, str], most: int) -> Count:
    """A cell of the tables: empty for none, darker for more."""
    if not count:
        return Count("")
    return Count(str(count), addresses.issues(filters), ceil(DARKEST * count / most))
