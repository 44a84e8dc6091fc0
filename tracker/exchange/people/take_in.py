"""Taking in a list of people: what was planned, all at once, with one word of it to the leads."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from tracker.actions.people.belong import correct_name
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import Change
from tracker.exchange.charter.shapes import BodyShape, MembershipShape, PersonShape, SeatShape
from tracker.exchange.people.plan import ListedIn, PeoplePlan, PersonFate, PlannedPerson
from tracker.exchange.people.reading import PeopleList
from tracker.queries.arrangements import arrangement
from tracker.records.partnership_chain import record
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import PeopleTakenIn
from tracker.rules.rings import Role
from tracker.rules.wording import listed


def people_planned(
    session: Session, partnership_id: int, given: PeopleList, *, own: str | None, roles: Iterable[Role] = ()
) -> PeoplePlan:
    """What taking this list in would do now. `own`, `roles`: see `ListedIn`."""
    agreed, charter = arrangement(session, partnership_id), kept(session, partnership_id)
    return ListedIn(agreed, charter, own, tuple(roles)).plan(given)


def take_in_people(session: Session, partnership_id: int, plan: PeoplePlan, *, actor: Actor, now: datetime) -> None:
    """Whoever is to be added is invited, whoever is to be changed is; nobody else. Refuses: WrongFile, what does not
    fit together; MoveNotAllowed, where a proposal waits about the same; TooOften, where too many were written to."""
    if not plan.todo:
        return
    agreed = arrangement(session, partnership_id)
    names = {each.address: each.name for each in plan.of(PersonFate.ADDED)}
    people = {each.email: each for each in agreed.people.values()}
    revise(session, partnership_id, _with_people(plan.todo), actor=actor, now=now, typed=names, together=True)
    for each in plan.todo:
        if each.renamed:
            place = agreed.organisation(each.organisation).id
            correct_name(session, people[each.address].id, place, name=each.name, actor=actor, now=now)
    sides = sorted({each.organisation for each in plan.todo})
    kind = PeopleTakenIn(
        added=len(plan.of(PersonFate.ADDED)),
        changed=len(plan.of(PersonFate.CHANGED)),
        organisation_names=listed(agreed.organisation(each).name for each in sides),
    )
    record(session, partnership_id=partnership_id, kind=kind, actor=actor, now=now)


def _with_people(people: Collection[PlannedPerson]) -> Change:

    def change(charter: Charter) -> Charter:
        known = dict(charter.person)
        for each in people:
            if each.roles is not None:
                known[each.address] = _with_place(known.get(each.address), each)
        bodies = {key: _with_seats(body, people) for key, body in charter.body.items()}
        return replace(charter, person=known, body=bodies)

    return change


def _with_place(known: PersonShape | None, planned: PlannedPerson) -> PersonShape:
    others = [each for each in known.organisations if each.key != planned.organisation] if known else []
    here = MembershipShape(key=planned.organisation, roles=planned.roles or ())
    name = known.name if known else planned.name
    return PersonShape(email=planned.address, name=name, organisations=(*others, here))


def _with_seats(body: BodyShape, people: Iterable[PlannedPerson]) -> BodyShape:
    """With the seats that the list has on it: one that is there keeps its place and its deputy."""
    typed = {(each.address, each.organisation): seat for each in people for seat in each.seats if seat.body == body.key}
    if not typed:
        return body
    seats = []
    for kept_seat in body.seats:
        seat = typed.pop((kept_seat.person, kept_seat.organisation or ""), None)
        flags = {"holds": seat.holds, "chair": seat.chair} if seat else {}
        seats.append(kept_seat.model_copy(update=flags))
    new = (
        SeatShape(person=address, organisation=side, holds=seat.holds, chair=seat.chair)
        for (address, side), seat in typed.items()
    )
    return body.model_copy(update={"seats": (*seats, *new)})
