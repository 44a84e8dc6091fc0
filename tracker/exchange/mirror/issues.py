"""Issues of a copy, told of their events alone: what they are called, how they stand, whose turn it is.

Events come from another server. What this version cannot read is said to be so, and stops nobody from reading the rest.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select, tuple_
from sqlmodel import Session

from tracker.exchange.mirror.entries import FeedEvent
from tracker.exchange.mirror.tables import EVENTS, ISSUES
from tracker.records.event import read_event
from tracker.rules.events.issue import Amended, Raised
from tracker.rules.events.kinds import EventKind
from tracker.rules.lifecycle import State

NO_TITLE = "(without a title)"


@dataclass(frozen=True, slots=True)
class CopiedIssue:
    """How it stands after its last event. `ball_with_id`: of the organisation whose turn it is, None of nobody's;
    `raised_for_id`: for which it was raised."""

    title: str
    detail: str
    severity: str
    state: str
    raised_for_id: int | None
    ball_with_id: int | None
    raised_at: datetime
    moved_at: datetime


def copied_issue(events: Iterable[FeedEvent]) -> CopiedIssue | None:
    """Of its events in the order in which they were told; None of none."""
    events = list(events)
    if not events:
        return None
    title, detail, severity = NO_TITLE, "", ""
    for each in map(kind_of_event, events):
        if isinstance(each, Raised):
            title, detail, severity = each.title or title, each.detail, each.severity
        elif isinstance(each, Amended):
            title = each.new_title if "title" in each.fields else title
            detail = each.new_detail if "detail" in each.fields else detail
            severity = each.new_severity or severity
    first, last = events[0], events[-1]
    return CopiedIssue(
        title=title,
        detail=detail,
        severity=severity,
        state=next((each.state for each in reversed(events) if each.state), ""),
        raised_for_id=first.organisation_id,
        ball_with_id=last.ball_with_id,
        raised_at=first.at,
        moved_at=max(each.at for each in events),
    )


def kind_of_event(event: FeedEvent) -> EventKind | None:
    """With its words, and where they were taken out, with what stands for them; None of what this version has no words
    for."""
    words = {name: each.text for name, each in event.words.items()}
    try:
        kind = read_event(event.kind, event.details, words, event.hashes)
        kind.sentence(""), kind.passages()
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return kind


def list_issue(session: Session, ref: str) -> None:
    """What a list says of it is what its events say now."""
    issue = copied_issue(events_of(session, ref))
    session.execute(delete(ISSUES).where(ISSUES.c.ref == ref))
    if issue:
        named = {name: getattr(issue, name) for name in _LISTED}
        session.execute(insert(ISSUES), [{"ref": ref, **named}])


_LISTED = ("title", "severity", "state", "ball_with_id", "raised_at", "moved_at")


def list_all(session: Session) -> None:
    """A copy of before had no list."""
    is_listed = exists().where(ISSUES.c.ref == EVENTS.c.ref)
    unlisted = select(EVENTS.c.ref).where(EVENTS.c.event.is_not(None), ~is_listed).distinct()
    for ref in session.scalars(unlisted).all():
        list_issue(session, ref)


def list_no_more(session: Session) -> None:
    """What has no event under its reference any more: it has another one since it crossed."""
    session.execute(delete(ISSUES).where(~exists().where(EVENTS.c.ref == ISSUES.c.ref)))


def issues_listed(session: Session, after: str, most: int, *, over: bool) -> tuple[Sequence[Row[Any]], bool]:
    """Some after the one with this reference, or from the newest on, and whether there are more. `over`: resolved ones,
    too."""
    asked = select(ISSUES).order_by(ISSUES.c.raised_at.desc(), ISSUES.c.ref.desc()).limit(most + 1)
    if not over:
        asked = asked.where(ISSUES.c.state != State.RESOLVED.value)
    last = session.execute(select(ISSUES.c.raised_at, ISSUES.c.ref).where(ISSUES.c.ref == after)).first()
    if last:
        asked = asked.where(tuple_(ISSUES.c.raised_at, ISSUES.c.ref) < tuple_(*last))
    found = session.execute(asked).all()
    return found[:most], len(found) > most


def events_of(session: Session, ref: str) -> tuple[FeedEvent, ...]:
    """In the order in which they were told; none of what the copy has not, or has no more."""
    mine = (EVENTS.c.ref == ref, EVENTS.c.event.is_not(None))
    kept = session.scalars(select(EVENTS.c.event).where(*mine).order_by(EVENTS.c.number))
    return tuple(map(FeedEvent.model_validate_json, kept))


def refs_there(session: Session, refs: Collection[str]) -> frozenset[str]:
    """Those of these references that are of issues of the copy."""
    return frozenset(session.scalars(select(ISSUES.c.ref).where(ISSUES.c.ref.in_(refs))))
