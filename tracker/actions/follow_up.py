"""Following a decision up: how far it is, another date, done, withdrawn."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.actions.begin_step import StepRequest
from tracker.actions.decide import refuse_repeat
from tracker.queries.decisions import load_decision
from tracker.records.decision import Decision
from tracker.rules import deciding
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import FieldError, MayNot, Stale, WrongInput
from tracker.rules.rings import Membership
from tracker.rules.spans import day_in
from tracker.rules.viewers import actor_of


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """A decision locked for one step, and what its request is to it. `deciding`: the organisations for which they may
    decide on its body."""

    decision: Decision
    arrangement: Arrangement
    request: StepRequest
    owns: bool
    deciding: tuple[Membership, ...]

    @property
    def actor(self) -> Actor:
        """For their own side where they own it."""
        mine = self.request.viewer.in_partnership(self.arrangement.id)
        owned = {side.organisation_id for side in self.decision.sides if side.owner_id == self.request.viewer.person_id}
        places = [each for each in mine if each.organisation_id in owned] or [*self.deciding, *mine]
        return actor_of(self.request.viewer, places[0], self.arrangement)

    @property
    def today(self) -> date:
        return day_in(self.arrangement.zone, self.request.now)


def progress(session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, text: str) -> Decision:
    """An owner, or who may decide here, says how far it is."""
    context = _begin(session, arrangement, number, request)
    said = _required("text", text, "Say how far it is.")
    context.decision.progress(said, context.actor, request.now, once=request.once)
    return context.decision


def move(
    session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, due_on: date, reason: str
) -> Decision:
    """Another due date, with the reason; today at the earliest."""
    context = _begin(session, arrangement, number, request)
    said = _required("reason", reason, "Say why it takes another date.")
    decision = context.decision
    if due_on < context.today or due_on == decision.due_on:
        raise WrongInput(FieldError("due_on", "Give another day than it has now, today at the earliest."))
    calendar = arrangement.joint_calendar(side.organisation_id for side in decision.sides)
    again = deciding.reminders(due_on, request.now, calendar)
    decision.move(due_on, said, context.actor, request.now, again=again, once=request.once)
    return decision


def finish(session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, how: str) -> Decision:
    """An owner says that it is done, and how one can tell."""
    context = _begin(session, arrangement, number, request)
    if not context.owns:
        raise MayNot("You can read this decision; that it is done is said by one of its owners.")
    context.decision.finish(how.strip(), context.today, context.actor, request.now, once=request.once)
    return context.decision


def withdraw(session: Session, arrangement: Arrangement, number: int, request: StepRequest, *, reason: str) -> Decision:
    """The body takes it back."""
    context = _begin(session, arrangement, number, request)
    if not context.deciding:
        raise MayNot("You can read this decision; to withdraw it is for those who decide on its body.")
    said = _required("reason", reason, "Say why it is withdrawn.")
    context.decision.withdraw(said, context.today, context.actor, request.now, once=request.once)
    return context.decision


def _begin(session: Session, arrangement: Arrangement, number: int, request: StepRequest) -> DecisionContext:
    """Refuses: NotThere, DoneAlready, Stale, and MayNot whoever neither owns it nor decides on its body."""
    decision = load_decision(session, arrangement.id, number, request.viewer, for_change=True)
    refuse_repeat(session, request.once)
    body = body_of(decision, arrangement)
    places = deciding.deciding_places(request.viewer, body, arrangement, day_in(arrangement.zone, request.now))
    owns = request.viewer.person_id in decision.owner_ids
    if not (owns or places):
        raise MayNot("You can read this decision; it is for its owners, and for those who decide on its body.")
    if request.version is not None and request.version != decision.version:
        raise Stale("something was said or done about this decision")
    return DecisionContext(decision, arrangement, request, owns, places)


def body_of(decision: Decision, arrangement: Arrangement) -> Body:
    """The body that took it; a retired one stays readable."""
    return next(each for each in arrangement.bodies.values() if each.id == decision.body_id)


def _required(field: str, text: str, reason: str) -> str:
    if not text.strip():
        raise WrongInput(FieldError(field, reason))
    return text.strip()
