"""Writing a two-sided paper: sealed until every side\u2019s is in, or the time is up; then all are opened together."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actions.begin_step import StepRequest, begin_step
from tracker.actions.remind import RingingTimer
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.records.timer import TimerKind
from tracker.rules.deadlines import A_WORKING_DAY, Due, warning_before
from tracker.rules.events.papers import PaperOpened
from tracker.rules.ladder import LadderContext
from tracker.rules.refusals import MoveNotAllowed, required
from tracker.rules.rings import Step


def write_paper(session: Session, ref: str, request: StepRequest, *, facts: str, view: str, asks: str) -> Issue:
    """A side\u2019s paper. Refuses as `begin_step`; a tier that decides on none, a second one once the first is open,
    and any part of it that is empty."""
    context = begin_step(session, ref, Step.PAPER, request)
    issue, climb = context.issue, context.ladder_context
    if not context.tier.paper:
        raise MoveNotAllowed("It is on a tier that asks for no papers.")
    if _is_open(session, issue, context.speaking.organisation_id):
        raise MoveNotAllowed("The paper of your side is open already: what is to be added goes into a note.")
    parts = {
        "facts": required("facts", facts, "Say what happened, as far as all can agree to it."),
        "view": required("view", view, "Say how your side sees it."),
        "asks": required("asks", asks, "Say what your side asks to be decided."),
    }
    until = papers_until(issue, climb, request.now)
    issue.write_paper(parts, context.actor, request.now, until=until, once=request.once)
    if until.at <= request.now or are_all_in(session, issue):
        issue.open_papers(context.arrangement.organisations, request.now)
    return issue


def are_all_in(session: Session, issue: Issue) -> bool:
    """Whether something is sealed, and no side is left of which nothing is in or open."""
    written = {each.organisation_id for each in issue.sealed_papers()}
    opened = {each for each in issue.side_ids if _is_open(session, issue, each)}
    return bool(written) and written | opened >= {*issue.side_ids}


def papers_until(issue: Issue, climb: LadderContext, now: datetime) -> Due:
    """When papers are opened, whoever has written: a working day before the limit, so that all can read them first.
    Where no limit runs, when the others are to be heard of."""
    if issue.due_at is None:
        return climb.in_loop_until(now)
    return Due(warning_before(A_WORKING_DAY, issue.due_at, climb.calendar))


def open_due(ringing: RingingTimer) -> None:
    """The time is up; where the limit was moved meanwhile, it is up when that has it."""
    issue, climb = ringing.issue, ladder_context(ringing.issue, ringing.arrangement)
    here = climb.ladder.tiers[issue.tier - 1]
    until = papers_until(issue, climb, ringing.now)
    if here.paper and issue.due_at is not None and not issue.is_resolved and until.at > ringing.now:
        issue.set_timer(TimerKind.PAPERS, until)
    else:
        issue.open_papers(ringing.arrangement.organisations, ringing.now)


def _is_open(session: Session, issue: Issue, organisation_id: int) -> bool:
    """Whether a side\u2019s paper was opened since the issue came to this tier."""
    opened = select(Event.id).where(
        Event.issue_id == issue.id, Event.kind == PaperOpened.name, Event.organisation_id == organisation_id
    )
    since = issue.entered_at or issue.raised_at
    return session.exec(opened.where(col(Event.at) >= since)).first() is not None
