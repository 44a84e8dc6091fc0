"""The rows of an arrangement, one statement a table, put together as one value."""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import holidays
from holidays.registry import EntityLoader
from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.measures.cut_text import by_letter
from tracker.records import agreement, governance, ladder, partnership, person
from tracker.records.tally import Exposure
from tracker.rules import arrangement as rules
from tracker.rules.agreement import Clause, Route, ServiceArea, Theme, ThemeGroup
from tracker.rules.opening_hours import read_hours, read_weekly
from tracker.rules.reporting import A_HUNDRED, JOINT_CASES, Baseline, Exposures, ReportTerms
from tracker.rules.working_time import Calendar

Agreed = TypeVar("Agreed")
HOLIDAY_YEARS = range(2000, 2061)  # history is imported from years back; limits reach months ahead
_YEARS_COMPARED = range(2026, 2029)  # in one of them 25 and 26 December are Saturday and Sunday, and are made up for
NOT_HOURS = ("zone", "holidays", "closed", "open")


def working_calendar(name: str, kept: Mapping[str, Any]) -> Calendar:
    """The calendar of an organisation of that name. Calendars that say the same share what they have reckoned.

    Refuses what cannot be read: WrongHours, WrongCalendar; unknown holidays: LookupError.
    """
    return _calendar(name, json.dumps(kept, sort_keys=True))


@lru_cache(maxsize=512)
def public_holidays(code: str) -> frozenset[date]:
    """The public holidays of a country ("GB") or a part of it ("GB-ENG"), HOLIDAY_YEARS. Unknown: LookupError."""
    country, divided, part = code.partition("-")
    if divided and part not in _parts(country):
        raise LookupError(code)
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=HOLIDAY_YEARS))
    except NotImplementedError as error:
        raise LookupError(code) from error


@lru_cache(maxsize=128)
def parts_with_more(code: str) -> tuple[str, ...]:
    """The parts of a country ("GB-ENG", ...) that keep public holidays which a list for the whole of it leaves out;
    none for a part, and where all keep the same."""
    parts = _parts(code)
    whole = set(holidays.country_holidays(code, years=_YEARS_COMPARED)) if parts else set()
    return tuple(
        f"{code}-{part}"
        for part in parts
        if set(holidays.country_holidays(code, subdiv=part, years=_YEARS_COMPARED)) - whole
    )


def _parts(country: str) -> tuple[str, ...]:
    """Of a country by its two letters; none where it is not known."""
    is_known = country in EntityLoader.get_country_codes(include_aliases=False)
    return tuple(holidays.country_holidays(country).subdivisions) if is_known else ()


def _load_countries_singly() -> None:
    """Asked for one country, `holidays` loads them all, by the package that holds them: 8 MB and 40 ms in each process.
    Under a package that says nothing each is found by its own name."""
    countries = ModuleType("holidays.countries")
    countries.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules.setdefault(countries.__name__, countries)


_load_countries_singly()


@lru_cache(maxsize=512)
def _calendar(name: str, kept: str) -> Calendar:
    said = json.loads(kept)
    closed = frozenset(date.fromisoformat(day) for day in said.get("closed", ()))
    return Calendar(
        zone=said["zone"],
        weekly=read_weekly({days: hours for days, hours in said.items() if days not in NOT_HOURS}),
        closed=closed | (public_holidays(said["holidays"]) if said.get("holidays") else frozenset()),
        open={date.fromisoformat(each["day"]): read_hours(each["hours"]) for each in said.get("open", ())},
        name=name,
    )


MOST_MONTHS = 120  # of exposure that are kept at hand, up to the newest: ten years


def report_terms(session: Session, partnership_id: int, settings: Mapping[str, Any]) -> ReportTerms:
    """As the settings of the partnership and its exposure have it; of the exposure the newest ten years."""
    kept = settings.get("report", {})
    named = kept.get("exposure", {})
    return ReportTerms(
        thresholds=dict(kept.get("thresholds", {})),
        exposures=Exposures(
            what=named.get("what", JOINT_CASES),
            per=named.get("per", A_HUNDRED),
            amounts=_amounts(session, partnership_id),
        ),
        baselines=tuple(Baseline.read(each) for each in kept.get("baselines", ())),
    )


def _amounts(session: Session, partnership_id: int) -> dict[tuple[int, int], float]:
    mine = Exposure.partnership_id == partnership_id
    newest = select(func.max(Exposure.month)).where(mine).scalar_subquery()
    rows = session.exec(
        select(Exposure.month, Exposure.organisation_id, Exposure.amount)
        .where(mine, col(Exposure.month) > newest - MOST_MONTHS)
        .order_by(col(Exposure.month), col(Exposure.organisation_id))
    )
    return {(month, organisation_id): amount for month, organisation_id, amount in rows}


def build(session: Session, partnership_id: int) -> rules.Arrangement:
    """The arrangement of a partnership that is there, as this session sees it."""
    head = session.exec(
        select(partnership.Partnership)
        .where(partnership.Partnership.id == partnership_id)
        .execution_options(populate_existing=True)
    ).one()
    organisations = _organisations(session, partnership_id)
    return rules.Arrangement(
        id=head.id,
        key=head.key,
        name=head.name,
        zone=head.zone,
        never_name=head.settings.get("never_name", ""),
        identifiers=tuple(head.settings.get("identifiers", ())),
        paper=rules.PaperSize(head.settings.get("paper", rules.PaperSize.A4)),
        version=head.version,
        organisations=organisations,
        people=_people(session, organisations),
        bodies=_bodies(session, partnership_id, organisations),
        ladders=_ladders(session, partnership_id, organisations),
        routes=_routes(session, partnership_id),
        clauses=tuple(_as(Clause, row) for row in _rows(session, agreement.Clause, partnership_id)),
        service_areas=tuple(_as(ServiceArea, row) for row in _rows(session, agreement.ServiceArea, partnership_id)),
        theme_groups=_theme_groups(session, partnership_id),
        themes=_themes(session, partnership_id),
        report=report_terms(session, partnership_id, head.settings),
    )


def _organisations(session: Session, partnership_id: int) -> dict[int, rules.Organisation]:
    return {
        row.id: _as(rules.Organisation, row, calendar=working_calendar(row.name, row.calendar))
        for row in _rows(session, partnership.Organisation, partnership_id)
    }


def _people(session: Session, organisations: Mapping[int, rules.Organisation]) -> dict[int, rules.Person]:
    """By name, as this partnership knows it."""
    rows = session.exec(
        select(person.Person, person.Membership)
        .where(person.Membership.person_id == person.Person.id)
        .where(col(person.Membership.organisation_id).in_(organisations))
        .order_by(col(person.Membership.id))
    ).all()
    members: dict[int, list[person.Membership]] = defaultdict(list)
    for row, membership in rows:
        members[row.id].append(membership)
    people = [_person(row, members[row.id], organisations) for row in {row.id: row for row, _ in rows}.values()]
    return {each.id: each for each in sorted(people, key=lambda each: (by_letter(each.name), each.id))}


def _person(
    row: person.Person, members: list[person.Membership], organisations: Mapping[int, rules.Organisation]
) -> rules.Person:
    kept = {organisations[each.organisation_id].key: each for each in members if each.retired_at is None}
    roles = {key: each.roles for key, each in kept.items() if not each.pending}
    invited = {
        key: rules.Invitation(each.name, each.roles, each.pending) for key, each in kept.items() if each.invited_at
    }
    absences = {
        key: rules.Absence(each.away_from, each.away_until) for key, each in kept.items() if each.away_from is not None
    }
    name = min(members, key=_tells_the_name).name or row.name
    # Who only was invited is nobody here: what they say of themselves elsewhere is not for this partnership.
    reached = {field: getattr(row, field) if roles else "" for field in ("phone", "reach")}
    return _as(
        rules.Person, row, name=name, roles=roles, invited=invited, absences=absences, retired=not roles, **reached
    )


def _tells_the_name(membership: person.Membership) -> tuple[bool, bool, bool]:
    """Where they came in they are called by their own name, else as it was typed, else as it was when they left."""
    return (membership.retired_at is not None, membership.invited_at is not None, membership.pending)


def _bodies(
    session: Session, partnership_id: int, organisations: Mapping[int, rules.Organisation]
) -> dict[str, rules.Body]:
    rows = _rows(session, governance.Body, partnership_id)
    found = session.exec(
        select(governance.Seat)
        .where(col(governance.Seat.body_id).in_([row.id for row in rows]))
        .where(col(governance.Seat.retired_at).is_(None))
        .order_by(col(governance.Seat.position), col(governance.Seat.id))
    )
    seats = defaultdict(list)
    for seat in found:
        seats[seat.body_id].append(_as(rules.Seat, seat, organisation=organisations[seat.organisation_id].key))
    return {row.key: _as(rules.Body, row, seats=tuple(seats[row.id])) for row in rows}


def _ladders(
    session: Session, partnership_id: int, organisations: Mapping[int, rules.Organisation]
) -> dict[int, rules.Ladder]:
    versions = session.exec(
        select(ladder.Ladder, ladder.LadderVersion)
        .where(ladder.LadderVersion.ladder_id == ladder.Ladder.id)
        .where(ladder.Ladder.partnership_id == partnership_id)
        .where(col(ladder.LadderVersion.withdrawn_at).is_(None))
        .order_by(col(ladder.Ladder.position), col(ladder.LadderVersion.number))
    ).all()
    ids = [version.id for _, version in versions]
    tiers, agreed = _tiers(session, ids), _agreed(session, ids, organisations)
    return {
        version.id: _as(
            rules.Ladder,
            version,
            version=version.number,
            **row.model_dump(include={"key", "name", "default"}),
            tiers=tuple(tiers[version.id]),
            agreed_by=tuple(agreed[version.id]),
            in_force=version.in_force_at is not None,
            retired=row.retired_at is not None,
        )
        for row, version in versions
    }


def _tiers(session: Session, version_ids: list[int]) -> dict[int, list[rules.Tier]]:
    found = session.exec(
        select(ladder.Tier, governance.Body.key, governance.Body.name)
        .join(governance.Body, isouter=True)
        .where(col(ladder.Tier.version_id).in_(version_ids))
        .order_by(col(ladder.Tier.number))
    )
    tiers: dict[int, list[rules.Tier]] = defaultdict(list)
    for row, body, body_name in found:
        tiers[row.version_id].append(_as(rules.Tier, row, name=row.name or body_name, body=body or ""))
    return tiers


def _agreed(
    session: Session, version_ids: list[int], organisations: Mapping[int, rules.Organisation]
) -> dict[int, list[str]]:
    found = session.exec(
        select(ladder.LadderAgreement)
        .where(col(ladder.LadderAgreement.version_id).in_(version_ids))
        .order_by(col(ladder.LadderAgreement.agreed_at), col(ladder.LadderAgreement.id))
    )
    agreed: dict[int, list[str]] = defaultdict(list)
    for row in found:
        agreed[row.version_id].append(organisations[row.organisation_id].key)
    return agreed


def _routes(session: Session, partnership_id: int) -> tuple[Route, ...]:
    return tuple(
        _as(Route, row, when={name: tuple(values) for name, values in row.when.items()}, ladder=row.ladder_key)
        for row in _rows(session, agreement.RoutingRule, partnership_id)
        if row.retired_at is None
    )


def _theme_groups(session: Session, partnership_id: int) -> tuple[ThemeGroup, ...]:
    rows = _rows(session, agreement.ThemeGroup, partnership_id)
    return tuple(_as(ThemeGroup, row) for row in rows if row.retired_at is None)


def _themes(session: Session, partnership_id: int) -> dict[str, Theme]:
    return {
        row.key: _as(Theme, row, group=row.group_key, phrases=tuple(row.phrases))
        for row in _rows(session, agreement.Theme, partnership_id)
    }


def _rows(session: Session, table: Any, partnership_id: int) -> Sequence[Any]:
    found = select(table).where(table.partnership_id == partnership_id).order_by(table.position, table.id)
    return session.exec(found).all()


def _as(shape: type[Agreed], row: Any, **unlike: Any) -> Agreed:
    """What the rules have of a row: `unlike` is what they have in another way, all else is called the same."""
    if hasattr(row, "retired_at"):
        unlike.setdefault("retired", row.retired_at is not None)
    names = [each.name for each in fields(shape)]  # type: ignore[arg-type]
    return shape(**{name: unlike[name] if name in unlike else getattr(row, name) for name in names})
