"""What gave a limit or another timer, kept so that it can be reckoned anew whatever is arranged since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from tracker.rules.deadlines.lengths import WITHOUT_A_MEETING, Unit, read_length
from tracker.rules.deadlines.limits import A_WORKING_DAY, Deadline, counted_from, last_date, limit, limit_at
from tracker.rules.deadlines.why import passing
from tracker.rules.spans import ONE_DAY, start_of
from tracker.rules.wording import say_day
from tracker.rules.working_time import WorkingTime


class Given(StrEnum):
    """From where a limit runs."""

    ENTRY = "entry"  # it came to its tier, or what is awaited began
    HANDED_DOWN = "hand-down"  # a decision returned it to its tier
    HISTORY = "history"  # it was taken in from elsewhere
    HISTORY_PAUSED = "paused history"  # the same, and was paused there


@dataclass(frozen=True, slots=True)
class Origin:
    """A `length` counted from `at`, and what else bears on it.

    `body`: the key of the one whose meetings “next meeting” means. `acts`: the keys of the organisations that must
    act by then: it never falls on a day on which one of them is closed. `returned_at`: at least one working day is
    left after it. `taken_back_at`: where it had passed by then, the rest of that working day is left. `not_before`: the
    floor that a change of the arrangement left; of a meeting, the first from then on.
    """

    length: str
    at: datetime
    given: Given = Given.ENTRY
    body: str = ""
    or_at_most: str | None = None
    acts: tuple[str, ...] = ()
    returned_at: datetime | None = None
    taken_back_at: datetime | None = None
    not_before: datetime | None = None

    @property
    def meetings_after(self) -> datetime | None:
        """After when its body's meetings are asked for; None where it is not by a meeting."""
        if not self.body or read_length(self.length).unit is not Unit.MEETING:
            return None
        return max(self.at, (self.not_before or self.at) - timedelta.resolution)

    def kept(self) -> dict[str, Any]:
        """As a column keeps it, without what says nothing."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: _kept(value) for name, value in values.items() if value}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Origin":
        moments = {name: datetime.fromisoformat(kept[name]) for name in _MOMENTS if name in kept}
        values = {name: kept[name] for name in cls.__slots__ if name in kept and name not in _MOMENTS}
        return cls(**{**values, **moments, "given": Given(kept["given"]), "acts": tuple(kept.get("acts", ()))})


_MOMENTS = ("at", "returned_at", "taken_back_at", "not_before")


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer rings, and what gave it; None where no change of the arrangement can move it."""

    at: datetime
    origin: Origin | None = None


def reckon(
    origin: Origin,
    calendar: WorkingTime,
    *,
    meetings: Sequence[datetime] = (),
    acting: WorkingTime | None = None,
    clock: tzinfo | None = None,
) -> Deadline:
    """When it passes by what is in force, and, told by a reader's clock, why; without one no why is made.

    `calendar`: the sides' joint time; `meetings`: the body's, after `origin.meetings_after`; `acting`: the joint time
    of those who must act. Refuses: NoWorkingTime.
    """
    found = _counted(origin, calendar, meetings, clock)
    if origin.returned_at is not None:
        returned = limit_at(A_WORKING_DAY, origin.returned_at, calendar)
        if returned > found.at:
            found = _after_return(found, origin.returned_at, returned, calendar, clock)
    if origin.taken_back_at is not None and found.at <= origin.taken_back_at:
        given = "the proposal was taken back after it had passed, so the rest of that working day is left"
        found = _instead(found, close_of_that_day(origin.taken_back_at, calendar), given, clock)
    if origin.not_before is not None and not meetings and found.at < origin.not_before:
        found = _no_earlier(found, origin, origin.not_before, calendar, clock)
    if acting is not None:
        found = _on_an_open_day(found, origin, acting, clock)
    return found


def close_of_that_day(at: datetime, calendar: WorkingTime) -> datetime:
    """The close of the working day on which something came in; after it, of the next one."""
    return calendar.close_of(counted_from(at, calendar))


def _counted(origin: Origin, calendar: WorkingTime, meetings: Sequence[datetime], clock: tzinfo | None) -> Deadline:
    """Its length, counted from its moment."""
    since = (origin.meetings_after if meetings else None) or origin.at
    if clock is None:
        return Deadline(limit_at(origin.length, since, calendar, meetings, or_at_most=origin.or_at_most), ())
    found = limit(origin.length, since, calendar, meetings, or_at_most=origin.or_at_most, clock=clock)
    return replace(found, why=(*_given(origin, calendar), *found.why))


def _given(origin: Origin, calendar: WorkingTime) -> tuple[str, ...]:
    if origin.given is Given.ENTRY:
        return ()
    if origin.given is Given.HANDED_DOWN:
        return (f"handed down on {say_day(calendar.date_of(origin.at))}, from when the limit of this tier runs anew",)
    taken = f"taken from history on {say_day(calendar.date_of(origin.at))}, from when the limit counts"
    return (taken, "it was paused there; here it goes on") if origin.given is Given.HISTORY_PAUSED else (taken,)


def _after_return(
    found: Deadline, returned_at: datetime, at: datetime, calendar: WorkingTime, clock: tzinfo | None
) -> Deadline:
    if clock is None:
        return Deadline(at, ())
    first, *others = limit(A_WORKING_DAY, returned_at, calendar, clock=clock).why
    given = f"a proposal was returned since, so at least {A_WORKING_DAY} is left from then"
    return Deadline(at, (*found.why, given, first.replace("received", "returned", 1), *others))


def _no_earlier(
    found: Deadline, origin: Origin, floor: datetime, calendar: WorkingTime, clock: tzinfo | None
) -> Deadline:
    """The floor; where what is counted in working time would fall on a day that is none any more, the next close."""
    at, day = floor, last_date(floor, calendar)
    if _unit(origin) is not Unit.DAY and not calendar.is_working_day(day):
        at = calendar.close_of(next(calendar.working_days(day)))
    return _instead(found, at, "what was changed since brings it no nearer than a working day from the change", clock)


def _on_an_open_day(found: Deadline, origin: Origin, acting: WorkingTime, clock: tzinfo | None) -> Deadline:
    """Of calendar days the end of the date, of working time its close."""
    day = last_date(found.at, acting)
    if acting.is_working_day(day):
        return found
    opens = next(acting.working_days(day))
    at = start_of(opens + ONE_DAY, acting.tz) if _unit(origin) is Unit.DAY else acting.close_of(opens)
    return _instead(found, at, f"{say_day(day)} is closed for {acting.name}, so {say_day(opens, day.year)}", clock)


def _instead(found: Deadline, at: datetime, reason: str, clock: tzinfo | None) -> Deadline:
    return Deadline(at, (*found.why, reason, passing(at, found.at, clock)) if clock else ())


def _unit(origin: Origin) -> Unit:
    """What it counts, where no meeting is scheduled."""
    unit = read_length(origin.length).unit
    return read_length(origin.or_at_most or WITHOUT_A_MEETING).unit if unit is Unit.MEETING else unit


def _kept(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case tuple():
            return list(value)
    return str(value)
