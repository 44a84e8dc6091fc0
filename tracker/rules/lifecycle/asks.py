"""Asks: what needs the other side. Nothing changes before every other side has agreed; here is how each is called."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AskKind(StrEnum):
    """What can be asked of the other sides; one of a kind at a time."""

    PAUSE = "pause"
    ESCALATE = "escalate"
    HAND_OVER = "hand_over"
    NEWER_LADDER = "newer_ladder"
    ADD_SIDE = "add_side"


class AskState(StrEnum):
    """What became of an ask."""

    OPEN = "open"
    AGREED = "agreed"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class AskChoice:
    """What whoever asks has chosen. `side`: the key of an organisation, or `outsider`: somebody who is none; `until`: a
    last day."""

    side: str = ""
    outsider: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AskWords:
    """How a kind is called: `doing` after “agreed to”, `asking` after a name, with whom or what it is about."""

    doing: str
    asking: str
    called: str = "ask"

    @property
    def noun(self) -> str:
        """“the ask to pause it”."""
        return f"the {self.called} to {self.doing}"


ASK_WORDS = {
    AskKind.PAUSE: AskWords("pause it", "asked to pause it until {until}, waiting for {whom}"),
    AskKind.ESCALATE: AskWords("escalate it now", "asked to escalate it to {whom} now"),
    AskKind.HAND_OVER: AskWords("hand it over", "offered to hand it over to {whom}", called="offer"),
    AskKind.NEWER_LADDER: AskWords("move it to a newer ladder", "asked to move it to {whom}"),
    AskKind.ADD_SIDE: AskWords("add a side", "asked to add {whom} as a side"),
}

CONTESTED_FROM = 2
"""How many offers to hand it over come back, on one tier and since the last that did not, until it is contested."""

CLOSED_WORDS = {
    AskState.AGREED: "Every side has agreed to this already.",
    AskState.RETURNED: "This was returned already, so there is nothing left to answer.",
    AskState.TAKEN_BACK: "This was taken back, so there is nothing left to answer.",
    AskState.LAPSED: "This lapsed before it was answered. If it is still wanted, ask anew.",
}
"""What whoever answers too late reads."""
