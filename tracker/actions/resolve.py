"""Resolving together: one side proposes, every other side agrees or returns it, silence counts; and reopening."""

from datetime import datetime

from sqlmodel import Session

from tracker.actions.begin_step import Doer, Opened, open_issue
from tracker.records.issue import Issue
from tracker.records.relations import route_now
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import Deadline, at_least_a_working_day
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.resolution import Proposal, tier_after_reopening
from tracker.rules.rings import Step


def propose(
    session: Session, ref: str, doer: Doer, *, outcome: str, done: str, cause: str = "", changes_agreement: bool = False
) -> Issue:
    """One side says how it ends. Refuses as `open_issue`, and an unknown outcome or an empty `done`."""
    opened = open_issue(session, ref, Step.PROPOSE, doer)
    actor = opened.actor
    if not done.strip():
        raise WrongInput(FieldError("done", "Say what was done, so that the other side can agree to it."))
    proposal = Proposal(
        by=actor.organisation_id or 0, by_name=actor.name, outcome=outcome, done=done.strip(), cause=cause.strip(),
        changes_agreement=changes_agreement,
    )  # fmt: skip
    silence_at = opened.after(opened.concerned.ladder.agree_silence, doer.now)
    opened.issue.propose(proposal, actor, doer.now, silence_at=silence_at, once=doer.once)
    return opened.issue


def agree(session: Session, ref: str, doer: Doer) -> Issue:
    """A side that must answer agrees; the last one to do so resolves it."""
    opened = _to_answer(session, ref, Step.AGREE, doer)
    opened.issue.agree(opened.actor, doer.now, once=doer.once)
    return opened.issue


def give_back(session: Session, ref: str, doer: Doer, *, reason: str) -> Issue:
    """A side that must answer returns the proposal with a reason: the old limit, at least a working day away."""
    opened = _to_answer(session, ref, Step.RETURN, doer)
    if not reason.strip():
        raise WrongInput(FieldError("reason", "Say why it goes back, so that the other side can mend it."))
    due = _standing_limit(opened, doer.now)
    opened.issue.give_back(reason.strip(), opened.actor, doer.now, due=due, once=doer.once)
    return opened.issue


def settle_by_silence(issue: Issue, arrangement: Arrangement, now: datetime) -> None:
    """The time to answer is over: who has not answered counts as agreeing."""
    silent = tuple(arrangement.organisations[each] for each in issue.unanswered)
    issue.settle_by_silence(silent, now)


def reopen(session: Session, ref: str, doer: Doer, *, reason: str) -> Issue:
    """Not over: back to the tier that decided, with that tier's limit anew; too often, one tier above it."""
    opened = open_issue(session, ref, Step.REOPEN, doer)
    if not reason.strip():
        raise WrongInput(FieldError("reason", "Say what shows that it is not over."))
    issue = opened.issue
    if issue.ladder_version_id not in opened.arrangement.ladders:
        return _reopen_onto_ladder(opened, reason.strip(), doer)
    concerned, agreed = opened.concerned, opened.concerned.ladder
    number = tier_after_reopening(issue.tier, len(agreed.tiers), issue.reopens + 1, agreed.reopens_to_escalate)
    entry = ladder.enter(concerned, number, doer.now) or ladder.entry(concerned, opened.tier, doer.now)
    issue.reopen(reason.strip(), opened.actor, doer.now, entry=entry, ball=_ball_after(opened), once=doer.once)
    return issue


def withdraw(session: Session, ref: str, doer: Doer, *, reason: str = "") -> Issue:
    """Taken back by its raiser, before another side acknowledged it."""
    opened = open_issue(session, ref, Step.WITHDRAW, doer)
    opened.issue.withdraw(reason.strip(), opened.actor, doer.now, once=doer.once)
    return opened.issue


def say_stayed_fixed(session: Session, ref: str, doer: Doer, *, fixed: bool) -> Issue:
    """An answer to “did it stay fixed?”."""
    opened = open_issue(session, ref, Step.STAYED_FIXED, doer)
    opened.issue.say_stayed_fixed(fixed, opened.actor, doer.now, once=doer.once)
    return opened.issue


def _reopen_onto_ladder(opened: Opened, reason: str, doer: Doer) -> Issue:
    """One that came from elsewhere goes where it would be routed now. Refuses while no ladder is in force."""
    issue, arrangement = opened.issue, opened.arrangement
    routed = route_now(issue, arrangement)
    issue.take_ladder(routed)
    concerned, first = opened.concerned, routed.ladder.tiers[routed.start - 1]
    entry = ladder.enter(concerned, routed.start, doer.now) or ladder.entry(concerned, first, doer.now)
    issue.reopen(reason, opened.actor, doer.now, entry=entry, ball=_ball_after(opened), once=doer.once)
    issue.say_routed(routed, entry, arrangement.organisations[issue.ball_with_id], doer.now)
    return issue


def _to_answer(session: Session, ref: str, step: Step, doer: Doer) -> Opened:
    opened = open_issue(session, ref, step, doer)
    if opened.actor.organisation_id not in opened.issue.unanswered:
        waits = " and ".join(opened.arrangement.organisations[each].name for each in opened.issue.unanswered)
        raise MoveNotAllowed(f"{opened.actor.organisation_name} has answered: the proposal waits for {waits}.")
    return opened


def _standing_limit(opened: Opened, now: datetime) -> Deadline | None:
    issue = opened.issue
    if issue.due_at is None:
        return None
    calendar = opened.arrangement.joint_calendar(issue.side_ids)
    return at_least_a_working_day(Deadline(issue.due_at, tuple(issue.due_why)), now, calendar)


def _ball_after(opened: Opened) -> int:
    """The ball after reopening: with who had proposed to end it; where nobody had, with who answered last."""
    proposal = opened.issue.proposal
    return int(proposal["by"]) if proposal else opened.issue.ball_with_id
