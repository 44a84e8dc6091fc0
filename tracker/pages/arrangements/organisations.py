"""One organisation: its people and its calendar. Everybody in the partnership reads it, its own leads change it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import AfterValidator, StringConstraints

from tracker.exchange.charter.calendar_shape import CalendarShape, OpenDay
from tracker.exchange.charter.fields import Holidays, Line, Zone
from tracker.exchange.charter.remarks import holidays_remark
from tracker.exchange.charter.revisions import fingerprint, with_calendar
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.finding import people_page
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.people import members, standings_of
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.opening_hours import WEEKDAYS, WrongHours, read_hours, read_weekly, week_words, write_hours
from tracker.rules.refusals import NotThere
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.spans import YEARS, YEARS_TEXT

NO_HOURS = {"mon": "Give opening hours on at least one weekday."}
DAY_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


def _spans(text: str) -> str:
    """“09:00-12:30, 13:00-17:00”, said in one way."""
    try:
        return ", ".join(write_hours(read_hours(_parts(text))))
    except WrongHours as wrong:
        raise ValueError(f"{wrong}.") from None


def _dates(text: str) -> str:
    for line in _lines(text):
        _date(line)
    return text


def _open_days(text: str) -> str:
    for line in _lines(text):
        day, _, hours = line.partition(" ")
        _date(day)
        if not _spans(hours):
            raise ValueError(f"{day} has no hours; give them behind it, as in 2026-12-27 10:00-14:00.")
    return text


Hours = Annotated[str, StringConstraints(max_length=200), AfterValidator(_spans)]
Dates = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_dates)]
OpenDays = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_open_days)]


class CalendarForm(Shape):
    """An organisation's name and when it is open."""

    sentences = {
        "zone": "Give a time zone by its name, like Europe/London.",
        "holidays": "Give a country or a part of one, like GB or GB-ENG.",
    }
    name: Line
    zone: Zone
    mon: Hours = ""
    tue: Hours = ""
    wed: Hours = ""
    thu: Hours = ""
    fri: Hours = ""
    sat: Hours = ""
    sun: Hours = ""
    holidays: Holidays | None = None
    closed: Dates = ""
    open: OpenDays = ""

    def calendar(self) -> CalendarShape | None:
        """None when it is open on no weekday."""
        weekly = {day: _parts(getattr(self, day)) for day in WEEKDAYS if getattr(self, day)}
        if not weekly:
            return None
        closed = tuple(_date(line) for line in _lines(self.closed))
        return CalendarShape(
            zone=self.zone, weekly=weekly, holidays=self.holidays, closed=closed, open=tuple(_days(self.open))
        )


def typed_calendar(name: str, calendar: CalendarShape) -> Mapping[str, str]:
    """What stands in the form before anything is changed."""
    weekly = read_weekly(calendar.weekly)
    hours = {day: ", ".join(write_hours(weekly.get(at, ()))) for at, day in enumerate(WEEKDAYS)}
    return {
        "name": name,
        "zone": calendar.zone,
        **hours,
        "holidays": calendar.holidays or "",
        "closed": "\n".join(day.isoformat() for day in calendar.closed),
        "open": "\n".join(f"{each.day.isoformat()} {', '.join(each.hours)}" for each in calendar.open),
    }


def _days(text: str) -> Iterable[OpenDay]:
    """One for each date; a date given twice counts as it was given last."""
    given = dict(line.split(" ", 1) for line in _lines(text))
    for day, hours in given.items():
        yield OpenDay(day=_date(day), hours=_parts(hours))


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;]|\band\b", text) if part.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no date; give one as in 2026-12-24.") from None
    if found.year not in YEARS:
        raise ValueError(f"{text} is far off; give a day in {YEARS_TEXT}.")
    return found


ROLE_CHOICES = tuple(Choice(role.value, ROLE_WORDS[role]) for role in Role)


@get("/arrangements/{key:str}/organisations/{side_key:str}", sync_to_thread=True)
def show_organisation(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """Who belongs to it, and when it is open."""
    return draw_organisation(asked, side_key)


@post("/arrangements/{key:str}/organisations/{side_key:str}", sync_to_thread=True)
def change_organisation(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """Its name and calendar. Limits that are still to come are worked out anew."""
    asked.require_lead(active(asked.agreed, side_key))
    status = 422
    typed, state = read(CalendarForm, form)
    calendar = typed.calendar() if typed else None
    if typed and calendar is None:
        state = replace(state, errors=NO_HOURS, open=True)
    if typed and calendar:
        change = with_calendar(side_key, typed.name, calendar)
        status, state = asked.keep(change, "organisation", side_key, version_in(form), state, organisation=side_key)
    if status == 303:
        return asked.sent(state, "organisations", side_key)
    return draw_organisation(asked, side_key, status=status, calendar=state)


def draw_organisation(
    asked: ArrangementRequest,
    side_key: str,
    *,
    status: int = 200,
    calendar: FormState | None = None,
    newcomer: FormState | None = None,
    roles: tuple[str, ...] = (Role.FRONT_LINE.value,),
) -> Response[bytes]:
    """The page, with the forms of its leads: as it is, or as one of them was typed."""
    charter = asked.charter()
    if side_key not in charter.organisation:
        raise NotThere(f"There is no organisation {side_key}.")
    organisation = charter.organisation[side_key]
    side, may_change = asked.agreed.organisation(side_key), asked.may_change(side_key)
    known = members(asked.agreed, side_key)
    found = people_page(known, asked.request.query_params if status == 200 else {})
    with asked.db.read() as session:
        standings = standings_of(session, side.id, [each.id for each in found.people]) if may_change else {}
    return asked.draw(
        "organisation",
        status=status,
        organisation=organisation,
        side=side,
        known=len(known),
        found=found,
        standings=standings,
        previous_href=_page_address(asked, side_key, found.previous),
        next_href=_page_address(asked, side_key, found.next),
        today=asked.now.date(),
        week=week_words(organisation.calendar.weekly),
        holidays_remark=holidays_remark(organisation.calendar.holidays),
        role_words=ROLE_WORDS,
        role_choices=ROLE_CHOICES,
        roles=roles,
        day_names=DAY_NAMES,
        may_change=may_change,
        leads_here=bool(asked.led),
        version=fingerprint(charter, "organisation", side_key),
        calendar=calendar or FormState(values=typed_calendar(organisation.name, organisation.calendar)),
        newcomer=newcomer or FormState(),
    )


def _page_address(asked: ArrangementRequest, side_key: str, wanted: Mapping[str, str] | None) -> str:
    """Of another page of its people; "" where there is none."""
    key = asked.agreed.key
    return "" if wanted is None else addresses.arrangements(key, "organisations", side_key, **wanted)


def active(agreed: Arrangement, side_key: str) -> str:
    """The key, if it is of an organisation that is still in the partnership. Refuses: NotThere."""
    if side_key not in {each.key for each in agreed.active_organisations()}:
        raise NotThere(f"There is no organisation {side_key}.")
    return side_key


routes = [show_organisation, change_organisation]
