"""Who is asking, as the policy sees them."""

from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.rings import Membership, Viewer


def viewer_of(person_id: int, *arrangements: Arrangement) -> Viewer:
    """A person as the viewer of these partnerships; a stranger to them has no memberships."""
    name = next((each.people[person_id].name for each in arrangements if person_id in each.people), "")
    return Viewer(
        person_id=person_id,
        name=name,
        memberships=tuple(each for where in arrangements for each in _memberships(person_id, where)),
        bodies=frozenset(
            body.id
            for where in arrangements
            for body in where.bodies.values()
            if any(_sits(person_id, seat.person_id, seat.organisation, where) for seat in body.seats)
        ),
    )


def actor_of(viewer: Viewer, membership: Membership, arrangement: Arrangement) -> Actor:
    """A person speaking for one of their organisations."""
    organisation = arrangement.organisations[membership.organisation_id]
    return Actor(viewer.person_id, viewer.name, organisation.id, organisation.key, organisation.name)


def _memberships(person_id: int, arrangement: Arrangement) -> tuple[Membership, ...]:
    person = arrangement.people.get(person_id)
    if person is None or person.retired:
        return ()
    return tuple(
        Membership(organisation.id, organisation.key, arrangement.id, arrangement.key, person.roles[organisation.key])
        for organisation in arrangement.organisations.values()
        if organisation.key in person.roles and not organisation.retired
    )


def _sits(person_id: int, seated_id: int, organisation: str, arrangement: Arrangement) -> bool:
    person = arrangement.people.get(person_id)
    return seated_id == person_id and person is not None and organisation in person.roles
