"""A body: when it meets, which all leads agree, and who sits on it, which each organisation's lead says for its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.fields import Key, Line, Meets
from tracker.exchange.charter.revisions import fingerprint, with_entry, with_seats, without
from tracker.exchange.charter.shapes import BodyShape, SeatShape
from tracker.pages.arrangements.choices import choices_of
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.organisations import active
from tracker.pages.web.choosing import chosen_person
from tracker.pages.web.forms import Form, Shape, number_in, read
from tracker.pages.web.moments import moment_text
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.people import LONGEST_TYPED, UnclearPerson, tables
from tracker.records.governance import meetings_after, no_meeting_text
from tracker.rules.arrangement import Arrangement
from tracker.rules.meetings import Meetings, read_meetings
from tracker.rules.refusals import NotThere
from tracker.rules.spans import in_utc
from tracker.rules.wording import city_of

SPARE_SEATS, MEETINGS = 2, 6
MOST_NAMED = 200  # in one form, deputies among them
BECOMES = (Choice("cancelled", "It is cancelled"), Choice("put_off", "It is put off to a later day or hour"))
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

    sentences = {"meets.value_error": "Give a recurrence as calendars write it: {error}."}
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
    chosen = {
        "often": meetings.often,
        "first_on": meetings.first_on.isoformat(),
        "at": meetings.at.isoformat("minutes"),
    }
    return {"name": body.name, **chosen}


def with_people(form: Form, people: Sequence[Choice]) -> tuple[Form, str]:
    """The same form, who is named in it by their addresses, and why somebody is not clear ("": all are)."""
    fields, why = [], ""
    if sum(_names_somebody(name) and bool(value) for name, value in form.multi_items()) > MOST_NAMED:
        return form, f"Name at most {MOST_NAMED} people, deputies among them."
    for name, value in form.multi_items():
        try:
            fields.append((name, chosen_person(str(value).strip(), people) if _names_somebody(name) else value))
        except UnclearPerson as unclear:
            fields.append((name, value))
            why = why if _is_address(str(value)) else str(unclear)  # whose it is not, the check of seats says
    return Form(fields), why


def _names_somebody(field: str) -> bool:
    return field.startswith(("person", "deputy"))


def _is_address(typed: str) -> bool:
    return "@" in typed and "<" not in typed and len(typed) <= LONGEST_TYPED


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
class SeatsForm:
    """The form for one organisation's seats, with a row for each and a few to spare."""

    state: FormState
    rows: Sequence[SeatShape | None]


@get("/arrangements/{key:str}/bodies/{body_key:str}", sync_to_thread=True)
def show_body(asked: NamedDependency[ArrangementRequest], body_key: FromPath[str]) -> Response[bytes]:
    """When it meets, and who sits opposite whom."""
    return draw_body(asked, body_key)


@post("/arrangements/{key:str}/bodies/{body_key:str}", sync_to_thread=True)
def change_body(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], body_key: FromPath[str]
) -> Response[bytes]:
    """Its name and meetings. Limits that wait for a meeting are worked out anew."""
    body = body_of(asked.charter(), body_key)
    asked.require_lead()
    typed, state = read(BodyForm, form)
    if typed and (missing := typed.missing()):
        typed, state = None, replace(state, errors=missing, open=True)
    if typed is None:
        return draw_body(asked, body_key, head=state, status=422)
    changed = body.model_copy(update={"name": typed.name, "meets": typed.recurrence(asked.agreed.zone)})
    speaks = asked.speaking(form)
    status, state = asked.keep(
        with_entry("body", changed), "body", body_key, version_in(form), state, organisation=speaks
    )
    if status == 303:
        return asked.sent(state, "bodies", body_key)
    return draw_body(asked, body_key, head=state, status=status)


@post("/arrangements/{key:str}/bodies/{body_key:str}/seats/{side_key:str}", sync_to_thread=True)
def change_seats(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    body_key: FromPath[str],
    side_key: FromPath[str],
) -> Response[bytes]:
    """One organisation's seats, in their order: the first that holds is the opposite number."""
    body_of(asked.charter(), body_key)
    asked.require_lead(active(asked.agreed, side_key))
    named, unclear = with_people(form, choices_of(asked.charter())["people"][side_key])
    seats = typed_seats(form, side_key)
    if unclear:
        seated = SeatsForm(FormState(problem=unclear, open=True), seat_rows(seats))
        return draw_body(asked, body_key, seated={side_key: seated}, status=422)
    change = with_seats(body_key, side_key, typed_seats(named, side_key))
    status, state = asked.keep(change, "body", body_key, version_in(form), FormState(), organisation=side_key)
    if status == 303:
        return asked.sent(state, "bodies", body_key)
    return draw_body(asked, body_key, seated={side_key: SeatsForm(state, seat_rows(seats))}, status=status)


@post("/arrangements/{key:str}/bodies", sync_to_thread=True)
def add_body(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """A new body, without seats at first."""
    asked.require_lead()
    typed, state = read(NewBodyForm, form)
    if typed and (wrong := {**typed.missing(), **_taken(asked.agreed, typed.key)}):
        typed, state = None, replace(state, errors=wrong, open=True)
    if typed is None:
        return _draw_new(asked, state, 422)
    body = BodyShape(key=typed.key, name=typed.name, meets=typed.recurrence(asked.agreed.zone))
    status, state = asked.keep(
        with_entry("body", body), "body", typed.key, "", state, organisation=asked.speaking(form)
    )
    return asked.sent(state, "bodies", typed.key) if status == 303 else _draw_new(asked, state, status)


@post("/arrangements/{key:str}/bodies/{body_key:str}/retirement", sync_to_thread=True)
def retire_body(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], body_key: FromPath[str]
) -> Response[bytes]:
    """With its seats. Refused while it is a tier of a ladder."""
    body_of(asked.charter(), body_key)
    asked.require_lead()
    speaks, change = asked.speaking(form), without("body", body_key)
    status, state = asked.keep(change, "body", body_key, version_in(form), FormState(), organisation=speaks)
    return asked.sent(state) if status == 303 else draw_body(asked, body_key, retiring=state, status=status)


@get("/arrangements/{key:str}/bodies", sync_to_thread=True)
def show_new_body(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The form for a new body."""
    asked.require_lead()
    return _draw_new(asked, FormState())


def body_of(charter: Charter, key: str) -> BodyShape:
    """Refuses: NotThere."""
    if key not in charter.body:
        raise NotThere(f"There is no body {key}.")
    return charter.body[key]


def next_meetings(meets: str | None, now: datetime) -> tuple[datetime, ...]:
    """Those of which a lead can cancel one, or put it off."""
    return tuple(in_utc(each) for each in meetings_after(meets, now, count=MEETINGS))


def draw_body(
    asked: ArrangementRequest,
    key: str,
    *,
    status: int = 200,
    head: FormState | None = None,
    one: FormState | None = None,
    retiring: FormState | None = None,
    seated: Mapping[str, SeatsForm] | None = None,
) -> Response[bytes]:
    asked, charter = asked.anew()
    body = body_of(charter, key)
    zone, year = asked.agreed.zone, asked.now.year
    planned = next_meetings(body.meets, asked.now)
    return asked.draw(
        "body",
        status=status,
        body=body,
        one=one or FormState(),
        retiring=retiring or FormState(),
        meeting_choices=tuple(
            Choice(each.isoformat(), f"{moment_text(each, zone, year)} in {city_of(zone)}") for each in planned
        ),
        address=asked.address("bodies", key),
        meets=body.meets,
        next_meetings=planned[:3],
        no_meeting=no_meeting_text(body.meets),
        remarks=asked.remarks(charter, "body", key),
        table=next(each for each in tables(asked.agreed, asked.now) if each.body.key == key),
        head=head or FormState(values=typed_body(body)),
        often_choices=OFTEN_CHOICES,
        becomes_choices=BECOMES,
        led=asked.led,
        seating={side: _seating(body, side) for side in charter.organisation} | dict(seated or {}),
        people=choices_of(charter)["people"],
        version=fingerprint(charter, "body", key),
    )


def _seating(body: BodyShape, side_key: str) -> SeatsForm:
    return SeatsForm(FormState(), seat_rows([seat for seat in body.seats if seat.organisation == side_key]))


def _draw_new(asked: ArrangementRequest, form: FormState, status: int = 200) -> Response[bytes]:
    return asked.draw("new_body", status=status, form=form, often_choices=OFTEN_CHOICES)


def _taken(agreed: Arrangement, key: str) -> dict[str, str]:
    taken = key in agreed.bodies and not agreed.bodies[key].retired
    return {"key": "There is a body with this short name already."} if taken else {}


routes = [show_body, change_body, change_seats, retire_body, show_new_body, add_body]
