"""What a lead types about a body: its name and meetings, and the seats of one organisation."""

from collections.abc import Sequence
from datetime import date, time
from typing import Literal

from tracker.exchange.charter.shapes import BodyShape, SeatShape
from tracker.exchange.charter.values import Key, Line, Meets
from tracker.pages.forms import Form, Shape, number_in
from tracker.pages.part_views import Choice
from tracker.rules.meetings import Meetings, read_meetings

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
