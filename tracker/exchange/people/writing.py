"""The people of organisations as rows, which can be taken in again."""

from collections.abc import Iterable, Iterator

from tracker.exchange.people.cells import cell_of
from tracker.exchange.people.reading import COLUMNS
from tracker.queries.people import members
from tracker.reports.spreadsheet import Sheet
from tracker.rules.arrangement import Arrangement, Organisation, Seat
from tracker.rules.rings import Role


def people_sheet(agreed: Arrangement, organisations: Iterable[str]) -> Sheet:
    """A row for each person and organisation (by their keys); who is invited by the name that was typed."""
    sides = [agreed.organisation(each) for each in organisations]
    return Sheet("People", tuple(COLUMNS), [row for side in sides for row in _rows(agreed, side)])


def _rows(agreed: Arrangement, side: Organisation) -> Iterator[tuple[str, ...]]:
    seats: dict[int, list[str]] = {}
    for body in agreed.bodies.values():
        for seat in body.seats:
            if seat.organisation == side.key and not body.retired:
                seats.setdefault(seat.person_id, []).append(_seat_text(body.key, seat))
    for each in members(agreed, side.key):
        roles = cell_of(role.value for role in Role if role in each.roles)
        yield each.name, each.email, side.key, roles, cell_of(seats.get(each.id, ()))


def _seat_text(body: str, seat: Seat) -> str:
    return " ".join((body, *(["holds"] if seat.holds else []), *(["chair"] if seat.chair else [])))
