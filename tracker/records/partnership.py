"""A partnership and its organisations."""

from typing import Any

from sqlmodel import Field

from tracker.records.columns import ArrangementEntry, NumberedRow, json_value


class Partnership(NumberedRow, table=True):
    """`version` is raised by every change to the arrangement: what was read of an older one is stale."""

    key: str = Field(unique=True)
    name: str
    zone: str
    next_number: int = 1
    version: int = 1
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=json_value())

    def changed(self) -> None:
        """The arrangement was changed: whoever kept it reads it anew."""
        self.version += 1


class Organisation(ArrangementEntry, table=True):
    """A peer in a partnership. `calendar` is as the charter file has it; `position` its place on pages."""

    name: str
    calendar: dict[str, Any] = Field(sa_type=json_value())
