"""A charter as the frozen arrangement it would be, for rules to look at before anything is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zlib import crc32

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.plan import versioned
from tracker.exchange.charter.shapes import LadderShape, RouteShape, SeatShape, ServiceAreaShape
from tracker.rules.agreement import Clause, Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Ladder, Organisation, Person, Seat, Tier


def frozen(charter: Charter, kept: Arrangement) -> Arrangement:
    """What a charter says, as the partnership's arrangement would have it: what is there by its ids in `kept`, what is
    not yet by numbers below zero. Of a ladder the version in force, and a newer one as one that waits."""
    freezing = _Freezing(charter, kept, {each.email: each.id for each in kept.people.values()})
    return replace(
        kept,
        name=charter.partnership.name,
        zone=charter.partnership.zone,
        never_name=charter.partnership.never_name,
        identifiers=charter.partnership.identifiers,
        paper=charter.partnership.paper,
        organisations=freezing.organisations(),
        people=freezing.people(),
        bodies=freezing.bodies(),
        ladders=freezing.ladders(),
        routes=tuple(freezing.route(each) for each in charter.route.values()),
        clauses=tuple(Clause(**each.model_dump()) for each in charter.clause.values()),
        service_areas=tuple(freezing.area(each) for each in charter.service_area.values()),
        report=replace(
            kept.report,
            thresholds=charter.report.changed(),
            baselines=tuple(each.baseline() for each in charter.baselines.values()),
        ),
    )


@dataclass(frozen=True)
class _Freezing:
    charter: Charter
    kept: Arrangement
    ids: Mapping[str, int]

    def organisations(self) -> dict[int, Organisation]:
        known = {each.key: each for each in self.kept.organisations.values()}
        found = {key: replace(each, retired=key not in self.charter.organisation) for key, each in known.items()}
        for at, (key, shape) in enumerate(self.charter.organisation.items(), start=len(known)):
            if key not in known:
                found[key] = Organisation(_new(key), key, shape.name, shape.calendar.working(shape.name), at)
        return {each.id: each for each in found.values()}

    def people(self) -> dict[int, Person]:
        found = {each.id: replace(each, roles={}, invited={}, retired=True) for each in self.kept.people.values()}
        for email, shape in self.charter.person.items():
            person_id = self._person(email)
            roles = {each.key: frozenset(each.roles) for each in shape.organisations}
            known = found.get(person_id) or Person(person_id, email, shape.name, roles)
            found[person_id] = replace(known, roles=roles, retired=False)
        return found

    def bodies(self) -> dict[str, Body]:
        found = {key: replace(each, seats=(), retired=True) for key, each in self.kept.bodies.items()}
        for key, shape in self.charter.body.items():
            body_id = found[key].id if key in found else _new(key)
            found[key] = Body(body_id, key, shape.name, shape.meets, tuple(self._seat(each) for each in shape.seats))
        return found

    def ladders(self) -> dict[int, Ladder]:
        versions = {}
        for key, shape in self.charter.ladder.items():
            known, agreed = self.kept.ladder_in_force(key), self.charter.in_force.get(key)
            if known is not None:
                versions[known.id] = replace(known, default=shape.default, retired=False)
            if known is None or agreed is None or versioned(agreed) != versioned(shape):
                waiting = _waiting(shape, known.version + 1 if known else 1)
                versions[waiting.id] = waiting
        gone = {each.id: replace(each, retired=True) for each in self.kept.ladders.values()}
        return {**{key: each for key, each in gone.items() if each.key not in self.charter.ladder}, **versions}

    def route(self, shape: RouteShape) -> Route:
        when = {name: tuple(each) for name, each in shape.when.kept().items()}
        return Route(shape.key, when, shape.ladder, shape.start, shape.answers, self._leads(shape.leads))

    def area(self, shape: ServiceAreaShape) -> ServiceArea:
        return ServiceArea(shape.key, shape.name, shape.answers, self._leads(shape.leads))

    def _leads(self, leads: Mapping[str, str]) -> dict[str, int]:
        return {key: self._person(email) for key, email in leads.items()}

    def _seat(self, seat: SeatShape) -> Seat:
        deputy = self._person(seat.deputy) if seat.deputy else None
        return Seat(self._person(seat.person), seat.organisation or "", seat.holds, seat.chair, deputy)

    def _person(self, email: str) -> int:
        return self.ids.get(email) or _new(email)


def _waiting(shape: LadderShape, number: int) -> Ladder:
    tiers = tuple(
        Tier(at, each.name or each.body or "", each.body or "", each.limit)
        for at, each in enumerate(shape.tiers, start=1)
    )
    return Ladder(_new(shape.key), shape.key, number, shape.name or shape.key, shape.default, tiers)


def _new(key: str) -> int:
    return -1 - crc32(key.encode())
