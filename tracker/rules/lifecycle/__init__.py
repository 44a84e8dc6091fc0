"""The life of an issue: its states, and which step leads from which state to which, as one table."""

from enum import StrEnum

from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Step


class State(StrEnum):
    """Where an issue stands (product.md, "The life of an issue")."""

    RAISED = "raised"
    OPEN = "open"
    PAUSED = "paused"
    PROPOSED = "proposed"
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """How an issue ended; everything but `solved` is counted apart."""

    SOLVED = "solved"
    WORKED_ROUND = "worked_round"
    NOT_SOLVED = "not_solved"
    NOT_OURS = "not_ours"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


UNSOLVED = frozenset({Outcome.WORKED_ROUND, Outcome.NOT_SOLVED, Outcome.NOT_OURS})
"""Resolved and not solved; a duplicate, and what was withdrawn, was no problem of its own."""


class Severity(StrEnum):
    """How much it matters, as the person who raises it says."""

    MINOR = "minor"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Kind(StrEnum):
    """An early warning has notes and a theme but no clock, until it is turned into an issue."""

    ISSUE = "issue"
    EARLY_WARNING = "early_warning"


class Cause(StrEnum):
    """Why an issue went up (statistics.md 6 splits the escalation rate by these)."""

    LIMIT = "limit passed"
    AGREED = "agreed by every side"
    RISK = "risk to a person"
    LEGAL = "legal deadline"
    SUBJECT = "opposite number is the subject"
    VACANT = "tier vacant"
    AUTHORITY = "no authority here"
    DECIDED = "already decided higher up"
    REOPENED = "reopened too often"


def cause_text(cause: str) -> str:
    """Why it went up, as pages say it: what is kept has the agreement's own words."""
    return cause.replace("opposite number", "counterpart")


STATE_WORDS = {
    State.RAISED: "waiting for acknowledgement",
    State.OPEN: "open",
    State.PAUSED: "paused",
    State.PROPOSED: "a resolution is proposed",
    State.RESOLVED: "resolved",
}
SEVERITY_WORDS = {
    Severity.MINOR: "minor: a nuisance",
    Severity.SERIOUS: "serious: work is held up",
    Severity.CRITICAL: "critical: somebody may come to harm, or work has stopped",
}

FAST_TRACK = (Cause.RISK, Cause.LEGAL, Cause.SUBJECT, Cause.VACANT, Cause.AUTHORITY, Cause.DECIDED)

SEVERE = frozenset({Severity.SERIOUS, Severity.CRITICAL})
LIVE = frozenset({State.RAISED, State.OPEN})
UNRESOLVED = frozenset(State) - {State.RESOLVED}

# From which states a step may be taken, and where it leads; None: the state stays.
MOVES: dict[Step, tuple[frozenset[State], State | None]] = {
    Step.NOTE: (frozenset(State), None),
    Step.OCCURRENCE: (frozenset(State), None),
    Step.THEME: (frozenset(State), None),
    Step.THEME_VIEW: (frozenset(State), None),
    Step.AMEND: (UNRESOLVED, None),
    Step.REWORD: (UNRESOLVED, None),
    Step.REROUTE: (LIVE, None),
    Step.CROSS: (UNRESOLVED, None),
    Step.TURN: (UNRESOLVED, None),
    Step.ACKNOWLEDGE: (UNRESOLVED, None),
    Step.ESCALATE: (LIVE, None),
    Step.HAND: (UNRESOLVED, None),
    Step.ASK: (LIVE | {State.PAUSED}, None),
    Step.ANSWER_ASK: (LIVE | {State.PAUSED}, None),
    Step.TAKE_ASK_BACK: (LIVE | {State.PAUSED}, None),
    Step.RESUME: (frozenset({State.PAUSED}), None),
    Step.PROPOSE: (LIVE, State.PROPOSED),
    Step.TAKE_BACK: (frozenset({State.PROPOSED}), State.OPEN),
    Step.AGREE: (frozenset({State.PROPOSED}), State.RESOLVED),
    Step.RETURN: (frozenset({State.PROPOSED}), State.OPEN),
    Step.WITHDRAW: (frozenset({State.RAISED}), State.RESOLVED),
    Step.REOPEN: (frozenset({State.RESOLVED}), State.OPEN),
    Step.STAYED_FIXED: (frozenset({State.RESOLVED}), None),
    Step.QUOTE: (frozenset(State), None),
    Step.UNQUOTE: (frozenset(State), None),
    Step.REDACT: (frozenset(State), None),
    Step.HAND_DOWN: (LIVE, None),
    Step.MERGE: (LIVE, State.RESOLVED),
    Step.PAPER: (LIVE, None),
    Step.REMOVE_SIDE: (LIVE, None),
}


def steps_from(state: State) -> tuple[Step, ...]:
    """The steps that can be taken in this state, in the order of `Step`."""
    return tuple(step for step in Step if state in MOVES[step][0])


# What an issue can do before its clock runs: an early warning, and one its organisation keeps to itself.
EARLY = frozenset(
    {Step.NOTE, Step.OCCURRENCE, Step.THEME, Step.THEME_VIEW, Step.AMEND, Step.REWORD}
    | {Step.CROSS, Step.TURN, Step.WITHDRAW, Step.REDACT}
)


def require(step: Step, state: State, *, kind: Kind = Kind.ISSUE, crossed: bool = True) -> None:
    """Refuses with `MoveNotAllowed`, saying why and what is allowed instead."""
    allowed = possible(state, kind=kind, crossed=crossed)
    if step not in allowed:
        listed = ", ".join(each.value for each in allowed)
        raise MoveNotAllowed(
            f"This {_called(state, kind, crossed)}: to {step.value} is not possible now. Possible: {listed}."
        )


def possible(state: State, *, kind: Kind = Kind.ISSUE, crossed: bool = True) -> tuple[Step, ...]:
    """The steps this state, kind and crossing allow, whoever asks."""
    steps = set(steps_from(state))
    if kind is Kind.EARLY_WARNING or not crossed:
        steps &= EARLY
    if kind is not Kind.EARLY_WARNING:
        steps.discard(Step.TURN)
    steps.discard(Step.CROSS if crossed else Step.THEME_VIEW)  # one side alone has nobody to see it otherwise
    return tuple(step for step in Step if step in steps)


def _called(state: State, kind: Kind, crossed: bool) -> str:
    if not crossed:
        return "is still your organisation's own"
    return "is an early warning" if kind is Kind.EARLY_WARNING else f"issue is {state.value}"
