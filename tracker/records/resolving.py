"""How an issue ends, and how it does not stay ended: proposing, agreeing, returning, silence, reopening."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from tracker.records.issue_facts import UNRESOLVED_TIMERS, organisation_of
from tracker.records.issue_parts import StayedFixedQuestion
from tracker.records.sides.handing_down import HandingDown
from tracker.records.tally import mark_months
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Organisation
from tracker.rules.deadlines import Due
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.resolution import (
    Agreed,
    Proposed,
    Reopened,
    ResolutionTakenBack,
    Resolved,
    Returned,
    SilenceAgreed,
    StayedFixed,
    StayedFixedAsked,
    Withdrawn,
)
from tracker.rules.ladder import Entry
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.resolution import ASKED_AFTER, Proposal, answer_of_all, sides_to_answer
from tracker.rules.rings import Step

FOUR_WEEKS = timedelta(weeks=4)
_QUESTIONS = select(StayedFixedQuestion).where(col(StayedFixedQuestion.issue_id) == bindparam("issue"))


class Resolving(HandingDown):
    """The verbs of ending. To reopen is to enter a tier again, which is climbing."""

    def propose(
        self,
        proposal: Proposal,
        actor: Actor,
        at: datetime,
        *,
        silence: Due,
        confirms: Entry | None = None,
        agrees: bool = True,
        once: str | None = None,
    ) -> None:
        """One side says how it ends. The clock of the tier stands still until every other side has answered; of what
        was handed down every side that does not agree by it, on the tier that `confirms`."""
        self.require(Step.PROPOSE)
        self.lapse_asks(at, "a resolution was proposed")
        self.proposal = proposal.kept(ball_before=self.ball_with_id, state_before=self.state, tier_before=self.tier)
        self.state, self.proposed_at = State.PROPOSED, at
        self._note_answer(actor)
        for side in self.sides:
            side.agreed_at = at if agrees and side.organisation_id == proposal.by else None
        self.clear_timers(TimerKind.LIMIT, TimerKind.WARNING, TimerKind.TOP_REMINDER)
        self.set_timer(TimerKind.SILENCE, silence)
        self._ball_to_unanswered()
        proposed = Proposed(
            outcome=proposal.outcome,
            changes_agreement=proposal.changes_agreement,
            lost_minutes=proposal.lost_minutes,
            done=proposal.done,
            cause=proposal.cause,
        )
        self.append(proposed, actor, at, once=once)
        if confirms:
            self.ask_confirmation(confirms, at)
        if not self.unanswered:  # one that came from elsewhere may have a single side
            self._resolve(at)

    def agree(self, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """One more side agrees; when the last has, it is resolved."""
        self.require(Step.AGREE)
        if actor.organisation_id in self.unanswered:
            self.side(actor.organisation_id).agreed_at = at
            self._note_answer(actor)
            self._ball_to_unanswered()
            self.append(Agreed(), actor, at, once=once)
        if not self.unanswered:
            self._resolve(at)

    def settle_by_silence(self, silent: tuple[Organisation, ...], at: datetime) -> None:
        """The sides that did not answer in time count as agreeing, and it is marked so."""
        self.require(Step.AGREE)
        names = " and ".join(side.name for side in silent)
        self.append(SilenceAgreed(silent=tuple(side.key for side in silent), silent_names=names), CLOCK, at)
        self._resolve(at, by_silence=True)

    def give_back(
        self,
        reason: str,
        actor: Actor,
        at: datetime,
        *,
        due: Due | None,
        back: Entry | None = None,
        once: str | None = None,
    ) -> None:
        """A side returns the proposal: the old limit stands, or `due` where that leaves too little time. What had been
        handed down is `back` where it was decided."""
        self.require(Step.RETURN)
        kept = self.proposal or {}
        self.state, self.ball_with_id = State.OPEN, kept["ball_before"]
        self.proposal = self.proposed_at = None
        self.clear_timers(TimerKind.SILENCE)
        if back:
            self.enter(back)
        if due:
            self.set_limit(due)
        self.append(Returned(reason=reason, due_at=due.at.isoformat() if due else ""), actor, at, once=once)

    def take_back(
        self,
        actor: Actor,
        at: datetime,
        *,
        due: Due | None,
        proposes_from: datetime,
        down: Entry | None = None,
        once: str | None = None,
    ) -> None:
        """The side that proposed takes it back: all is as it was before, the limit as `due` has it, and the side
        proposes again no sooner than `proposes_from`. What was to be confirmed above is `down` where it was."""
        self.require(Step.TAKE_BACK)
        kept = self.proposal or {}
        self.state = State(kept.get("state_before", State.OPEN))
        self.ball_with_id = kept["ball_before"]
        self.proposal = self.proposed_at = None
        self.side(organisation_of(actor)).proposes_from = proposes_from
        self.clear_timers(TimerKind.SILENCE)
        if down:
            self.stand_at(down)
        if due:
            self.set_limit(due)
        self.append(ResolutionTakenBack(due_at=due.at.isoformat() if due else ""), actor, at, once=once)

    def withdraw(self, reason: str, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """Taken back by whoever raised it, before another side acknowledged it."""
        self.require(Step.WITHDRAW)
        self._end(Outcome.WITHDRAWN, at)
        self.append(Withdrawn(reason=reason), actor, at, once=once)

    def work_round(self, actor: Actor, at: datetime) -> None:
        """Raised and over at once: no clock, the other side is told in its digest."""
        self._end(Outcome.WORKED_ROUND, at)
        self.append(Resolved(outcome=Outcome.WORKED_ROUND.value), actor, at)

    def reopen(
        self, reason: str, actor: Actor, at: datetime, *, entry: Entry, ball: int, once: str | None = None
    ) -> None:
        """Not over after all: in at the tier of `entry`, the ball with who had proposed to end it."""
        self.require(Step.REOPEN)
        mark_months(self.session, self.partnership_id, [self.id], at)  # the one it was resolved in, while that is known
        self.reopens += 1
        self.state, self.outcome, self.resolved_at = State.OPEN, None, None
        self.proposal = self.proposed_at = None
        for question in self._questions():
            self.session.delete(question)
        self.worked_round, self.stayed_fixed, self.same_as_id = False, None, None
        self.ball_with_id = ball
        self.clear_timers(TimerKind.FOUR_WEEKS)
        self.enter(entry)
        reopened = Reopened(time=self.reopens, to=entry.tier.number, reason=reason, tier_name=entry.tier.name)
        self.append(reopened, actor, at, once=once)
        self.tell_vacancies(entry.vacancies, at)

    def ask_stayed_fixed(self, people: Collection[int], resolved_on: date, at: datetime) -> None:
        """Four weeks on, those who reported it are asked: of the resolution of that day. Nobody there: no question."""
        self.clear_timers(TimerKind.FOUR_WEEKS)
        if people:
            self.session.add_all(StayedFixedQuestion(issue_id=self.id, person_id=each) for each in people)
            self.stayed_fixed = "asked"
            self.append(StayedFixedAsked(resolved_on=resolved_on.isoformat()), CLOCK, at)

    def say_stayed_fixed(self, fixed: bool, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """An answer to whether it stayed fixed."""
        self.require(Step.STAYED_FIXED)
        questions = self._questions()
        mine = next(each for each in questions if each.person_id == actor.person_id)
        mine.answer = "yes" if fixed else "no"
        self.stayed_fixed = answer_of_all([each.answer for each in questions])
        self.append(StayedFixed(fixed=fixed), actor, at, once=once)

    def stop_asking(self, person_id: int, at: datetime) -> None:
        """Somebody who is asked has left: their silence is none."""
        questions = self._questions()
        left = [each for each in questions if each.person_id == person_id and each.answer is None]
        for each in left:
            self.session.delete(each)
        self.stayed_fixed = answer_of_all([each.answer for each in questions if each not in left])
        mark_months(self.session, self.partnership_id, [self.id], at)

    @property
    def asked_ids(self) -> frozenset[int]:
        """Who is asked whether it stayed fixed and has not answered."""
        return frozenset(each.person_id for each in self._questions() if each.answer is None)

    def _questions(self) -> Sequence[StayedFixedQuestion]:
        if self.stayed_fixed is None:
            return ()
        return self.session.exec(_QUESTIONS, params={"issue": self.id}).all()

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The sides that must still answer the proposal that stands, in order."""
        agreed = {side.organisation_id for side in self.sides if side.agreed_at is not None}
        return sides_to_answer(self.side_ids, agreed) if self.state is State.PROPOSED else ()

    def answered_for(self, person_id: int) -> int | None:
        """The side for which somebody proposed what stands, or agreed to it: who belongs to two answers for one."""
        answers = (self.proposal or {}).get("answers", {})
        return next((int(side) for side, person in answers.items() if person == person_id), None)

    def _note_answer(self, actor: Actor) -> None:
        answers = (self.proposal or {}).get("answers", {})
        self.proposal = {**(self.proposal or {}), "answers": {**answers, str(actor.organisation_id): actor.person_id}}

    def _ball_to_unanswered(self) -> None:
        if self.unanswered:
            self.ball_with_id = self.unanswered[0]

    def _resolve(self, at: datetime, *, by_silence: bool = False) -> None:
        proposal = Proposal.read(self.proposal or {})
        if proposal.lost_minutes is not None:
            self.lost_minutes = proposal.lost_minutes
        self._end(Outcome(proposal.outcome), at)
        self.append(Resolved(outcome=proposal.outcome, by_silence=by_silence), CLOCK, at)
        if self.outcome in ASKED_AFTER:
            self.set_timer(TimerKind.FOUR_WEEKS, Due(at + FOUR_WEEKS))

    def _end(self, outcome: Outcome, at: datetime) -> None:
        self.lapse_asks(at, "it is over")
        self.state, self.outcome, self.resolved_at = State.RESOLVED, outcome, at
        self.clear_timers(*UNRESOLVED_TIMERS)
        for holder in self.holders:
            holder.active = False
