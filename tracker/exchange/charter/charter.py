"""A charter as one value, said in one way only: two charters that agree on the same things are equal."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.exchange.charter.report_shape import BaselineShape, ReportShape
from tracker.exchange.charter.shapes import (
    BodyShape,
    CharterEntry,
    ClauseShape,
    GroupShape,
    LadderShape,
    OrganisationShape,
    PartnershipShape,
    PersonShape,
    RouteShape,
    ServiceAreaShape,
    ThemeShape,
)

# The tables of the file, in its order, and the shape of an entry in each.
TABLES: dict[str, type[CharterEntry]] = {
    "organisation": OrganisationShape,
    "person": PersonShape,
    "body": BodyShape,
    "ladder": LadderShape,
    "route": RouteShape,
    "clause": ClauseShape,
    "service_area": ServiceAreaShape,
    "group": GroupShape,
    "theme": ThemeShape,
}


@dataclass(frozen=True)
class Charter:
    """Everything agreed, each table by key in the order of the file; `report`: the numbers of the report of themes.

    Three fields are not in the file and do not count when charters are compared: where ladders come from (`starters`,
    the templates, and `in_force`, what was agreed of a ladder whose newest version is still waiting), and `baselines`,
    the limits that were frozen.
    """

    partnership: PartnershipShape
    organisation: Mapping[str, OrganisationShape] = field(default_factory=dict)
    person: Mapping[str, PersonShape] = field(default_factory=dict)
    body: Mapping[str, BodyShape] = field(default_factory=dict)
    ladder: Mapping[str, LadderShape] = field(default_factory=dict)
    route: Mapping[str, RouteShape] = field(default_factory=dict)
    clause: Mapping[str, ClauseShape] = field(default_factory=dict)
    service_area: Mapping[str, ServiceAreaShape] = field(default_factory=dict)
    group: Mapping[str, GroupShape] = field(default_factory=dict)
    theme: Mapping[str, ThemeShape] = field(default_factory=dict)
    report: ReportShape = field(default_factory=ReportShape)
    starters: Mapping[str, str] = field(default_factory=dict, compare=False)
    in_force: Mapping[str, LadderShape] = field(default_factory=dict, compare=False)
    baselines: Mapping[str, BaselineShape] = field(default_factory=dict, compare=False)

    def table(self, name: str) -> Mapping[str, CharterEntry]:
        """One of TABLES."""
        found: Mapping[str, CharterEntry] = getattr(self, name)
        return found

    def with_table(self, name: str, entries: Mapping[str, CharterEntry]) -> "Charter":
        """The same charter with other entries in one of TABLES."""
        changed: dict[str, Any] = {name: entries}
        return replace(self, **changed)


def key_of(entry: CharterEntry) -> str:
    """What an entry is known by: its key; a person by their address."""
    key: str = entry.email if isinstance(entry, PersonShape) else entry.key  # type: ignore[attr-defined]
    return key


def name_of(entry: CharterEntry) -> str:
    """What an entry is called."""
    name: str = entry.title if isinstance(entry, ClauseShape) else getattr(entry, "name", "")
    return name


def names_in(*charters: Charter | None) -> dict[tuple[str, str], str]:
    """What each entry of these is called, by its table and key: as the first has it; what has no name, by its key."""
    found: dict[tuple[str, str], str] = {}
    for charter in filter(None, reversed(charters)):
        for table in TABLES:
            found |= {(table, key): name_of(entry) or key for key, entry in charter.table(table).items()}
    return found
