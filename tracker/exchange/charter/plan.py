"""What loading a charter would do: what is added, changed and retired, entry by entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tracker.exchange.charter.charter import TABLES, Charter, name_of, names_in
from tracker.exchange.charter.differences import entry_difference, entry_said
from tracker.exchange.charter.report_shape import BaselineShape
from tracker.exchange.charter.shapes import CharterEntry, LadderShape
from tracker.rules.wording import begun, listed

# What a ladder version fixes: changing one of these proposes a new version.
VERSIONED = frozenset({"keep_in_loop", "pause_cap", "agree_silence", "reopens_to_escalate", "skip", "tiers"})
NOTHING = "Nothing to change."
IN_FORCE, WAITS = "in force", "waits for "

ORDER = "(order)"  # the key where it is not of a route, but of the order of all
_EVERY_LEAD = f"{WAITS}a lead of every organisation"
_PROPOSED = "a new version is proposed, which a lead of every organisation has to agree"


class EntryFate(StrEnum):
    """What happens to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"


@dataclass(frozen=True)
class EntryChange:
    """One entry that a load touches; `details` say field by field what becomes of it, `says` what one says that comes
    or goes, `when` from when on: “in force”, “waits for Riverside Council”; "" where that goes without saying."""

    did: EntryFate
    table: str
    key: str
    name: str = ""
    details: tuple[str, ...] = ()
    when: str = ""
    says: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        return self.when.startswith(WAITS)

    @property
    def subject(self) -> str:
        """“route late-discharge”, “service area Discharge”, “order of the routes”."""
        if self.table == "report":
            return "numbers of the report"
        if self.key == ORDER:
            return "order of the routes"
        noun = "frozen limits of" if self.table == "baseline" else self.table.replace("_", " ")
        return f"{noun} {self.name or self.key}"

    def in_words(self) -> tuple[str, ...]:
        """For who has to agree it: all of it, a line each."""
        below = (" ".join(each.split()) for each in (*self.says, *self.details))
        return (f"{begun(self.subject)}: {self.did}", *(f"  {each}" for each in below))

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

    def in_words(self) -> str:
        """The same for a page: each entry by its name."""
        return "\n".join(line for each in self.changes for line in each.in_words())

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


def _changes(before: Charter | None, after: Charter) -> Iterator[EntryChange]:
    head = after.partnership
    if before is None:
        yield EntryChange(EntryFate.ADDED, "partnership", head.key, head.name)
    elif before.partnership != head:
        details = entry_difference(before.partnership, head, {})
        yield EntryChange(EntryFate.CHANGED, "partnership", head.key, head.name, details)
    if before and before.report != after.report:
        details = entry_difference(before.report, after.report, {})
        yield EntryChange(EntryFate.CHANGED, "report", "report", "numbers of the rule", details)
    for table in TABLES:
        yield from _table_changes(table, before.table(table) if before else {}, after, before)
    yield from _baseline_changes(before.baselines if before else {}, after)
    if before and _order(before, after) != _order(after, before):
        yield EntryChange(
            EntryFate.CHANGED,
            "route",
            ORDER,
            details=(f"from first to last: {', '.join(before.route)} → {', '.join(after.route)}",),
        )


def _table_changes(
    table: str, old: Mapping[str, CharterEntry], after: Charter, before: Charter | None
) -> Iterator[EntryChange]:
    new, names = after.table(table), names_in(after, before)
    for key, entry in new.items():
        if key not in old:
            when = _EVERY_LEAD if before and isinstance(entry, LadderShape) else ""
            says = entry_said(entry, names)
            yield EntryChange(EntryFate.ADDED, table, key, name_of(entry), when=when, says=says)
        elif old[key] != entry:
            details, note = entry_difference(old[key], entry, names), _ladder_note(old[key], entry, before)
            when = _EVERY_LEAD if _PROPOSED in note else ""
            yield EntryChange(EntryFate.CHANGED, table, key, name_of(entry), details + note, when)
    for key, entry in old.items():
        if key not in new:
            yield EntryChange(EntryFate.RETIRED, table, key, name_of(entry), says=entry_said(entry, names))


def _baseline_changes(old: Mapping[str, BaselineShape], after: Charter) -> Iterator[EntryChange]:
    new = after.baselines
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        did = EntryFate.CHANGED if was and now else EntryFate.ADDED if now else EntryFate.RETIRED
        around = f"around: {was.baseline().words if was else 'nothing'} → {now.baseline().words if now else 'nothing'}"
        yield EntryChange(did, "baseline", key, _baseline_name(key, after), (around,))


def _baseline_name(key: str, charter: Charter) -> str:
    """“No authority at this level”, “No authority at this level, Riverside Hospitals and Riverside Council”."""
    theme, _, pair = key.partition(":")
    sides = (charter.organisation.get(each) for each in pair.split(",") if pair)
    named = charter.theme.get(theme)
    return ", ".join(filter(None, (named.name if named else theme, listed(each.name for each in sides if each))))


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
