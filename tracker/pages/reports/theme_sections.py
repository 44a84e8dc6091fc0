"""The sections of the theme report below its themes: promises, fixes, both ways, who reports, how far to trust it."""

from collections.abc import Iterator, Mapping

from tracker.measures.agreement import Gap
from tracker.measures.asymmetry import Perception
from tracker.measures.effect import Effect
from tracker.pages.reports.theme_shapes import (
    AreaRow,
    AreasView,
    BothWaysView,
    Curve,
    DecidedRow,
    LastingView,
    PromiseRow,
    ReportingRow,
    Seen,
    Spark,
    ViewsView,
)
from tracker.pages.web.parts import Link
from tracker.queries.issue_list import NONE, TAGGED
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED
from tracker.reports.sentences import Linked, Quality, counted, linked
from tracker.reports.themes import charts as chart_words
from tracker.reports.themes import lines as words
from tracker.reports.themes import organisations as sides_words
from tracker.reports.themes import recurrence as lasting
from tracker.reports.themes import service_areas as area_words
from tracker.reports.themes.areas import AreaLine, Areas
from tracker.reports.themes.charts import curve_steps
from tracker.reports.themes.report import SOLVED, BothWays, Chain, Lasting, ThemeLine, ThemeReport
from tracker.reports.themes.side_views import PairOfViews
from tracker.rules import addresses
from tracker.rules.agreement import TOPICS


def spark_of(report: ThemeReport, line: ThemeLine) -> Spark | None:
    """The chart that a theme's counts deserve; None for too few to draw."""
    chosen = line.verdict.evidence.chart if line.verdict else None
    if chosen is None or chosen.chart is None:
        return None
    chart = chosen.chart
    return Spark(
        title=chart_words.chart_title(report, line),
        desc=chart_words.chart_described(report, line, chosen, chart),
        values=chart.values,
        centre=chart_words.points(chart.centre, chart),
        upper=chart_words.points(chart.upper, chart),
        lower=chart_words.points(chart.lower, chart),
        outside=chart_words.outside(chart),
        decided=chart_words.decided(report, line, chosen, chart),
    )


def curve_of(found: Lasting) -> Curve | None:
    """The staircase of what still lasts, from all at day 0; None where nothing was fixed."""
    corners = chart_words.curve_points(found)
    if not corners:
        return None
    return Curve(chart_words.curve_title(found), chart_words.curve_described(found), corners, found.within)


def promises_of(report: ThemeReport) -> Iterator[PromiseRow]:
    """Which promise is under strain."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.promises:
        themes = [
            (f"{names.get(theme, theme)} ", counted(count, report.filters(theme, each.filters)))
            for theme, count in each.themes.items()
        ]
        yield PromiseRow(
            name=words.promise(each),
            topic=TOPICS.get(each.topic, each.topic),
            count=counted(each.occurrences, report.filters(about=each.filters)),
            themes=tuple(piece for place, named in enumerate(themes) for piece in (", " * (place > 0), *named)),
        )


def lasting_of(report: ThemeReport) -> LastingView:
    """Whether what was solved stays solved."""
    found, names = report.lasting, {line.key: line.name for line in report.all_lines}
    fixes = {each: addresses.issues(report.fixes(each)) for each in (FOLLOWED, BACK, ALIKE) if report.chart}
    return LastingView(
        words=linked(lasting.lasting_words(found), fixes),
        curve=curve_of(found),
        steps=curve_steps(found),
        chains=tuple((names.get(each.theme, each.theme), _length(each), _links(each)) for each in found.chains),
        answers=linked(lasting.answers(report), _addresses(report, _ANSWERS)),
        talked=linked(lasting.talked(report), _addresses(report, _TALKED)),
    )


_ANSWERS = {
    lasting.FIXED: {"stayed": "yes"},
    lasting.NOT_FIXED: {"stayed": "no"},
    lasting.UNANSWERED: {"stayed": "asked"},
}
_TALKED = {lasting.TALKED: {**SOLVED, "tier": "1"}, lasting.RESOLVED: {"state": "resolved"}}


def _addresses(report: ThemeReport, asked: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """By name, where the issues of the period are listed of which that is asked."""
    return {name: addresses.issues(report.filters(about=about)) for name, about in asked.items()}


def both_ways_of(report: ThemeReport) -> Iterator[BothWaysView]:
    """Each pair, both directions side by side; of the themes those that the two clearly see differently."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.both_ways:
        clear = [seen for seen in each.mix if seen.is_clear]
        reported = {key: addresses.issues(_reported(report, each, key)) for key in each.pair}
        yield BothWaysView(
            heads=(report.organisations[each.pair[0]], report.organisations[each.pair[1]]),
            words=tuple(linked(said, reported) for said in sides_words.raising_words(report, each)),
            mix=tuple(_seen(names.get(seen.theme, seen.theme), seen, each, report) for seen in clear),
        )


def views_of(report: ThemeReport) -> Iterator[ViewsView]:
    """How far the two see the same in the issues that both have called something."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.views:
        one, other = report.organisations[each.one], report.organisations[each.other]
        gaps = (_gap(report, each, gap, names.get(gap.key, gap.key)) for gap in each.agreement.gaps)
        both = {"named": f"{each.one},{each.other}"}
        behind = _addresses(report, {sides_words.NAMED: both, sides_words.ALIKE: both | {"alike": "yes"}})
        yield ViewsView((one, other), linked(sides_words.views_words(report, each), behind), tuple(gaps))


def decisions_of(report: ThemeReport) -> Iterator[DecidedRow]:
    """What was decided about themes, and whether it helped."""
    names = {line.key: line.name for line in report.all_lines}
    for each in report.decisions:
        decision = each.decision
        yield DecidedRow(
            what=decision.what or f"Decision {decision.number}",
            href=addresses.decision(report.partnership, decision.number),
            day=decision.decided_on,
            effects=tuple((names.get(key, key), _helped(report, key, effect)) for key, effect in each.effects.items()),
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
    about = {"area": line.key or NONE}
    recent, before = (
        counted(shown.value or 0, report.filters(within=within, about=about), shown.text)
        for shown, within in ((line.recent, found.recent), (line.before, found.before))
    )
    return AreaRow(line.name, recent, before, area_words.area_words(line))


def quality_of(report: ThemeReport) -> Iterator[Quality]:
    """How far to trust the numbers."""
    terms = addresses.arrangements(report.partnership, "report")
    behind = _addresses(report, _trusted(report))
    whole = {
        "No theme yet": behind[words.UNTAGGED] if report.trust.untagged.k else "",
        "Named alike": behind[words.ALIKE],
        "Not confirmed": behind[words.UNCONFIRMED] if report.trust.unconfirmed.k else "",
        "Exposure": terms,
        "Without exposure": terms,
    }
    for name, value, said in words.trust(report):
        href = "" if value.startswith("kappa") else whole.get(name, "")
        yield Quality(name, value, linked(said, behind), href)


def _trusted(report: ThemeReport) -> dict[str, dict[str, str]]:
    mine = report.scope[0] if len(report.scope) == 1 else "any"
    pairs = [f"{each.one},{each.other}" for each in report.views]
    named = pairs[0] if len(pairs) == 1 else mine
    return {
        words.UNTAGGED: {"theme": report.untagged.key},
        words.ISSUES: {},
        words.OCCURRENCES: {},
        words.PROMPT: {"entered": "prompt"},
        words.NAMED: {"named": named},
        words.ALIKE: {"named": named, "alike": "yes"},
        words.UNCONFIRMED: {"stayed": "asked"},
        words.ASKED: {"stayed": "any"},
    }


def _length(chain: Chain) -> str:
    return f"{chain.length} issues"


def _links(chain: Chain) -> tuple[Link, ...]:
    return tuple(Link(ref, addresses.issue(ref)) for ref in chain.refs)


def _reported(report: ThemeReport, found: BothWays, by: str, theme: str = TAGGED) -> dict[str, str]:
    """The filters behind what one of the two reported that has this theme, or some."""
    charted = report.lately(len(report.chart))
    return report.filters(theme, within=charted, pair=found.pair, about={"by": by})


def _seen(theme: str, seen: Perception, pair: BothWays, report: ThemeReport) -> Seen:
    one, other = (
        counted(share.k, _reported(report, pair, key, seen.theme), words.share_words(share))
        for share, key in zip((seen.one, seen.other), pair.pair, strict=True)
    )
    return Seen(theme, one, other, sides_words.seen_words(report, pair, seen))


def _gap(report: ThemeReport, found: PairOfViews, gap: Gap, name: str) -> Seen:
    named = f"{found.one},{found.other}"
    one, other = (
        counted(count, report.filters(about={"named": named, "view": f"{key}:{gap.key}"}))
        for count, key in ((gap.one, found.one), (gap.other, found.other))
    )
    return Seen(name, one, other, "")


def _helped(report: ThemeReport, theme: str, found: Effect) -> Linked:
    """Whether it helped, each count with its issues."""
    return tuple(
        counted(int(text), report.filters(theme, within=within)) if within else text for text, within in found.parts
    )
