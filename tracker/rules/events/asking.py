"""The kinds of event by which one side asks the others for something, and what becomes of that."""

from tracker.rules.events.kinds import EventKind, Recipients, said, written
from tracker.rules.lifecycle.asks import ASK_WORDS, AskKind, AskWords
from tracker.rules.wording import say_kept_day


class OfAsk(EventKind):
    """The base of what happens to an ask: its `number` on its issue, and its kind, `ask`."""

    number: int = 0
    ask: str = AskKind.PAUSE.value

    @property
    def called(self) -> AskWords:
        return ASK_WORDS[AskKind(self.ask)]


class SidesAsked(OfAsk):
    """One side asks the others for something; nothing changes until each has agreed. `side`: the key of the one that is
    waited for, offered it, or to be added; `whom`: its name, that of a tier or a ladder, or of somebody outside."""

    name = "asked"
    hears = frozenset({Recipients.OTHER_HOLDERS})
    urgent = True
    side: str = ""
    until: str = ""
    tier: int = 0
    ladder: int = 0
    whom: str = written("a name")
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        asking = self.called.asking.format(whom=self.whom or "somebody", until=say_kept_day(self.until))
        return f"{who} {asking}" + (f": {self.reason}" if self.reason else "")

    def next_text(self) -> str:
        return "Nothing changes until every other side has agreed."


class AskAgreed(OfAsk):
    """A side agreed to what was asked."""

    name = "ask_agreed"
    hears = frozenset({Recipients.HOLDERS})

    def sentence(self, who: str) -> str:
        return f"{who} agreed to {self.called.doing}"


class AskReturned(OfAsk):
    """A side returned what was asked, with a reason: nothing changes."""

    name = "ask_returned"
    hears = frozenset({Recipients.HOLDERS})
    tone = "back"
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        return f"{who} returned {self.called.noun}: {self.reason}"

    def to_doer(self) -> str:
        return f"You returned {self.called.noun}"


class AskTakenBack(OfAsk):
    """The side that asked took it back before anybody answered."""

    name = "ask_taken_back"
    hears = frozenset({Recipients.OTHER_HOLDERS})
    tone = "back"

    def sentence(self, who: str) -> str:
        return f"{who} took back {self.called.noun}"


class AskLapsed(OfAsk):
    """Not every side answered in time, or it left the tier before: nothing changes."""

    name = "ask_lapsed"
    hears = frozenset({Recipients.HOLDERS})
    tone = "back"
    why: str = said()

    def sentence(self, who: str) -> str:
        ending = f": {self.why}" if self.why else ""
        return f"{self.called.noun.capitalize()} lapsed{ending}"


class HandOverContested(EventKind):
    """It was offered and returned twice on its tier, so whose it is is contested: those a tier up hear of it."""

    name = "hand_over_contested"
    hears = frozenset({Recipients.ABOVE, Recipients.HOLDERS})
    urgent = True
    tone = "again"
    returns: int = 2
    tier_name: str = said()

    def sentence(self, who: str) -> str:
        where = f" at {self.tier_name}" if self.tier_name else ""
        return f"It was offered and returned twice{where}: whose turn it is is contested"
