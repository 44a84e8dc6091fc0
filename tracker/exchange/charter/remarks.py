"""What in a charter is taken as it stands, and is worth a look: it is hardly meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.shapes import BodyShape, LadderShape, RouteShape
from tracker.queries.administration.second_factors import second_factors
from tracker.queries.arrangement_tables import parts_with_more
from tracker.records.governance import meetings_after, no_meeting_text
from tracker.records.partnership import Organisation, Partnership
from tracker.rules.agreement import Route
from tracker.rules.rings.doors import Demand
from tracker.rules.routing import never_taken
from tracker.rules.wording import listed

_NAMED = 3  # routes


@dataclass(frozen=True, slots=True)
class Remark:
    """One of them: of an entry, by its table, key and field in a file; on a page by its name."""

    table: str
    key: str
    field: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"[[{self.table}]] {self.key}, {self.field}: {self.text}"


def remarks(charter: Charter, now: datetime) -> Iterator[Remark]:
    """One for each mistake, in the order of the file."""
    for organisation in charter.organisation.values():
        if text := holidays_remark(organisation.calendar.holidays):
            yield Remark("organisation", organisation.key, "calendar, holidays", organisation.name, text)
    climbed = {tier.body for each in charter.ladder.values() for tier in each.tiers if not tier.external}
    for body in charter.body.values():
        if body.meets and not meetings_after(body.meets, now):
            yield Remark("body", body.key, "meets", body.name, no_meeting_text(body.meets))
        if body.key in climbed and (text := _vacancy_text(body, charter)):
            yield Remark("body", body.key, "seats", body.name, text)
    told: set[tuple[str | None, ...]] = set()
    for ladder in charter.ladder.values():
        bodies = tuple(tier.body for tier in ladder.tiers)
        if bodies not in told and (text := _twice_text(ladder, charter)):
            told.add(bodies)  # its expedited twin has the same
            yield Remark("ladder", ladder.key, "tiers", f"{ladder.name} ladder", text)
    yield from _of_routes(charter)


def demand_remarks(session: Session, after: Charter) -> Iterator[str]:
    """Of a file that asks for a second factor where none was asked for: who has none yet."""
    asked = select(Organisation).join(Partnership).where(Partnership.key == after.partnership.key)
    for row in session.exec(asked.order_by(Organisation.position)):  # type: ignore[arg-type]
        wish = after.organisation[row.key].sign_in.require if row.key in after.organisation else None
        counted = second_factors(session, row.id)
        if wish is Demand.SECOND_FACTOR and row.demand is not wish and counted.without:
            have = f"{counted.without} of {counted.people} people are without a second factor"
            yield f"[[organisation]] {row.key}, sign_in, require: {have}, and nothing of it shows to them until then"


def holidays_remark(code: str | None) -> str:
    """That a list of public holidays is of a whole country, where its parts keep more; "" where they do not."""
    parts = parts_with_more(code) if code else ()
    if not parts:
        return ""
    return f"“{code}” leaves out the public holidays that only parts of the country keep; its parts are {listed(parts)}"


def _vacancy_text(body: BodyShape, charter: Charter) -> str:
    """Of a body that issues reach: for whom nobody holds there."""
    held = {seat.organisation for seat in body.seats if seat.holds}
    vacant = [each.name for key, each in charter.organisation.items() if key not in held]
    if not vacant:
        return ""
    return f"nobody holds there for {listed(vacant)}; an issue that comes there is passed to the next tier at once"


def _twice_text(ladder: LadderShape, charter: Charter) -> str:
    bodies = [tier.body for tier in ladder.tiers if tier.body]
    twice = [key for key in dict.fromkeys(bodies) if bodies.count(key) > 1]
    names = [charter.body[key].name if key in charter.body else key for key in twice]
    return f"{listed(names)} is more than one of its tiers: an issue would climb to those who have it" if names else ""


def _of_routes(charter: Charter) -> Iterator[Remark]:
    routes = tuple(_frozen(each) for each in charter.route.values())
    conditions = {each.key: {name: {*values} for name, values in each.when.items()} for each in routes}
    for key, takers in never_taken(routes, charter.organisation, charter.service_area).items():
        same = [each for each in takers if conditions[each] == conditions[key]]
        if same:
            text = f"asks for just what route {same[0]} asks for, which is tried first; it is never taken"
        elif takers:
            more = [f"{len(takers) - _NAMED} more"] if len(takers) > _NAMED else []
            those = f"route {takers[0]}" if len(takers) == 1 else f"routes {listed([*takers[:_NAMED], *more])}"
            text = f"is never taken: all it asks for goes by {those}, tried first"
        else:
            text = "can never match: nobody raises an issue with their own organisation"
        yield Remark("route", key, "when", f"Route {key}", text)


def _frozen(shape: RouteShape) -> Route:
    return Route(shape.key, {name: tuple(each) for name, each in shape.when.kept().items()}, shape.ladder)
