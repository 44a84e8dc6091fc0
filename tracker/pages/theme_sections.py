"""The sections of the theme report below its themes: promises, fixes, both ways, who reports, how far to trust it."""

from collections.abc import Iterator
from urllib.parse import urlencode

from tracker.exchange import theme_area_words as area_words
from tracker.exchange import theme_report_words as words
from tracker.exchange import theme_sides_words as sides_words
from tracker.exchange.theme_chart_words import curve_steps
from tracker.measures.asymmetry import Perception
from tracker.measures.periods import Period
from tracker.pages.part_views import Link
from tracker.pages.theme_charts import curve_of
from tracker.pages.theme_views import (
    AreaRow,
    AreasView,
    BothWaysView,
    DecidedRow,
    Figure,
    LastingView,
    PromiseRow,
    Quality,
    ReportingRow,
    Seen,
    ViewsView,
)
from tracker.queries.issue_list import NONE
from tracker.queries.theme_areas import AreaLine, Areas
from tracker.queries.theme_figures import ThemeReport
from tracker.queries.theme_parts import BothWays, Chain
from tracker.rules.agreement import TOPICS


def promises_of(report: ThemeReport) -> Iterator[PromiseRow]:
    """Which promise is under strain."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.promises:
        href = _behind(report, None, {"topic": each.topic, "clause": each.clause or NONE})
        yield PromiseRow(
            name=words.promise(each),
            topic=TOPICS.get(each.topic, each.topic),
            count=Figure(str(each.occurrences), href),
            themes=", ".join(f"{names.get(theme, theme)} {count}" for theme, count in each.themes.items()),
        )


def lasting_of(report: ThemeReport) -> LastingView:
    """Whether what was solved stays solved."""
    found, names = report.lasting, {line.key: line.name for line in report.all_lines}
    return LastingView(
        words=words.lasting_words(found),
        curve=curve_of(found),
        steps=curve_steps(found),
        chains=tuple((names.get(each.theme, each.theme), _length(each), _links(each)) for each in found.chains),
        answers=words.answers(report),
        talked=words.talked(report),
    )


def both_ways_of(report: ThemeReport) -> Iterator[BothWaysView]:
    """Each pair, both directions side by side; of the themes those that the two clearly see differently."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.both_ways:
        clear = [seen for seen in each.mix if seen.is_clear]
        yield BothWaysView(
            heads=(report.organisations[each.pair[0]], report.organisations[each.pair[1]]),
            words=tuple(sides_words.raising_words(report, each)),
            mix=tuple(_seen(names.get(seen.theme, seen.theme), seen, each, report) for seen in clear),
        )


def views_of(report: ThemeReport) -> Iterator[ViewsView]:
    """How far the two see the same in the issues that both have called something."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.views:
        one, other = report.organisations[each.one], report.organisations[each.other]
        gaps = (Seen(names.get(gap.key, gap.key), str(gap.one), str(gap.other), "") for gap in each.agreement.gaps)
        yield ViewsView((one, other), sides_words.views_words(report, each), tuple(gaps))


def decisions_of(report: ThemeReport) -> Iterator[DecidedRow]:
    """What was decided about themes, and whether it helped."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.decisions:
        decision = each.decision
        yield DecidedRow(
            what=decision.what or f"Decision {decision.number}",
            href=f"/decisions/{report.partnership}/{decision.number}",
            day=decision.decided_on,
            effects=tuple((names.get(theme, theme), effect.words) for theme, effect in each.effects.items()),
        )


def reporting_of(report: ThemeReport) -> Iterator[ReportingRow]:
    """How widely each organisation reports."""
    for each in report.reporting:
        name = report.organisations[each.organisation]
        people = (sides_words.few(each.recent), sides_words.few(each.before))
        yield ReportingRow(name, *people, each.people, sides_words.reporting_words(each))


def areas_of(report: ThemeReport) -> AreasView | None:
    """Service areas, and which have fallen silent."""
    found = report.areas
    if found is None:
        return None
    rows = tuple(_area(report, found, each) for each in found.lines)
    heads = (area_words.head(found.recent), area_words.head(found.before))
    return AreasView(area_words.spans(found), area_words.summary(found), heads, rows)


def _area(report: ThemeReport, found: Areas, line: AreaLine) -> AreaRow:
    """What is hidden leads nowhere."""
    recent, before = (
        Figure(shown.text, _behind(report, within, {"area": line.key or NONE}) if shown.value else "")
        for shown, within in ((line.recent, found.recent), (line.before, found.before))
    )
    return AreaRow(line.name, recent, before, area_words.area_words(line))


def _behind(report: ThemeReport, within: Period | None, about: dict[str, str]) -> str:
    """The address of the issues behind a number."""
    return f"/issues?{urlencode(report.filters(within=within, about=about))}"


def quality_of(report: ThemeReport) -> Iterator[Quality]:
    """How far to trust the numbers."""
    untagged = f"/issues?{urlencode(report.filters(report.untagged.key))}" if report.trust.untagged.k else ""
    behind = {"No theme yet": untagged, "Exposure": f"/arrangements/{report.partnership}/report"}
    for name, value, said in words.trust(report):
        yield Quality(name, value, (said,), behind.get(name, ""))


def _length(chain: Chain) -> str:
    return f"{chain.length} issues"


def _links(chain: Chain) -> tuple[Link, ...]:
    return tuple(Link(ref, f"/issues/{ref}") for ref in chain.refs)


def _seen(theme: str, seen: Perception, pair: BothWays, report: ThemeReport) -> Seen:
    return Seen(
        theme, words.share_words(seen.one), words.share_words(seen.other), sides_words.seen_words(report, pair, seen)
    )
