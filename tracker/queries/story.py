"""The story of an issue as one person may read it: its events in order, and which are new since they looked."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, not_, or_, select, text, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from tracker.database import straight
from tracker.queries.issues import READERS, one_of, readable_events, visible_issues
from tracker.records.columns import among, counted_moment
from tracker.records.event import Event, told_event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Attention
from tracker.records.note import Note
from tracker.records.quotation import Quotation
from tracker.rules import names
from tracker.rules.events.decision import OfDecision
from tracker.rules.events.issue import Noted
from tracker.rules.events.kinds import REDACTED, EventKind, asides
from tracker.rules.notices import AttentionWish
from tracker.rules.rings import Ring, Viewer

_Any = aliased(Issue, name="candidate")
NEWS = timedelta(weeks=4)  # for so long what happened is new to whoever has not looked at the issue at all


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One thing that happened. `text`: a note's words, None where it is no note. `who` as they were called then and as
    the reader may know them; `is_named`: that is a name of their own. `ball`: whose turn it was after it, "" while
    nobody's. `quoted`, of the first: what this reader lets be quoted of the issue they raised. `is_new`: others did it
    since this reader looked; None: others did it, and this reader has never looked. `is_mine`: this reader did it;
    `wish`: which word of the issue they want. `by_raiser`: for no page, whose reader may not know."""

    at: datetime
    event: EventKind
    who: str
    is_named: bool
    organisation_id: int | None
    organisation: str
    ring: Ring
    tier: int
    ball: str = ""
    text: str | None = None
    spoke: bool = False
    quoted: str = ""
    is_new: bool | None = False
    is_mine: bool = False
    wish: AttentionWish | None = None
    by_raiser: bool = False


_COLUMNS = (
    *(getattr(Event, name) for name in ("at", "kind", "person_id", "organisation_id", "ring", "tier", "ball_with_id")),
    *(getattr(Event, name) for name in ("details", "words", "hashes")),
    col(Note.text),
    col(Note.spoke),
    col(Quotation.text).label("quoted"),
    col(Attention.wish),
)


def story(session: Session, issue: Issue, viewer: Viewer) -> tuple[StoryEvent, ...]:
    """What happened, oldest first, without what this person may not read. The caller has loaded the issue for them."""
    return tuple(
        _story_event(row, issue, viewer) for row in straight(session).execute(_events(viewer), {"issue": issue.id})
    )


def step_taken(session: Session, issue: Issue, viewer: Viewer, word: str) -> tuple[Event, ...]:
    """What the form with this word made happen, and what followed from that at once; nothing where this person sent no
    such form. The caller has loaded the issue for them."""
    mine = (col(Event.issue_id) == issue.id, readable_events(viewer))
    sent = select_rows(Event).where(*mine, col(Event.person_id) == viewer.person_id, col(Event.once).is_not(None))
    newest = session.exec(sent.order_by(col(Event.position).desc()))
    first = next((each for each in newest if each.once and each.once.endswith(f" {word}")), None)
    if first is None:
        return ()
    then = select_rows(Event).where(*mine, col(Event.at) == first.at, col(Event.position) > first.position)
    return (first, *session.exec(then.order_by(col(Event.position))))


def story_of_decision(session: Session, decision_id: int) -> tuple[Row[Any], ...]:
    """What happened to a decision, oldest first. The caller has loaded it for whoever reads."""
    return tuple(straight(session).execute(_OF_DECISION, {"decision": decision_id}))


def decision_event_text(row: Row[Any]) -> str:
    """What happened to a decision, in a sentence for its own page, which does not say again what was decided."""
    who = names.name_in(row.words, "actor")
    kind = told_event(row.kind, row.details, row.words, row.hashes)
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
        select(*_COLUMNS, and_(*_by_others(viewer), col(Event.position) > col(Attention.looked)).label("is_new"))
        .outerjoin(Note, note_of)
        .outerjoin(Quotation, and_(mine, col(Event.position) == 1))
        .outerjoin(Attention, _of_reader(viewer, col(Event.issue_id)))
        .where(col(Event.issue_id) == bindparam("issue"), readable_events(viewer))
        .order_by(col(Event.position))
    )


def _story_event(row: Any, issue: Issue, viewer: Viewer) -> StoryEvent:
    is_note = row.kind == Noted.name and row.details.get("note", 0) > 0  # history tells of notes whose words it lacks
    return StoryEvent(
        at=row.at,
        event=told_event(row.kind, row.details, row.words, row.hashes),
        who=names.doer_name(row.kind, row.person_id, row.words, issue, viewer),
        is_named=bool(names.name_in(row.words, "actor")) and names.may_know(row.person_id, issue, viewer),
        organisation_id=row.organisation_id,
        organisation=names.name_in(row.words, "actor_organisation"),
        ring=row.ring,
        tier=row.tier,
        ball=str(row.details.get("ball") or row.ball_with_id or "") if row.tier else "",
        text=(row.text if row.text is not None else REDACTED) if is_note else None,
        spoke=bool(row.spoke),
        quoted=row.quoted or "",
        wish=row.wish,
        is_mine=row.person_id == viewer.person_id,
        is_new=None if row.is_new is None else bool(row.is_new),
        by_raiser=row.person_id is not None and row.person_id == issue.raised_by_id,
    )


def news(session: Session, viewer: Viewer, issue_ids: Collection[int], now: datetime) -> dict[int, int]:
    """How much others did about each of these issues since this person looked, as far as they may read it; those with
    nothing new are left out. The caller may show the issues."""
    if not issue_ids:
        return {}
    found = straight(session).execute(_news(viewer), {"ids": list(issue_ids), "since": now - NEWS}).all()
    return {issue: count for issue, count in found if issue is not None}


def has_news(viewer: Viewer, since: datetime) -> ColumnElement[bool]:
    """The condition on `Issue` that something about it is new to this person. `since`: what happened before is not to
    whoever has not looked at all, and nothing is of an issue that was over by then."""
    looked = select(col(Attention.issue_id)).where(col(Attention.person_id) == viewer.person_id)
    here = select(col(_Any.id)).where(col(_Any.partnership_id).in_(sorted(viewer.partnership_ids)))
    candidates = union_all(
        looked, here.where(text("candidate.resolved_at IS NULL")), here.where(col(_Any.resolved_at) > since)
    )
    mine = select(col(Attention.looked)).where(_of_reader(viewer, col(Event.issue_id)))
    attention = mine.correlate(Event).scalar_subquery()
    happened = exists().where(
        col(Event.issue_id) == col(Issue.id),
        readable_events(viewer),
        *_by_others(viewer),
        or_(col(Event.position) > attention, and_(attention.is_(None), col(Event.at) > since)),
    )
    return and_(col(Issue.id).in_(candidates), happened)


def last_read(session: Session, viewer: Viewer, ref: str, entries: int) -> tuple[int, int] | None:
    """An issue, by its id, and the position of the last of so many entries of its story as this person reads it; of as
    many as there are."""
    found = straight(session).execute(_read_of(viewer, col(Issue.ref) == ref).limit(max(1, entries))).all()
    return (found[-1].issue_id, found[-1].position) if found else None


def nth_event(session: Session, issue: Issue, viewer: Viewer, entry: int) -> Event | None:
    """That entry of the story as this person reads it, the first being 0."""
    if entry < 0:
        return None
    place = straight(session).execute(_read_of(viewer, col(Issue.id) == issue.id).offset(entry).limit(1)).first()
    of_issue = select(Event).where(col(Event.issue_id) == issue.id)
    return session.scalars(of_issue.where(col(Event.position) == place.position)).one() if place else None


def note_of(session: Session, event: Event) -> Note | None:
    """The note of an event, where it is of one."""
    of_event = (col(Note.issue_id) == event.issue_id, col(Note.event_position) == event.position)
    return session.scalars(select(Note).where(*of_event)).first() if event.kind == Noted.name else None


def undisturbed(session: Session, viewer: Viewer, issue_id: int, after: int, now: datetime) -> int:
    """The position of the last event after a step of theirs at this moment, where nobody else did anything that they
    have not seen between the position `after` and their step; else `after`."""
    rest = _read_of(viewer, col(Issue.id) == issue_id).where(col(Event.position) > after)
    if straight(session).execute(rest.where(*_by_others(viewer), col(Event.at) < now).limit(1)).first():
        return after
    return max((row.position for row in straight(session).execute(rest)), default=after)


def last_by(session: Session, viewer: Viewer, which: ColumnElement[bool], until: datetime) -> dict[int, int]:
    """Of each of these issues, by its id, the position of the last event up to a moment that this person reads."""
    events = _read_of(viewer, which).where(col(Event.at) <= until).subquery()
    last = select(events.c.issue_id, func.max(events.c.position)).group_by(events.c.issue_id)
    return {row[0]: row[1] for row in straight(session).execute(last)}


def _read_of(viewer: Viewer, which: ColumnElement[bool]) -> Select[Any]:
    """The places of the events of these issues as this person reads them, in order."""
    places: tuple[Any, ...] = (col(Event.issue_id), col(Event.position))
    readable = (visible_issues(viewer), readable_events(viewer))
    joined = select(*places).join(Issue, col(Issue.id) == col(Event.issue_id)).where(which, *readable)
    return joined.order_by(col(Event.issue_id), col(Event.position))


@lru_cache(maxsize=READERS)
def _news(viewer: Viewer) -> Select[Any]:
    is_recent = or_(col(Attention.looked).is_not(None), col(Event.at) > bindparam("since", type_=counted_moment()))
    counted: tuple[Any, ...] = (col(Event.issue_id), func.count())
    return (
        select(*counted)
        .outerjoin(Attention, _of_reader(viewer, col(Event.issue_id)))
        .where(among(col(Event.issue_id)), readable_events(viewer))
        .where(*_by_others(viewer), col(Event.position) > func.coalesce(col(Attention.looked), 0), is_recent)
        .group_by(col(Event.issue_id))
    )


def _of_reader(viewer: Viewer, issue_id: Any) -> ColumnElement[bool]:
    return and_(col(Attention.person_id) == viewer.person_id, col(Attention.issue_id) == issue_id)


def _by_others(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Of events: what counts as news. What the clock says by the way is none, nor what they did themselves."""
    return (col(Event.person_id).is_distinct_from(viewer.person_id), not_(one_of(Event.kind, asides())))
