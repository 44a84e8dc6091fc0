"""What a pause does to a limit, and how long a pause may last (product.md, Pause)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.rules.deadlines import WITHOUT_A_MEETING, last_date, limit, moved_by
from tracker.rules.lengths import Unit, read_length
from tracker.rules.open_time import WorkingTime
from tracker.rules.spans import ONE_DAY, in_utc, start_of


def after_pause(
    text: str,
    at: datetime,
    paused: tuple[datetime, datetime],
    calendar: WorkingTime,
    *,
    meetings: Iterable[datetime] = (),
    or_at_most: str | None = None,
) -> datetime:
    """Where a limit that stood at a moment stands after a pause from one moment to another; the rest is as
    for `deadlines.limit`.

    A working-time limit moves by the working time paused. A meeting stays. A limit in days moves by the time
    paused, to the end of the date that brings it to. Refuses: UnknownLength, NoWorkingTime.
    """
    since, until = paused
    unit = read_length(text).unit
    if unit is Unit.MEETING:
        if at in meetings:
            return in_utc(at)
        unit = read_length(or_at_most or WITHOUT_A_MEETING, meeting=False).unit
    if unit is Unit.DAY:
        return start_of(last_date(at + (until - since), calendar) + ONE_DAY, calendar.tz)
    return moved_by(at, calendar.between(since, until), calendar)


def longest_pause(cap: str, since: datetime, calendar: WorkingTime, used: timedelta) -> datetime:
    """The moment at which a pause ends by itself: the cap counted from its beginning, less the working time
    that earlier pauses at this tier used; its beginning, if nothing is left.
    Refuses: UnknownLength, NoWorkingTime."""
    whole = limit(cap, since, calendar).at
    return max(in_utc(since), calendar.subtract(whole, used)) if used else whole
