"""Putting a charter into the records: rows are created or updated by key, and retired where it no longer has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.set_report_terms import keep_terms
from tracker.exchange.charter.apply_ladders import PuttingLadders
from tracker.exchange.charter.apply_people import PuttingPeople
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.shapes import CharterEntry, SeatShape, WhenShape
from tracker.records.agreement import Clause, RoutingRule, ServiceArea, Theme, ThemeGroup
from tracker.records.governance import Body, Seat
from tracker.records.ladder import LadderVersion
from tracker.records.partnership import Organisation, Partnership

_TABLES = {RoutingRule: "route", Clause: "clause", ServiceArea: "service_area", ThemeGroup: "group", Theme: "theme"}
_COLUMNS = {"group": "group_key", "ladder": "ladder_key"}  # what is called otherwise in the records


@dataclass
class Application:
    """One charter going into one partnership. `typed`: see PuttingPeople; `proposed`: the ladder versions that
    came of it."""

    session: Session
    partnership: Partnership
    charter: Charter
    by: str
    now: datetime
    typed: Mapping[str, str] = field(default_factory=dict)
    proposed: list[tuple[str, LadderVersion]] = field(default_factory=list)
    organisations: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)

    def put(self) -> None:
        """Everything, in the order in which one thing refers to another."""
        self.partnership.name = self.charter.partnership.name
        self.partnership.zone = self.charter.partnership.zone
        self.partnership.keep_paper(self.charter.partnership.paper)
        self.partnership.keep_privacy(self.charter.partnership.never_name, self.charter.partnership.identifiers)
        keep_terms(self.partnership, "thresholds", self.charter.report.changed())
        keep_terms(self.partnership, "baselines", [each.baseline().kept() for each in self.charter.baselines.values()])
        self._put_organisations()
        self.people = PuttingPeople(self.session, self.charter, self.organisations, self.now, self.by, self.typed).put()
        self._put_bodies()
        ladders = PuttingLadders(self.session, self.partnership, self.charter, self.bodies, self.by, self.now)
        self.proposed = ladders.put()
        for table, name in _TABLES.items():
            self._put_table(table, self.charter.table(name))
        self.session.flush()

    def _put_organisations(self) -> None:
        """An organisation keeps its position for good: it is its place and colour on every page."""
        rows = self._rows(Organisation)
        for key, shape in self.charter.organisation.items():
            row = rows.get(key) or self._new_organisation(key, position=len(rows))
            row.name, row.calendar, row.retired_at = shape.name, shape.calendar.kept(), None
            row.demand = shape.sign_in.require
            rows[key] = row
        self._keep(rows, self.charter.organisation)
        self.organisations = {key: row.id for key, row in rows.items()}

    def _new_organisation(self, key: str, *, position: int) -> Organisation:
        return Organisation(partnership_id=self.partnership.id, key=key, name=key, calendar={}, position=position)

    def _put_bodies(self) -> None:
        rows = self._put_table(Body, self.charter.body)
        self.bodies = {key: row.id for key, row in rows.items()}
        for key, shape in self.charter.body.items():
            self._put_seats(rows[key].id, shape.seats)

    def _put_seats(self, body_id: int, seats: Iterable[SeatShape]) -> None:
        """A seat is known by its person and organisation."""
        found = self.session.exec(select(Seat).where(Seat.body_id == body_id, col(Seat.retired_at).is_(None)))
        rows = {(row.person_id, row.organisation_id): row for row in found}
        wanted = {(self.people[each.person], self.organisations[each.organisation or ""]): each for each in seats}
        for position, (place, shape) in enumerate(wanted.items()):
            row = rows.setdefault(place, Seat(body_id=body_id, person_id=place[0], organisation_id=place[1]))
            row.holds, row.chair, row.position = shape.holds, shape.chair, position
            row.deputy_id = self.people[shape.deputy] if shape.deputy else None
        self._keep(rows, wanted)

    def _put_table(self, table: Any, shapes: Mapping[str, CharterEntry]) -> dict[str, Any]:
        rows = self._rows(table)
        for position, (key, shape) in enumerate(shapes.items()):
            row = rows.setdefault(key, table(partnership_id=self.partnership.id, key=key))
            for name, value in shape:
                if name not in {"key", "seats"}:
                    setattr(row, _COLUMNS.get(name, name), self._column(value))
            row.position, row.retired_at = position, None
        self._keep(rows, shapes)
        return rows

    def _column(self, value: Any) -> Any:
        """A field as its column keeps it: leads by id, lists as lists."""
        match value:
            case WhenShape():
                return value.kept()
            case dict():
                return {organisation: self.people[email] for organisation, email in value.items()}
            case tuple():
                return list(value)
        return value

    def _rows(self, table: Any) -> dict[str, Any]:
        found = self.session.exec(select(table).where(table.partnership_id == self.partnership.id))
        return {row.key: row for row in found}

    def _keep(self, rows: Mapping[Any, Any], wanted: Mapping[Any, Any]) -> None:
        """Saves the rows; those that are no longer wanted retire."""
        for place, row in rows.items():
            if place not in wanted and row.retired_at is None:
                row.retired_at = self.now
        self.session.add_all(rows.values())
        self.session.flush()
