"""The shapes of the forms of an issue's steps, and what each form does once it has been read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import StringConstraints
from sqlmodel import Session

from tracker.actions import escalate, quote, raise_issue, resolve, route_anew
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.amend import AS_IT_IS, amend, confirm_theme, give_theme_view
from tracker.actions.begin_step import Doer
from tracker.pages.web.forms import Shape
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Cause, Outcome, Severity
from tracker.rules.rings import Ring

NOWHERE = "-"  # no key of a service area
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Plain(Shape):
    """A form with nothing but its button."""


class Words(Shape):
    """A reason."""

    reason: Text = ""


class NoteForm(Shape):
    """What somebody says, and to whom."""

    text: Text = ""
    ring: Ring = Ring.SHARED
    spoke: bool = False


class EscalationForm(Shape):
    """To which tier, for which fast-track reason."""

    sentences: ClassVar = {"cause": "Choose the reason that lets it go up before its limit."}
    cause: Cause
    tier: int | None = None
    reason: Text = ""


class ProposalForm(Shape):
    """How it would end."""

    sentences: ClassVar = {
        "outcome": "Choose how it ends.",
        "done": "Say what was done, so that the other side can agree to it.",
    }
    outcome: Outcome
    done: Text
    cause: Text = ""
    change_agreement: bool = False


class OccurrenceForm(Shape):
    """When it happened again; today, if nothing is said."""

    occurred_on: date | None = None
    detail: Text = ""


class AmendmentForm(Shape):
    """The words as they should be. `service_area`: NOWHERE takes it away, nothing leaves it."""

    title: Line = ""
    detail: Text = ""
    severity: Severity
    service_area: Line = AS_IT_IS


class TurningForm(Shape):
    """How much it matters, now that it is an issue."""

    severity: Severity | None = None


class ThemeForm(Shape):
    """Why it rubs: the suggestion that was picked, else the theme chosen; empty takes the theme away. `suggested`: the
    keys that were on the page, best first. `clause`: the promise under strain, if one is named."""

    pick: Line = ""
    theme: Line = ""
    clause: Line = ""
    suggested: Line = ""


class ThemeViewForm(Shape):
    """Why it rubs as this side sees it; empty takes the view away."""

    theme: Line = ""


class StayedFixedForm(Shape):
    """Whether it held."""

    held: Literal["yes", "no"]


class QuotationForm(Shape):
    """The words that may be quoted, and the two ticks without which they are not."""

    text: Text = ""
    agrees: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step's form: its shape, and what it does with a session, the issue's reference, the doer and the form."""

    shape: type[Shape]
    take: Callable[[Session, str, Doer, Any], Issue]


def _note(session: Session, ref: str, doer: Doer, form: NoteForm) -> Issue:
    return add_note(session, ref, doer, text=form.text, ring=form.ring, spoke=form.spoke)


def _escalation(session: Session, ref: str, doer: Doer, form: EscalationForm) -> Issue:
    return escalate.by_holder(session, ref, doer, cause=form.cause, reason=form.reason, to=form.tier)


def _proposal(session: Session, ref: str, doer: Doer, form: ProposalForm) -> Issue:
    return resolve.propose(
        session, ref, doer,
        outcome=form.outcome, done=form.done, cause=form.cause, changes_agreement=form.change_agreement,
    )  # fmt: skip


def _occurrence(session: Session, ref: str, doer: Doer, form: OccurrenceForm) -> Issue:
    return record_occurrence(session, ref, doer, occurred_on=form.occurred_on, detail=form.detail)


def _amendment(session: Session, ref: str, doer: Doer, form: AmendmentForm) -> Issue:
    area = None if form.service_area == NOWHERE else form.service_area
    return amend(session, ref, doer, title=form.title, detail=form.detail, severity=form.severity, service_area=area)


def _theme(session: Session, ref: str, doer: Doer, form: ThemeForm) -> Issue:
    suggested = tuple(key for key in form.suggested.split(",") if key)
    theme = form.pick or form.theme or None
    return confirm_theme(session, ref, doer, theme=theme, suggested=suggested, clause=form.clause or None)


def _theme_view(session: Session, ref: str, doer: Doer, form: ThemeViewForm) -> Issue:
    return give_theme_view(session, ref, doer, theme=form.theme or None)


def _quotation(session: Session, ref: str, doer: Doer, form: QuotationForm) -> Issue:
    return quote.let_quote(session, ref, doer, text=form.text, agrees=form.agrees, left_out=form.left_out)


STEP_FORMS: dict[str, StepForm] = {
    "acknowledgement": StepForm(Plain, lambda session, ref, doer, _: acknowledge(session, ref, doer)),
    "notes": StepForm(NoteForm, _note),
    "escalation": StepForm(EscalationForm, _escalation),
    "proposal": StepForm(ProposalForm, _proposal),
    "agreement": StepForm(Plain, lambda session, ref, doer, _: resolve.agree(session, ref, doer)),
    "return": StepForm(
        Words, lambda session, ref, doer, form: resolve.give_back(session, ref, doer, reason=form.reason)
    ),
    "reopening": StepForm(
        Words, lambda session, ref, doer, form: resolve.reopen(session, ref, doer, reason=form.reason)
    ),
    "occurrences": StepForm(OccurrenceForm, _occurrence),
    "theme": StepForm(ThemeForm, _theme),
    "theme-view": StepForm(ThemeViewForm, _theme_view),
    "amendment": StepForm(AmendmentForm, _amendment),
    "withdrawal": StepForm(
        Words, lambda session, ref, doer, form: resolve.withdraw(session, ref, doer, reason=form.reason)
    ),
    "stayed-fixed": StepForm(
        StayedFixedForm,
        lambda session, ref, doer, form: resolve.say_stayed_fixed(session, ref, doer, fixed=form.held == "yes"),
    ),
    "crossing": StepForm(Plain, lambda session, ref, doer, _: raise_issue.cross(session, ref, doer)),
    "turning": StepForm(
        TurningForm, lambda session, ref, doer, form: raise_issue.turn(session, ref, doer, severity=form.severity)
    ),
    "quotation": StepForm(QuotationForm, _quotation),
    "quotation-withdrawal": StepForm(Plain, lambda session, ref, doer, _: quote.take_words_back(session, ref, doer)),
    "routing": StepForm(Plain, lambda session, ref, doer, _: route_anew.route_anew(session, ref, doer)),
}
