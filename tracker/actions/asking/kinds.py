"""Each kind of ask: when it cannot be asked, what it takes, and what is done once every side has agreed to it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tracker.actions.asking.joining import (
    join,
    move_to_ladder,
    newer_ladder,
    not_yet_sides,
    refuse_no_common_time,
)
from tracker.actions.asking.pausing import NO_CLOCK, pause, refuse_pause
from tracker.actions.begin_step import StepContext
from tracker.actions.escalate import NOBODY_ABOVE, NOTHING_ABOVE
from tracker.records.issue import Issue
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement, Ladder, Organisation
from tracker.rules.events.asking import SidesAsked
from tracker.rules.events.kinds import CLOCK
from tracker.rules.events.moving import HandedOver
from tracker.rules.ladder import Entry
from tracker.rules.lifecycle import Cause, State
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring


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

    def returned(self, context: StepContext, now: datetime) -> None:  # noqa: B027
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


class AskHandOver(AskRule):
    """That it is the turn of another side: offered by the one whose turn it is."""

    def why_not(self, issue: Issue, arrangement: Arrangement, by: int, now: datetime) -> str:
        if len(issue.side_ids) < 2:
            return "There is no other side to hand it over to."
        whose = arrangement.organisations[issue.ball_with_id].name
        return "" if issue.ball_with_id == by else f"It is the turn of {whose}, so it is theirs to hand over."

    def terms(self, context: StepContext, now: datetime, choice: AskChoice) -> dict[str, Any]:
        side = chosen_side(context, choice.side)
        if side is None or side.id == context.issue.ball_with_id:
            raise WrongInput(FieldError("side", "Choose the side to which it goes."))
        return {"side": side.key, "whom": side.name}

    def carry_out(self, context: StepContext, asked: SidesAsked, now: datetime) -> None:
        to = context.arrangement.organisation(asked.side)
        handed = HandedOver(number=asked.number, to_organisation=to.key, to_name=asked.whom, reason=asked.reason)
        context.issue.hand_over(handed, to.id, now)

    def returned(self, context: StepContext, now: datetime) -> None:
        context.issue.say_contested(context.tier.name, now)


class AskEscalation(AskRule):
    """That it goes up before its limit, because every side wants that."""

    def why_not(self, issue: Issue, arrangement: Arrangement, by: int, now: datetime) -> str:
        if issue.state is State.PAUSED:
            return "While it is paused nothing goes up: end the pause first."
        agreed = arrangement.ladder_version(issue.ladder_version_id)
        return "" if agreed and issue.tier < len(agreed.tiers) else NOTHING_ABOVE

    def terms(self, context: StepContext, now: datetime, choice: AskChoice) -> dict[str, Any]:
        tier = self._entry(context, now).tier
        return {"tier": tier.number, "whom": tier.name}

    def carry_out(self, context: StepContext, asked: SidesAsked, now: datetime) -> None:
        entry = self._entry(context, now)
        context.issue.escalate(entry, CLOCK, now, left=context.tier, cause=Cause.AGREED, reason=asked.reason)

    def _entry(self, context: StepContext, now: datetime) -> Entry:
        entry = ladder.enter(context.ladder_context, context.issue.tier + 1, now)
        if entry is None:
            raise MoveNotAllowed(NOBODY_ABOVE)
        return entry


class AskSide(AskRule):
    """That one more organisation becomes a side: it reads all of it, and answers from then on."""

    def why_not(self, issue: Issue, arrangement: Arrangement, by: int, now: datetime) -> str:
        if issue.state is State.PAUSED:
            return "While it is paused nobody joins: end the pause first."
        if issue.ring is not Ring.SHARED:
            return "It is about a person: only those who hold it may read it."
        return "" if not_yet_sides(issue, arrangement) else "Every organisation is a side of it already."

    def terms(self, context: StepContext, now: datetime, choice: AskChoice) -> dict[str, Any]:
        issue, arrangement = context.issue, context.arrangement
        joins = next((each for each in not_yet_sides(issue, arrangement) if each.key == choice.side), None)
        if joins is None:
            raise WrongInput(FieldError("side", "Choose an organisation that is no side of it yet."))
        refuse_no_common_time(arrangement, (*issue.side_ids, joins.id), now)
        return {"side": joins.key, "whom": joins.name}

    def carry_out(self, context: StepContext, asked: SidesAsked, now: datetime) -> None:
        joins = context.arrangement.organisation(asked.side)
        if joins in not_yet_sides(context.issue, context.arrangement):
            refuse_no_common_time(context.arrangement, (*context.issue.side_ids, joins.id), now)
            join(context, joins, now)


class AskNewerLadder(AskRule):
    """That it climbs the version of its ladder that is in force now."""

    def why_not(self, issue: Issue, arrangement: Arrangement, by: int, now: datetime) -> str:
        if issue.state is State.PAUSED:
            return "While it is paused it stays on its ladder: end the pause first."
        return "" if newer_ladder(issue, arrangement) else "It is on the newest version of its ladder that is in force."

    def terms(self, context: StepContext, now: datetime, choice: AskChoice) -> dict[str, Any]:
        newer = self._newer(context)
        return {"ladder": newer.id, "whom": f"version {newer.version} of the {newer.name} ladder"}

    def carry_out(self, context: StepContext, asked: SidesAsked, now: datetime) -> None:
        newer = self._newer(context)
        if newer.id != asked.ladder:
            raise MoveNotAllowed("A still newer version is in force since: return this, and ask for that one.")
        move_to_ladder(context, newer, now)

    def _newer(self, context: StepContext) -> Ladder:
        newer = newer_ladder(context.issue, context.arrangement)
        if newer is None:
            raise MoveNotAllowed("It is on the newest version of its ladder that is in force.")
        return newer


ASKS: Mapping[AskKind, AskRule] = {
    AskKind.PAUSE: AskPause(),
    AskKind.HAND_OVER: AskHandOver(),
    AskKind.ESCALATE: AskEscalation(),
    AskKind.ADD_SIDE: AskSide(),
    AskKind.NEWER_LADDER: AskNewerLadder(),
}
