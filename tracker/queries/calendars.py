"""An organisation's calendar as it is kept (and stands in the charter file), made into one that reckons."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import holidays

from tracker.rules.opening_hours import read_hours, read_weekly
from tracker.rules.working_time import Calendar

HOLIDAY_YEARS = range(2000, 2061)  # history is imported from years back; limits reach months ahead
NOT_HOURS = ("zone", "holidays", "closed", "open")


def working_calendar(name: str, kept: Mapping[str, Any]) -> Calendar:
    """The calendar of an organisation of that name. Calendars that say the same share what they have reckoned.

    Refuses what cannot be read: WrongHours, WrongCalendar; unknown holidays: LookupError.
    """
    return _calendar(name, json.dumps(kept, sort_keys=True))


@lru_cache(maxsize=512)
def public_holidays(code: str) -> frozenset[date]:
    """The public holidays of a country ("GB") or a part of it ("GB-ENG"), HOLIDAY_YEARS. Unknown: LookupError."""
    country, divided, part = code.partition("-")
    if divided and part not in holidays.list_supported_countries(include_aliases=False).get(country, []):
        raise LookupError(code)
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=HOLIDAY_YEARS))
    except NotImplementedError as error:
        raise LookupError(code) from error


@lru_cache(maxsize=512)
def _calendar(name: str, kept: str) -> Calendar:
    said = json.loads(kept)
    closed = frozenset(date.fromisoformat(day) for day in said.get("closed", ()))
    return Calendar(
        zone=said["zone"],
        weekly=read_weekly({days: hours for days, hours in said.items() if days not in NOT_HOURS}),
        closed=closed | (public_holidays(said["holidays"]) if said.get("holidays") else frozenset()),
        open={date.fromisoformat(each["day"]): read_hours(each["hours"]) for each in said.get("open", ())},
        name=name,
    )
