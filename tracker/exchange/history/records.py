"""History into records, many at once: chains of events with their notes and occurrences."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import insert, select, update
from sqlmodel import Session, SQLModel, col

from tracker.exchange.history.cases import Case
from tracker.exchange.history.events import HistoryPlace, PastEvent
from tracker.measures.cut_text import cut
from tracker.records.event import Event, event_row
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence, lot
from tracker.records.note import Note
from tracker.rules.digest import Head, Word, next_on, together, with_head
from tracker.rules.events.issue import Noted, Occurred
from tracker.rules.events.kinds import EventKind
from tracker.rules.lifecycle import State
from tracker.rules.rings import Ring

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseEvents:
    """Events for the end of an issue's story, which is `length` long so far; `heads`: where its chains end."""

    issue_id: int
    case: Case
    events: tuple[PastEvent, ...]
    length: int = 0
    heads: Mapping[str, Head] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether they leave clocks to be set or stopped: an open issue is new, or its tier or state has changed."""
        if not self.length:
            return self.case.last.state is not State.RESOLVED
        before = self.case.events[self.length - 1]
        return any((event.tier, event.state) != (before.tier, before.state) for event in self.events)


def append(session: Session, growths: Sequence[CaseEvents], place: HistoryPlace) -> None:
    """Writes events at the end of their chains, with their notes and occurrences. They are born announced."""
    placed = [(growth, *event) for growth in growths for event in enumerate(growth.events, growth.length + 1)]
    words = {(growth.issue_id, position): Word.of(event.note) for growth, position, event in placed if event.note}
    noted = [_note(*each, words[each[0].issue_id, each[1]]) for each in placed if each[2].note]
    occurred = [_occurrence(growth, event, place) for growth, _, event in placed if event.occurred_on]
    write(session, Note, noted, has_id=False)
    write(session, Occurrence, occurred, has_id=False)
    numbers = iter([each["number"] for each in occurred])
    heads = {growth.issue_id: dict(growth.heads) for growth in growths}
    sides = _sides(session, [growth.issue_id for growth in growths])
    rows: list[Columns] = []
    for growth, position, event in placed:
        word = words.get((growth.issue_id, position))
        readers, kind = sides[growth.issue_id], _with_numbers(event, numbers)
        at = {"partnership_id": place.arrangement.id, "issue_id": growth.issue_id, "position": position}
        row = _event(event, kind, word, readers=readers, on=next_on(heads[growth.issue_id], readers), **at)
        heads[growth.issue_id] = with_head(heads[growth.issue_id], readers, Head(row["place"], row["digest"]))
        rows.append(row)
    write(session, Event, rows, has_id=False)
    session.exec(update(Issue), params=[_chain(growth, heads[growth.issue_id]) for growth in growths])


def _sides(session: Session, issue_ids: Collection[int]) -> dict[int, str]:
    """Who reads the story of each of these issues: all its sides, for every case is shared."""
    found: dict[int, list[int]] = defaultdict(list)
    for issue_id, side in session.execute(
        select(col(IssueSide.issue_id), col(IssueSide.organisation_id)).where(col(IssueSide.issue_id).in_(issue_ids))
    ):
        found[issue_id].append(side)
    return {issue_id: together(sides) for issue_id, sides in found.items()}


def _chain(growth: CaseEvents, heads: Mapping[str, Head]) -> Columns:
    """How long the story of an issue is now, and that its climb is to be counted anew."""
    length, grown_at = growth.length + len(growth.events), growth.events[-1].at
    return {"id": growth.issue_id, "heads": heads, "events": length, "uncounted_at": grown_at}


def write(session: Session, table: type[SQLModel], rows: Sequence[Columns], *, has_id: bool = True) -> list[int]:
    """Inserts many rows; what a row leaves out has its default. Their ids, in order, where the table has one."""
    if not rows:
        return []
    whole = [{**_defaults(table), **row} for row in rows]
    statement = insert(table)
    if not has_id:
        session.exec(statement, params=whole)
        return []
    id_column = table.__table__.c.id  # type: ignore[attr-defined]
    found = session.exec(statement.returning(id_column, sort_by_parameter_order=True), params=whole)
    return [int(row.id) for row in found]


@cache
def _defaults(table: type[SQLModel]) -> Mapping[str, Any]:
    fields = {name: field.get_default(call_default_factory=True) for name, field in table.model_fields.items()}
    return {name: value for name, value in fields.items() if name != "id" and value is not PydanticUndefined}


def _note(growth: CaseEvents, position: int, event: PastEvent, word: Word) -> Columns:
    return {
        "issue_id": growth.issue_id,
        "event_position": position,
        "ring": Ring.SHARED,
        "organisation_id": event.actor.organisation_id,
        "person_id": event.actor.person_id,
        "person_name": event.actor.name,
        "text": word.value,
        "cut_words": cut(word.value),
        "salt": word.salt,
        "at": event.at,
    }


def _occurrence(growth: CaseEvents, event: PastEvent, place: HistoryPlace) -> Columns:
    return {
        "issue_id": growth.issue_id,
        "number": lot(),
        "occurred_on": event.occurred_on,
        "organisation_id": event.actor.organisation_id or place.sides(growth.case)[0].id,
        "person_id": event.actor.person_id,
        "person_name": event.actor.name,
        "detail": getattr(event.kind, "detail", "") if isinstance(event.kind, Occurred) else "",
        "recorded_at": event.at,
    }


def _with_numbers(event: PastEvent, numbers: Iterator[int]) -> EventKind:
    if isinstance(event.kind, Noted) and event.note:
        return replace(event.kind, note=1)
    if event.occurred_on:
        occurrence = next(numbers)
        return replace(event.kind, occurrence=occurrence) if isinstance(event.kind, Occurred) else event.kind
    return event.kind


def _event(event: PastEvent, kind: EventKind, word: Word | None, *, readers: str, on: Head, **place: int) -> Columns:
    """`place`: of which partnership and issue, and at which position."""
    return event_row(
        kind,
        event.actor,
        event.at,
        readers=readers,
        on=on,
        sealed={"text": word} if word else {},
        more={"ball": event.outsider} if event.outsider else None,
        **place,
        ring=Ring.SHARED,
        tier=event.tier,
        ball_with_id=event.ball_with_id,
        state=event.state.value,
        announced=True,
    )
