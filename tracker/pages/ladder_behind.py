"""The issues behind a number of the ladder report, as its page draws them."""

from datetime import datetime

from tracker.measures.periods import Period
from tracker.pages import periods
from tracker.pages.ladder_numbers import address, counted_words, number_words, period_words
from tracker.pages.ladder_report_views import BehindView
from tracker.pages.part_views import Link
from tracker.pages.places import key_of
from tracker.pages.rows import draw_rows
from tracker.queries.visitors import Visitor
from tracker.reports.ladder.issues import IssuesBehind
from tracker.reports.ladder.measured import Number
from tracker.rules.arrangement import Arrangement


def draw_behind(
    found: IssuesBehind,
    number: Number,
    arrangement: Arrangement,
    within: Period | None,
    visitor: Visitor,
    now: datetime,
) -> BehindView:
    """As the template takes it."""
    here = address(arrangement.key, within, number)
    report = periods.address(f"/reports/{arrangement.key}/ladder", within)
    return BehindView(
        partnership=arrangement.name,
        period=period_words(number, within),
        report=Link("How issues climb", report),
        words=number_words(number, arrangement),
        counted=counted_words(found.counted, found.readable),
        rows=draw_rows(found.rows, visitor, now, zone=arrangement.zone),
        previous_href=f"{here}&before={key_of(found.rows[0])}" if found.rows and found.newer else "",
        next_href=f"{here}&after={key_of(found.rows[-1])}" if found.rows and found.older else "",
    )
