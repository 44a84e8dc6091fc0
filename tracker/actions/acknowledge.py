"""Acknowledging: a side says that it has seen an issue and has it."""

from sqlmodel import Session

from tracker.actions.begin_step import StepRequest, begin_step
from tracker.records.issue import Issue
from tracker.rules.rings import Step


def acknowledge(session: Session, ref: str, request: StepRequest) -> Issue:
    """A side says: seen, we have it."""
    context = begin_step(session, ref, Step.ACKNOWLEDGE, request)
    lapses = context.ladder_context.in_loop_until(request.now, context.actor.organisation_key)
    context.issue.acknowledge(context.actor, request.now, lapses=lapses, once=request.once)
    return context.issue
