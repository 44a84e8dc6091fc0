"""What a change of the arrangement does to issues that are on their way: limits move, seats are inherited."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from tracker.actions.counting.months import mark_every_month
from tracker.actions.people.inherit import inherit, seat_holders
from tracker.actions.recompute_limits import recompute_limits
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.plan import Plan
from tracker.queries.issues import open_issues_of
from tracker.queries.ladder.kept import mark_every_climb
from tracker.rules.arrangement import Arrangement, Organisation, Person, Seat
from tracker.rules.events.kinds import Actor
from tracker.rules.policy import viewer_of
from tracker.rules.refusals import WrongFile
from tracker.rules.wording import listed, say_count
from tracker.rules.working_time import Calendar

_NAMED = 10


def carry_on(session: Session, before: Arrangement, after: Arrangement, done: Plan, now: datetime) -> None:
    """Clocks are reckoned anew where a calendar, a body's meetings or the zone changed, and by another zone months are
    counted anew, by other working time how issues climbed; who left is inherited."""
    recompute_limits(session, before, after, now=now)
    if done.touches("partnership", "time zone"):
        mark_every_month(session, after.id, now)
    if _measures_climbs(before) != _measures_climbs(after):
        mark_every_climb(session, after.id, now)
    for person, organisation in _leavers(before, after):
        inherit(session, after, person=person, organisation=organisation, now=now)
    if _seats(before) != _seats(after):
        seat_holders(session, after, now=now)


def refuse_unfinished(
    session: Session, agreed: Arrangement, before: Charter, after: Charter, *, actor: Actor, now: datetime
) -> None:
    """Refuses with WrongFile to retire an organisation that is a side of open issues: those that the doer may read by
    reference (who runs the server reads references alone), of the others their number."""
    viewer = viewer_of(actor.person_id, agreed, at=now) if actor.person_id else None
    for key in before.organisation.keys() - after.organisation.keys():
        side = agreed.organisation(key)
        count, refs = open_issues_of(session, side.id, viewer, most=_NAMED)
        if count:
            others = [say_count(count - len(refs), "other") if refs else say_count(count, "issue")]
            named = listed([*refs, *(others if count > len(refs) else [])])
            raise WrongFile(
                f"[[organisation]] {key}: found it gone while it is a side of {named} that are open; "
                "allowed is to retire it once they are resolved",
                plain=[f"{side.name} is a side of {named} that are open; retire it once they are resolved."],
            )


def _leavers(before: Arrangement, after: Arrangement) -> Iterator[tuple[Person, Organisation]]:
    for person in before.people.values():
        for key in sorted(person.roles.keys() - after.people[person.id].roles.keys()):
            yield person, before.organisation(key)


def _measures_climbs(agreed: Arrangement) -> tuple[str, list[tuple[str, str, Calendar]]]:
    """By what climbs are measured: days and working time, and under which name a past issue may tell of whom."""
    return agreed.zone, [(each.key, each.name, each.calendar) for each in agreed.organisations.values()]


def _seats(agreed: Arrangement) -> set[tuple[str, Seat]]:
    """Every seat of somebody who belongs, by its body."""
    seats = ((body.key, seat) for body in agreed.bodies.values() for seat in body.seats)
    return {(key, seat) for key, seat in seats if seat.organisation in agreed.people[seat.person_id].roles}
