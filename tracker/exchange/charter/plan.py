"""What loading a charter would do: what is added, changed and retired, entry by entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tracker.exchange.charter.charter import TABLES, Charter, name_of
from tracker.exchange.charter.report_shape import BaselineShape
from tracker.exchange.charter.shapes import CharterEntry, LadderShape

# What a ladder version fixes: changing one of these proposes a new version.
VERSIONED = frozenset({"keep_in_loop", "pause_cap", "agree_silence", "reopens_to_escalate", "skip", "tiers"})
NOTHING = "Nothing to change."
IN_FORCE, WAITS = "in force", "waits for "

_EVERY_LEAD = f"{WAITS}a lead of every organisation"
_PROPOSED = "a new version is proposed, which a lead of every organisation has to agree"
_THERE = "(there)"  # stands for an entry in a list, beside what the entry says


class EntryFate(StrEnum):
    """What happens to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"


@dataclass(frozen=True)
class EntryChange:
    """One entry that a load touches; `details` say field by field what becomes of it, `when` from when on: “in force”,
    “waits for Riverside Council”; "" where that goes without saying."""

    did: EntryFate
    table: str
    key: str
    name: str = ""
    details: tuple[str, ...] = ()
    when: str = ""

    @property
    def waits(self) -> bool:
        return self.when.startswith(WAITS)

    def __str__(self) -> str:
        named = f" ({self.name})" if self.name and self.name != self.key else ""
        when = f": {self.when}" if self.when else ""
        return "\n".join(
            [f"{self.did:<8} {self.table} {self.key}{named}{when}", *(f"           {each}" for each in self.details)]
        )


@dataclass(frozen=True)
class Plan:
    """Everything that a load touches, in the order of the file: first what comes into force, then what waits.

    `proposals`: the numbers of what was proposed by it; `besides`: what waits already, and what is taken back.
    """

    changes: tuple[EntryChange, ...]
    proposals: tuple[int, ...] = ()
    besides: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([*(map(str, self.changes) if self.changes else [NOTHING]), *self.besides])

    def count(self, did: EntryFate) -> int:
        """How many entries it adds, changes or retires now."""
        return sum(each.did is did and not each.waits for each in self.changes)

    def marked(self, when: str) -> tuple[EntryChange, ...]:
        """The changes, each with when it is in force; a ladder's new version waits in any case."""
        return tuple(each if each.when else replace(each, when=when) for each in self.changes)

    def touches(self, table: str, field: str = "") -> tuple[str, ...]:
        """The keys of entries of a table that were changed, or changed in a field."""
        found = (each for each in self.changes if each.table == table and each.did is EntryFate.CHANGED)
        return tuple(each.key for each in found if any(detail.startswith(field) for detail in each.details))


def plan(before: Charter | None, after: Charter) -> Plan:
    """What turns one charter into the other; before: None for a partnership that is new."""
    return Plan(tuple(_changes(before, after)))


def versioned(ladder: LadderShape) -> dict[str, Any]:
    """What of a ladder needs the agreement of every organisation."""
    return ladder.model_dump(include=set(VERSIONED))


def entry_difference(before: CharterEntry, after: CharterEntry) -> tuple[str, ...]:
    """Field by field what differs between two entries of a table, as “name: Old → New”."""
    return difference(_dumped(before), _dumped(after))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Field by field what differs between two entries, as “name: Old → New”."""
    old, new = dict(_flat(before)), dict(_flat(after))
    paths = [path for path in dict.fromkeys((*old, *new)) if old.get(path) != new.get(path)]
    return tuple(_became(path, old.get(path), new.get(path)) for path in paths) or ("put in another order",)


def _changes(before: Charter | None, after: Charter) -> Iterator[EntryChange]:
    head = after.partnership
    if before is None:
        yield EntryChange(EntryFate.ADDED, "partnership", head.key, head.name)
    elif before.partnership != head:
        details = difference(before.partnership.model_dump(), head.model_dump())
        yield EntryChange(EntryFate.CHANGED, "partnership", head.key, head.name, details)
    if before and before.report != after.report:
        details = difference(before.report.model_dump(), after.report.model_dump())
        yield EntryChange(EntryFate.CHANGED, "report", "report", "numbers of the rule", details)
    for table in TABLES:
        yield from _table_changes(table, before.table(table) if before else {}, after, before)
    yield from _baseline_changes(before.baselines if before else {}, after.baselines)
    if before and _order(before, after) != _order(after, before):
        yield EntryChange(
            EntryFate.CHANGED, "route", "(order)", details=(f"tried in the order {', '.join(after.route)}",)
        )


def _table_changes(
    table: str, old: Mapping[str, CharterEntry], after: Charter, before: Charter | None
) -> Iterator[EntryChange]:
    new = after.table(table)
    for key, entry in new.items():
        if key not in old:
            when = _EVERY_LEAD if before and isinstance(entry, LadderShape) else ""
            yield EntryChange(EntryFate.ADDED, table, key, name_of(entry), when=when)
        elif old[key] != entry:
            details, note = entry_difference(old[key], entry), _ladder_note(old[key], entry, before)
            when = _EVERY_LEAD if _PROPOSED in note else ""
            yield EntryChange(EntryFate.CHANGED, table, key, name_of(entry), details + note, when)
    for key, entry in old.items():
        if key not in new:
            yield EntryChange(EntryFate.RETIRED, table, key, name_of(entry))


def _baseline_changes(old: Mapping[str, BaselineShape], new: Mapping[str, BaselineShape]) -> Iterator[EntryChange]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        did = EntryFate.CHANGED if was and now else EntryFate.ADDED if now else EntryFate.RETIRED
        around = f"around {was.baseline().words if was else 'nothing'} → {now.baseline().words if now else 'nothing'}"
        yield EntryChange(did, "baseline", key, details=(around,))


def _ladder_note(old: CharterEntry, new: CharterEntry, before: Charter | None) -> tuple[str, ...]:
    if not isinstance(old, LadderShape) or not isinstance(new, LadderShape) or versioned(old) == versioned(new):
        return ()
    in_force = before.in_force.get(new.key) if before else None
    if in_force is not None and versioned(in_force) == versioned(new):
        return ("the proposed version is withdrawn; the one in force stays",)
    return (_PROPOSED,)


def _order(one: Charter, other: Charter) -> list[str]:
    """The routes that both have, in the order of the first: it decides which of them wins."""
    return [key for key in one.route if key in other.route]


def _dumped(entry: CharterEntry) -> dict[str, Any]:
    return entry.model_dump(mode="json", by_alias=True, exclude={"key", "email"}, exclude_defaults=True)


def _flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, each in value.items():
        yield from _flat_value(each, f"{path}, {name}" if path else name)


def _flat_value(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from _flat(value, path)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, each in enumerate(value, start=1):
            place = each.get("person") or each.get("day") or each.get("key") or number
            yield f"{path} {place}", _THERE
            yield from _flat({name: said for name, said in each.items() if said != place}, f"{path} {place}")
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "nothing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _became(path: str, old: str | None, new: str | None) -> str:
    if _THERE in {old, new}:
        return f"{path}: {'added' if new else 'removed'}"
    opposite = {"yes": "no", "no": "yes"}
    return f"{path}: {old or opposite.get(new or '', 'nothing')} → {new or opposite.get(old or '', 'nothing')}"
