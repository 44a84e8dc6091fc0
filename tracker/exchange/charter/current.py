"""The charter of a partnership as it is kept: what an export writes and a plan starts from."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from sqlmodel import Session, select

from tracker.exchange.charter.calendar_shape import CalendarShape
from tracker.exchange.charter.charter import Charter, key_of
from tracker.exchange.charter.report_shape import BaselineShape, ReportShape
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
    SignInShape,
    ThemeShape,
    TierShape,
)
from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Organisation
from tracker.reports.themes.request import thresholds_of
from tracker.rules.agreement import Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Ladder, Person, Seat, Tier

S = TypeVar("S", bound=CharterEntry)


def kept(session: Session, partnership_id: int) -> Charter:
    """What is agreed or proposed and not retired; of a ladder its newest version."""
    agreed = arrangement(session, partnership_id)
    newest = newest_versions(agreed)
    in_force = {key: agreed.ladder_in_force(key) for key in newest}
    return Charter(
        partnership=PartnershipShape(
            key=agreed.key,
            name=agreed.name,
            zone=agreed.zone,
            never_name=agreed.never_name,
            identifiers=agreed.identifiers,
            paper=agreed.paper,
        ),
        organisation=_by_key(_organisations(session, partnership_id)),
        person=_by_key(_person(each) for each in agreed.people.values() if each.places),
        body=_by_key(_body(each, agreed) for each in agreed.bodies.values() if not each.retired),
        ladder=_by_key(ladder_shape(each, agreed) for each in newest.values() if not each.retired),
        route=_by_key(_led(RouteShape, each, agreed, when=dict(each.when)) for each in agreed.routes),
        clause=_by_key(_like(ClauseShape, each) for each in agreed.clauses if not each.retired),
        service_area=_by_key(_led(ServiceAreaShape, each, agreed) for each in agreed.service_areas if not each.retired),
        group=_by_key(_like(GroupShape, each) for each in agreed.theme_groups),
        theme=_by_key(_like(ThemeShape, each) for each in agreed.themes.values() if not each.retired),
        report=ReportShape(**{**agreed.report.thresholds, **asdict(thresholds_of(agreed))}),
        in_force={key: ladder_shape(each, agreed) for key, each in in_force.items() if each is not None},
        baselines=_by_key(BaselineShape.of(each) for each in agreed.report.baselines),
    )


def newest_versions(agreed: Arrangement) -> dict[str, Ladder]:
    """The newest version of every ladder, in force or not, of retired ones too."""
    return {each.key: each for each in agreed.ladders.values()}  # of one ladder they come by number


def ladder_shape(ladder: Ladder, agreed: Arrangement) -> LadderShape:
    """A version of a ladder as the charter says it."""
    return _like(LadderShape, ladder, tiers=tuple(_tier(each, agreed) for each in ladder.tiers))


def _tier(tier: Tier, agreed: Arrangement) -> TierShape:
    body = agreed.bodies.get(tier.body)
    name = None if body and body.name == tier.name else tier.name
    return _like(TierShape, tier, body=tier.body or None, name=name)


def _organisations(session: Session, partnership_id: int) -> Iterable[OrganisationShape]:
    found = select(Organisation).where(Organisation.partnership_id == partnership_id).order_by(Organisation.position)  # type: ignore[arg-type]
    for row in session.exec(found):
        if row.retired_at is None:
            sign_in = SignInShape.model_construct(require=row.demand)
            calendar = CalendarShape(**row.calendar)
            yield OrganisationShape(key=row.key, name=row.name, calendar=calendar, sign_in=sign_in)


def _person(person: Person) -> PersonShape:
    """As a member, or as they were invited: under the name that was typed."""
    organisations = tuple(MembershipShape(key=key, roles=tuple(roles)) for key, roles in person.places.items())
    return PersonShape(email=person.email, name=person.name, organisations=organisations)


def _body(body: Body, agreed: Arrangement) -> BodyShape:
    """Its meetings as they are kept: an older version took recurrences that are refused today."""
    seats = tuple(_seat(each, agreed) for each in body.seats)
    return _like(BodyShape, body, meets=None, seats=seats).model_copy(update={"meets": body.meets})


def _seat(seat: Seat, agreed: Arrangement) -> SeatShape:
    deputy = agreed.people[seat.deputy_id].email if seat.deputy_id else None
    return _like(SeatShape, seat, person=agreed.people[seat.person_id].email, deputy=deputy)


def _led(shape: type[S], entry: Route | ServiceArea, agreed: Arrangement, **said: Any) -> S:
    leads = {key: agreed.people[person].email for key, person in sorted(entry.leads.items())}
    return _like(shape, entry, leads=leads, **said)


def _like(shape: type[S], entry: object, **said: Any) -> S:
    """The shape with the fields that an entry has by the same names, but for what is said otherwise."""
    same = {name: getattr(entry, name) for name in shape.model_fields if hasattr(entry, name)}
    return shape(**{**same, **said})


def _by_key(entries: Iterable[S]) -> dict[str, S]:
    return {key_of(each): each for each in entries}
