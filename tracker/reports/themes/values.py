"""The theme report as plain values: what its JSON, its paper and a frozen pack hold; figures, and quotations."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tracker.measures.effect import Effect
from tracker.measures.periods import Period, in_words
from tracker.measures.rates import Share
from tracker.measures.verdicts import Verdict
from tracker.reports.sentences import said
from tracker.reports.themes import charts as charts
from tracker.reports.themes import lines as words
from tracker.reports.themes import organisations as sides_words
from tracker.reports.themes import recurrence as lasting
from tracker.reports.themes import service_areas as areas
from tracker.reports.themes.lines import frozen_values
from tracker.reports.themes.quotations import quotation_values
from tracker.reports.themes.report import (
    NOT_SOLVED,
    OPEN,
    SOLVED,
    BothWays,
    Helped,
    Reporting,
    ThemeLine,
    ThemeReport,
    Trust,
)
from tracker.reports.themes.side_views import PairOfViews
from tracker.reports.themes.verdicts import label, numbers_in_words
from tracker.rules import addresses
from tracker.rules.reporting import ReportTerms
from tracker.rules.spans import ONE_DAY
from tracker.rules.wording import say_day


def values(report: ThemeReport, terms: ReportTerms) -> dict[str, Any]:
    """The report; each theme with `issues_at`, the address of the issues behind it. `terms`: what leads have set."""
    return {
        **_asked(report),
        "headlines": [_headline(report, place) for place in range(len(report.headlines))],
        "most_frequent": said(words.most_frequent(report)),
        "chance": words.chance(report),
        "charted": [month.name for month in report.chart],
        "themes": [_line(report, line, terms) for line in report.lines],
        "untagged": _line(report, report.untagged, terms),
        "quotations": quotation_values(report),
        "promises": [{**asdict(each), "words": words.promise(each)} for each in report.promises],
        "lasting": _lasting(report),
        "stayed_fixed": {**asdict(report.answers), "words": said(lasting.answers(report))},
        "both_ways": [_both_ways(report, each) for each in report.both_ways],
        "views": [{**_views(each), "words": said(sides_words.views_words(report, each))} for each in report.views],
        "decisions": [_helped(each) for each in report.decisions],
        "reporting": [_reporting(each) for each in report.reporting],
        "talked": {**_share(report.talked), "sentence": said(lasting.talked(report))},
        "areas": areas.values(report.areas) if report.areas else None,
        "trust": _trust(report.trust),
        "exposure": _exposure(report),
        "trust_words": [[name, value, said(told)] for name, value, told in words.trust(report)],
    }


def _asked(report: ThemeReport) -> dict[str, Any]:
    """What the report is of: whose, over which period, and how much it counts."""
    return {
        "partnership": report.partnership,
        "name": report.name,
        "organisations": dict(report.organisations),
        "period": {**_days(report.period), "words": words.period(report)},
        "before": {**_days(report.before), "words": in_words(report.before)} if report.before else None,
        "so_far": report.so_far.isoformat() if report.so_far else None,
        "scope": list(report.scope) or None,
        "scope_words": words.scope(report),
        "occurrences": report.occurrences,
        "issues": report.issues,
    }


def _reporting(found: Reporting) -> dict[str, Any]:
    counted = {name: sides_words.few(getattr(found, name)) for name in ("recent", "before")}
    return {**asdict(found), **counted, "silent": found.is_silent, "words": sides_words.reporting_words(found)}


def _trust(trust: Trust) -> dict[str, Any]:
    shares = {"untagged": trust.untagged, "prompt": trust.entered.prompt, "unconfirmed": trust.unconfirmed}
    return {name: _share(each) for name, each in shares.items()} | {"recorded": words.lag(trust.entered)}


def _exposure(report: ThemeReport) -> dict[str, Any]:
    known = report.exposure
    return {"what": known.what, "per": known.per, "used": known.is_used, "months_without": _share(known.without)}


def _headline(report: ThemeReport, place: int) -> dict[str, Any]:
    told = report.headlines[place]
    return {
        "theme": told.line.key,
        "pair": list(told.pair) if told.pair else None,
        "verdict": label(told.verdict),
        "sentence": words.headline(report, told).sentence,
        "issues_at": addresses.issues(
            report.filters(told.line.key, within=report.recent(told.verdict), pair=told.pair)
        ),
    }


def _line(report: ThemeReport, line: ThemeLine, terms: ReportTerms) -> dict[str, Any]:
    verdict = line.verdict
    return {
        "key": line.key,
        "name": line.name,
        "group": line.group or None,
        "occurrences": line.now,
        "before": line.before,
        "change": {**asdict(line.change), "words": words.change(line.change)} if line.change else None,
        **{name: count for name, count in asdict(line.issues).items() if name in _COUNTS},
        "months": {month.name: count for month, count in zip(report.period.months(), line.months, strict=True)},
        "charted": list(line.chart),
        "verdict": {**_verdict(verdict), "chart": _chart(report, line, verdict)} if verdict else None,
        "frozen": frozen_values(report, line, None, terms),
        "pairs": [
            {
                "pair": list(pair),
                "occurrences": count,
                "verdict": label(line.pair_verdicts[pair]) if pair in line.pair_verdicts else None,
                "frozen": frozen_values(report, line, pair, terms),
            }
            for pair, count in line.pairs.items()
        ],
        "issues_at": {
            name: addresses.issues(report.filters(line.key, standing)) for name, standing in _STANDINGS.items()
        },
    }


_COUNTS = frozenset({"issues", "open", "solved", "not_solved"})
_STANDINGS: Mapping[str, Mapping[str, str]] = {"all": {}, "open": OPEN, "solved": SOLVED, "not_solved": NOT_SOLVED}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """The trend, whether it recurs, and every number that says so."""
    evidence = verdict.evidence
    return {
        "label": label(verdict),
        "trend": verdict.trend.value,
        "recurring": verdict.is_recurring,
        "headline": verdict.is_headline,
        "tone": words.tone(verdict),
        "numbers": numbers_in_words(verdict),
        "charted_as": words.charted_as(verdict),
        "comparison": asdict(evidence.comparison) if evidence.comparison else None,
        "linked": evidence.series.linked,
        "frozen": evidence.series.frozen,
        "lasting": list(evidence.lasting) if evidence.lasting else None,
    }


def _chart(report: ThemeReport, line: ThemeLine, verdict: Verdict) -> dict[str, Any]:
    """Its kind in words; where there is enough to draw also its lines and what they show, for who does not see them."""
    chosen = verdict.evidence.chart
    kind = {"words": chosen.words, "months": chosen.months}
    if chosen.chart is None:
        return kind
    lines = {name: _plain(getattr(chosen.chart, name)) for name in ("values", "centre", "upper", "lower")}
    signals = {str(index): sorted(found) for index, found in chosen.chart.signals.items()}
    drawn = {
        "decided": list(charts.decided(report, line, chosen, chosen.chart)),
        "title": charts.chart_title(report, line),
        "described": charts.chart_described(report, line, chosen, chosen.chart),
    }
    return {**kind, **lines, "signals": signals, **drawn}


def _plain(line: Any) -> Any:
    return list(line) if isinstance(line, tuple) else line


def _lasting(report: ThemeReport) -> dict[str, Any]:
    found = report.lasting
    return {
        "fixes": found.fixes,
        "back": found.back,
        "alike": found.alike,
        "share": list(found.share) if found.share else None,
        "curve": [list(point) for point in found.curve],
        "staircase": charts.curve_values(found) if found.curve else None,
        "chains": [asdict(each) for each in found.chains],
        "words": said(lasting.lasting_words(found)),
    }


def _both_ways(report: ThemeReport, found: BothWays) -> dict[str, Any]:
    return {
        "pair": list(found.pair),
        "raised": list(found.raised),
        "people": list(found.people),
        "exposures": list(found.exposures) if found.exposures else None,
        "ratios": [asdict(each) for each in found.ratios or ()],
        "words": [said(each) for each in sides_words.raising_words(report, found)],
        "mix": list(_mix(report, found)),
    }


def _views(found: PairOfViews) -> dict[str, Any]:
    agreement = found.agreement
    return {
        "pair": [found.one, found.other],
        "both": agreement.total,
        "same": agreement.same,
        "kappa": agreement.kappa,
        "gaps": [
            {"theme": each.key, "one": each.one, "other": each.other, "difference": each.difference}
            for each in agreement.gaps
        ],
    }


def _helped(found: Helped) -> dict[str, Any]:
    decision = found.decision
    return {
        "number": decision.number,
        "what": decision.what or None,
        "decided_on": decision.decided_on.isoformat(),
        "said": f"{decision.what or f'Decision {decision.number}'}, {say_day(decision.decided_on, 0)}",
        "due_on": decision.due_on.isoformat(),
        "state": decision.state.value,
        "effects": {theme: _effect(each) for theme, each in found.effects.items()},
    }


def _effect(found: Effect) -> dict[str, Any]:
    told = {"verdict": found.verdict.value, "words": found.words, "sayable_on": _day(found.sayable_on)}
    return {**told, "ratio": found.ratio, "low": found.low, "high": found.high}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _mix(report: ThemeReport, found: BothWays) -> Iterator[dict[str, Any]]:
    for each in found.mix:
        both = {"one": _share(each.one), "other": _share(each.other)}
        told = {"clear": each.is_clear, "words": sides_words.seen_words(report, found, each)}
        yield {"theme": each.theme, **both, "gap": each.gap, "interval": list(each.interval), **told}


def _share(share: Share) -> dict[str, Any]:
    return {"k": share.k, "n": share.n, "percent": share.percent, "words": words.share_words(share)}


def _days(period: Period) -> dict[str, str]:
    return {"name": period.name, "from": period.start.isoformat(), "until": (period.end - ONE_DAY).isoformat()}
