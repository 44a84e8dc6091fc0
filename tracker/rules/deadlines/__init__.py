"""When a limit passes, and why then; what gave it, and what a warning, a pause and a changed arrangement make of it."""

from tracker.rules.deadlines.lengths import (
    WITHOUT_A_MEETING,
    WORKING_DAY_HOURS,
    Length,
    Unit,
    UnknownLength,
    expedited,
    read_length,
)
from tracker.rules.deadlines.limits import (
    A_WORKING_DAY,
    Deadline,
    after_pause,
    at_least_a_working_day,
    counted_from,
    last_date,
    limit,
    limit_at,
    longest_pause,
    moved_by,
    remaining,
    warning_before,
    working_days_left,
)
from tracker.rules.deadlines.origins import Due, Given, Origin, close_of_that_day, reckon
from tracker.rules.deadlines.why import passing

__all__ = (
    "A_WORKING_DAY",
    "WITHOUT_A_MEETING",
    "WORKING_DAY_HOURS",
    "Deadline",
    "Due",
    "Given",
    "Length",
    "Origin",
    "Unit",
    "UnknownLength",
    "after_pause",
    "at_least_a_working_day",
    "close_of_that_day",
    "counted_from",
    "expedited",
    "last_date",
    "limit",
    "limit_at",
    "longest_pause",
    "moved_by",
    "passing",
    "read_length",
    "reckon",
    "remaining",
    "warning_before",
    "working_days_left",
)
