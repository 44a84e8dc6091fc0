"""Saying more of an issue: a note, a word about a conversation, and that it happened again."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.actions.raise_issue import raise_issue
from tracker.records.issue import Issue
from tracker.rules.new_issue import NewIssue
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput, required
from tracker.rules.rings import Ring, Step, note_rings


def add_note(
    session: Session, ref: str, request: StepRequest, *, text: str, ring: Ring | None = None, spoke: bool = False
) -> Issue:
    """A note in a ring (None: the first that is offered), or one line about a conversation; empty ones are refused."""
    context = begin_step(session, ref, Step.NOTE, request)
    text = required("text", text, "Write something first; one line is enough.")
    offered = note_rings(crossed=context.issue.crossed)
    if ring not in (None, *offered):
        raise WrongInput(FieldError("ring", f"A note here is read by: {' or '.join(offered)}."))
    ring = ring or offered[0]
    if ring is Ring.SHARED:
        context.acknowledge_by_writing(request.now)
    context.issue.note(text, context.actor, request.now, ring=ring, spoke=spoke, once=request.once)
    return context.issue


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
