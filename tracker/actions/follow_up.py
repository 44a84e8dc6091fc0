"""Following a decision up: how far it is, another date, done, withdrawn."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.actions.begin_step import StepRequest, refuse_repeat
from tracker.queries.decisions import load_decision
from tracker.records.decision import Decision
from tracker.rules import deciding
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.deciding import FollowUp
from tracker.rules.events.kinds import Actor
from tracker.rules.policy import actor_of, spoken_for
from tracker.rules.refusals import FieldError, Stale, WrongInput, required
from tracker.rules.rings import Membership, Viewer
from tracker.rules.spans import day_in


@dataclass(frozen=True, slots=True)
class FollowedDecision:
    """A decision locked for one step."""

    decision: Decision
    arrangement: Arrangement
    request: StepRequest

    @property
    def actor(self) -> Actor:
        """For their own side where they own it. Refuses who could speak for several and says for none: WrongInput."""
        viewer, arrangement = self.request.viewer, self.arrangement
        places = following_places(self.decision, arrangement, viewer, self.today)
        return actor_of(viewer, spoken_for(places, self.request.speaking_for), arrangement)

    @property
    def today(self) -> date:
        return day_in(self.arrangement.zone, self.request.now)


def progress(session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, text: str) -> Decision:
    """An owner, or who may decide here, says how far it is."""
    context = _begin(session, arrangement, number, FollowUp.PROGRESS, request)
    said = required("text", text, "Say how far it is.")
    context.decision.progress(said, context.actor, request.now, once=request.once)
    return context.decision


def move(
    session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, due_on: date, reason: str
) -> Decision:
    """Another due date, with the reason; today at the earliest."""
    context = _begin(session, arrangement, number, FollowUp.MOVE, request)
    said = required("reason", reason, "Say why it takes another date.")
    decision = context.decision
    if due_on < context.today or due_on == decision.due_on:
        raise WrongInput(FieldError("due_on", "Give another day than it has now, today at the earliest."))
    calendar = arrangement.joint_calendar(side.organisation_id for side in decision.sides)
    again = deciding.reminders(due_on, request.now, calendar)
    decision.move(due_on, said, context.actor, request.now, again=again, once=request.once)
    return decision


def finish(
    session: Session,
    arrangement: Arrangement,
    number: int,
    request: StepRequest,
    *,
    how: str,
    done_on: date | None = None,
) -> Decision:
    """An owner says that it is done, since when (None: today), and how one can tell. From that day its effect is told.
    Refuses a day to come, and one before it was decided: WrongInput."""
    context = _begin(session, arrangement, number, FollowUp.FINISH, request)
    on = done_on or context.today
    if not context.decision.decided_on <= on <= context.today:
        raise WrongInput(FieldError("done_on", "Give a day from the one on which it was decided, today at the latest."))
    told = on if on != context.today else None
    context.decision.finish(how.strip(), on, context.actor, request.now, since=told, once=request.once)
    return context.decision


def withdraw(session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, reason: str) -> Decision:
    """The body takes it back."""
    context = _begin(session, arrangement, number, FollowUp.WITHDRAW, request)
    said = required("reason", reason, "Say why it is withdrawn.")
    context.decision.withdraw(said, context.today, context.actor, request.now, once=request.once)
    return context.decision


def _begin(
    session: Session, arrangement: Arrangement, number: int, step: FollowUp, request: StepRequest
) -> FollowedDecision:
    """Refuses: NotThere, DoneAlready, MayNot and Stale."""
    decision = load_decision(session, arrangement.id, number, request.viewer, for_change=True)
    refuse_repeat(session, request.once)
    context = FollowedDecision(decision, arrangement, request)
    body = body_of(decision, arrangement)
    deciding.require_follow_up(
        step, deciding.relations_to_decision(request.viewer, decision.owner_ids, body, arrangement, context.today)
    )
    if request.version is not None and request.version != decision.version:
        raise Stale("something was said or done about this decision")
    return context


def following_places(
    decision: Decision, arrangement: Arrangement, viewer: Viewer, today: date
) -> tuple[Membership, ...]:
    """For which organisations a person can follow a decision up: those for which they own it, else those for which they
    decide there."""
    owned = {side.organisation_id for side in decision.sides if side.owner_id == viewer.person_id}
    mine = viewer.in_partnership(arrangement.id)
    deciding_for = deciding.deciding_places(viewer, body_of(decision, arrangement), arrangement, today)
    return tuple(each for each in mine if each.organisation_id in owned) or deciding_for or mine


def body_of(decision: Decision, arrangement: Arrangement) -> Body:
    """The body that took it; a retired one stays readable."""
    return next(each for each in arrangement.bodies.values() if each.id == decision.body_id)
