"""The issues that a number of a report counts, as far as its reader may see them."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from tracker.measures.periods import ALL_TIME, in_words, is_period, period
from tracker.pages.issues.filters import Filters
from tracker.pages.issues.lines import draw_rows
from tracker.pages.issues.list import issue_page, listing
from tracker.pages.reports import ladder_issues, periods
from tracker.pages.web.cursors import read_cursors
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.parts import Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.queries.tallies.counts import Scope, recorded
from tracker.reports.ladder.issues import issues_counted
from tracker.rules import addresses
from tracker.rules.reporting import refuse_cuts
from tracker.rules.spans import day_in

_REPORT = "report"  # the period of the theme report that led here
_MAY_BE_FEWER = (
    "The report may count more: many of its numbers tell every time it happened, and all of them also what only "
    "others may read. Here each issue that you may read stands once."
)


@get("/reports/{key:str}/themes/issues", sync_to_thread=True)
def list_theme_issues(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str]
) -> Response[bytes]:
    """What a number of the theme report counts are columns of issues and of their occurrences: filters ask for it."""
    arrangement = visitor.arrangement(key)
    query = {**dict(request.query_params.items()), "partnership": key}
    report = {_REPORT: query[_REPORT]} if query.get(_REPORT) else {}
    filters = Filters.read(
        query, visitor, address_of=lambda values: addresses.counted({**values, **report}), unsaid="partnership"
    )
    with db.read() as session:
        shown = issue_page(session, visitor, filters, query, now)
    about = _way_back(key, query.get(_REPORT, "")) | listing(request, shown, visitor, filters, now)
    return page(
        request, "reports/issues.html", heading="Issues", partnership=arrangement.name, note=_MAY_BE_FEWER, **about
    )


@get("/reports/{key:str}/ladder/issues", sync_to_thread=True)
def list_ladder_issues(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    period: FromQuery[str | None] = None,
) -> Response[bytes]:
    """What a number of the ladder report counts is known only from each issue's events: it is picked from those that
    the report itself measures. Refuses a cut by small groups: WrongInput."""
    query = dict(request.query_params.items())
    refuse_cuts(query)
    arrangement = visitor.arrangement(key)
    with db.read() as session:
        first = recorded(session, Scope.of(arrangement, visitor.viewer)).first
        within = periods.asked(period, day_in(arrangement.zone, now), first)
        number = ladder_issues.number_in(query, arrangement)
        counted = issues_counted(
            session,
            arrangement,
            number,
            now=now,
            viewer=visitor.viewer,
            period=within,
            cursors=read_cursors(session, visitor.viewer, query),
        )
    if not counted.counted:
        ladder_issues.require_known(number, arrangement)
    about = ladder_issues.listing(counted, number, arrangement, within)
    rows = draw_rows(counted.rows, visitor, now, zone=side_here(request, visitor).calendar.zone)
    return page(request, "reports/issues.html", rows=rows, note="", **about)


def _way_back(partnership: str, text: str) -> dict[str, Any]:
    """To the theme report of the period that led here; where none can be read, to the one that it shows by itself."""
    path, words = addresses.report(partnership, "themes"), "What keeps rubbing"
    if text != ALL_TIME and not is_period(text):
        return {"period": "", "report": Link(words, path)}
    shown = None if text == ALL_TIME else period(text)
    return {"period": in_words(shown) if shown else "all time", "report": Link(words, periods.address(path, shown))}


routes = [list_theme_issues, list_ladder_issues]
