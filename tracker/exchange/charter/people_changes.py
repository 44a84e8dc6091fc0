"""What a change of the arrangement did to people, an event for each person and organisation."""

from collections.abc import Iterator

from tracker.rules.arrangement import Arrangement, Organisation, Person
from tracker.rules.events.people import (
    InvitationEnded,
    NameCorrected,
    OfPerson,
    PersonInvited,
    PersonLeft,
    RolesChanged,
)
from tracker.rules.rings import Role

_NOBODY = Person(0, "", "", {})


def people_changes(
    before: Arrangement, after: Arrangement, *, by_id: int | None, together: bool = False
) -> Iterator[OfPerson]:
    """In the order of names. `by_id`: who did it, so that whoever ends an invitation of their own declines it.
    `together`: many at once, so that leads hear of all in one."""
    for person in after.people.values():
        old = before.people.get(person.id, _NOBODY)
        for key in sorted(old.places.keys() | person.places.keys()):
            yield from _changes_at(old, person, after.organisation(key), by_id, together)


def _changes_at(
    old: Person, new: Person, organisation: Organisation, by_id: int | None, together: bool
) -> Iterator[OfPerson]:
    key = organisation.key
    place = {"key": new.email, "organisation": key, "organisation_name": organisation.name}
    name, before, after = old.called_in(key), old.places.get(key), new.places.get(key)
    if before is None and after is not None:
        roles = _in_order(after)
        called = new.called_in(key)
        yield PersonInvited(**place, person_name=called, address=new.email, roles=roles, together=together)
    elif after is None and key in old.invited:
        yield InvitationEnded(**place, person_name=name, declined=by_id == old.id)
    elif after is None:
        yield PersonLeft(**place, person_name=name)
    elif before is not None:
        if before != after:
            was, now = _in_order(before), _in_order(after)
            yield RolesChanged(**place, person_name=name, before=was, after=now, together=together)
        if key in old.invited and name != new.called_in(key):
            yield NameCorrected(**place, person_name=name, after=new.called_in(key))


def _in_order(roles: frozenset[Role]) -> tuple[str, ...]:
    return tuple(role.value for role in Role if role in roles)
