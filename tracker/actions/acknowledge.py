"""Acknowledging: a side says that it has seen an issue and has it."""

from sqlmodel import Session

from tracker.actions.begin_step import Doer, open_issue
from tracker.records.issue import Issue
from tracker.rules.rings import Step


def acknowledge(session: Session, ref: str, doer: Doer) -> Issue:
    """A side says: seen, we have it."""
    opened = open_issue(session, ref, Step.ACKNOWLEDGE, doer)
    lapses_at = opened.after(opened.concerned.ladder.keep_in_loop, doer.now)
    opened.issue.acknowledge(opened.actor, doer.now, lapses_at=lapses_at, once=doer.once)
    return opened.issue
