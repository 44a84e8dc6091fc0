"""The charter of a partnership as it is kept: what an export writes and a plan starts from."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TypeVar

from sqlmodel import Session, select

from tracker.exchange.charter.calendar_shape import CalendarShape
from tracker.exchange.charter.charter import Charter, key_of
from tracker.exchange.charter.report_shape import ReportShape
from tracker.exchange.charter.shapes import (
    BodyShape,
    CharterEntry,
    ClauseShape,
    GroupShape,
    LadderShape,
    MembershipShape,
    OrganisationShape,
    PartnershipShape,
    PersonShape,
    RouteShape,
    SeatShape,
    ServiceAreaShape,
    ThemeShape,
    TierShape,
    WhenShape,
)
from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Organisation
from tracker.reports.themes.request import thresholds_of
from tracker.rules.agreement import Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Ladder, Person, Tier
from tracker.rules.rings import Role

S = TypeVar("S", bound=CharterEntry)


def kept(session: Session, partnership_id: int) -> Charter:
    """What is agreed or proposed and not retired; of a ladder its newest version."""
    agreed = arrangement(session, partnership_id)
    newest = newest_versions(agreed)
    in_force = {key: agreed.ladder_in_force(key) for key in newest}
    return Charter(
        partnership=PartnershipShape(key=agreed.key, name=agreed.name, zone=agreed.zone),
        organisation=_by_key(_organisations(session, partnership_id)),
        person=_by_key(_person(each) for each in agreed.people.values() if not each.retired),
        body=_by_key(_body(each, agreed) for each in agreed.bodies.values() if not each.retired),
        ladder=_by_key(ladder_shape(each, agreed) for each in newest.values() if not each.retired),
        route=_by_key(_route(each, agreed) for each in agreed.routes),
        clause=_by_key(
            ClauseShape(key=each.key, topic=each.topic, title=each.title, text=each.text)
            for each in agreed.clauses
            if not each.retired
        ),
        service_area=_by_key(_service_area(each, agreed) for each in agreed.service_areas if not each.retired),
        group=_by_key(GroupShape(key=each.key, name=each.name) for each in agreed.theme_groups),
        theme=_by_key(
            ThemeShape(**{name: value for name, value in asdict(each).items() if name != "retired"})
            for each in agreed.themes.values()
            if not each.retired
        ),
        report=ReportShape(**asdict(thresholds_of(agreed))),
        in_force={key: ladder_shape(each, agreed) for key, each in in_force.items() if each is not None},
    )


def newest_versions(agreed: Arrangement) -> dict[str, Ladder]:
    """The newest version of every ladder, in force or not, of retired ones too."""
    newest: dict[str, Ladder] = {}
    for each in agreed.ladders.values():
        if each.key not in newest or each.version > newest[each.key].version:
            newest[each.key] = each
    return newest


def ladder_shape(ladder: Ladder, agreed: Arrangement) -> LadderShape:
    """A version of a ladder as the charter says it."""
    return LadderShape(
        key=ladder.key,
        name=ladder.name,
        default=ladder.default,
        keep_in_loop=ladder.keep_in_loop,
        pause_cap=ladder.pause_cap,
        agree_silence=ladder.agree_silence,
        reopens_to_escalate=ladder.reopens_to_escalate,
        skip=ladder.skip,
        tiers=tuple(_tier(each, agreed) for each in ladder.tiers),
    )


def _tier(tier: Tier, agreed: Arrangement) -> TierShape:
    said = {name: value for name, value in asdict(tier).items() if name != "number"}
    body = agreed.bodies.get(tier.body)
    name = None if body and body.name == tier.name else tier.name
    return TierShape(**{**said, "body": tier.body or None, "name": name})


def _organisations(session: Session, partnership_id: int) -> Iterable[OrganisationShape]:
    found = select(Organisation).where(Organisation.partnership_id == partnership_id).order_by(Organisation.position)  # type: ignore[arg-type]
    for row in session.exec(found):
        if row.retired_at is None:
            yield OrganisationShape(key=row.key, name=row.name, calendar=CalendarShape(**row.calendar))


def _person(person: Person) -> PersonShape:
    organisations = tuple(
        MembershipShape(key=key, roles=tuple(role for role in Role if role in roles))
        for key, roles in sorted(person.roles.items())
    )
    return PersonShape(email=person.email, name=person.name, organisations=organisations)


def _body(body: Body, agreed: Arrangement) -> BodyShape:
    seats = tuple(
        SeatShape(
            person=agreed.people[seat.person_id].email,
            organisation=seat.organisation,
            holds=seat.holds,
            chair=seat.chair,
            deputy=agreed.people[seat.deputy_id].email if seat.deputy_id else None,
        )
        for seat in body.seats
    )
    return BodyShape(key=body.key, name=body.name, meets=body.meets, seats=seats)


def _route(route: Route, agreed: Arrangement) -> RouteShape:
    return RouteShape(
        key=route.key,
        when=WhenShape.model_validate(dict(route.when)),
        ladder=route.ladder,
        start=route.start,
        answers=route.answers,
        leads={key: agreed.people[person].email for key, person in sorted(route.leads.items())},
    )


def _service_area(area: ServiceArea, agreed: Arrangement) -> ServiceAreaShape:
    leads = {key: agreed.people[person].email for key, person in sorted(area.leads.items())}
    return ServiceAreaShape(key=area.key, name=area.name, answers=area.answers, leads=leads)


def _by_key(entries: Iterable[S]) -> dict[str, S]:
    return {key_of(each): each for each in entries}
