"""Saying more of an issue: a note, a word about a conversation, and that it happened again."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.actions.begin_step import Doer, Opened, open_issue
from tracker.actions.raise_issue import raise_issue
from tracker.records.issue import Issue
from tracker.rules.new_issue import NewIssue
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring, Step
from tracker.rules.spans import day_in


def add_note(session: Session, ref: str, doer: Doer, *, text: str, ring: Ring, spoke: bool = False) -> Issue:
    """A note in a ring, or one line about a conversation; empty ones are refused."""
    opened = open_issue(session, ref, Step.NOTE, doer)
    if not text.strip():
        raise WrongInput(FieldError("text", "Write something first; one line is enough."))
    if ring not in (Ring.ORGANISATION, Ring.SHARED):
        raise WrongInput(FieldError("ring", "A note is read by all sides (shared) or by yours (organisation)."))
    opened.issue.note(text.strip(), opened.actor, doer.now, ring=ring, spoke=spoke, once=doer.once)
    return opened.issue


def record_occurrence(session: Session, ref: str, doer: Doer, *, occurred_on: date | None, detail: str = "") -> Issue:
    """It happened again or to somebody else too (None: today): the issue it belongs to, a NEW linked one when it
    happened after the old one was resolved. Refuses a day to come."""
    opened = open_issue(session, ref, Step.OCCURRENCE, doer)
    issue, zone = opened.issue, ZoneInfo(opened.arrangement.zone)
    today = day_in(zone, doer.now)
    occurred_on = occurred_on or today
    if occurred_on > today:
        raise WrongInput(FieldError("occurred_on", "Give the day it happened: today or earlier."))
    if issue.resolved_at and occurred_on > day_in(zone, issue.resolved_at):
        return _raise_again(session, opened, doer, occurred_on, detail)
    too = doer.viewer.person_id != issue.raised_by_id
    issue.record_occurrence(occurred_on, detail.strip(), opened.actor, doer.now, too=too, once=doer.once)
    return issue


def _raise_again(session: Session, opened: Opened, doer: Doer, occurred_on: date, detail: str) -> Issue:
    old, actor, agreed = opened.issue, opened.actor, opened.arrangement
    others = [each for each in (*old.side_ids, old.meant_for_id) if each not in (None, actor.organisation_id)]
    if not others:
        raise MoveNotAllowed("It names nobody it was with, so it cannot be raised again. Raise a new issue instead.")
    new = NewIssue(
        title=old.title, detail=detail.strip() or old.detail, severity=old.severity, occurred_on=occurred_on,
        with_=agreed.organisations[others[0] or 0].key, ring=old.ring, again_of_id=old.id,
        service_area=_still(old.service_area, agreed.open_areas()), theme=_still(old.theme, agreed.open_themes()),
    )  # fmt: skip
    speaking = Doer(doer.viewer, doer.now, speaking_for=actor.organisation_key, once=doer.once)
    again = raise_issue(session, agreed, new, speaking)
    old.happened_again(again.ref, actor, doer.now)
    return again


def _still(key: str | None, there: Collection[str]) -> str | None:
    """What has been retired since is left out."""
    return key if key in there else None
