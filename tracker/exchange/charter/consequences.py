"""What a change of the arrangement does to issues that are on their way: limits move, seats are inherited."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from tracker.actions.count_months import mark_every_month
from tracker.actions.inherit import inherit, seat_holders
from tracker.actions.recompute_limits import recompute_limits
from tracker.exchange.charter.plan import Plan
from tracker.rules.arrangement import Arrangement, Organisation, Person, Seat


def carry_on(session: Session, before: Arrangement, after: Arrangement, done: Plan, now: datetime) -> None:
    """Clocks are reckoned anew where a calendar, a body's meetings or the zone changed, and by another zone months are
    counted anew; who left is inherited."""
    recompute_limits(session, before, after, now=now)
    if done.touches("partnership", "zone"):
        mark_every_month(session, after.id, now)
    for person, organisation in _leavers(before, after):
        inherit(session, after, person=person, organisation=organisation, now=now)
    if _seats(before) != _seats(after):
        seat_holders(session, after, now=now)


def _leavers(before: Arrangement, after: Arrangement) -> Iterator[tuple[Person, Organisation]]:
    for person in before.people.values():
        for key in sorted(person.roles.keys() - after.people[person.id].roles.keys()):
            yield person, before.organisation(key)


def _seats(agreed: Arrangement) -> set[tuple[str, Seat]]:
    """Every seat of somebody who belongs, by its body."""
    seats = ((body.key, seat) for body in agreed.bodies.values() for seat in body.seats)
    return {(key, seat) for key, seat in seats if seat.organisation in agreed.people[seat.person_id].roles}
