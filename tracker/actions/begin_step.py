"""How every step on an issue begins: load it for change, ask the policy, refuse what is stale or done already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker.database import straight
from tracker.queries import issues
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.related_issues import as_known
from tracker.records.decision import Decision
from tracker.records.event import Event, recorded
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.rules import lifecycle, names, policy
from tracker.rules.arrangement import Arrangement, Tier
from tracker.rules.events.kinds import Actor
from tracker.rules.ladder import LadderContext
from tracker.rules.policy import actor_of
from tracker.rules.refusals import DoneAlready, MayNot, Stale
from tracker.rules.rings import Membership, Relation, Ring, Step, Viewer


@dataclass(frozen=True, slots=True)
class StepRequest:
    """Who takes a step, and when. `version`: the issue's as the form was drawn, 0 where the form does not say, None
    where nothing was drawn; `once`: the form's random word."""

    viewer: Viewer
    now: datetime
    speaking_for: str | None = None
    version: int | None = None
    once: str | None = None


_AWAY = "While you are away others act on what you hold. Say on your account that you are here, and it is yours again."


@dataclass(frozen=True, slots=True)
class StepContext:
    """An issue locked for one step, with what the step needs. `away`: they hold it, and others act for them today."""

    issue: Issue
    arrangement: Arrangement
    actor: Actor
    speaking: Membership
    relations: frozenset[Relation]
    away: bool = False

    @property
    def ladder_context(self) -> LadderContext:
        return ladder_context(self.issue, self.arrangement)

    @property
    def tier(self) -> Tier:
        return self.ladder_context.ladder.tiers[self.issue.tier - 1]

    def require(self, step: Step) -> None:
        """Refuses with `MayNot` whom the policy does not let do this, whatever the state."""
        try:
            policy.require(step, self.issue, self.arrangement, self.relations, self.speaking)
        except MayNot as refusal:
            raise MayNot(f"{refusal} {_AWAY}") if self.away else refusal from None
        if Relation.HOLDER in self.relations and self.issue.ring is Ring.NAMED:  # the others are all their side's
            self.issue.keep_sight(self.actor)

    def acknowledge_by_writing(self, now: datetime) -> None:
        """What all sides can read, by somebody who may acknowledge for theirs, says that they have seen it."""
        issue = self.issue
        may = policy.refusal(Step.ACKNOWLEDGE, issue, self.arrangement, self.relations, self.speaking) is None
        possible = lifecycle.possible(issue.state, kind=issue.kind, crossed=issue.crossed)
        if may and Step.ACKNOWLEDGE in possible and issue.ladder_version_id in self.arrangement.ladders:
            lapses = self.ladder_context.in_loop_until(now, self.actor.organisation_key)
            issue.acknowledge_by_writing(self.actor, now, lapses=lapses)


# The steps that all sides can read whatever is in their forms. A note has a ring; what amends may change nothing.
READ_BY_ALL = frozenset(
    {Step.OCCURRENCE, Step.ESCALATE, Step.HAND, Step.PROPOSE, Step.AGREE, Step.RETURN, Step.THEME, Step.REROUTE}
    | {Step.HAND_DOWN, Step.MERGE, Step.REMOVE_SIDE}
    | {Step.ASK, Step.ANSWER_ASK, Step.RESUME}
)


def begin_step(session: Session, ref: str, step: Step, request: StepRequest) -> StepContext:
    """The issue, locked. Refuses: `NotThere`, `DoneAlready`, `MayNot`, `Stale`, `MoveNotAllowed` by its state, and
    `WrongInput` of who can speak for several sides and says for none."""
    context = step_context(session, ref, request)
    context.require(step)
    refuse_stale(session, context.issue, request)
    context.issue.require(step)
    if step in READ_BY_ALL:
        context.acknowledge_by_writing(request.now)
    return context


def step_context(session: Session, ref: str, request: StepRequest) -> StepContext:
    """The issue, locked, for a step whose permission the caller asks for itself."""
    issue = issues.load(session, ref, request.viewer, for_change=True)
    refuse_repeat(session, request.once)
    arrangement = arrangement_of(session, issue.partnership_id)
    speaking = policy.spoken_for(policy.possible_sides(request.viewer, issue), request.speaking_for)
    relations = policy.relations_to(issue, arrangement, request.viewer, request.now, speaking=speaking)
    actor = actor_of(request.viewer, speaking, arrangement)
    holds = any(each.person_id == actor.person_id for each in issue.holders_now())
    away = holds and speaking.organisation_id in request.viewer.duty.away
    return StepContext(issue, arrangement, actor, speaking, relations, away)


def refuse_repeat(session: Session, once: str | None) -> None:
    """Refuses with `DoneAlready`, which says to which issue or decision, a form that has been sent before."""
    done = straight(session).execute(_DONE_WITH, {"once": once}).first() if once is not None else None
    if done is not None:
        raise DoneAlready(done.ref or f"decision {done.number}")


def was_done(session: Session, once: str) -> bool:
    """Whether the form with this word made anything happen: what stands like that already changes nothing."""
    return any(event.once == once for event in recorded(session))


_DONE_WITH: Any = (
    select(Issue.ref, Decision.number)
    .select_from(Event)
    .outerjoin(Issue, col(Event.issue_id) == col(Issue.id))
    .outerjoin(Decision, col(Event.decision_id) == col(Decision.id))
    .where(col(Event.once) == bindparam("once"))
)


def refuse_stale(session: Session, issue: Issue, request: StepRequest) -> None:
    """Refuses with `Stale`, saying what happened since the form was drawn."""
    if request.version is None or request.version == issue.version:
        return
    since = (
        select(Event)
        .where(Event.issue_id == issue.id, Event.ring == (Ring.SHARED if issue.crossed else Ring.ORGANISATION))
        .order_by(col(Event.position).desc())
        .limit(max(1, min(issue.version - request.version, 5)))
    )
    happened = [_sentence(session, event, issue, request.viewer) for event in session.exec(since)]
    raise Stale(*reversed(happened))


def _sentence(session: Session, event: Event, issue: Issue, viewer: Viewer) -> str:
    kind = as_known(session, event.read(), viewer)
    return kind.sentence(names.doer_name(event.kind, event.person_id, event.words, issue, viewer))
