"""The issues that a number of a report counts, as far as its reader may see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from tracker.database import Database
from tracker.measures.periods import ALL_TIME, in_words, period
from tracker.pages.issues.filters import Filters
from tracker.pages.issues.lines import draw_rows
from tracker.pages.issues.list import issue_page, listing
from tracker.pages.reports import ladder_issues, periods
from tracker.pages.web.cursors import read_cursors
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.parts import Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.ladder.sums import LadderReader
from tracker.queries.tallies.counts import Scope, recorded
from tracker.reports.ladder.issues import issues_counted
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import NotThere
from tracker.rules.reporting import refuse_cuts
from tracker.rules.spans import ONE_DAY, day_in

_REPORT = "report"  # the period of the theme report that led here
_MAY_BE_FEWER = (
    "The report may count more: many of its numbers tell every time it happened, and all of them also what only "
    "others may read. Here each issue that you may read stands once."
)


@get("/reports/{key:str}/issues", sync_to_thread=True)
def list_theme_issues(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str]
) -> Response[bytes]:
    """The issues that a number of the theme report counts."""
    return _theme_issues(request, visitor, db, now, key, dict(request.query_params.items()))


@get("/reports/{key:str}/issues/{months:str}", sync_to_thread=True)
def list_theme_issues_of_months(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str], months: FromPath[str]
) -> Response[bytes]:
    """Those that happened in these months, or were solved in them. Refuses what is no period: NotThere."""
    query = dict(request.query_params.items())
    return _theme_issues(request, visitor, db, now, key, query | _days_of(months, query))


@get("/reports/{key:str}/themes/issues", sync_to_thread=False)
def lead_to_theme_issues(request: Asking, visitor: TheVisitor, key: FromPath[str]) -> Response[bytes]:
    """An address of before leads on."""
    return see_other(addresses.counted(visitor.arrangement(key).key, dict(request.query_params.items())))


def _theme_issues(
    request: Asking, visitor: Visitor, db: Database, now: datetime, key: str, query: dict[str, str]
) -> Response[bytes]:
    """What a number of the theme report counts are columns of issues and of their occurrences: filters ask for it."""
    arrangement = visitor.arrangement(key)
    query |= {"partnership": key, "crossed": "yes"}
    report = {_REPORT: query[_REPORT]} if query.get(_REPORT) else {}
    filters = Filters.read(
        query, visitor, address_of=lambda values: addresses.counted(key, {**values, **report}), unsaid="partnership"
    )
    with db.read() as session:
        shown = issue_page(session, visitor, filters, query, now)
        listed = listing(request, session, shown, visitor, filters, now)
    about = _way_back(arrangement, query.get(_REPORT, "")) | listed
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
    """What a number of the ladder report counts is known only from each issue's events: it is picked by what is kept of
    them, which is what the report itself adds up. Refuses a cut by small groups: WrongInput."""
    query = dict(request.query_params.items())
    refuse_cuts(query)
    arrangement = visitor.arrangement(key)
    with db.snapshot() as session:
        first = recorded(session, Scope.of(arrangement, visitor.viewer)).first
        within = periods.asked(period, day_in(arrangement.zone, now), first, arrangement.report.year_starts)
        number = ladder_issues.number_in(query, arrangement)
        counted = issues_counted(
            session,
            LadderReader(arrangement, visitor.viewer, within),
            number,
            now=now,
            cursors=read_cursors(session, visitor.viewer, query),
        )
    if not counted.counted:
        ladder_issues.require_known(number, arrangement)
    about = ladder_issues.listing(counted, number, arrangement, within)
    rows = draw_rows(counted.rows, visitor, now, zone=side_here(request, visitor).calendar.zone)
    return page(request, "reports/issues.html", rows=rows, note="", **about)


def _days_of(months: str, query: Mapping[str, str]) -> dict[str, str]:
    """As filters ask for them."""
    try:
        within = period(months)
    except ValueError as wrong:
        raise NotThere(f"There are no months {months}.") from wrong
    first, last = ("resolved_from", "resolved_until") if "fix" in query else ("from", "until")
    return {first: within.start.isoformat(), last: (within.end - ONE_DAY).isoformat()}


def _way_back(arrangement: Arrangement, text: str) -> dict[str, Any]:
    """To the theme report of the period that led here; where none can be read, to the one that it shows by itself."""
    path, words = addresses.report(arrangement.key, "themes"), "What keeps getting in the way"
    try:
        shown = None if text == ALL_TIME else period(text, arrangement.report.year_starts)
    except ValueError:
        return {"period": "", "report": Link(words, path)}
    return {"period": in_words(shown) if shown else "all time", "report": Link(words, periods.address(path, shown))}


routes = [list_theme_issues, list_theme_issues_of_months, lead_to_theme_issues, list_ladder_issues]
