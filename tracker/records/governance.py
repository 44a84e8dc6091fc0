"""Bodies of governance, who is seated on them, and when they meet."""

import re
from bisect import bisect_right
from calendar import isleap
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import dropwhile, islice, takewhile
from math import prod
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr
from sqlmodel import Field

from tracker.records.columns import ArrangementEntry, NumberedRow, moment
from tracker.rules.spans import YEARS, YEARS_TEXT

MOST_A_YEAR = 400  # meetings: every day, and a few more
ALL_PAST = "all of its meetings are past"
_TOO_OFTEN = f"has more than {MOST_A_YEAR} meetings in a year"
_YEARS_AHEAD = 5  # in which meetings are looked up; for what meets more seldom the rule is asked
_LONGEST = 2_000
_LAST_YEAR, _CYCLE = 9_988, 28  # the last year a rule is asked from; after so many the calendar repeats itself
_LOOKED_AT, _A_YEAR = timedelta(days=3_653), timedelta(days=365)
_YEARS_LOOKED_AT = range(11)  # that these days are in
_LINE = re.compile(
    r"(?P<name>DTSTART|RRULE|RDATE|EXDATE)(?:;VALUE=DATE-TIME)?(?:;TZID=(?P<zone>[\w/+-]{1,60}))?:(?P<value>[\w,;=+-]+)",
    re.IGNORECASE,
)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NUMBERS = re.compile(r"[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3})*")
_PARTS = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9][0-9]{0,2}"),
    "COUNT": re.compile(r"[1-9][0-9]{0,3}"),
    "UNTIL": re.compile(r"[0-9]{8}T[0-9]{6}Z"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
    "BYDAY": re.compile(r"(?:(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?=[^,]))?)+"),
    **dict.fromkeys(("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", *_CLOCK), _NUMBERS),
}


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
    """The starts of a body's first meetings strictly after a moment; empty when none is scheduled, or what is kept of
    an older day is no recurrence that is taken now."""
    if not meets or isinstance(rule := _read(meets), WrongMeetings):
        return ()
    found: list[datetime] = []
    this_year = at.astimezone(UTC).year
    for year in range(this_year, this_year + _YEARS_AHEAD):
        moments, starts = _in_year(meets, year)
        found += starts[bisect_right(moments, at) :]
        if len(found) >= count:
            return tuple(found[:count])
    return tuple(rule.xafter(at, count=count))


def no_meeting_text(meets: str | None) -> str:
    """Why a body has no meeting to come, where it has none."""
    if not meets:
        return "meets when called"
    return f"its meetings cannot be read: {meets}" if isinstance(_read(meets), WrongMeetings) else ALL_PAST


def recurrence(meets: str) -> rruleset:
    """The recurrence of a `meets` text; meetings keep their hour by the clock when the clocks change.

    DTSTART alone is one meeting. Taken are days and what is slower, at most MOST_A_YEAR a year, of which the first is
    in the ten years after DTSTART. Refuses all else with WrongMeetings.
    """
    rule = _read(meets)
    if isinstance(rule, WrongMeetings):
        raise rule
    return rule


def held_among(meets: str, moments: Collection[datetime]) -> frozenset[datetime]:
    """Those of these moments (in UTC) at which a rule without exceptions has a meeting: it is gone through once, and
    nothing of it is kept. Refuses: WrongMeetings."""
    if not moments:
        return frozenset()
    first, last = min(moments), max(moments)
    following = dropwhile(lambda at: at < first, _recurrence(meets, cache=False))
    return frozenset(at.astimezone(UTC) for at in takewhile(lambda at: at <= last, following)) & frozenset(moments)


@lru_cache(maxsize=1024)
def _in_year(meets: str, year: int) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """The starts in a year, in UTC and by their own clock. The rule itself counts from its first meeting each time."""
    begins, ends = (datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 1))
    starts = tuple(each for each in recurrence(meets).between(begins, ends, inc=True) if each < ends)
    return tuple(each.astimezone(UTC) for each in starts), starts


@lru_cache(maxsize=256)
def _read(meets: str) -> rruleset | WrongMeetings:
    try:
        return _recurrence(meets)
    except WrongMeetings as wrong:
        return wrong
    except (
        ValueError,
        TypeError,
        LookupError,
        ArithmeticError,
        OSError,
    ) as error:  # what dateutil says of what makes no sense
        return _refused(f"cannot be read ({error})")


def _recurrence(meets: str, *, cache: bool = True) -> rruleset:
    said = _properties(meets)
    (starts,) = [_moments(zone, value) for name, zone, value in said if name == "DTSTART"]
    if len(starts) > 1 or starts[0].year not in YEARS:
        raise _refused(f"does not begin in {YEARS_TEXT}")
    rules = [value for name, _, value in said if name == "RRULE"]
    found = rruleset(cache=cache)
    for rule in rules:
        found.rrule(_rule(rule.upper(), starts[0], cache=cache))
    for name, zone, value in said:
        if name in {"RDATE", "EXDATE"} or (name == "DTSTART" and not rules):
            for at in _in_reach(_moments(zone, value)):
                (found.exdate if name == "EXDATE" else found.rdate)(at)
    if next(iter(found), None) is None:
        raise _refused("has no meeting")
    return found


def _properties(meets: str) -> list[tuple[str, str | None, str]]:
    """(name, zone, value) of each; RFC 5545 gives each a line of its own, the charter writes them in one."""
    if len(meets) > _LONGEST:
        raise _refused(f"is longer than {_LONGEST:,} characters")
    lines = [_LINE.fullmatch(line) for line in meets.split()]
    said = [(line["name"].upper(), line["zone"], line["value"]) for line in lines if line]
    names = [name for name, *_ in said]
    if None in lines or names.count("DTSTART") != 1 or names.count("RRULE") > 1:
        raise _refused("cannot be read")
    return said


def _moments(zone: str | None, value: str) -> list[datetime]:
    clock, moments = _clock(zone or "UTC"), [datetime.fromisoformat(each) for each in value.split(",")]
    if not zone and not all(at.tzinfo for at in moments):
        raise _refused("has no time zone")
    return [at.replace(tzinfo=clock) for at in moments]


def _in_reach(moments: list[datetime]) -> list[datetime]:
    if any(at.year not in YEARS for at in moments):
        raise _refused(f"names a day that is not in {YEARS_TEXT}")
    return moments


def _clock(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise _refused(f"is by the clock of “{zone}”, which is not known") from None


def _rule(value: str, starts: datetime, *, cache: bool) -> rrule:
    said = dict(part.partition("=")[::2] for part in value.split(";"))
    if said.get("FREQ") not in _FREQUENCIES:
        raise _refused(f"has “{said.get('FREQ', '')}” as FREQ, where {', '.join(_FREQUENCIES)} are taken")
    for name, text in said.items():
        if name not in _PARTS or not _PARTS[name].fullmatch(text):
            raise _refused(f"has “{name}={text}”, which is not taken")
    if prod(len(said[name].split(",")) for name in _CLOCK if name in said) > MOST_A_YEAR:
        raise _refused(_TOO_OFTEN)
    rule = cast("rrule", rrulestr(f"RRULE:{value}", dtstart=starts, cache=cache))
    _require_seldom(rule, starts)
    return rule


def _require_seldom(rule: rrule, starts: datetime) -> None:
    """That it comes true at all, in the ten years after it starts, and no more often than a body can meet.

    What never does is looked for to the year 9999: asked from the last year after which the calendar goes on as after
    this one, day for day and weekday for weekday, that is soon reached.
    """
    there = starts.replace(year=_last_like(starts.year), tzinfo=None)
    asked = rule.replace(count=None, until=there + _LOOKED_AT, dtstart=there)
    first = [*islice(asked, _LOOKED_AT.days + MOST_A_YEAR)]
    if not first:
        raise _refused("has no meeting")
    if any(later - earlier < _A_YEAR for earlier, later in zip(first, first[MOST_A_YEAR:], strict=False)):
        raise _refused(_TOO_OFTEN)


@cache
def _last_like(year: int) -> int:
    """The last year from which the calendar goes on for as long as is looked at as it does from this one; around 2100,
    which has no day more, as it would if that had one."""
    like = year - _CYCLE if 2100 - year in _YEARS_LOOKED_AT else year
    return next(other for other in range(_LAST_YEAR, 0, -1) if _years_from(other) == _years_from(like))


def _years_from(year: int) -> list[tuple[int, bool]]:
    return [(date(year + more, 1, 1).weekday(), isleap(year + more)) for more in _YEARS_LOOKED_AT]


def _refused(wrong: str) -> WrongMeetings:
    return WrongMeetings(f"{wrong}; allowed is DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU")
