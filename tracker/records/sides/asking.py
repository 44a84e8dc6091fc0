"""Asking: what one side asks of the others, who has agreed, and how that ends. What it asks for is done by actions."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from tracker.records.event import Event
from tracker.records.issue_facts import IssueFacts, organisation_of
from tracker.records.issue_parts import Ask
from tracker.records.timer import TimerKind
from tracker.rules.deadlines import Due
from tracker.rules.events.asking import AskAgreed, AskLapsed, AskReturned, AskTakenBack, HandOverContested, SidesAsked
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.moving import HandedOver
from tracker.rules.lifecycle.asks import CONTESTED_FROM, AskKind, AskState
from tracker.rules.resolution import sides_to_answer


class Asking(IssueFacts):
    """The verbs of asks. An ask belongs to the stay on a tier."""

    def ask(
        self,
        kind: AskKind,
        asked: SidesAsked,
        actor: Actor,
        at: datetime,
        *,
        lapses: Due | None,
        once: str | None = None,
    ) -> Ask:
        """One side asks every other one. `lapses`: when, where no limit runs with which it would."""
        event = self.append(asked, actor, at, once=once)
        row = Ask(
            issue_id=self.id,
            number=asked.number,
            kind=kind,
            by_id=organisation_of(actor),
            asked_at=at,
            position=event.position,
            answers={str(actor.organisation_id): actor.person_id},
            terms=asked.split()[0],
        )
        self.session.add(row)
        self.asking += 1
        self.set_timer(TimerKind.ASK, lapses, kind.value)
        return row

    def agree_to(self, ask: Ask, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """One more side agrees; where it was the last, the ask is over, and what it asks for is to be done."""
        ask.answers = {**ask.answers, str(actor.organisation_id): actor.person_id}
        self.append(AskAgreed(number=ask.number, ask=ask.kind.value), actor, at, once=once)
        if not self.unanswered_of(ask):
            self.close_agreed(ask)

    def close_agreed(self, ask: Ask) -> None:
        """Nobody is left to answer: what it asks for is to be done."""
        self._close(ask, AskState.AGREED)

    def return_ask(self, ask: Ask, reason: str, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        self._close(ask, AskState.RETURNED)
        self.append(AskReturned(number=ask.number, ask=ask.kind.value, reason=reason), actor, at, once=once)

    def take_ask_back(self, ask: Ask, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        self._close(ask, AskState.TAKEN_BACK)
        self.append(AskTakenBack(number=ask.number, ask=ask.kind.value), actor, at, once=once)

    def hand_over(self, handed: HandedOver, to: int, at: datetime) -> None:
        """Every side agreed: it is the turn of another. Its holders stay, each for their side."""
        self.ball_with_id = to
        self.append(handed, CLOCK, at)

    def say_contested(self, tier_name: str, at: datetime) -> None:
        """Said once the second offer came back since it was last handed over on this tier, whoever offered."""
        returned = 0
        for ask in self.asks():
            if ask.kind is AskKind.HAND_OVER and self.entered_at is not None and ask.asked_at >= self.entered_at:
                returned = 0 if ask.state is AskState.AGREED else returned + (ask.state is AskState.RETURNED)
        if returned == CONTESTED_FROM:
            self.append(HandOverContested(returns=returned, tier_name=tier_name), CLOCK, at)

    def lapse_asks(self, at: datetime, why: str, *kinds: AskKind) -> None:
        """Whatever is open, or of these kinds, is asked no more."""
        for ask in self.open_asks():
            if not kinds or ask.kind in kinds:
                self._close(ask, AskState.LAPSED)
                self.append(AskLapsed(number=ask.number, ask=ask.kind.value, why=why), CLOCK, at)

    def open_asks(self) -> Sequence[Ask]:
        return [each for each in self.asks() if each.state is AskState.OPEN] if self.asking else ()

    def asks(self) -> Sequence[Ask]:
        """Every ask there was, in order."""
        return self.session.exec(select(Ask).where(Ask.issue_id == self.id).order_by(col(Ask.number))).all()

    def unanswered_of(self, ask: Ask) -> tuple[int, ...]:
        """The sides that must still answer, one that was added since among them."""
        return sides_to_answer(self.side_ids, ask.agreed_ids)

    def as_asked(self, ask: Ask) -> SidesAsked:
        """What was asked, with its words as they stand."""
        told = select(Event).where(Event.issue_id == self.id, Event.position == ask.position)
        kind = self.session.exec(told).one().read()
        if not isinstance(kind, SidesAsked):
            raise TypeError(f"ask {ask.number} of {self.ref} is told by {kind.name}")
        return kind

    def _close(self, ask: Ask, state: AskState) -> None:
        ask.state = state
        self.asking -= 1
        self.clear_timers(TimerKind.ASK, side=ask.kind.value)
