"""Bodies of governance, who is seated on them, and when they meet."""

from bisect import bisect_right
from datetime import UTC, datetime
from functools import lru_cache

from dateutil.rrule import rrule, rruleset, rrulestr
from sqlmodel import Field

from tracker.records.columns import ArrangementEntry, NumberedRow, moment

_YEARS_AHEAD = 5  # in which meetings are looked up; for what meets more seldom the rule is asked


class Body(ArrangementEntry, table=True):
    """`meets` is a recurrence as in the charter file ("DTSTART;TZID=…:… RRULE:…"), or nothing."""

    name: str
    meets: str | None = None


class Seat(NumberedRow, table=True):
    """A person's place on a body for an organisation; with `holds`, issues at the body's tier are theirs."""

    body_id: int = Field(foreign_key="body.id", index=True)  # the arrangement is read body by body
    person_id: int = Field(foreign_key="person.id", index=True)  # which bodies a viewer sits on
    organisation_id: int = Field(foreign_key="organisation.id")
    holds: bool = False
    chair: bool = False
    deputy_id: int | None = Field(default=None, foreign_key="person.id")
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())


class WrongMeetings(ValueError):
    """A recurrence that cannot be read; the message says what is allowed."""


def meetings_after(meets: str | None, at: datetime, count: int = 3) -> tuple[datetime, ...]:
    """The starts of a body's first meetings strictly after a moment; empty when none is scheduled.

    Refuses a recurrence that cannot be read with WrongMeetings.
    """
    if not meets:
        return ()
    found: list[datetime] = []
    this_year = at.astimezone(UTC).year
    for year in range(this_year, this_year + _YEARS_AHEAD):
        moments, starts = _in_year(meets, year)
        found += starts[bisect_right(moments, at) :]
        if len(found) >= count:
            return tuple(found[:count])
    return tuple(recurrence(meets).xafter(at, count=count))


@lru_cache(maxsize=1024)
def _in_year(meets: str, year: int) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """The starts in a year, in UTC and by their own clock. The rule itself counts from its first meeting each time."""
    begins, ends = (datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 1))
    starts = tuple(each for each in recurrence(meets).between(begins, ends, inc=True) if each < ends)
    return tuple(each.astimezone(UTC) for each in starts), starts


@lru_cache(maxsize=256)
def recurrence(meets: str) -> rrule | rruleset:
    """The recurrence of a `meets` text; meetings keep their hour by the clock when the clocks change."""
    try:
        # The charter writes one line; RFC 5545 has one line for each property.
        found = rrulestr("\n".join(meets.split()), cache=True)
        first = next(iter(found), None)
    except (ValueError, TypeError, KeyError) as error:
        raise WrongMeetings(_allowed(f"cannot be read ({error})")) from error
    if first is None or first.tzinfo is None:
        raise WrongMeetings(_allowed("has no meeting" if first is None else "has no time zone"))
    return found


def _allowed(wrong: str) -> str:
    return f"{wrong}; allowed is DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
