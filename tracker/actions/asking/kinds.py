"""Each kind of ask: when it cannot be asked, what it takes, and what is done once every side has agreed to it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tracker.actions.asking.pausing import NO_CLOCK, pause, refuse_pause
from tracker.actions.begin_step import StepContext
from tracker.records.issue import Issue
from tracker.records.issue_parts import Ask
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.asking import SidesAsked
from tracker.rules.lifecycle import State
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.refusals import FieldError, WrongInput


class AskRule(ABC):
    """What is peculiar to a kind."""

    @abstractmethod
    def why_not(self, issue: Issue, arrangement: Arrangement, by: int, now: datetime) -> str:
        """Why an organisation cannot ask it of an issue as things are; "" if it can."""

    @abstractmethod
    def terms(self, context: StepContext, now: datetime, choice: AskChoice) -> dict[str, Any]:
        """What is asked for, as fields of the event `SidesAsked`. Refuses a wrong choice with `WrongInput`."""

    @abstractmethod
    def carry_out(self, context: StepContext, asked: SidesAsked, now: datetime) -> None:
        """What is done now that every side has agreed."""

    def returned(self, context: StepContext, ask: Ask, now: datetime) -> None:  # noqa: B027
        """What follows when a side returned it: mostly nothing."""


def chosen_side(context: StepContext, key: str) -> Organisation | None:
    """One of the sides; None where none is named."""
    sides = (context.arrangement.organisations[each] for each in context.issue.side_ids)
    side = next((each for each in sides if each.key == key), None)
    if key and side is None:
        raise WrongInput(FieldError("side", "Choose one of the sides."))
    return side


class AskPause(AskRule):
    """That the clock stands still until a day, waiting for a side or somebody outside."""

    def why_not(self, issue: Issue, arrangement: Arrangement, by: int, now: datetime) -> str:
        if issue.state is State.PAUSED:
            return "It is paused already."
        return "" if issue.limit_origin is not None and issue.due_at is not None and issue.due_at > now else NO_CLOCK

    def terms(self, context: StepContext, now: datetime, choice: AskChoice) -> dict[str, Any]:
        if choice.until is None:
            raise WrongInput(FieldError("until", "Give the last day of the pause."))
        side = chosen_side(context, choice.side)
        if side is None and not choice.outsider:
            raise WrongInput(FieldError("outsider", "Say who is waited for."))
        refuse_pause(context, choice.until, now)
        named = {"side": side.key, "whom": side.name} if side else {"whom": choice.outsider}
        return {"until": choice.until.isoformat(), **named}

    def carry_out(self, context: StepContext, asked: SidesAsked, now: datetime) -> None:
        refuse_pause(context, date.fromisoformat(asked.until), now)
        pause(context, asked, now)


ASKS: Mapping[AskKind, AskRule] = {AskKind.PAUSE: AskPause()}
