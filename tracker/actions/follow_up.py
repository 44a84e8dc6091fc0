"""Following a decision up: how far it is, another date, done, withdrawn."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.actions.begin_step import Doer
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
class FollowedDecision:
    """A decision locked for one step, and what its doer is to it. `deciding`: the organisations for which they may
    decide on its body."""

    decision: Decision
    arrangement: Arrangement
    doer: Doer
    owns: bool
    deciding: tuple[Membership, ...]

    @property
    def actor(self) -> Actor:
        """For their own side where they own it."""
        mine = self.doer.viewer.in_partnership(self.arrangement.id)
        owned = {side.organisation_id for side in self.decision.sides if side.owner_id == self.doer.viewer.person_id}
        places = [each for each in mine if each.organisation_id in owned] or [*self.deciding, *mine]
        return actor_of(self.doer.viewer, places[0], self.arrangement)

    @property
    def today(self) -> date:
        return day_in(self.arrangement.zone, self.doer.now)


def progress(session: Session, arrangement: Arrangement, number: int, doer: Doer, *, text: str) -> Decision:
    """An owner, or who may decide here, says how far it is."""
    followed = _opened(session, arrangement, number, doer)
    said = _required("text", text, "Say how far it is.")
    followed.decision.progress(said, followed.actor, doer.now, once=doer.once)
    return followed.decision


def move(session: Session, arrangement: Arrangement, number: int, doer: Doer, *, due_on: date, reason: str) -> Decision:
    """Another due date, with the reason; today at the earliest."""
    followed = _opened(session, arrangement, number, doer)
    said = _required("reason", reason, "Say why it takes another date.")
    decision = followed.decision
    if due_on < followed.today or due_on == decision.due_on:
        raise WrongInput(FieldError("due_on", "Give another day than it has now, today at the earliest."))
    calendar = arrangement.joint_calendar(side.organisation_id for side in decision.sides)
    again = deciding.reminders(due_on, doer.now, calendar)
    decision.move(due_on, said, followed.actor, doer.now, again=again, once=doer.once)
    return decision


def finish(session: Session, arrangement: Arrangement, number: int, doer: Doer, *, how: str) -> Decision:
    """An owner says that it is done, and how one can tell."""
    followed = _opened(session, arrangement, number, doer)
    if not followed.owns:
        raise MayNot("You can read this decision; that it is done is said by one of its owners.")
    followed.decision.finish(how.strip(), followed.today, followed.actor, doer.now, once=doer.once)
    return followed.decision


def withdraw(session: Session, arrangement: Arrangement, number: int, doer: Doer, *, reason: str) -> Decision:
    """The body takes it back."""
    followed = _opened(session, arrangement, number, doer)
    if not followed.deciding:
        raise MayNot("You can read this decision; to withdraw it is for those who decide on its body.")
    said = _required("reason", reason, "Say why it is withdrawn.")
    followed.decision.withdraw(said, followed.today, followed.actor, doer.now, once=doer.once)
    return followed.decision


def _opened(session: Session, arrangement: Arrangement, number: int, doer: Doer) -> FollowedDecision:
    """Refuses: NotThere, DoneAlready, Stale, and MayNot whoever neither owns it nor decides on its body."""
    decision = load_decision(session, arrangement.id, number, doer.viewer, for_change=True)
    refuse_repeat(session, doer.once)
    body = body_of(decision, arrangement)
    places = deciding.deciding_places(doer.viewer, body, arrangement, day_in(arrangement.zone, doer.now))
    owns = doer.viewer.person_id in decision.owner_ids
    if not (owns or places):
        raise MayNot("You can read this decision; it is for its owners, and for those who decide on its body.")
    if doer.version is not None and doer.version != decision.version:
        raise Stale("something was said or done about this decision")
    return FollowedDecision(decision, arrangement, doer, owns, places)


def body_of(decision: Decision, arrangement: Arrangement) -> Body:
    """The body that took it; a retired one stays readable."""
    return next(each for each in arrangement.bodies.values() if each.id == decision.body_id)


def _required(field: str, text: str, reason: str) -> str:
    if not text.strip():
        raise WrongInput(FieldError(field, reason))
    return text.strip()
