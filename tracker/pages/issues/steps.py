"""The steps on an issue, a row each: its address, its policy, its form, and the action that takes what that gives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from tracker.actions import escalate, quote, raise_issue, resolve, route_anew
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.amend import AS_IT_IS, LONGEST_TITLE, amend, confirm_theme, give_theme_view
from tracker.actions.asking.ask import ask
from tracker.actions.asking.pausing import resume
from tracker.actions.sides.hand_down import hand_down
from tracker.actions.sides.hand_to_colleague import hand_to_colleague
from tracker.actions.sides.merge import merge, remove_side
from tracker.actions.sides.write_paper import write_paper
from tracker.pages.web.forms import Hours, Line, Shape, Text, fitting
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Cause, Outcome, Severity
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.rings import Ring, Step

NOWHERE = "-"  # no key of a service area
WRITTEN = (
    "text",
    "reason",
    "done",
    "cause",
    "detail",
    "title",
    "facts",
    "view",
    "asks",
    "outsider",
)  # fields in which people write in their own words


class StepForm(Shape):
    """A form with nothing but its button."""

    def given(self) -> dict[str, Any]:
        """What the step's action takes."""
        return dict(self)


class ReasonForm(StepForm):
    reason: Text = ""


class NoteForm(StepForm):
    text: Text = ""
    ring: Ring | None = None
    spoke: bool = False


class EscalationForm(StepForm):
    """`cause`: a fast-track reason; `tier`: the next one, if none is said."""

    sentences: ClassVar = {"cause": "Choose the reason that lets it go up before its limit."}
    cause: Cause
    tier: int | None = None
    reason: Text = ""

    def given(self) -> dict[str, Any]:
        return {"cause": self.cause, "to": self.tier, "reason": self.reason}


class HandDownForm(StepForm):
    sentences: ClassVar = {"tier": "Choose the tier that does it."}
    tier: int
    reason: Text = ""

    def given(self) -> dict[str, Any]:
        return {"to": self.tier, "reason": self.reason}


class SidesAskedForm(StepForm):
    """`side`: the key of an organisation."""

    sentences: ClassVar = {"reason": "Say why, so that the other side can agree to it."}
    side: Line = ""
    reason: Text

    def given(self) -> dict[str, Any]:
        return {"reason": self.reason, "choice": AskChoice(side=self.side)}


class PauseForm(SidesAskedForm):
    """`outsider`: who is waited for, where that is none of the sides; `until`: the last day."""

    sentences: ClassVar = {**SidesAskedForm.sentences, "until.missing": "Give the last day of the pause."}
    outsider: Line = ""
    until: date

    def given(self) -> dict[str, Any]:
        return {"reason": self.reason, "choice": AskChoice(self.side, "" if self.side else self.outsider, self.until)}


class PaperForm(StepForm):
    facts: Text = ""
    view: Text = ""
    asks: Text = ""


class MergingForm(StepForm):
    sentences: ClassVar = {"same_as": "Give the reference of the other issue."}
    same_as: Line


class SideRemovalForm(StepForm):
    sentences: ClassVar = {"side": "Choose the side that is wrong."}
    side: Line
    reason: Text = ""


class ColleagueForm(StepForm):
    sentences: ClassVar = {"colleague": "Choose a colleague."}
    colleague: Line


class ProposalForm(StepForm):
    sentences: ClassVar = {
        "outcome": "Choose how it ends.",
        "done": "Say what was done, so that the other side can agree to it.",
    }
    outcome: Outcome
    done: Text
    cause: Text = ""
    change_agreement: bool = False
    hours: Hours | None = None

    def given(self) -> dict[str, Any]:
        asked = {"outcome": self.outcome, "done": self.done, "cause": self.cause}
        return {**asked, "changes_agreement": self.change_agreement, "lost_minutes": self.hours}


class OccurrenceForm(StepForm):
    """When it happened again; today, if nothing is said."""

    occurred_on: date | None = None
    detail: Text = ""


class AmendmentForm(StepForm):
    """The words as they should be, where they are this person's to change. `service_area`: NOWHERE takes it away,
    nothing leaves it."""

    emptied: ClassVar = frozenset({"title", "detail"})
    title: Annotated[str, fitting(LONGEST_TITLE)] | None = None
    detail: Text | None = None
    severity: Severity
    service_area: Line = AS_IT_IS

    def given(self) -> dict[str, Any]:
        return {**dict(self), "service_area": None if self.service_area == NOWHERE else self.service_area}


class TurningForm(StepForm):
    """How much it matters, now that it is an issue."""

    severity: Severity | None = None


class ThemeForm(StepForm):
    """Why it rubs: the suggestion that was picked, else the theme chosen; empty takes the theme away. `suggested`: the
    keys that were on the page, best first. `clause`: the promise under strain, if one is named."""

    pick: Line = ""
    theme: Line = ""
    clause: Line = ""
    suggested: Line = ""

    def given(self) -> dict[str, Any]:
        suggested = tuple(key for key in self.suggested.split(",") if key)
        return {"theme": self.pick or self.theme or None, "clause": self.clause or None, "suggested": suggested}


class ThemeForSeveralForm(StepForm):
    """One theme for each of several issues; what promise each strains stays."""

    sentences: ClassVar = {"theme": "Choose a theme."}
    theme: Line

    def given(self) -> dict[str, Any]:
        return {"theme": self.theme, "clause": AS_IT_IS}


class ThemeViewForm(StepForm):
    """Why it rubs as this side sees it; empty takes the view away."""

    theme: Line = ""

    def given(self) -> dict[str, Any]:
        return {"theme": self.theme or None}


class StayedFixedForm(StepForm):
    held: Literal["yes", "no"]

    def given(self) -> dict[str, Any]:
        return {"fixed": self.held == "yes"}


class QuotationForm(StepForm):
    """The words that may be quoted, and the two ticks without which they are not."""

    text: Text = ""
    agrees: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class IssueStep:
    """`do`: the action, called with a session, the issue's reference, who takes the step, and what the form gives.
    `stale_ok`: it only adds, so what others did meanwhile is no conflict. How it is drawn stands under its address in
    `templates/issues/_steps.html`."""

    policy: Step
    form: type[StepForm]
    do: Callable[..., Issue]
    stale_ok: bool = False


# By the last part of `/issues/{ref}/…`, in the order in which a page offers them.
STEPS = {
    "acknowledgement": IssueStep(Step.ACKNOWLEDGE, StepForm, acknowledge),
    "agreement": IssueStep(Step.AGREE, StepForm, resolve.agree),
    "return": IssueStep(Step.RETURN, ReasonForm, resolve.give_back),
    "taking-back": IssueStep(Step.TAKE_BACK, StepForm, resolve.take_back),
    "resumption": IssueStep(Step.RESUME, ReasonForm, resume),
    "proposal": IssueStep(Step.PROPOSE, ProposalForm, resolve.propose),
    "stayed-fixed": IssueStep(Step.STAYED_FIXED, StayedFixedForm, resolve.say_stayed_fixed),
    "crossing": IssueStep(Step.CROSS, StepForm, raise_issue.cross),
    "turning": IssueStep(Step.TURN, TurningForm, raise_issue.turn),
    "notes": IssueStep(Step.NOTE, NoteForm, add_note, stale_ok=True),
    "occurrences": IssueStep(Step.OCCURRENCE, OccurrenceForm, record_occurrence, stale_ok=True),
    "escalation": IssueStep(Step.ESCALATE, EscalationForm, escalate.by_holder),
    "paper": IssueStep(Step.PAPER, PaperForm, write_paper, stale_ok=True),
    "hand-down": IssueStep(Step.HAND_DOWN, HandDownForm, hand_down),
    "asks-hand_over": IssueStep(Step.ASK, SidesAskedForm, partial(ask, kind=AskKind.HAND_OVER)),
    "asks-escalate": IssueStep(Step.ASK, SidesAskedForm, partial(ask, kind=AskKind.ESCALATE)),
    "asks-add_side": IssueStep(Step.ASK, SidesAskedForm, partial(ask, kind=AskKind.ADD_SIDE)),
    "asks-newer_ladder": IssueStep(Step.ASK, SidesAskedForm, partial(ask, kind=AskKind.NEWER_LADDER)),
    "asks-pause": IssueStep(Step.ASK, PauseForm, partial(ask, kind=AskKind.PAUSE)),
    "colleague": IssueStep(Step.HAND, ColleagueForm, hand_to_colleague),
    "theme": IssueStep(Step.THEME, ThemeForm, confirm_theme),
    "theme-view": IssueStep(Step.THEME_VIEW, ThemeViewForm, give_theme_view),
    "reopening": IssueStep(Step.REOPEN, ReasonForm, resolve.reopen),
    "amendment": IssueStep(Step.AMEND, AmendmentForm, amend),
    "merging": IssueStep(Step.MERGE, MergingForm, merge),
    "side-removal": IssueStep(Step.REMOVE_SIDE, SideRemovalForm, remove_side),
    "withdrawal": IssueStep(Step.WITHDRAW, ReasonForm, resolve.withdraw),
    "routing": IssueStep(Step.REROUTE, StepForm, route_anew.route_anew),
    "quotation": IssueStep(Step.QUOTE, QuotationForm, quote.let_quote, stale_ok=True),
    "quotation-withdrawal": IssueStep(Step.UNQUOTE, StepForm, quote.take_words_back, stale_ok=True),
}

# What is asked of the other sides: sent to `/issues/{ref}/asks`, which says of which kind it is.
ASKED = {f"asks-{kind.value}": kind for kind in AskKind}

# What can be done to several issues at once, each through its own action.
FOR_SEVERAL = {
    **{name: STEPS[name] for name in ("acknowledgement", "notes", "proposal", "colleague")},
    "theme": IssueStep(Step.THEME, ThemeForSeveralForm, confirm_theme),
}
