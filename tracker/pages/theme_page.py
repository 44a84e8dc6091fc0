"""The theme report, drawn: findings in words, then figures, each a link to the issues behind it."""

from collections.abc import Iterable
from math import ceil
from urllib.parse import urlencode

from tracker.measures.periods import Period
from tracker.pages.periods import in_words, month_words
from tracker.pages.report_views import Turning
from tracker.pages.theme_views import Figure, Finding, Quality, Spark, ThemeReportView, ThemeRow
from tracker.queries.theme_figures import NOT_SOLVED, OPEN, SOLVED, Change, Pair, ThemeLine, ThemeReport
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import listed, say_count, say_day

ENOUGH_TO_DRAW = 6  # occurrences in the months of the chart (statistics.md 10)
ENOUGH_FOR_A_SHARE = 10  # issues; below that no percentage (statistics.md 8)
DARKEST = 4


def draw_themes(report: ThemeReport, arrangement: Arrangement, turning: Turning) -> ThemeReportView:
    """The report as its template takes it."""
    drawing = _Drawing(report, arrangement)
    return ThemeReportView(
        partnership=arrangement.name,
        period=drawing.period(),
        against=in_words(report.before) if report.before else "",
        periods=turning.periods,
        exports=turning.exports,
        beside=turning.beside,
        occurrences=drawing.figure(report.occurrences),
        issues=drawing.figure(report.issues),
        findings=tuple(drawing.findings()),
        chance=drawing.chance(),
        months=tuple(month_words(month) for month in report.period.months()),
        pairs=tuple(drawing.pair(pair) for pair in report.pairs),
        rows=tuple(drawing.row(line) for line in report.lines),
        untagged=drawing.row(report.untagged),
        quality=tuple(drawing.quality()),
        scope=drawing.scope(),
        anything=report.first is not None,
    )


class _Drawing:
    """One report of one partnership."""

    def __init__(self, report: ThemeReport, arrangement: Arrangement) -> None:
        self.report, self.arrangement = report, arrangement
        self.most_in_a_month = max((count for line in report.all_lines for count in line.months), default=0)
        self.most_in_a_pair = max((count for line in report.all_lines for count in line.pairs.values()), default=0)

    def period(self) -> str:
        so_far = self.report.so_far
        return in_words(self.report.period) + (f", up to {say_day(so_far)}" if so_far else "")

    def figure(self, count: int, theme: str = "", standing: dict[str, str] | None = None) -> Figure:
        """A count; 0 is a count too, but there is nothing behind it to see."""
        address = f"/issues?{urlencode(self.report.filters(theme, standing))}"
        return Figure(str(count), address if count else "")

    def row(self, line: ThemeLine) -> ThemeRow:
        report, groups = self.report, {each.key: each.name for each in self.arrangement.theme_groups}
        earlier = f"/issues?{urlencode(report.filters(line.key, within=report.before))}"
        return ThemeRow(
            key=line.key,
            name=line.name,
            group=groups.get(line.group, ""),
            means=line.means,
            href=f"/issues?{urlencode(report.filters(line.key))}",
            spark=self.spark(line),
            now=self.figure(line.now, line.key),
            before=Figure("" if line.before is None else str(line.before), earlier if line.before else ""),
            change=_change(line.change),
            open=self.figure(line.issues.open, line.key, OPEN),
            solved=self.figure(line.issues.solved, line.key, SOLVED),
            not_solved=self.figure(line.issues.not_solved, line.key, NOT_SOLVED),
            verdict="",
            tone="",
            numbers="",
            months=tuple(self.month(line, *each) for each in zip(report.period.months(), line.months, strict=True)),
            pairs=tuple(self.between(line, *each) for each in line.pairs.items()),
        )

    def month(self, line: ThemeLine, month: Period, count: int) -> Figure:
        return _cell(count, self.report.filters(line.key, within=month), self.most_in_a_month)

    def between(self, line: ThemeLine, pair: Pair, count: int) -> Figure:
        return _cell(count, self.report.filters(line.key, pair=pair), self.most_in_a_pair)

    def pair(self, pair: Pair) -> str:
        return " ↔ ".join(self.arrangement.organisation(key).name for key in pair)

    def spark(self, line: ThemeLine) -> Spark | None:
        """The whole months since anything was recorded; None for too few occurrences to draw."""
        counted = [count for month, count in zip(self.report.chart, line.chart, strict=True) if self.is_whole(month)]
        if sum(counted) < ENOUGH_TO_DRAW:
            return None
        mean = sum(counted) / len(counted)
        return Spark(
            title=f"{line.name}: {say_count(len(counted), 'month')} to {in_words(self.last_whole_month())}",
            desc=f"from {min(counted)} to {max(counted)} a month, {mean:.1f} on average",
            values=tuple(map(float, counted)),
            centre=mean,
        )

    def is_whole(self, month: Period) -> bool:
        first, so_far = self.report.first, self.report.so_far
        return first is not None and month.end > first and (so_far is None or month.end <= so_far)

    def last_whole_month(self) -> Period:
        return [month for month in self.report.chart if self.is_whole(month)][-1]

    def findings(self) -> Iterable[Finding]:
        """What is most frequent, and what has changed more than chance explains."""
        most = [line for line in self.report.lines if line.now][:1]
        changed = [line for line in self.report.lines if line.key in self.report.standing_out and line not in most]
        return (self.finding(line, most=line in most) for line in (*most, *changed))

    def finding(self, line: ThemeLine, *, most: bool) -> Finding:
        change = line.change if line.key in self.report.standing_out else None
        said = ["the most frequent"] if most else []
        if change:
            said.append("more frequent than before" if change.ratio > 1 else "less frequent than before")
        before = f", {line.before} before ({_change(change)})" if change else ""
        return Finding(
            theme=line.name,
            href=f"/issues?{urlencode(self.report.filters(line.key))}",
            between=self.mostly(line),
            verdict=" and ".join(said),
            rest=f"{say_count(line.now, 'occurrence')} of {say_count(line.issues.issues, 'issue')}{before}.",
        )

    def mostly(self, line: ThemeLine) -> str:
        """Between whom, where more than half of it is between two of several."""
        pair, count = max(line.pairs.items(), key=lambda each: each[1], default=(None, 0))
        if pair is None or len(line.pairs) < 2 or count * 2 <= line.now:
            return ""
        return f"between {listed(self.arrangement.organisation(key).name for key in pair)}"

    def chance(self) -> str:
        """What to expect by chance among so many (statistics.md 4)."""
        compared = sum(line.change is not None for line in self.report.all_lines)
        if not compared:
            return "Nothing was recorded before, so nothing is held against it."
        held = f"{say_count(compared, 'theme')} held against the period before: "
        flagged = len(self.report.standing_out)
        if not flagged:
            return f"{held}none has changed more than chance explains."
        return f"{held}{flagged} clearly changed. Of those flagged so, expect about one in ten to be chance."

    def quality(self) -> Iterable[Quality]:
        """How much has no theme yet."""
        issues, untagged = self.report.issues, self.report.untagged.issues.issues
        if issues:
            share = f"{100 * untagged / issues:.0f} %" if issues >= ENOUGH_FOR_A_SHARE else str(untagged)
            words = f"{untagged} of {say_count(issues, 'issue')} have no theme yet"
            yield Quality("No theme yet", share, words, self.figure(untagged, self.report.untagged.key).href)

    def scope(self) -> str:
        names = listed(self.arrangement.organisation(key).name for key in self.report.scope)
        belong = "they are" if len(self.report.scope) > 1 else "it is"
        return f"the issues of {names}, and the pairs {belong} part of" if names else ""


def _cell(count: int, filters: dict[str, str], most: int) -> Figure:
    """A cell of the tables: empty for none, darker for more."""
    if not count:
        return Figure("")
    return Figure(str(count), f"/issues?{urlencode(filters)}", ceil(DARKEST * count / most))


def _change(change: Change | None) -> str:
    if change is None:
        return ""
    return (
        f"{change.ratio:.1f} times, {change.low:.1f} to {change.high:.1f}" if change.is_clear else "no clear difference"
    )
