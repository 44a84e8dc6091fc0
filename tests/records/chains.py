"""Holds the chains of a database against its events: what of it does not fit."""

from collections.abc import Iterator
from itertools import groupby

from sqlmodel import Session, col, select

from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.quotation import Quotation
from tracker.rules.digest import CLOSED, NO_HEAD, Head, next_on, with_head
from tracker.rules.events.kinds import REDACTED

Heads = dict[str, Head]


def broken_links(session: Session) -> list[str]:
    """Every event that does not stand where the one before it in its chain ends, and every issue whose heads are
    others: by their numbers."""
    return [*_of_issues(session), *_apart(session), *_sealed(session)]


def _of_issues(session: Session) -> Iterator[str]:
    heads = {issue.id: issue.heads for issue in session.exec(select(Issue))}
    asked = select(Event).where(col(Event.issue_id).is_not(None)).order_by(col(Event.issue_id), col(Event.position))
    for issue_id, events in groupby(session.exec(asked), key=lambda event: event.issue_id or 0):
        found: Heads = {}
        for event in events:
            yield from _broken(event, next_on(found, event.readers))
            found = with_head(found, event.readers, Head(event.place, event.digest))
        if found != heads.pop(issue_id):
            yield f"issue {issue_id}: its heads"
    yield from (f"issue {issue_id}: heads without events" for issue_id, each in heads.items() if each)


def _apart(session: Session) -> Iterator[str]:
    asked = select(Event).where(col(Event.issue_id).is_(None)).order_by(col(Event.partnership_id), col(Event.position))
    for _, events in groupby(session.exec(asked), key=lambda event: event.partnership_id):
        found: Heads = {}
        for event in events:
            closed = next((Head(0, head.digest) for name, head in found.items() if name.startswith(CLOSED)), NO_HEAD)
            yield from _broken(event, found.get(event.readers, closed))
            found[event.readers] = Head(event.place, event.digest)


def _broken(event: Event, on: Head) -> Iterator[str]:
    if event.place != on.place + 1:
        yield f"event {event.id}: place {event.place} after {on.place}"
    if event.digest != event.link_after(on.digest):
        yield f"event {event.id}: its digest"


def _sealed(session: Session) -> Iterator[str]:
    """Words that stand elsewhere."""
    for said in (*session.exec(select(Note)), *session.exec(select(Quotation))):
        mine = (Event.issue_id == said.issue_id, Event.position == said.event_position)
        event = session.exec(select(Event).where(*mine)).one()
        if said.text != REDACTED and event.hashes["text"] != said.word.hash:
            yield f"event {event.id}: the words of it"
