"""The parts of a change of a charter, entry by entry: each can be put in force by itself, or wait."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar

from tracker.exchange.charter.charter import TABLES, Charter, key_of
from tracker.exchange.charter.report_shape import BaselineShape, ReportShape
from tracker.exchange.charter.revisions import BASELINE, HEAD, REPORT
from tracker.exchange.charter.shapes import (
    BodyShape,
    CharterEntry,
    EpochShape,
    LadderShape,
    OrderShape,
    PartnershipShape,
    PersonShape,
    RouteShape,
    SeatShape,
    SeatsShape,
    ServiceAreaShape,
    ThemeShape,
)

SEATS, ORDER, EPOCH = "seats", "order", "epoch"
_SHAPES: dict[str, type[CharterEntry]] = {
    **TABLES, HEAD: PartnershipShape, REPORT: ReportShape, SEATS: SeatsShape, ORDER: OrderShape,
    BASELINE: BaselineShape, EPOCH: EpochShape,
}  # fmt: skip
Entry = TypeVar("Entry", bound=CharterEntry)
Place = tuple[str, str]  # the table and the key of an entry


@dataclass(frozen=True)
class Part:
    """What becomes of one entry; `entry`: None where it is retired. `order`: the keys of its table as they are to be,
    by which a new entry finds its place. The seats of a body that is there, and the order of routes, stand apart."""

    table: str
    key: str
    entry: CharterEntry | None
    order: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return self.table, self.key

    def put(self, charter: Charter) -> Charter:
        """The charter with this part in force."""
        match self.entry:
            case PartnershipShape() | ReportShape():
                changed: dict[str, Any] = {self.table: self.entry}
                return replace(charter, **changed)
            case EpochShape():
                return charter
            case OrderShape() as wanted:
                return replace(charter, route=_in_order(charter.route, wanted.keys))
            case SeatsShape() as wanted:
                return _put(charter, "body", charter.body[self.key].model_copy(update={"seats": wanted.seats}))
            case BodyShape() as body if self.key in charter.body:
                return _put(charter, "body", body.model_copy(update={"seats": charter.body[self.key].seats}))
            case BaselineShape() as limits:
                return replace(charter, baselines={**charter.baselines, self.key: limits})
            case None:
                return _retired(charter, self.table, self.key)
        return _put(charter, self.table, self.entry, self.order)

    def base(self, charter: Charter) -> str:
        """What a charter has in its place, in short: the same as long as nobody has changed it; "" where nothing is."""
        said = _said(charter, self.table, self.key)
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16] if said is not None else ""

    def kept(self) -> dict[str, Any]:
        """As a proposal keeps it."""
        entry = self.entry.model_dump(mode="json", by_alias=True, exclude_none=True) if self.entry else None
        return {"table": self.table, "key": self.key, "entry": entry, "order": list(self.order)}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Part":
        entry = None if kept["entry"] is None else _SHAPES[kept["table"]].model_validate(kept["entry"])
        return cls(kept["table"], kept["key"], entry, tuple(kept["order"]))

    def needs(self) -> set[Place]:
        """The places to which it refers."""
        return set(_references(self.entry)) if self.entry else set()


def parts_of(before: Charter, after: Charter) -> tuple[Part, ...]:
    """What turns one charter into the other, in the order in which one thing refers to another."""
    return tuple(_parts(before, after))


def put_all(charter: Charter, parts: Iterable[Part]) -> Charter:
    for each in parts:
        charter = each.put(charter)
    return charter


def referrers(charter: Charter, place: Place) -> set[Place]:
    """The places of a charter that refer to this one."""
    return {
        (table, key)
        for table in TABLES
        for key, entry in charter.table(table).items()
        if place in set(_references(entry))
    }


def _parts(before: Charter, after: Charter) -> Iterator[Part]:
    if before.partnership != after.partnership:
        yield Part(HEAD, after.partnership.key, after.partnership)
    if before.report != after.report:
        yield Part(REPORT, REPORT, after.report)
    for table in TABLES:
        old, new = before.table(table), after.table(table)
        order = tuple(new)
        yield from (
            part
            for key, each in new.items()
            if old.get(key) != each
            for part in _entry(old.get(key), each, table, order)
        )
        yield from (Part(table, key, None) for key in old if key not in new)
    yield from (Part(BASELINE, key, each) for key, each in after.baselines.items() if before.baselines.get(key) != each)
    yield from (Part(BASELINE, key, None) for key in before.baselines if key not in after.baselines)
    both = [key for key in after.route if key in before.route]
    if both != [key for key in before.route if key in after.route]:
        yield Part(ORDER, "route", OrderShape(key="route", keys=tuple(after.route)))


def _entry(old: CharterEntry | None, new: CharterEntry, table: str, order: tuple[str, ...]) -> Iterator[Part]:
    if not isinstance(old, BodyShape) or not isinstance(new, BodyShape):
        yield Part(table, key_of(new), new, order)
        return
    if old.model_copy(update={"seats": new.seats}) != new:
        yield Part(table, new.key, new.model_copy(update={"seats": ()}), order)
    if old.seats != new.seats:
        yield Part(SEATS, new.key, SeatsShape(key=new.key, seats=new.seats))


def _retired(charter: Charter, table: str, key: str) -> Charter:
    if table == BASELINE:
        return replace(charter, baselines=_without(charter.baselines, key))
    return charter.with_table(table, _without(charter.table(table), key))


def _without(entries: Mapping[str, Entry], key: str) -> dict[str, Entry]:
    return {each: entry for each, entry in entries.items() if each != key}


def _put(charter: Charter, table: str, entry: CharterEntry, order: tuple[str, ...] = ()) -> Charter:
    """The entry in its place; a new one behind those that stand before it in `order`."""
    entries = charter.table(table)
    key = key_of(entry)
    if key in entries or key not in order:
        return charter.with_table(table, {**entries, key: entry})
    earlier = order[: order.index(key)]
    at = max((list(entries).index(each) + 1 for each in earlier if each in entries), default=0)
    keys = [*list(entries)[:at], key, *list(entries)[at:]]
    return charter.with_table(table, {each: entry if each == key else entries[each] for each in keys})


def _in_order(routes: Mapping[str, RouteShape], keys: tuple[str, ...]) -> dict[str, RouteShape]:
    """The routes in the order of these keys; any other stays where it is."""
    wanted = iter([key for key in keys if key in routes])
    order = [next(wanted) if key in keys else key for key in routes]
    return {key: routes[key] for key in order}


def _said(charter: Charter, table: str, key: str) -> Any:
    match table:
        case "partnership":
            return charter.partnership.model_dump(mode="json")
        case "report":
            return charter.report.model_dump(mode="json")
        case "order":
            return list(charter.route)
        case "epoch":
            return None
        case "seats":
            body = charter.body.get(key)
            return [each.model_dump(mode="json") for each in body.seats] if body else None
        case "baseline":
            limits = charter.baselines.get(key)
            return limits.model_dump(mode="json") if limits else None
    entry = charter.table(table).get(key)
    return entry.model_dump(mode="json", exclude={"seats"}) if entry else None


def _references(entry: CharterEntry) -> Iterator[Place]:
    match entry:
        case PersonShape():
            yield from (("organisation", each.key) for each in entry.organisations)
        case BodyShape() | SeatsShape():
            for seat in entry.seats:
                yield from _of_seat(seat)
        case LadderShape():
            yield from (("body", tier.body) for tier in entry.tiers if tier.body)
        case RouteShape():
            yield "ladder", entry.ladder
            yield from (("body", entry.start),) if entry.start else ()
            yield from (("service_area", each) for each in entry.when.service_area)
            yield from (("organisation", each) for each in (*entry.when.organisation, *entry.when.with_))
            yield from _of_answering(entry)
        case ServiceAreaShape():
            yield from _of_answering(entry)
        case ThemeShape():
            yield "group", entry.group


def _of_seat(seat: SeatShape) -> Iterator[Place]:
    yield "organisation", seat.organisation or ""
    yield from (("person", each) for each in (seat.person, seat.deputy) if each)


def _of_answering(entry: RouteShape | ServiceAreaShape) -> Iterator[Place]:
    yield from (("organisation", each) for each in (entry.answers, *entry.leads) if each)
    yield from (("person", each) for each in entry.leads.values())
