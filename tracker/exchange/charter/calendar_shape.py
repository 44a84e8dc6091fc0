"""A calendar in a charter file: `{ zone = …, mon-fri = ["09:00-17:00"], holidays = …, closed = […], open = […] }`."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from tracker.exchange.charter.fields import DisallowedValue, Holidays, Spans, Weekdays, WrongValue, Zone
from tracker.queries.arrangement_tables import NOT_HOURS, working_calendar
from tracker.rules.opening_hours import WEEKDAYS, WrongHours, read_hours, read_weekly, write_hours, write_weekly
from tracker.rules.spans import YEARS, YEARS_TEXT
from tracker.rules.working_time import Calendar


def in_reach(day: date) -> date:
    """A day that can be meant. Refuses others."""
    if day.year not in YEARS:
        raise DisallowedValue(f"a day in {YEARS_TEXT}")
    return day


class OpenDay(BaseModel):
    """An extra open day with its hours, which stand instead of the usual ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: date
    hours: Spans

    @field_validator("day")
    @classmethod
    def _in_reach(cls, day: date) -> date:
        return in_reach(day)

    @field_validator("hours")
    @classmethod
    def _in_order(cls, hours: list[str]) -> list[str]:
        return write_hours(read_hours(hours))


class CalendarShape(BaseModel):
    """When an organisation is open. Said in one way only, so that two that say the same are equal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: Zone
    weekly: dict[Weekdays, Spans]
    holidays: Holidays | None = None
    closed: tuple[date, ...] = ()
    open: tuple[OpenDay, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _gather_weekdays(cls, given: Any) -> Any:
        """Weekdays stand in the file beside the other fields."""
        if not isinstance(given, dict) or "weekly" in given:
            return given
        days = {name: hours for name, hours in given.items() if name not in NOT_HOURS and name[:3] in WEEKDAYS}
        return {**{name: each for name, each in given.items() if name not in days}, "weekly": days}

    @field_validator("weekly")
    @classmethod
    def _each_day_once(cls, weekly: dict[str, list[str]]) -> dict[str, list[str]]:
        try:
            written = write_weekly(read_weekly(weekly))
        except WrongHours as wrong:
            raise WrongValue(str(wrong)) from None
        if not written:
            raise DisallowedValue('opening hours on at least one weekday, like mon-fri = ["09:00-17:00"]')
        return written

    @field_validator("closed")
    @classmethod
    def _closed_in_order(cls, days: tuple[date, ...]) -> tuple[date, ...]:
        return tuple(sorted(set(map(in_reach, days))))

    @field_validator("open")
    @classmethod
    def _open_in_order(cls, days: tuple[OpenDay, ...]) -> tuple[OpenDay, ...]:
        if len({each.day for each in days}) < len(days):
            raise DisallowedValue("each extra open day once")
        return tuple(sorted(days, key=lambda each: each.day))

    def kept(self) -> dict[str, Any]:
        """As the record keeps it, and as the file has it but for dates as text."""
        said = self.model_dump(mode="json", exclude={"weekly"}, exclude_defaults=True)
        return {"zone": self.zone, **self.weekly, **said}

    def working(self, name: str) -> Calendar:
        """The calendar that reckons, for an organisation of this name."""
        return working_calendar(name, self.kept())
