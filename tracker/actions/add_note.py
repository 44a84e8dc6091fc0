"""Saying more of an issue: a note, also taken back, a word about a conversation, and that it happened again."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col

from tracker.actions.begin_step import StepContext, StepRequest, begin_step, step_context
from tracker.actions.raise_issue import raise_issue
from tracker.queries.story import note_of, nth_event
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import numbered_occurrence
from tracker.records.notice import Notice
from tracker.rules.events.issue import Noted, Occurred
from tracker.rules.events.kinds import REDACTED
from tracker.rules.names import mentions
from tracker.rules.new_issue import NewIssue
from tracker.rules.notices import NOTE_IS_TAKEN_BACK, UNSENT, NoticeState
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput, required
from tracker.rules.rings import Ring, Step, note_rings
from tracker.rules.rings.readers import note_readers
from tracker.rules.wording import listed


def add_note(
    session: Session, ref: str, request: StepRequest, *, text: str, ring: Ring | None = None, spoke: bool = False
) -> Issue:
    """A note in a ring (None: the first that is offered), or one line about a conversation; empty ones are refused, and
    in the ring `named` those that name nobody."""
    context = begin_step(session, ref, Step.NOTE, request)
    text = required("text", text, "Write something first; one line is enough.")
    offered = note_rings(crossed=context.issue.crossed, tier=context.issue.tier)
    if ring not in (None, *offered):
        raise WrongInput(FieldError("ring", f"A note here is read by: {listed(offered, 'or')}."))
    ring = ring or offered[0]
    mentioned = _mentioned(context, text, ring, request.now)
    if ring is Ring.NAMED and not mentioned:
        raise WrongInput(FieldError("text", "Name with an @ who is to read it: @ and their name, or their first name."))
    if ring is Ring.SHARED:
        context.acknowledge_by_writing(request.now)
    context.issue.note(text, context.actor, request.now, ring=ring, spoke=spoke, mentions=mentioned, once=request.once)
    return context.issue


def _mentioned(context: StepContext, text: str, ring: Ring, now: datetime) -> tuple[int, ...]:
    """The ids of those whom a note names with an @. Refuses one that names who may not read it, or nobody clearly; in
    the ring `named` whoever reads the issue may be named."""
    agreed, issue = context.arrangement, context.issue
    there = [each for each in agreed.people.values() if each.roles and not each.retired]
    found = mentions(text, there)
    if not found.people and not found.unclear:
        return ()
    readers = note_readers(
        issue,
        agreed,
        Ring.SHARED if ring is Ring.NAMED else ring,
        now,
        by=context.actor.person_id or 0,
        organisation_id=context.actor.organisation_id,
    )
    unclear = [(name, [each for each in people if each.id in readers]) for name, people in found.unclear]
    several = next(((name, people) for name, people in unclear if len(people) != 1), None)
    if several:
        known = listed((each.name for each in several[1]), "or")
        raise WrongInput(FieldError("text", f"Say which {several[0]} you mean" + (f": {known}." if known else ".")))
    named = [*found.people, *(people[0] for _, people in unclear)]
    others = [each.name for each in named if each.id not in readers]
    if others:
        raise WrongInput(FieldError("text", f"{listed(others)} may not read this note, so it cannot be told to them."))
    return tuple(each.id for each in named if each.id != context.actor.person_id)


def take_back(session: Session, ref: str, request: StepRequest, *, entry: int) -> Issue:
    """Whoever wrote a note, or said that it happened again or to them too, takes that back. `entry`: its place in the
    story as they read it. Refuses what somebody else said, and a note that is older than a few minutes."""
    context = step_context(session, ref, request)
    event = nth_event(session, context.issue, request.viewer, entry)
    if event is None or event.person_id != request.viewer.person_id or event.kind not in (Noted.name, Occurred.name):
        raise MoveNotAllowed("You can take back a note of your own, and that something happened if you said so.")
    _taken_back[event.kind](session, context, event, request)
    return context.issue


def _take_note_back(session: Session, context: StepContext, event: Event, request: StepRequest) -> None:
    """Word of it that has not gone out does not."""
    note = note_of(session, event)
    if request.now - event.at > NOTE_IS_TAKEN_BACK:
        raise MoveNotAllowed("A note can be taken back in its first five minutes. Write one that puts it right.")
    if note is not None and note.text != REDACTED:
        context.issue.take_note_back(note, context.actor, request.now, once=request.once)
        event.announced = True
        unsent = (col(Notice.event_id) == event.id, col(Notice.state).in_(UNSENT))
        gone = {"state": NoticeState.SUPPRESSED, "why": "its author took it back", "lease_until": None}
        session.execute(update(Notice).where(*unsent).values(**gone))


def _take_occurrence_back(session: Session, context: StepContext, event: Event, request: StepRequest) -> None:
    """Taken back already, it stays so."""
    occurred = event.read()
    if not isinstance(occurred, Occurred):
        return
    occurrence = numbered_occurrence(session, context.issue.id, occurred.occurrence)
    if occurrence is not None:
        context.issue.take_occurrence_back(occurred, occurrence, context.actor, request.now, once=request.once)


_taken_back = {Noted.name: _take_note_back, Occurred.name: _take_occurrence_back}


def record_occurrence(
    session: Session, ref: str, request: StepRequest, *, occurred_on: date | None, detail: str = ""
) -> Issue:
    """It happened again or to somebody else too (None: today): the issue it belongs to, a NEW linked one when it
    happened after the old one was resolved. Refuses a day to come."""
    context = begin_step(session, ref, Step.OCCURRENCE, request)
    issue, arrangement = context.issue, context.arrangement
    today = arrangement.today(context.actor.organisation_id, request.now)
    occurred_on = occurred_on or today
    if occurred_on > today:
        raise WrongInput(FieldError("occurred_on", "Give the day it happened: today or earlier."))
    if issue.resolved_at and occurred_on > arrangement.today(context.actor.organisation_id, issue.resolved_at):
        return _raise_again(session, context, request, occurred_on, detail)
    too = request.viewer.person_id != issue.raised_by_id
    issue.record_occurrence(occurred_on, detail.strip(), context.actor, request.now, too=too, once=request.once)
    return issue


def _raise_again(session: Session, context: StepContext, request: StepRequest, occurred_on: date, detail: str) -> Issue:
    old, actor, agreed = context.issue, context.actor, context.arrangement
    others = [each for each in (*old.side_ids, old.meant_for_id) if each not in (None, actor.organisation_id)]
    if not others:
        raise MoveNotAllowed("It names nobody it was with, so it cannot be raised again. Raise a new issue instead.")
    new = NewIssue(
        title=old.title,
        detail=detail.strip() or old.detail,
        severity=old.severity,
        occurred_on=occurred_on,
        with_=agreed.organisations[others[0] or 0].key,
        ring=old.ring,
        again_of_id=old.id,
        taken_over=("title",) if detail.strip() else ("title", "detail"),
        service_area=_still(old.service_area, agreed.open_areas()),
        theme=_still(old.theme, agreed.open_themes()),
    )
    speaking = StepRequest(request.viewer, request.now, speaking_for=actor.organisation_key, once=request.once)
    again = raise_issue(session, agreed, new, speaking)
    old.happened_again(again.ref, actor, request.now)
    return again


def _still(key: str | None, there: Collection[str]) -> str | None:
    """What has been retired since is left out."""
    return key if key in there else None
