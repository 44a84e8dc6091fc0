"""Resolution: what a proposal says, who must answer it, and where a reopened issue goes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.refusals import FieldError, WrongInput

# The outcomes a side can propose; withdrawing and working round are steps of their own.
PROPOSABLE = (Outcome.SOLVED, Outcome.WORKED_ROUND, Outcome.NOT_SOLVED, Outcome.NOT_OURS, Outcome.DUPLICATE)

# After these it is asked, four weeks on, whether it stayed fixed (product.md, Resolve).
ASKED_AFTER = frozenset({Outcome.SOLVED, Outcome.WORKED_ROUND})


_UNSAID: Mapping[str, Any] = {
    "cause": "", "changes_agreement": False, "lost_minutes": None, "state_before": State.OPEN, "tier_before": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """How one side would end an issue. `by` is that side's organisation id; `lost_minutes`: of working time in all,
    None where it does not say."""

    by: int
    by_name: str
    outcome: str
    done: str
    cause: str = ""
    changes_agreement: bool = False
    lost_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.outcome not in PROPOSABLE:
            allowed = ", ".join(PROPOSABLE)
            raise WrongInput(FieldError("outcome", f"“{self.outcome}” is no outcome: choose one of {allowed}."))

    def kept(self, *, ball_before: int, state_before: str = State.OPEN, tier_before: int = 0) -> dict[str, Any]:
        """As it is kept with the issue, with who had the ball, who gets it back when it is returned, and the state and
        tier to which it goes back when it is taken back; without what says nothing."""
        before = {"ball_before": ball_before, "state_before": str(state_before), "tier_before": tier_before}
        kept = {**asdict(self), "outcome": str(self.outcome), **before}
        return {name: value for name, value in kept.items() if name not in _UNSAID or value != _UNSAID[name]}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Proposal":
        return cls(**{name: kept[name] for name in cls.__slots__ if name in kept})


def sides_to_answer(sides: tuple[int, ...], agreed: Collection[int]) -> tuple[int, ...]:
    """“The other side” means every other side: each must answer, in the order of the sides."""
    return tuple(side for side in sides if side not in agreed)


def still_there(people: Iterable[int], organisation: Organisation, arrangement: Arrangement) -> tuple[int, ...]:
    """Those of these people who still belong to an organisation, each once, in order."""
    known = arrangement.people
    return tuple(
        person
        for person in dict.fromkeys(people)
        if person in known and not known[person].retired and organisation.key in known[person].roles
    )


def answer_of_all(answers: Collection[str | None]) -> str | None:
    """What those who were asked say together, "yes", "no" or "asked": a no decides. None where nobody is asked."""
    said = next((each for each in ("no", "yes") if each in answers), "asked")
    return said if answers else None


def tier_after_reopening(tier: int, top: int, time: int, reopens_to_escalate: int) -> int:
    """Back to the tier that decided; from the `reopens_to_escalate`th time one above it, if there is one."""
    return min(tier + 1, top) if time >= reopens_to_escalate else tier
