"""A new issue: what somebody says went wrong, from the form to the record."""

from dataclasses import dataclass
from datetime import date

from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.rings import Ring


@dataclass(frozen=True, slots=True)
class NewIssue:
    """By the keys of the arrangement; `with_`: of the organisation it is with. `occurred_on`: None is the day on which
    it is raised. `taken_over`: what of it ("title", "detail") is in the words of the issue that this one is again.
    `lost_minutes`: of working time so far, None where nobody said. But for `with_` and `taken_over` every field is a
    column of the issue."""

    title: str
    with_: str
    severity: Severity
    detail: str = ""
    occurred_on: date | None = None
    kind: Kind = Kind.ISSUE
    ring: Ring = Ring.SHARED
    service_area: str | None = None
    theme: str | None = None
    worked_round: bool = False
    lost_minutes: int | None = None
    hide_reporter: bool = False
    again_of_id: int | None = None
    taken_over: tuple[str, ...] = ()

    @property
    def topic(self) -> None:
        """None before a manager has confirmed why it rubs."""
        return None

    @property
    def crosses(self) -> bool:
        """Whether the other side knows of it from the first moment."""
        return self.ring is not Ring.ORGANISATION
