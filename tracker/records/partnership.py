"""A partnership and its organisations."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Field

from tracker.records.columns import ArrangementEntry, NumberedRow, choice, json_value
from tracker.rules.arrangement import PaperSize
from tracker.rules.rings.doors import Demand


class Partnership(NumberedRow, table=True):
    """`version` is raised by every change to the arrangement: what was read of an older one is stale."""

    key: str = Field(unique=True)
    name: str
    zone: str
    next_number: int = 1
    version: int = 1
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=json_value())

    def keep_paper(self, size: PaperSize) -> None:
        self.settings = {**self.settings, "paper": size.value}

    def keep_privacy(self, never_name: str, identifiers: Iterable[str]) -> None:
        """Whom issues never name, and the countries whose identifying numbers are warned of."""
        self.settings = {**self.settings, "never_name": never_name, "identifiers": list(identifiers)}

    def changed(self) -> None:
        """The arrangement was changed: whoever kept it reads it anew."""
        self.version += 1


class Organisation(ArrangementEntry, table=True):
    """A peer in a partnership. `calendar` is as the charter file has it; `position` its place on pages; `demand`: what
    it asks of a session before a membership of it counts there."""

    name: str
    calendar: dict[str, Any] = Field(sa_type=json_value())
    demand: Demand | None = Field(default=None, sa_type=choice(Demand))
