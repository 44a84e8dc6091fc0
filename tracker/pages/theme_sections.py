"""The sections of the theme report below its themes: promises, fixes, both ways, who reports, how far to trust it."""

from collections.abc import Iterator
from urllib.parse import urlencode

from tracker.exchange import theme_report_words as words
from tracker.measures.asymmetry import NO_CLEAR_DIFFERENCE, Perception
from tracker.measures.shares import Share
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
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import say_count

LASTING_DAYS = 90
_STEPS = (0, 7, 14, 28, 60, 90)  # days that the table of the curve shows


def promises_of(report: ThemeReport, arrangement: Arrangement) -> Iterator[PromiseRow]:
    """Which promise is under strain."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.promises:
        href = f"/issues?{urlencode(report.filters(topic=each.topic))}"
        yield PromiseRow(
            name=words.promise(arrangement, each),
            topic=TOPICS.get(each.topic, each.topic),
            count=Figure(str(each.occurrences), href if not each.clause else ""),
            themes=", ".join(f"{names.get(theme, theme)} {count}" for theme, count in each.themes.items()),
        )


def lasting_of(report: ThemeReport) -> LastingView:
    """Whether what was solved stays solved."""
    found, names = report.lasting, {line.key: line.name for line in report.all_lines}
    curve = curve_of(found, LASTING_DAYS)
    return LastingView(
        words=words.lasting_words(found),
        curve=curve,
        steps=tuple((str(day), f"{100 * _still(found.curve, day):.0f} %") for day in _STEPS) if curve else (),
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
            words=tuple(words.raising_words(report, each)),
            mix=tuple(_seen(names.get(seen.theme, seen.theme), seen, each, report) for seen in clear),
        )


def views_of(report: ThemeReport) -> Iterator[ViewsView]:
    """How far the two see the same in the issues that both have called something."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.views:
        one, other = report.organisations[each.one], report.organisations[each.other]
        gaps = (Seen(names.get(gap.key, gap.key), str(gap.one), str(gap.other), "") for gap in each.agreement.gaps)
        yield ViewsView((one, other), words.views_words(report, each), tuple(gaps))


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
        yield ReportingRow(name, each.recent, each.before, each.people, words.reporting_words(each))


def quality_of(report: ThemeReport) -> Iterator[Quality]:
    """How far to trust the numbers."""
    if not report.issues:
        return
    untagged, behind = report.trust.untagged, f"/issues?{urlencode(report.filters(report.untagged.key))}"
    issues = say_count(untagged.n, "issue")
    yield Quality(
        "No theme yet", _share(untagged), f"{untagged.k} of {issues} have no theme yet", behind if untagged.k else ""
    )
    prompt = report.trust.prompt
    said = f"{prompt.k} of {say_count(prompt.n, 'occurrence')} were recorded within two days"
    yield Quality("Recorded in time", _share(prompt), said)
    if report.trust.unconfirmed.n:
        open_ones = report.trust.unconfirmed
        yield Quality(
            "Not confirmed", _share(open_ones), f"{open_ones.k} of {open_ones.n} who were asked have not said"
        )
    without = report.exposure.without
    value = report.exposure.what if report.exposure.is_used else "months"
    yield Quality("Exposure", value, words.exposure(report), f"/arrangements/{report.partnership}/report")
    if 0 < without.k < without.n:
        yield Quality("Without exposure", _share(without), "of the charted months")


def _still(curve: tuple[tuple[float, float], ...], day: int) -> float:
    return min((share for at, share in curve if at <= day), default=1.0)


def _length(chain: Chain) -> str:
    return f"{chain.length} issues"


def _links(chain: Chain) -> tuple[Link, ...]:
    return tuple(Link(ref, f"/issues/{ref}") for ref in chain.refs)


def _seen(theme: str, seen: Perception, pair: BothWays, report: ThemeReport) -> Seen:
    more = pair.pair[0] if (seen.gap or 0) > 0 else pair.pair[1]
    low, high = (abs(100 * each) for each in seen.interval)
    extent = f"by {min(low, high):.0f} to {max(low, high):.0f} points"
    said = f"{report.organisations[more]} sees more of it, {extent}" if seen.is_clear else NO_CLEAR_DIFFERENCE
    return Seen(theme, _share(seen.one), _share(seen.other), said)


def _share(share: Share) -> str:
    """As a percentage; of fewer than ten, as it is."""
    return f"{share.k} of {share.n}" if share.percent is None else f"{share.percent} %"
