"""The sections of the theme report below its themes: promises, fixes, both ways, who reports, how far to trust it."""

from collections.abc import Iterator
from urllib.parse import urlencode

from tracker.exchange import theme_report_words as words
from tracker.exchange import theme_sides_words as sides_words
from tracker.exchange.theme_chart_words import curve_steps
from tracker.measures.asymmetry import Perception
from tracker.pages.part_views import Link
from tracker.pages.theme_charts import curve_of
from tracker.pages.theme_views import (
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
from tracker.queries.theme_figures import BothWays, Chain, ThemeReport
from tracker.rules.agreement import TOPICS


def promises_of(report: ThemeReport) -> Iterator[PromiseRow]:
    """Which promise is under strain."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.promises:
        href = f"/issues?{urlencode(report.filters(topic=each.topic))}"
        yield PromiseRow(
            name=words.promise(each),
            topic=TOPICS.get(each.topic, each.topic),
            count=Figure(str(each.occurrences), href if not each.clause else ""),
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
        yield ReportingRow(
            name, each.recent.text, each.before.text, each.people, sides_words.reporting_words(each)
        )  # fmt: skip


def quality_of(report: ThemeReport) -> Iterator[Quality]:
    """How far to trust the numbers."""
    untagged = f"/issues?{urlencode(report.filters(report.untagged.key))}" if report.trust.untagged.k else ""
    behind = {"No theme yet": untagged, "Exposure": f"/arrangements/{report.partnership}/report"}
    for name, value, said in words.trust(report):
        yield Quality(name, value, said, behind.get(name, ""))


def _length(chain: Chain) -> str:
    return f"{chain.length} issues"


def _links(chain: Chain) -> tuple[Link, ...]:
    return tuple(Link(ref, f"/issues/{ref}") for ref in chain.refs)


def _seen(theme: str, seen: Perception, pair: BothWays, report: ThemeReport) -> Seen:
    return Seen(
        theme, words.share_words(seen.one), words.share_words(seen.other), sides_words.seen_words(report, pair, seen)
    )
