"""Writing a charter as TOML, so that reading it again gives the same charter."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tracker.exchange.charter.charter import TABLES, Charter
from tracker.exchange.charter.shapes import (
    BodyShape,
    CharterEntry,
    LadderShape,
    OrganisationShape,
    PersonShape,
    SeatShape,
)

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write(charter: Charter) -> str:
    """The charter file of a charter."""
    tables = [_table("[partnership]", charter.partnership.model_dump(exclude_defaults=True))]
    if report := charter.report.changed():
        tables.append(_table("[report]", report))
    for name in TABLES:
        for entry in charter.table(name).values():
            tables += [_table(f"[[{name}]]", _fields(entry, charter)), *_tables_under(entry)]
    return "\n".join(tables)


def _fields(entry: CharterEntry, charter: Charter) -> dict[str, Any]:
    """An entry's fields, without what goes without saying."""
    match entry:
        case OrganisationShape():
            return {"key": entry.key, "name": entry.name, "calendar": _calendar(entry)}
        case PersonShape():
            return _person(entry)
        case BodyShape():
            said = entry.model_dump(exclude={"seats"}, exclude_none=True)
            return {**said, "seats": [_seat(seat, charter) for seat in entry.seats]}
        case LadderShape():
            said = entry.model_dump(exclude={"tiers", "starter", "bodies"}, exclude_defaults=True)
            return {**said, "tiers": [_tier(tier.model_dump(exclude_defaults=True)) for tier in entry.tiers]}
    return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _tables_under(entry: CharterEntry) -> Iterator[str]:
    """What an entry says in tables of their own."""
    if isinstance(entry, OrganisationShape) and (said := entry.sign_in.model_dump(mode="json", exclude_defaults=True)):
        yield _table("[organisation.sign_in]", said)


def _calendar(organisation: OrganisationShape) -> dict[str, Any]:
    calendar = organisation.calendar
    said = calendar.model_dump(exclude={"weekly", "zone"}, exclude_defaults=True)
    return {"zone": calendar.zone, **calendar.weekly, **said}


def _person(person: PersonShape) -> dict[str, Any]:
    said = {"email": person.email, "name": person.name}
    if len(person.organisations) == 1:
        only = person.organisations[0]
        return {**said, "organisation": only.key, "roles": list(only.roles)}
    return {**said, "organisations": [each.model_dump() for each in person.organisations]}


def _seat(seat: SeatShape, charter: Charter) -> dict[str, Any]:
    person = charter.person.get(seat.person)
    obvious = {"organisation"} if person and len(person.organisations) == 1 else set()
    return seat.model_dump(exclude=obvious, exclude_defaults=True)


def _tier(said: dict[str, Any]) -> dict[str, Any]:
    if said.get("whole_body") == said.get("paper", False):
        said.pop("whole_body", None)
    return said


def _table(head: str, fields: Mapping[str, Any]) -> str:
    return "".join([f"{head}\n", *(f"{_key(name)} = {_value(value)}\n" for name, value in fields.items())])


def _value(value: Any) -> str:
    """One line, but a list of tables, which has a line for each."""
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict) and len(value) > 1:
        return "".join(["[\n", *(f"  {_inline(each)},\n" for each in value), "]"])
    return _inline(value)


def _inline(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(_pairs(value)) + " }" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(_inline(each) for each in value) + "]"
    return _quoted(str(value))


def _pairs(value: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(name)} = {_inline(each)}" for name, each in value.items())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """JSON's escapes are all TOML's, too; TOML wants one character more escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
