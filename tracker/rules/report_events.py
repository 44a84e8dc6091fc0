"""The kinds of event by which leads set what the report of themes goes by."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.rules.event_kinds import EventKind, Hear, declared, said
from tracker.rules.wording import say_count


@declared
@dataclass(frozen=True, kw_only=True)
class ExposureEntered(EventKind):
    """How much there was to go wrong was entered, changed or taken away for some months. `changes`: line by line."""

    name: ClassVar[str] = "exposure_entered"
    hears: ClassVar[frozenset[Hear]] = frozenset({Hear.ALL_LEADS})
    amounts: int = 0
    first: str = ""
    last: str = ""
    what: str = said()
    plan: str = said()

    def sentence(self, who: str) -> str:
        months = self.first if self.first == self.last else f"{self.first} to {self.last}"
        return f"{who} entered the {self.what} of {months}: {say_count(self.amounts, 'amount')} changed"


@declared
@dataclass(frozen=True, kw_only=True)
class ExposureNamed(EventKind):
    """What is counted as exposure was named anew."""

    name: ClassVar[str] = "exposure_named"
    hears: ClassVar[frozenset[Hear]] = frozenset({Hear.ALL_LEADS})
    per: float = 100
    per_before: float = 100
    what: str = said()
    what_before: str = said()

    def sentence(self, who: str) -> str:
        before = f"per {self.per_before:g} {self.what_before}"
        return f"{who} set that reports say how often per {self.per:g} {self.what}; before, {before}"
