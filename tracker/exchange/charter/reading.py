"""Reading a charter file: every entry by itself, so that one mistake does not hide the next."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from tracker.exchange.charter.charter import TABLES, Charter, key_of
from tracker.exchange.charter.faults import faults_of, nearest, not_among
from tracker.exchange.charter.report_shape import ReportShape
from tracker.exchange.charter.shapes import CharterEntry, LadderShape, PartnershipShape, RouteShape
from tracker.exchange.charter.starters import EXPEDITED, DoesNotFit, bound, ladders, themes
from tracker.rules.refusals import WrongFile

S = TypeVar("S", bound=CharterEntry)
_NAMES = ["partnership", "report", *TABLES]


@dataclass
class CharterDraft:
    """What could be read: good entries by table and key, the keys of wrong ones too, and what is wrong. `unread`: the
    wrong ones as they stand in the file, by table; `misnamed`: the tables of which some key cannot be known."""

    partnership: PartnershipShape | None = None
    report: ReportShape | None = None
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    unread: dict[str, list[Any]] = field(default_factory=dict)
    misnamed: set[str] = field(default_factory=set)
    starters: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def charter(self) -> Charter:
        """The good entries as a charter; a partnership that could not be read is stood in for."""
        nobody = PartnershipShape.model_construct(key="", name="", zone="UTC")
        return Charter(
            self.partnership or nobody, **self.entries, report=self.report or ReportShape(), starters=self.starters
        )


def read(text: str) -> CharterDraft:
    """Refuses only what is not TOML at all: WrongFile."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile(f"The file is not TOML: {error}") from None
    found = CharterDraft()
    misspelt = _misspelt(given, found)
    found.partnership = _partnership({**misspelt, **given}, found)
    found.report = _shaped("[report]", ReportShape, given.get("report", {}), found)
    for table, shape in TABLES.items():
        found.entries[table], found.known[table], found.unread[table] = {}, set(), []
        _read_table(table, shape, given.get(table, []), found)
        _read_table(table, shape, misspelt.get(table, []), replace(found, faults=[]))
    _start_with_our_themes(found)
    _bind_ladders(found)
    return found


def _misspelt(given: Mapping[str, Any], found: CharterDraft) -> dict[str, Any]:
    """What stands under a name that is none, by the table that may be meant: what refers to it is no mistake more."""
    meant = {}
    for name in sorted(given.keys() - set(_NAMES)):
        found.faults.append(f"[[{name}]]: {not_among(name, _NAMES, 'a table')}")
        meant[nearest(name, _NAMES)] = given[name]
    return meant


def _partnership(given: Mapping[str, Any], found: CharterDraft) -> PartnershipShape | None:
    head = given.get("partnership")
    if not isinstance(head, dict):
        found.faults.append("[partnership]: is missing; allowed is one table with key, name and zone")
        return None
    return _shaped("[partnership]", PartnershipShape, head, found)


def _read_table(table: str, shape: type[CharterEntry], given: Any, found: CharterDraft) -> None:
    if not isinstance(given, list):
        found.faults.append(f"[{table}]: found one table; allowed is a list of them, [[{table}]]")
        given = [given]
    for number, entry in enumerate(given, start=1):
        key = _key(table, shape, entry)
        place = f"[[{table}]] {key or f'no. {number}'}"
        if key in found.known[table]:
            found.faults.append(f"{place}: stands there twice; allowed is once")
            found.misnamed.add(table)
            found.unread[table].append(entry)
        if key:
            found.known[table].add(key)
        shaped = _shaped(place, shape, entry, found)
        if any(each.startswith((f"{place}, key:", f"{place}, email:")) for each in found.faults):
            found.misnamed.add(table)
        if shaped is not None:
            found.entries[table].setdefault(key_of(shaped), shaped)
        else:
            found.unread[table].append(entry)


def _key(table: str, shape: type[CharterEntry], entry: Any) -> str | None:
    """Also where the name of the field is misspelt."""
    if not isinstance(entry, dict):
        return None
    name = "email" if table == "person" else "key"
    unknown = [each for each in entry if each not in shape.model_fields]
    key = entry.get(name if name in entry else nearest(name, unknown))
    if not isinstance(key, str):
        return None
    return key.strip().lower() if table == "person" else key


def _shaped(place: str, shape: type[S], given: Any, found: CharterDraft) -> S | None:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        found.faults.extend(faults_of(place, shape, error))
        return None


def _start_with_our_themes(found: CharterDraft) -> None:
    """Tables of groups or themes that are left out are the ones that ship."""
    groups, our_themes = themes()
    if not found.known["group"]:
        found.entries["group"], found.known["group"] = dict(groups), set(groups)
    if not found.known["theme"]:
        found.entries["theme"], found.known["theme"] = dict(our_themes), set(our_themes)


def _bind_ladders(found: CharterDraft) -> None:
    """Ladders from a starter get its tiers; a route that names the expedited twin of one brings it in."""
    given: dict[str, LadderShape] = found.entries["ladder"]
    twins: set[str] = set()  # what is wrong with one is wrong with the ladder that stands in the file
    for twin in list(_twins(given, found.entries["route"], found.known["ladder"])):
        given[twin.key] = twin
        found.known["ladder"].add(twin.key)
        twins.add(twin.key)
    for key, ladder in list(given.items()):
        if ladder.starter is not None:
            found.starters[key] = ladder.starter
            _bind(ladder, given, replace(found, faults=[]) if key in twins else found)


def _twins(
    given: Mapping[str, LadderShape], routes: Mapping[str, RouteShape], known: set[str]
) -> Iterator[LadderShape]:
    for name in dict.fromkeys(route.ladder for route in routes.values()):
        parent = given.get(name.removesuffix(EXPEDITED))
        if parent is None and name.endswith(EXPEDITED) and name.removesuffix(EXPEDITED) in known:
            known.add(name)  # of one with a fault of its own
        if name.endswith(EXPEDITED) and name not in given and parent is not None and parent.starter:
            starter = f"{parent.starter.removesuffix(EXPEDITED)}{EXPEDITED}"
            said = {field: getattr(parent, field) for field in parent.model_fields_set - {"default", "name"}}
            yield LadderShape(**{**said, "key": name, "starter": starter})


def _bind(ladder: LadderShape, given: dict[str, LadderShape], found: CharterDraft) -> None:
    place = f"[[ladder]] {ladder.key}"
    if ladder.starter not in ladders():
        found.faults.append(f"{place}, from: {not_among(str(ladder.starter), list(ladders()), 'a starter')}")
        found.unread["ladder"].append(given.pop(ladder.key))
        return
    try:
        given[ladder.key] = bound(ladder)
    except DoesNotFit as misfit:
        found.faults.append(f"{place}, bodies: {misfit}")
        found.unread["ladder"].append(given.pop(ladder.key))
