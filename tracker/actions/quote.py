"""Quoting: whoever raised an issue lets words of it be quoted in reports, and takes them back at any time."""

from dataclasses import replace

from sqlmodel import Session, col, select

from tracker.actions.begin_step import StepContext, StepRequest, step_context
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.events.issue import Amended, Raised
from tracker.rules.events.kinds import Actor
from tracker.rules.reporting.quoting import OwnWords, own_words
from tracker.rules.rings import Step


def let_quote(session: Session, ref: str, request: StepRequest, *, text: str, agrees: bool, left_out: bool) -> Issue:
    """Lets these words be quoted, without a name. `agrees`: to being quoted; `left_out`: names and whatever else would
    tell of somebody. Refuses: MayNot, MoveNotAllowed, WrongInput."""
    context = _begin(session, ref, Step.QUOTE, request)
    _written_by_whom(session, context.issue).require(text)
    context.issue.let_quote(text, _reporter(context), request.now, agrees=agrees, left_out=left_out, once=request.once)
    return context.issue


def take_words_back(session: Session, ref: str, request: StepRequest) -> Issue:
    """The words are in no report from now on; a pack that was published stays as it was."""
    context = _begin(session, ref, Step.UNQUOTE, request)
    context.issue.take_words_back(_reporter(context), request.now, once=request.once)
    return context.issue


def _written_by_whom(session: Session, issue: Issue) -> OwnWords:
    kinds = (col(Event.issue_id) == issue.id, col(Event.kind).in_((Raised.name, Amended.name)))
    events = session.exec(select(Event).where(*kinds).order_by(col(Event.position)))
    return own_words((event.read(), event.person_id == issue.raised_by_id) for event in events)


def _begin(session: Session, ref: str, step: Step, request: StepRequest) -> StepContext:
    context = step_context(session, ref, request)
    context.require(step)
    return context


def _reporter(context: StepContext) -> Actor:
    """As they spoke when they raised it, whatever else they are by now."""
    then = context.arrangement.organisations[context.issue.raised_for_id]
    return replace(context.actor, organisation_id=then.id, organisation_key=then.key, organisation_name=then.name)
