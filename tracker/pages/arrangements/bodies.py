"""A body: when it meets and who sits on it. Any lead changes the body, each organisation's lead its own seats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.database import Database
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.fields import Key, Line, Meets
from tracker.exchange.charter.revisions import Change, fingerprint, with_entry, with_seats
from tracker.exchange.charter.shapes import BodyShape, SeatShape
from tracker.pages.arrangements.choices import choices_of
from tracker.pages.arrangements.door import actor_for, led_by, may_arrange
from tracker.pages.arrangements.organisations import active
from tracker.pages.arrangements.revising import EditedEntry, keep
from tracker.pages.web.forms import Form, Shape, number_in, read
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.request import Asking, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.arrangements import arrangement
from tracker.queries.people import tables
from tracker.records.governance import meetings_after
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.meetings import Meetings, meeting_words, read_meetings
from tracker.rules.refusals import NotThere
from tracker.rules.spans import day_in

SPARE_SEATS = 2
OFTEN_CHOICES = (
    Choice("never", "When called"),
    Choice("weekly", "Every week"),
    Choice("fortnightly", "Every second week"),
    Choice("four_weekly", "Every fourth week"),
    Choice("monthly", "Every month, on the same weekday of the month"),
    Choice("quarterly", "Every three months, on the same weekday of the month"),
    Choice("written", "As written below"),
)


class BodyForm(Shape):
    """A body's name and meetings."""

    sentences = {"meets": "Give a recurrence as calendars write it: DTSTART;TZID=… RRULE:…"}
    name: Line
    often: Literal["never", "weekly", "fortnightly", "four_weekly", "monthly", "quarterly", "written"] = "never"
    first_on: date | None = None
    at: time | None = None
    meets: Meets | None = None

    def missing(self) -> dict[str, str]:
        """What the choice of how often asks for and was left empty, by field."""
        if self.often == "never":
            return {}
        if self.often == "written":
            return {} if self.meets else {"meets": "Write the recurrence down, or choose how often."}
        asked = {"first_on": "Give the day of the first meeting.", "at": "Give the hour of the meetings."}
        return {name: reason for name, reason in asked.items() if getattr(self, name) is None}

    def recurrence(self, zone: str) -> str | None:
        if self.often == "written" or self.first_on is None or self.at is None:
            return self.meets if self.often == "written" else None
        return None if self.often == "never" else Meetings(self.often, self.first_on, self.at, zone).written()


class NewBodyForm(BodyForm):
    """A new body."""

    sentences = {**BodyForm.sentences, "key": "Give a short name without spaces, like ops."}
    key: Key


def typed_body(body: BodyShape) -> dict[str, str]:
    """What stands in the form before anything is changed."""
    meetings = read_meetings(body.meets) if body.meets else None
    if meetings is None:
        return {"name": body.name, "often": "written" if body.meets else "never", "meets": body.meets or ""}
    chosen = {"often": meetings.often, "first_on": meetings.first_on.isoformat(), "at": f"{meetings.at:%H:%M}"}
    return {"name": body.name, **chosen}


def typed_seats(form: Form, organisation: str) -> tuple[SeatShape, ...]:
    """The rows in which a person was chosen, in their order. Fields: `person1`, `holds1`, `chair1`, `deputy1`."""
    return tuple(_typed_seat(form, number, organisation) for number in _rows(form) if form.get(f"person{number}"))


def seat_rows(seats: Sequence[SeatShape]) -> tuple[SeatShape | None, ...]:
    """The seats with a few empty rows below."""
    return (*seats, *[None] * SPARE_SEATS)


def _rows(form: Form) -> list[int]:
    names = {name.removeprefix("person") for name, _ in form.multi_items() if name.startswith("person")}
    return sorted(number for number in map(number_in, names) if number is not None)


def _typed_seat(form: Form, number: int, organisation: str) -> SeatShape:
    return SeatShape.model_construct(
        person=str(form.get(f"person{number}")),
        organisation=organisation,
        holds=form.get(f"holds{number}") == "yes",
        chair=form.get(f"chair{number}") == "yes",
        deputy=str(form.get(f"deputy{number}") or "") or None,
    )


@dataclass(frozen=True, slots=True)
class BodyRequest:
    """Who asks for which body; `agreed` and `charter`: as they are now."""

    request: Asking
    visitor: Visitor
    agreed: Arrangement
    charter: Charter
    body: str
    now: datetime

    @property
    def address(self) -> str:
        return addresses.arrangements(self.agreed.key, "bodies", self.body)


@dataclass(frozen=True, slots=True)
class SeatsForm:
    """The form for one organisation's seats, with a row for each and a few to spare."""

    state: FormState
    rows: Sequence[SeatShape | None]


@get("/arrangements/{key:str}/bodies/{body_key:str}", sync_to_thread=True)
def show_body(
    request: Asking,
    visitor: NamedDependency[Visitor],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    key: FromPath[str],
    body_key: FromPath[str],
) -> Response[bytes]:
    """When it meets, and who sits opposite whom."""
    return _draw(_asked(request, visitor, db, key, body_key, now))


@post("/arrangements/{key:str}/bodies/{body_key:str}", sync_to_thread=True)
def change_body(
    request: Asking,
    visitor: NamedDependency[Visitor],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    form: NamedDependency[Form],
    key: FromPath[str],
    body_key: FromPath[str],
) -> Response[bytes]:
    """Its name and meetings. Limits that wait for a meeting are worked out anew."""
    asked = _asked(request, visitor, db, key, body_key, now)
    actor_for(visitor, asked.agreed)
    typed, state = read(BodyForm, form)
    if typed and (missing := typed.missing()):
        typed, state = None, replace(state, errors=missing, open=True)
    if typed is None:
        return _draw(asked, head=state, status=422)
    meets = typed.recurrence(asked.agreed.zone)
    body = asked.charter.body[body_key].model_copy(update={"name": typed.name, "meets": meets})
    status, state = _keep(asked, db, with_entry("body", body), form, state)
    return see_other(asked.address) if status == 303 else _draw(_again(asked, db), head=state, status=status)


@post("/arrangements/{key:str}/bodies/{body_key:str}/seats/{side_key:str}", sync_to_thread=True)
def change_seats(
    request: Asking,
    visitor: NamedDependency[Visitor],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    form: NamedDependency[Form],
    key: FromPath[str],
    body_key: FromPath[str],
    side_key: FromPath[str],
) -> Response[bytes]:
    """One organisation's seats, in their order: the first that holds is the opposite number."""
    asked = _asked(request, visitor, db, key, body_key, now)
    actor_for(visitor, asked.agreed, active(asked.agreed, side_key))
    seats = typed_seats(form, side_key)
    status, state = _keep(asked, db, with_seats(body_key, side_key, seats), form, FormState(), side_key)
    seated = {side_key: SeatsForm(state, seat_rows(seats))}
    return see_other(asked.address) if status == 303 else _draw(_again(asked, db), seated=seated, status=status)


@post("/arrangements/{key:str}/bodies", sync_to_thread=True)
def add_body(
    request: Asking,
    visitor: NamedDependency[Visitor],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    form: NamedDependency[Form],
    key: FromPath[str],
) -> Response[bytes]:
    """A new body, without seats at first."""
    agreed = visitor.arrangement(key)
    actor = actor_for(visitor, agreed)
    typed, state = read(NewBodyForm, form)
    if typed and (wrong := {**typed.missing(), **_taken(agreed, typed.key)}):
        typed, state = None, replace(state, errors=wrong, open=True)
    if typed is None:
        return _draw_new(request, agreed, state, 422)
    body = BodyShape(key=typed.key, name=typed.name, meets=typed.recurrence(agreed.zone))
    edited = EditedEntry("body", typed.key, "")
    done = keep(db, agreed, with_entry("body", body), edited, state, actor=actor, now=now)
    address = addresses.arrangements(key, "bodies", typed.key)
    return see_other(address) if done.state is None else _draw_new(request, agreed, done.state, done.status)


@get("/arrangements/{key:str}/bodies", sync_to_thread=True)
def show_new_body(request: Asking, visitor: NamedDependency[Visitor], key: FromPath[str]) -> Response[bytes]:
    """The form for a new body."""
    agreed = visitor.arrangement(key)
    actor_for(visitor, agreed)
    return _draw_new(request, agreed, FormState(), 200)


def _asked(request: Asking, visitor: Visitor, db: Database, key: str, body: str, now: datetime) -> BodyRequest:
    agreed = visitor.arrangement(key)
    with db.read() as session:
        asked = BodyRequest(request, visitor, arrangement(session, agreed.id), kept(session, agreed.id), body, now)
    if body not in asked.charter.body:
        raise NotThere(f"There is no body {body}.")
    return asked


def _again(asked: BodyRequest, db: Database) -> BodyRequest:
    return _asked(asked.request, asked.visitor, db, asked.agreed.key, asked.body, asked.now)


def _keep(
    asked: BodyRequest, db: Database, change: Change, form: Form, state: FormState, organisation: str | None = None
) -> tuple[int, FormState]:
    edited = EditedEntry("body", asked.body, str(form.get("version", "")))
    actor = actor_for(asked.visitor, asked.agreed, organisation)
    done = keep(db, asked.agreed, change, edited, state, actor=actor, now=asked.now)
    return done.status, done.state or state


def _draw(
    asked: BodyRequest,
    *,
    status: int = 200,
    head: FormState | None = None,
    seated: Mapping[str, SeatsForm] | None = None,
) -> Response[bytes]:
    shape = asked.charter.body[asked.body]
    on = day_in(asked.agreed.zone, asked.now)
    return page(
        asked.request,
        "arrangements/body.html",
        status=status,
        agreed=asked.agreed,
        body=shape,
        address=asked.address,
        meets=meeting_words(shape.meets),
        next_meetings=meetings_after(shape.meets, asked.now),
        table=next(each for each in tables(asked.agreed, on) if each.body.key == asked.body),
        head=head or FormState(values=typed_body(shape)),
        often_choices=OFTEN_CHOICES,
        may_change=may_arrange(asked.visitor.viewer, asked.agreed),
        led=led_by(asked.visitor.viewer, asked.agreed),
        seating={**_seatings(asked), **(seated or {})},
        people=choices_of(asked.charter).people,
        version=fingerprint(asked.charter, "body", asked.body),
    )


def _seatings(asked: BodyRequest) -> dict[str, SeatsForm]:
    seats = asked.charter.body[asked.body].seats
    return {
        key: SeatsForm(FormState(), seat_rows([seat for seat in seats if seat.organisation == key]))
        for key in asked.charter.organisation
    }


def _draw_new(request: Asking, agreed: Arrangement, form: FormState, status: int) -> Response[bytes]:
    template = "arrangements/new_body.html"
    return page(request, template, status=status, agreed=agreed, form=form, often_choices=OFTEN_CHOICES)


def _taken(agreed: Arrangement, key: str) -> dict[str, str]:
    taken = key in agreed.bodies and not agreed.bodies[key].retired
    return {"key": f"There is a body {key} already."} if taken else {}


routes = [show_body, change_body, change_seats, show_new_body, add_body]
