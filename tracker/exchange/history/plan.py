"""What taking in a history file would do: which cases are new, which have grown, which are left, and why."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Self

from sqlalchemy import Row, select
from sqlmodel import Session, col

from tracker.exchange.history.cases import Case, SetAside, fold
from tracker.exchange.history.cells import EventName
from tracker.exchange.history.events import HistoryPlace, PastEvent, past_events
from tracker.exchange.history.records import CaseEvents
from tracker.exchange.history.rows import HistoryFile, HistoryRow
from tracker.records.event import Event, read_event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.digest import Head
from tracker.rules.events.kinds import EventKind

AT_ONCE = 500  # cases asked for by name; for more, all that came from outside are read
_LATER = frozenset({"note", "occurrence"})  # details that come with the rows
_NAMES = frozenset({"to_name", "waits_for"})  # words that change with the names of the partnership


@dataclass(frozen=True, slots=True)
class HistoryPlan:
    """What would be done with each case of a file, and what in it is unknown here."""

    file: HistoryFile
    set_aside: list[SetAside]
    new: list[Case] = field(default_factory=list)
    grown: list[CaseEvents] = field(default_factory=list)
    unchanged: list[Case] = field(default_factory=list)
    left: list[SetAside] = field(default_factory=list)

    def add(self, other: "HistoryPlan") -> None:
        """And what was found of other cases of the file."""
        for name in ("set_aside", "new", "grown", "unchanged", "left"):
            getattr(self, name).extend(getattr(other, name))


@dataclass(frozen=True, slots=True)
class _KeptEvent:
    """An event of an earlier import, or (not `imported`) what has happened here since."""

    kind: str
    at: datetime
    tier: int
    state: str
    details: Mapping[str, Any]
    words: Mapping[str, str]
    hashes: Mapping[str, str]
    note: str | None = None  # None: taken out

    @classmethod
    def of(cls, row: Row[Any], notes: Mapping[tuple[int, int], str | None]) -> Self:
        note = notes.get((row.id, row.position), "")
        return cls(row.kind, row.at, row.tier, row.state, row.details, row.words, row.hashes, note)

    @property
    def imported(self) -> bool:
        return bool(self.details.get("imported"))


@dataclass(frozen=True, slots=True)
class _KeptIssue:
    issue_id: int
    heads: Mapping[str, Head]
    events: tuple[_KeptEvent, ...]


def plan(session: Session, file: HistoryFile, place: HistoryPlace) -> HistoryPlan:
    """Folds the file and holds each case against what an earlier run has kept under the same reference."""
    folding = fold(file.rows)
    found = HistoryPlan(file, [*folding.set_aside])
    found.add(plan_cases(session, folding.cases, place, file))
    return found


def plan_cases(session: Session, cases: Sequence[Case], place: HistoryPlace, file: HistoryFile) -> HistoryPlan:
    """The same for cases that are folded."""
    found = HistoryPlan(file, [])
    kept = _kept(session, place.arrangement.id, [case.ref for case in cases])
    for case in cases:
        _sort(case, kept.get(case.ref), place, found)
    return found


def _sort(case: Case, kept: _KeptIssue | None, place: HistoryPlace, plan: HistoryPlan) -> None:
    if not place.sides(case):
        plan.set_aside.append(SetAside(case.ref, case.raised.number, "it names no organisation of this partnership"))
        return
    if kept is None:
        plan.new.append(case)
        return
    events = tuple(past_events(case, place))
    imported = [event for event in kept.events if event.imported]
    reason = _cannot_grow(events, imported, len(kept.events))
    if reason:
        plan.left.append(SetAside(case.ref, case.events[min(len(imported), len(events)) - 1].row.number, reason))
    elif len(events) == len(imported):
        plan.unchanged.append(case)
    else:
        plan.grown.append(CaseEvents(kept.issue_id, case, events[len(imported) :], len(imported), kept.heads))


def _cannot_grow(events: Sequence[PastEvent], imported: Sequence[_KeptEvent], kept: int) -> str | None:
    if not imported:
        return "an issue with this reference is here already, and not from history"
    if len(events) < len(imported):
        return f"{len(imported)} events of it were taken in before, and the file has {len(events)}"
    if not all(map(_same, events, imported)):
        return "the file tells it differently than when it was taken in"
    if kept > len(imported) < len(events):
        return "it has grown in the file, but has moved on here too"
    return None


def _same(event: PastEvent, kept: _KeptEvent) -> bool:
    """Whether an event was told just so before. Who did it is not compared: people may have become known since."""
    _, texts = event.kind.split()
    before = read_event(event.kind.name, dict(kept.details), {}, {})
    stands = (event.kind.name, event.at, event.tier, event.state.value, event.outsider)
    return (
        stands == (kept.kind, kept.at, kept.tier, kept.state, kept.details.get("ball", ""))
        and all(getattr(before, name) == getattr(event.kind, name) for name in _details(event.kind))
        and all(texts.get(name, "") == kept.words.get(name, "") for name in _told(event, kept))
        and kept.note in (event.note, None)
    )


def _details(kind: EventKind) -> Iterable[str]:
    """The details to compare."""
    return (each.name for each in dataclasses.fields(kind) if each.name not in {*kind.words(), *_LATER})


def _told(event: PastEvent, kept: _KeptEvent) -> Iterable[str]:
    """The words to compare: those of the kind that have not been taken out since."""
    return (
        name for name in event.kind.words() if name not in _NAMES and (name in kept.words or name not in kept.hashes)
    )


def _kept(session: Session, partnership_id: int, refs: Sequence[str]) -> dict[str, _KeptIssue]:
    """By outside reference, in a few statements whatever the number of issues."""
    from_outside = [col(Issue.partnership_id) == partnership_id, col(Issue.outside_ref).is_not(None)]
    if len(refs) <= AT_ONCE:
        from_outside.append(col(Issue.outside_ref).in_(refs))
    of_note = (Note.issue_id, Note.event_position, Note.text, Note.salt)
    texts = select(*map(col, of_note)).join(Issue, col(Issue.id) == col(Note.issue_id)).where(*from_outside)
    notes = {(issue, position): text if salt else None for issue, position, text, salt in session.execute(texts)}
    events = (
        select(col(Issue.outside_ref), col(Issue.id), col(Issue.heads), *map(col, _COLUMNS))
        .join(Event, col(Event.issue_id) == col(Issue.id))
        .where(*from_outside)
        .order_by(col(Issue.id), col(Event.position))
    )
    return {
        ref: _KeptIssue(issue_id, heads, tuple(_KeptEvent.of(row, notes) for row in told))
        for (ref, issue_id, heads), told in groupby(session.execute(events), key=lambda row: tuple(row[:3]))
    }


_COLUMNS = (Event.position, Event.kind, Event.at, Event.tier, Event.state, Event.details, Event.words, Event.hashes)


_HARMLESS: dict[str, Callable[[HistoryRow], bool]] = {
    "hand over to nobody named: the ball stayed": lambda row: (
        row.event is EventName.HANDED_OVER and not row.to_organisation
    ),
    "name no tier: one up": lambda row: row.event is EventName.ESCALATED and row.tier is None,
    "name no tier: one down": lambda row: row.event is EventName.HANDED_DOWN and row.tier is None,
    "name no organisation": lambda row: not row.organisation,
}


def lines(plan: HistoryPlan, *, dry: bool) -> Iterator[str]:
    """The counts first, then every case that was not taken in and why, then what is unknown here and how often."""
    counts = {
        "new": len(plan.new),
        "grown": len(plan.grown),
        "unchanged": len(plan.unchanged),
        "left as they were": len(plan.left),
        "set aside": len(plan.set_aside),
    }
    issues = sum(counts.values())
    yield f"{issues} issues of {len(plan.file.rows)} events: {', '.join(f'{n} {what}' for what, n in counts.items())}."
    yield from (f"{each.ref} set aside: row {each.row}: {each.reason}" for each in plan.set_aside)
    yield from (f"{each.ref} left as it was: row {each.row}: {each.reason}" for each in plan.left)
    yield from (f"Unknown column, not read: {column}" for column in plan.file.unknown_columns)
    for column, names in plan.file.unknown.items():
        yield from (f"Unknown {column.replace('_', ' ')} “{name}”: {_rows(count)}" for name, count in names.items())
    yield from _remarks(plan.file.rows)
    if dry:
        yield "Nothing was changed: this was a dry run."


def _remarks(rows: Iterable[HistoryRow]) -> Iterator[str]:
    found = Counter(what for row in rows for what, holds in _HARMLESS.items() if holds(row))
    yield from (f"{_rows(found[what])} {what}" for what in _HARMLESS if found[what])


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
