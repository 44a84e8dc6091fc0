"""The kinds of event by which whoever raised an issue lets their words be quoted, and takes them back."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.rules.event_kinds import EventKind, declared


@declared
@dataclass(frozen=True, kw_only=True)
class QuotationAgreed(EventKind):
    """Words may be quoted in reports. They stand in the quotation; here is only their hash."""

    name: ClassVar[str] = "quotation_agreed"

    def sentence(self, who: str) -> str:
        return f"{who} agreed to be quoted in reports, without their name"


@declared
@dataclass(frozen=True, kw_only=True)
class QuotationWithdrawn(EventKind):
    """The words are in no report from now on; a pack that was published stays as it was."""

    name: ClassVar[str] = "quotation_withdrawn"

    def sentence(self, who: str) -> str:
        return f"{who} took back the words that could be quoted"
