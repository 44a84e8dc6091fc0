"""The sheets of the theme report that say things in words: what it is of, decisions, views, fixes, how far to trust."""

from collections.abc import Iterator
from datetime import date

from tracker.measures.periods import Period, in_words
from tracker.reports.sentences import said
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes import lines as words
from tracker.reports.themes import organisations as sides_words
from tracker.reports.themes import recurrence as lasting
from tracker.reports.themes.report import Helped, ThemeReport
from tracker.rules.spans import ONE_DAY
from tracker.rules.wording import listed, say_count

Row = tuple[Value, ...]

_ALL_ISSUES = "all issues of the partnership"
_NOTHING_BEFORE = "nothing: nothing was recorded before it"
_NO_MONTHS = "none: not one whole month has been recorded"


def theme_names(report: ThemeReport) -> dict[str, str]:
    """By key, with what has no theme yet."""
    return {line.key: line.name for line in report.all_lines}


def about_sheet(report: ThemeReport, made_on: date) -> Sheet:
    """Whose report it is, of which period, what that is compared with, which months verdicts look at, whose issues,
    and when it was made."""
    return Sheet("About", ("what", "in words"), [*_about(report), ("made on", made_on.isoformat())])


def decisions_sheet(report: ThemeReport) -> Sheet:
    """A row a decision and theme it was about, with whether it helped; a theme that is not counted has no words."""
    head = ("decision", "what", "decided on", "due on", "state", "theme", "name of theme", "did it help")
    return Sheet("Decided, did it help", head, [row for each in report.decisions for row in _helped(report, each)])


def lasting_sheet(report: ThemeReport) -> Sheet:
    """Whether what was solved stays solved."""
    told = (lasting.lasting_words(report.lasting), lasting.answers(report), lasting.talked(report))
    return Sheet("Fixes in words", ("in words",), [(said(each),) for each in told if each])


def chains_sheet(report: ThemeReport) -> Sheet:
    """Issues that are each the one before again; references of those that the reader may see."""
    names = theme_names(report)
    rows = [
        (each.theme, names.get(each.theme, each.theme), each.length, ", ".join(each.refs))
        for each in report.lasting.chains
    ]
    return Sheet("Chains", ("theme", "name of theme", "issues, each again the one before", "issues you may see"), rows)


def views_sheet(report: ThemeReport) -> Sheet:
    """A row a pair with what is said of it, then one for each theme that the two do not see equally often."""
    head = ("one", "name of one", "other", "name of other", "theme", "name of theme", "one sees it", "other sees it",
            "in words")  # fmt: skip
    return Sheet("What each side calls it", head, [*_views(report)])


def trust_sheet(report: ThemeReport) -> Sheet:
    """How far to trust the numbers."""
    rows = [(name, value, said(told)) for name, value, told in words.trust(report)]
    return Sheet("How far to trust", ("what", "how much", "in words"), rows)


def _about(report: ThemeReport) -> Iterator[Row]:
    yield "partnership", f"{report.name} ({report.partnership})"
    yield "organisations", listed(f"{name} ({key})" for key, name in report.organisations.items())
    yield "period", words.period(report)
    yield "days of the period", _days(report.period)
    yield "compared with", in_words(report.before) if report.before else _NOTHING_BEFORE
    yield "verdicts and charts look at", _charted(report.chart)
    yield from (("of these, verdicts call recent", in_words(each)) for each in _recent(report))
    yield "issues counted", words.scope(report) or _ALL_ISSUES
    yield "counted in the period", _counted(report)


def _days(of: Period) -> str:
    return f"{of.start.isoformat()} to {(of.end - ONE_DAY).isoformat()}"


def _charted(months: tuple[Period, ...]) -> str:
    if not months:
        return _NO_MONTHS
    spanned = in_words(months[-1].ending(len(months)))
    return f"{say_count(len(months), 'whole month')}: {spanned}"


def _recent(report: ThemeReport) -> tuple[Period, ...]:
    """The same months for every verdict; none where there is no verdict."""
    told = (line.verdict for line in report.all_lines if line.verdict)
    return tuple(report.recent(each) for each in (*told,)[:1])


def _counted(report: ThemeReport) -> str:
    return f"{say_count(report.occurrences, 'occurrence')} of {say_count(report.issues, 'issue')}"


def _helped(report: ThemeReport, found: Helped) -> Iterator[Row]:
    decision, names = found.decision, theme_names(report)
    known = (decision.number, decision.what or None, decision.decided_on, decision.due_on, decision.state.value)
    for theme in decision.themes:
        effect = found.effects.get(theme)
        yield (*known, theme, names.get(theme, theme), effect.words if effect else None)


def _views(report: ThemeReport) -> Iterator[Row]:
    names = theme_names(report)
    for each in report.views:
        pair = (each.one, report.organisations[each.one], each.other, report.organisations[each.other])
        yield (*pair, None, None, None, None, said(sides_words.views_words(report, each)))
        for gap in each.agreement.gaps:
            yield (*pair, gap.key, names.get(gap.key, gap.key), gap.one, gap.other)
