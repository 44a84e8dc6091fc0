"""What a change of the arrangement does to issues that are on their way: limits move, seats are inherited."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from tracker.actions.count_months import mark_every_month
from tracker.actions.inherit import inherit
from tracker.actions.recompute_limits import recompute_limits
from tracker.exchange.charter.plan import Plan
from tracker.rules.arrangement import Arrangement, Organisation, Person
from tracker.rules.wording import listed


def carry_on(session: Session, before: Arrangement, after: Arrangement, done: Plan, now: datetime) -> None:
    """Limits are worked out anew where a calendar, a body's meetings or the zone changed, and by another zone
    months are counted anew; who left is inherited."""
    changed = [after.organisation(key) for key in done.touches("organisation", "calendar")]
    if changed:
        why = f"the calendar of {listed(each.name for each in changed)} changed"
        recompute_limits(session, after, organisation_ids={each.id for each in changed}, now=now, why=why)
    if done.touches("body", "meets") or done.touches("partnership", "zone"):
        why = "the meetings of a body changed" if done.touches("body", "meets") else "the partnership's zone changed"
        recompute_limits(session, after, organisation_ids=set(after.organisations), now=now, why=why)
    if done.touches("partnership", "zone"):
        mark_every_month(session, after.id, now)
    for person, organisation in _leavers(before, after):
        inherit(session, after, person=person, organisation=organisation, now=now)


def _leavers(before: Arrangement, after: Arrangement) -> Iterator[tuple[Person, Organisation]]:
    for person in before.people.values():
        for key in sorted(person.roles.keys() - after.people[person.id].roles.keys()):
            yield person, before.organisation(key)
