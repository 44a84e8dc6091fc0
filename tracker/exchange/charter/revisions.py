"""Changes of a charter as leads make them on screen: each takes a charter and gives another."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from tracker.exchange.charter.calendar_shape import CalendarShape
from tracker.exchange.charter.charter import Charter, key_of
from tracker.exchange.charter.report_shape import BaselineShape, ReportShape
from tracker.exchange.charter.shapes import (
    BodyShape,
    CharterEntry,
    MembershipShape,
    PersonShape,
    RouteShape,
    SeatShape,
    ServiceAreaShape,
)
from tracker.rules.letters import LONGEST_LINE, is_address, undeliverable_text
from tracker.rules.refusals import NotThere, WrongFile
from tracker.rules.rings import Role
from tracker.rules.rings.doors import Demand

Led = TypeVar("Led", RouteShape, ServiceAreaShape)
Change = Callable[[Charter], Charter]
HEAD, REPORT, BASELINE = "partnership", "report", "baseline"


def fingerprint(charter: Charter, table: str, key: str) -> str:
    """What an entry says, in short: the same as long as nobody has changed it. "" where there is none, and of frozen
    limits, which are set anew whatever they were."""
    if table == BASELINE:
        return ""
    heads = {REPORT: charter.report, HEAD: charter.partnership}
    entry = heads[table] if table in heads else charter.table(table).get(key)
    said = json.dumps(entry.model_dump(mode="json"), sort_keys=True) if entry else ""
    return sha256(said.encode()).hexdigest()[:16] if said else ""


def with_entry(table: str, entry: CharterEntry) -> Change:
    """The entry as it is now, in its place or at the end."""
    return lambda charter: charter.with_table(table, {**charter.table(table), key_of(entry): entry})


def with_head(said: Mapping[str, object]) -> Change:
    """A partnership of which this is said."""
    return lambda charter: replace(charter, partnership=charter.partnership.model_copy(update=dict(said)))


def with_report(report: ReportShape) -> Change:
    """Other numbers of the rule."""
    return lambda charter: replace(charter, report=report)


def with_baseline(key: str, frozen: BaselineShape | None) -> Change:
    """Limits frozen, or let go. Refuses to let go what is not frozen: NotThere."""

    def change(charter: Charter) -> Charter:
        if frozen is None and key not in charter.baselines:
            raise NotThere("These limits are not frozen.")
        others = {each: limits for each, limits in charter.baselines.items() if each != key}
        return replace(charter, baselines={**others, **({key: frozen} if frozen else {})})

    return change


def without(table: str, key: str) -> Change:
    """One entry fewer."""

    def change(charter: Charter) -> Charter:
        return charter.with_table(table, {each: entry for each, entry in charter.table(table).items() if each != key})

    return change


def with_route_moved(key: str, *, up: bool) -> Change:
    """A route tried one place earlier or later; at the end of the list nothing changes."""

    def change(charter: Charter) -> Charter:
        order = list(charter.route)
        at = order.index(key)
        to = min(max(at + (-1 if up else 1), 0), len(order) - 1)
        order[at], order[to] = order[to], order[at]
        return replace(charter, route={each: charter.route[each] for each in order})

    return change


def with_default_ladder(key: str) -> Change:
    """Issues take this ladder where no route says otherwise."""

    def change(charter: Charter) -> Charter:
        ladders = {each: one.model_copy(update={"default": each == key}) for each, one in charter.ladder.items()}
        return charter.with_table("ladder", ladders)

    return change


def with_calendar(organisation: str, name: str, calendar: CalendarShape) -> Change:
    """An organisation with this name and calendar."""
    new = {"name": name, "calendar": calendar}
    return lambda charter: with_entry("organisation", charter.organisation[organisation].model_copy(update=new))(
        charter
    )


def with_demand(organisation: str, demand: Demand | None) -> Change:
    """An organisation that asks this of who signs in."""

    def change(charter: Charter) -> Charter:
        entry = charter.organisation[organisation]
        sign_in = entry.sign_in.model_copy(update={"require": demand})
        return with_entry("organisation", entry.model_copy(update={"sign_in": sign_in}))(charter)

    return change


def with_member(email: str, name: str | None, organisation: str, roles: Iterable[Role]) -> Change:
    """A person with these roles in one organisation; what they are elsewhere stays. `name` None: so does the name."""

    def change(charter: Charter) -> Charter:
        known = charter.person.get(email)
        others = [each for each in known.organisations if each.key != organisation] if known else []
        belongings = (*others, MembershipShape(key=organisation, roles=tuple(roles)))
        called = name if name is not None else charter.person[email].name
        return with_entry("person", PersonShape(email=email, name=called, organisations=belongings))(charter)

    return change


def with_newcomer(email: str, name: str, organisation: str, roles: Iterable[Role]) -> Change:
    """The same of somebody who may be new: whom the partnership knows already keeps the name by which it does."""

    def change(charter: Charter) -> Charter:
        known = charter.person.get(email)
        return with_member(email, known.name if known else name, organisation, roles)(charter)

    return change


def with_lead(email: str, name: str | None, organisation: str) -> Change:
    """A person who leads an organisation besides what they are for it. Refuses with WrongFile an address that is none,
    a `name` that is too long, and none for whom the charter does not know."""

    def change(charter: Charter) -> Charter:
        known = charter.person.get(email)
        if known is None and not name:
            raise WrongFile(f"Nobody here has the address {email}: say what they are called, by --name.")
        if not is_address(email):
            raise WrongFile(f"Nobody can be written to at {email}.{undeliverable_text(email)}")
        if name and len(name) > LONGEST_LINE:
            raise WrongFile(f"The name has {len(name)} letters; allowed are 1 to {LONGEST_LINE}.")
        roles = {*known.roles_in(organisation), Role.LEAD} if known else {Role.LEAD}
        called = None if known else name
        return with_member(email, called, organisation, [each for each in Role if each in roles])(charter)

    return change


def with_address(email: str, new: str, name: str, organisation: str) -> Change:
    """Somebody else in a person's place: their roles, seats and leads in one organisation are those of `new`, who is
    called `name` unless they are here already."""

    def change(charter: Charter) -> Charter:
        roles = charter.person[email].roles_in(organisation)
        charter = with_newcomer(new, name, organisation, roles)(charter)
        charter = replace(
            charter,
            body={key: _reseated(body, email, new, organisation) for key, body in charter.body.items()},
            route={key: _with_lead(each, email, new, organisation) for key, each in charter.route.items()},
            service_area={
                key: _with_lead(each, email, new, organisation) for key, each in charter.service_area.items()
            },
        )
        return with_leaver(email, organisation)(charter)

    return change


def with_leaver(email: str, organisation: str) -> Change:
    """A person no longer in an organisation. Their deputies inherit their seats; they lead and deputise no more."""
    return lambda charter: replace(
        charter,
        person=_without_member(charter.person, email, organisation),
        body={key: _without_seat(body, email, organisation) for key, body in charter.body.items()},
        route={key: _without_lead(each, email, organisation) for key, each in charter.route.items()},
        service_area={key: _without_lead(each, email, organisation) for key, each in charter.service_area.items()},
    )


def without_organisation(key: str) -> Change:
    """One organisation fewer: its people, its seats, what they lead and where it answers go with it, and the routes
    that were for its issues alone."""

    def change(charter: Charter) -> Charter:
        for email in [each.email for each in charter.person.values() if each.roles_in(key)]:
            charter = with_leaver(email, key)(charter)
        return replace(
            without("organisation", key)(charter),
            body={each.key: _without_side(each, key) for each in charter.body.values()},
            route={each.key: left for each in charter.route.values() if (left := _route_without(each, key))},
            service_area={each.key: _not_answering(each, key) for each in charter.service_area.values()},
        )

    return change


def with_seats(body: str, organisation: str, seats: Iterable[SeatShape]) -> Change:
    """A body on which one organisation has just these seats; the others' stay where they are."""

    def change(charter: Charter) -> Charter:
        entry = charter.body[body]
        before = [seat.organisation for seat in entry.seats]
        at = before.index(organisation) if organisation in before else len(before)
        others = [seat for seat in entry.seats if seat.organisation != organisation]
        placed = (*others[:at], *seats, *others[at:])
        return with_entry("body", entry.model_copy(update={"seats": placed}))(charter)

    return change


def _without_member(people: Mapping[str, PersonShape], email: str, organisation: str) -> dict[str, PersonShape]:
    left = tuple(each for each in people[email].organisations if each.key != organisation)
    rest = {key: person for key, person in people.items() if key != email}
    return {**rest, email: people[email].model_copy(update={"organisations": left})} if left else rest


def _without_side(body: BodyShape, organisation: str) -> BodyShape:
    return body.model_copy(update={"seats": tuple(each for each in body.seats if each.organisation != organisation)})


def _route_without(route: RouteShape, organisation: str) -> RouteShape | None:
    """None where it asked for that organisation alone."""
    asked = {name: getattr(route.when, name) for name in ("organisation", "with_")}
    left = {name: tuple(each for each in keys if each != organisation) for name, keys in asked.items()}
    if any(asked[name] and not left[name] for name in asked):
        return None
    return _not_answering(route.model_copy(update={"when": route.when.model_copy(update=left)}), organisation)


def _not_answering(entry: Led, organisation: str) -> Led:
    leads = {key: person for key, person in entry.leads.items() if key != organisation}
    answers = entry.answers if entry.answers != organisation else None
    return entry.model_copy(update={"leads": leads, "answers": answers})


def _reseated(body: BodyShape, email: str, new: str, organisation: str) -> BodyShape:
    def moved(seat: SeatShape) -> SeatShape:
        person, deputy = (new if each == email else each for each in (seat.person, seat.deputy))
        return seat.model_copy(update={"person": person, "deputy": deputy})

    seats = (moved(seat) if seat.organisation == organisation else seat for seat in body.seats)
    return body.model_copy(update={"seats": tuple(seats)})


def _with_lead(entry: Led, email: str, new: str, organisation: str) -> Led:
    if entry.leads.get(organisation) != email:
        return entry
    return entry.model_copy(update={"leads": {**entry.leads, organisation: new}})


def _without_seat(body: BodyShape, email: str, organisation: str) -> BodyShape:
    seated = {seat.person for seat in body.seats if seat.organisation == organisation}
    seats = [_as_left(seat, email, seated) if seat.organisation == organisation else seat for seat in body.seats]
    return body.model_copy(update={"seats": tuple(seat for seat in seats if seat is not None)})


def _as_left(seat: SeatShape, email: str, seated: Collection[str]) -> SeatShape | None:
    """A seat once somebody has left. A deputy who has a seat there already inherits no second one."""
    if seat.person == email:
        heir = seat.deputy if seat.deputy not in seated else None
        return seat.model_copy(update={"person": heir, "deputy": None}) if heir else None
    return seat.model_copy(update={"deputy": None}) if seat.deputy == email else seat


def _without_lead(entry: Led, email: str, organisation: str) -> Led:
    leads = {key: person for key, person in entry.leads.items() if (key, person) != (organisation, email)}
    return entry.model_copy(update={"leads": leads})
