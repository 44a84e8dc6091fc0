"""The steps on a decision: their forms, what each does, and which of them a reader may take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlmodel import Session

from tracker.actions import follow_up
from tracker.actions.begin_step import Doer
from tracker.actions.follow_up import body_of
from tracker.pages.forms import Shape
from tracker.pages.step_forms import Text
from tracker.records.decision import Decision
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import DecisionState, deciding_places
from tracker.rules.rings import Viewer


class ProgressForm(Shape):
    """How far it is."""

    sentences: ClassVar = {"text": "Say how far it is."}
    text: Text


class DueDateForm(Shape):
    """Another date, and why."""

    sentences: ClassVar = {"due_on.missing": "Give the new date.", "reason": "Say why it takes another date."}
    due_on: date
    reason: Text


class CompletionForm(Shape):
    """How one can tell that it is done."""

    how: Text = ""


class WithdrawalForm(Shape):
    """Why it is taken back."""

    sentences: ClassVar = {"reason": "Say why it is withdrawn."}
    reason: Text


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """A form and what it does."""

    shape: type[Shape]
    take: Callable[[Session, Arrangement, int, Doer, Any], Decision]


STEPS = {
    "completion": DecisionStep(
        CompletionForm, lambda session, where, number, doer, form: follow_up.finish(
            session, where, number, doer, how=form.how)),
    "progress": DecisionStep(
        ProgressForm, lambda session, where, number, doer, form: follow_up.progress(
            session, where, number, doer, text=form.text)),
    "due-date": DecisionStep(
        DueDateForm, lambda session, where, number, doer, form: follow_up.move(
            session, where, number, doer, due_on=form.due_on, reason=form.reason)),
    "withdrawal": DecisionStep(
        WithdrawalForm, lambda session, where, number, doer, form: follow_up.withdraw(
            session, where, number, doer, reason=form.reason)),
}  # fmt: skip
"""By the last part of the address, in the order in which a page offers them."""


def open_steps(decision: Decision, arrangement: Arrangement, viewer: Viewer, today: date) -> tuple[str, ...]:
    """The steps that this person may take now."""
    if decision.state is not DecisionState.OPEN:
        return ()
    owns = viewer.person_id in decision.owner_ids
    decides = bool(deciding_places(viewer, body_of(decision, arrangement), arrangement, today))
    allowed = {"completion": owns, "progress": owns or decides, "due-date": owns or decides, "withdrawal": decides}
    return tuple(name for name in STEPS if allowed[name])
