"""The kinds of event by which leads set what the report of themes goes by."""

from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.kinds import Passage, passages, said
from tracker.rules.wording import say_count


class ExposureEntered(OfArrangement):
    """How much there was to go wrong was entered, changed or taken away for some months. `changes`: line by line."""

    name = "exposure_entered"
    amounts: int = 0
    first: str = ""
    last: str = ""
    what: str = said()
    plan: str = said()

    def sentence(self, who: str) -> str:
        months = self.first if self.first == self.last else f"{self.first} to {self.last}"
        return f"{who} entered the {self.what} of {months}: {say_count(self.amounts, 'amount')} changed"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("Line by line", self.plan))


class ExposureNamed(OfArrangement):
    """What is counted as exposure was named anew."""

    name = "exposure_named"
    per: float = 100
    per_before: float = 100
    what: str = said()
    what_before: str = said()

    def sentence(self, who: str) -> str:
        before = f"per {self.per_before:g} {self.what_before}"
        return f"{who} set that reports say how often per {self.per:g} {self.what}; before, {before}"


class BaselineFrozen(OfArrangement):
    """A lead froze the limits of a theme, or of one between two, or froze them anew around another centre.

    `centre`, `centre_before` (None: they were not frozen): as `Baseline` has them, in words in `around` and `before`.
    """

    name = "baseline_frozen"
    theme: str = ""
    pair: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    centre: float = 0
    centre_before: float | None = None
    theme_name: str = said()
    around: str = said()
    before: str = said()
    reason: str = said()

    def sentence(self, who: str) -> str:
        months = f"as in {self.first} to {self.last}"
        if self.centre_before is None:
            return f"{who} froze the limits of {self.theme_name} around {self.around}, {months}: {self.reason}"
        moved = f"from {self.before} to {self.around}, {months}"
        return f"{who} moved the frozen limits of {self.theme_name} {moved}: {self.reason}"


class BaselineUnfrozen(OfArrangement):
    """A lead let limits that were frozen come from the first months again."""

    name = "baseline_unfrozen"
    theme: str = ""
    pair: tuple[str, ...] = ()
    centre_before: float = 0
    theme_name: str = said()
    before: str = said()
    reason: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} unfroze the limits of {self.theme_name}, which were around {self.before}: {self.reason}"
