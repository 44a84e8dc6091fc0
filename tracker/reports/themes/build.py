"""The theme report: what keeps rubbing, when, between whom, under which promise; in a handful of statements."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.measures.periods import Period
from tracker.queries.decisions import ReportedDecision, decisions_on_themes
from tracker.queries.tallies import counts
from tracker.queries.tallies.counts import Recorded, Scope
from tracker.queries.tallies.fixes import fixes, links
from tracker.queries.tallies.quotations import quotations
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.request import ReportRequest, Tallies, request_of
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer
from tracker.rules.spans import ONE_DAY


def theme_report(
    session: Session,
    arrangement: Arrangement,
    *,
    today: date,
    viewer: Viewer | None = None,
    period: Period | None = None,
    recorded: Recorded | None = None,
    quoted: bool = False,
) -> ThemeReport:
    """Occurrences in `period`, against the period before; without one, of all time, against nothing.

    Steering members and leads, and whoever gets figures without a viewer, have totals over every issue that crossed;
    others over their organisations' issues, and the pairs of those. An issue of three sides counts in each of its
    pairs, and once in its theme. `today` is the day by the partnership's clock; `recorded`: where it is known already;
    `quoted`: people's words, too, without a viewer (a pack, which is the same for all its readers).
    """
    scope = Scope.of(arrangement, viewer)
    known = recorded or counts.recorded(session, scope)
    request = request_of(arrangement, scope, known, period, today)
    return ThemeReport.of(request, _tallies(session, request, viewer, quoted=quoted))


def _tallies(session: Session, request: ReportRequest, viewer: Viewer | None, *, quoted: bool) -> Tallies:
    arrangement, scope, uncounted = request.arrangement, request.scope, request.recorded.uncounted
    decided = _decided(session, request, viewer)
    wanted = request.counted_for(each.decided_on for each in decided)
    months, areas = counts.by_month_and_area(session, scope, wanted, request.of_areas, uncounted)
    blocks = counts.by_block(session, scope, request.within.numbers, uncounted)
    words = quotations(session, arrangement, scope, viewer, request.within, months) if viewer or quoted else ()
    found = Tallies(months, blocks, [], [], decided, areas, words)
    if not request.charted:
        return found
    again = request.charted[-1].ending(request.thresholds.recurrence_months)
    return replace(
        found,
        fixes=fixes(session, scope, request.followed, request.thresholds.lasting_days, uncounted, request.counted),
        links=links(session, scope, viewer, *again.moments(ZoneInfo(arrangement.zone))),
    )


def _decided(session: Session, request: ReportRequest, viewer: Viewer | None) -> tuple[ReportedDecision, ...]:
    """What was decided in the charted months, and since, while the period lasts."""
    if not request.charted:
        return ()
    start, end = request.charted[0].start, min(request.today + ONE_DAY, request.within.end)
    return decisions_on_themes(session, request.arrangement.id, viewer, start=start, end=end)
