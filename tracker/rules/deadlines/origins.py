"""What gave a limit or another timer, kept so that it can be reckoned anew whatever is arranged since."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import partial
from operator import itemgetter
from typing import Any

from tracker.rules.deadlines.lengths import WITHOUT_A_MEETING, Unit, read_length
from tracker.rules.deadlines.limits import (
    A_WORKING_DAY,
    Deadline,
    after_pause,
    counted_from,
    last_date,
    limit,
    limit_at,
    longest_pause,
)
from tracker.rules.deadlines.why import passing
from tracker.rules.spans import ONE_DAY, start_of
from tracker.rules.wording import say_day, say_moment
from tracker.rules.working_time import WorkingTime


class Given(StrEnum):
    """From where a limit runs."""

    ENTRY = "entry"  # it came to its tier, or what is awaited began
    HANDED_DOWN = "hand-down"  # a decision returned it to its tier
    HISTORY = "history"  # it was taken in from elsewhere
    HISTORY_PAUSED = "paused history"  # the same, and was paused there
    PAUSE = "pause"  # it stands still since then: the end of a pause, not of a tier


@dataclass(frozen=True, slots=True)
class Origin:
    """A `length` counted from `at`, and what else bears on it.

    `body`: the key of the one whose meetings “next meeting” means. `acts`: the keys of the organisations that must
    act by then: it never falls on a day on which one of them is closed. `returned_at`: at least one working day is
    left after it. `taken_back_at`: where it had passed by then, the rest of that working day is left. `not_before`: the
    floor that a change of the arrangement left; of a meeting, the first from then on. `pauses`: from when to when it
    stood still; of the end of a pause, which were before it. `until`: the last day of a pause, by the partnership's
    zone.
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
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    until: date | None = None

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
        values |= {"given": Given(kept["given"]), "acts": tuple(kept.get("acts", ()))}
        values["pauses"] = tuple((_moment(since), _moment(until)) for since, until in kept.get("pauses", ()))
        values["until"] = date.fromisoformat(kept["until"]) if "until" in kept else None
        return cls(**{**values, **moments})


_MOMENTS = ("at", "returned_at", "taken_back_at", "not_before")
_moment = datetime.fromisoformat


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
    if origin.given is Given.PAUSE:
        found = Deadline(_end_of_pause(origin, calendar), ())
    else:
        found = _counted(origin, calendar, meetings, clock)
        for change in _since(origin):
            found = change(found, calendar, meetings, clock)
    if origin.not_before is not None and not meetings and found.at < origin.not_before:
        found = _no_earlier(found, origin, origin.not_before, calendar, clock)
    if acting is not None:
        found = _on_an_open_day(found, origin, acting, clock)
    return found


_Change = Callable[[Deadline, WorkingTime, Sequence[datetime], tzinfo | None], Deadline]


def _since(origin: Origin) -> Iterator[_Change]:
    """What happened to it since it was given, in order: each bears on where it stood by then."""

    changes: list[tuple[datetime, _Change]] = [
        (pause[0], partial(_after_pause, origin, pause)) for pause in origin.pauses
    ]
    if origin.returned_at is not None:
        changes.append((origin.returned_at, partial(_after_return, origin.returned_at)))
    if origin.taken_back_at is not None:
        changes.append((origin.taken_back_at, partial(_after_taking_back, origin.taken_back_at)))
    yield from (change for _, change in sorted(changes, key=itemgetter(0)))


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
    returned_at: datetime, found: Deadline, calendar: WorkingTime, _: Sequence[datetime], clock: tzinfo | None
) -> Deadline:
    at = limit_at(A_WORKING_DAY, returned_at, calendar)
    if at <= found.at:
        return found
    if clock is None:
        return Deadline(at, ())
    first, *others = limit(A_WORKING_DAY, returned_at, calendar, clock=clock).why
    given = f"a proposal was returned since, so at least {A_WORKING_DAY} is left from then"
    return Deadline(at, (*found.why, given, first.replace("received", "returned", 1), *others))


def _after_taking_back(
    taken_back_at: datetime, found: Deadline, calendar: WorkingTime, _: Sequence[datetime], clock: tzinfo | None
) -> Deadline:
    if found.at > taken_back_at:
        return found
    given = "the proposal was taken back after it had passed, so the rest of that working day is left"
    return _instead(found, close_of_that_day(taken_back_at, calendar), given, clock)


def _after_pause(
    origin: Origin,
    pause: tuple[datetime, datetime],
    found: Deadline,
    calendar: WorkingTime,
    meetings: Sequence[datetime],
    clock: tzinfo | None,
) -> Deadline:
    at = after_pause(origin.length, found.at, pause, calendar, meetings=meetings, or_at_most=origin.or_at_most)
    if clock is None:
        return Deadline(at, ())
    since, until = (say_moment(each.astimezone(clock)) for each in pause)
    moved = "which moves no meeting" if at == found.at and meetings else "which moves it by the time both sides work"
    return _instead(found, at, f"paused from {since} to {until}, {moved}", clock)


def _end_of_pause(origin: Origin, calendar: WorkingTime) -> datetime:
    """The end of its last day, but no later than what the ladder allows, less what earlier pauses took of that."""
    used = sum((calendar.between(*each) for each in origin.pauses), timedelta())
    most = longest_pause(origin.length, origin.at, calendar, used)
    return min(most, start_of(origin.until + ONE_DAY, calendar.tz)) if origin.until else most


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
            return [_kept(each) for each in value]
    return str(value)
