"""The kinds of event by which the sides say, each for itself, why it rubs."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.rules.event_kinds import EventKind, Hear, declared, said


@declared
@dataclass(frozen=True, kw_only=True)
class ThemeViewGiven(EventKind):
    """A side said why it rubs as it sees it; which theme counts stays as it is."""

    name: ClassVar[str] = "theme_view_given"
    hears: ClassVar[frozenset[Hear]] = frozenset({Hear.OTHER_HOLDERS})
    moves_totals: ClassVar[bool] = True
    theme: str | None = None
    side: str = ""
    theme_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} said how their side sees it: {self.theme_name}" if self.theme else f"{who} took that view away"
