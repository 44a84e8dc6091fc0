"""The theme report: what keeps getting in the way, when, between whom, under which promise, in few statements."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.measures.periods import Period
from tracker.queries.decisions import ReportedDecision, decisions_on_themes
from tracker.queries.tallies import counts
from tracker.queries.tallies.counts import Recorded, Scope, counted_state
from tracker.queries.tallies.fixes import fixes, links
from tracker.queries.tallies.open_now import open_now
from tracker.queries.tallies.quotations import quotations
from tracker.reports.themes.kept import kept_for
from tracker.reports.themes.opening import Sitting
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
    sitting: Sitting | None = None,
) -> ThemeReport:
    """Occurrences in `period`, against the period before; without one, of all time, against nothing.

    Steering members and leads, and whoever gets figures without a viewer, have totals over every issue that crossed;
    others over their organisations' issues, and the pairs of those. An issue of three sides counts in each of its
    pairs, and once in its theme. `today` is the day by the partnership's clock; `recorded`: where it is known already;
    `quoted`: people's words, too, without a viewer (a pack, which is the same for all its readers). `sitting`: the body
    that reads it, with what waits for it.
    """
    scope = Scope.of(arrangement, viewer)
    known = recorded or counts.recorded(session, scope)
    request = request_of(arrangement, scope, known, period, today)
    decided = _decided(session, request, viewer)
    counted = _counted(session, request, request.counted_for(decided))
    return ThemeReport.of(request, _read_of(session, request, counted, viewer, decided, quoted=quoted), sitting)


def kept_theme_report(
    session: Session,
    arrangement: Arrangement,
    *,
    today: date,
    viewer: Viewer,
    period: Period | None,
    recorded: Recorded,
    sitting: Sitting | None,
) -> ThemeReport:
    """The same, from what was counted for others with the same totals since anything last happened, and as it was made
    for others who may read the same decisions, words and references: these are asked for each time."""
    request = request_of(arrangement, Scope.of(arrangement, viewer), recorded, period, today)
    decided = _decided(session, request, viewer)
    wanted = request.counted_for(decided)
    asked = (request.scope, request.within, today, arrangement.version, wanted)
    place = str(session.get_bind().engine.url), arrangement.id
    same = kept_for(place, counted_state(session), asked, lambda: (request, _counted(session, request, wanted)))
    read = _read_of(session, same.request, same.counted, viewer, decided, quoted=True)
    return same.report(read).read_by(sitting)


def _counted(session: Session, request: ReportRequest, wanted: range) -> Tallies:
    """What is the same for all with the same totals."""
    scope, uncounted = request.scope, request.recorded.uncounted
    months, areas = counts.by_month_and_area(session, scope, wanted, request.of_areas, uncounted)
    blocks = counts.by_block(session, scope, request.within.numbers, uncounted)
    found = Tallies(months, blocks, [], [], areas=areas, open=open_now(session, scope))
    if not request.charted:
        return found
    lasting = fixes(session, scope, request.followed, request.thresholds.lasting_days, uncounted, request.counted)
    return replace(found, fixes=lasting)


def _read_of(
    session: Session,
    request: ReportRequest,
    counted: Tallies,
    viewer: Viewer | None,
    decided: tuple[ReportedDecision, ...],
    *,
    quoted: bool,
) -> Tallies:
    """With what a reader may read of it: decisions, people's words, references of issues."""
    arrangement, scope = request.arrangement, request.scope
    given = viewer or quoted
    words = quotations(session, arrangement, scope, viewer, request.within, counted.months) if given else ()
    found = replace(counted, decided=decided, quotations=words)
    if not request.charted:
        return found
    again = request.charted[-1].ending(request.thresholds.recurrence_months)
    return replace(found, links=links(session, scope, viewer, *again.moments(ZoneInfo(arrangement.zone))))


def _decided(session: Session, request: ReportRequest, viewer: Viewer | None) -> tuple[ReportedDecision, ...]:
    """What was decided in the charted months, and since, while the period lasts."""
    if not request.charted:
        return ()
    start, end = request.charted[0].start, min(request.today + ONE_DAY, request.within.end)
    return decisions_on_themes(session, request.arrangement.id, viewer, start=start, end=end)
