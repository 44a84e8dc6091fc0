"""The story of an issue as one person may read it: its events in order, with the words of their notes."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlmodel import Session, col

from tracker.queries.issues import READERS, readable_events
from tracker.records.event import Event, read_event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.quotation import Quotation
from tracker.rules import names
from tracker.rules.events.decision import OfDecision
from tracker.rules.events.issue import Noted
from tracker.rules.events.kinds import REDACTED, EventKind
from tracker.rules.rings import Ring, Viewer


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One thing that happened. `text`: a note's words, None where it is no note. `who` as they were called then and as
    the reader may know them; `is_named`: that is a name of their own. `quoted`, of the first: what this reader lets be
    quoted of the issue they raised. `by_raiser`: for no page, whose reader may not know."""

    at: datetime
    event: EventKind
    who: str
    is_named: bool
    organisation_id: int | None
    organisation: str
    ring: Ring
    tier: int
    text: str | None = None
    spoke: bool = False
    quoted: str = ""
    by_raiser: bool = False


_COLUMNS = (
    *(getattr(Event, name) for name in ("at", "kind", "person_id", "organisation_id", "ring", "tier")),
    *(getattr(Event, name) for name in ("details", "words", "hashes")),
    col(Note.text),
    col(Note.spoke),
    col(Quotation.text).label("quoted"),
)


def story(session: Session, issue: Issue, viewer: Viewer) -> tuple[StoryEvent, ...]:
    """What happened, oldest first, without what this person may not read. The caller has loaded the issue for them."""
    return tuple(_story_event(row, issue, viewer) for row in session.execute(_events(viewer), {"issue": issue.id}))


def story_of_decision(session: Session, decision_id: int) -> tuple[Row[Any], ...]:
    """What happened to a decision, oldest first. The caller has loaded it for whoever reads."""
    return tuple(session.execute(_OF_DECISION, {"decision": decision_id}))


def decision_event_text(row: Row[Any]) -> str:
    """What happened to a decision, in a sentence for its own page, which does not say again what was decided."""
    who = row.words.get("actor", {}).get("value", "")
    kind = read_event(row.kind, row.details, row.words, row.hashes)
    return (replace(kind, decision="") if isinstance(kind, OfDecision) else kind).sentence(who)


_OF_DECISION: Select[Any] = (
    select(*(getattr(Event, name) for name in ("at", "kind", "details", "words", "hashes")))
    .where(col(Event.decision_id) == bindparam("decision"))
    .order_by(col(Event.position))
)


@lru_cache(maxsize=READERS)
def _events(viewer: Viewer) -> Select[Any]:
    note_of = and_(col(Note.issue_id) == col(Event.issue_id), col(Note.event_position) == col(Event.position))
    mine = and_(col(Quotation.issue_id) == col(Event.issue_id), col(Quotation.person_id) == viewer.person_id)
    return (
        select(*_COLUMNS)
        .outerjoin(Note, note_of)
        .outerjoin(Quotation, and_(mine, col(Event.position) == 1))
        .where(col(Event.issue_id) == bindparam("issue"), readable_events(viewer))
        .order_by(col(Event.position))
    )


def _story_event(row: Any, issue: Issue, viewer: Viewer) -> StoryEvent:
    is_note = row.kind == Noted.name and row.details.get("note", 0) > 0  # history tells of notes whose words it lacks
    return StoryEvent(
        at=row.at,
        event=read_event(row.kind, row.details, row.words, row.hashes),
        who=names.doer_name(row.kind, row.person_id, row.words, issue, viewer),
        is_named=bool(names.name_in(row.words, "actor")) and names.may_know(row.person_id, issue, viewer),
        organisation_id=row.organisation_id,
        organisation=names.name_in(row.words, "actor_organisation"),
        ring=row.ring,
        tier=row.tier,
        text=(row.text if row.text is not None else REDACTED) if is_note else None,
        spoke=bool(row.spoke),
        quoted=row.quoted or "",
        by_raiser=row.person_id is not None and row.person_id == issue.raised_by_id,
    )
