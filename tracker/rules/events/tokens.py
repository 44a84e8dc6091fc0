"""The kinds of event of tokens, by which programs of an organisation read what it may read."""

from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.kinds import said
from tracker.rules.rings import TokenScope


class OfToken(OfArrangement):
    """Which: by its `number` among those of the organisation, and as its leads call it."""

    in_brief = False
    number: int = 0
    token: str = said()
    side_name: str = said()

    @property
    def which(self) -> str:
        return f"the token “{self.token}” of {self.side_name}"


class TokenMade(OfToken):
    """A lead let a program read all that their organisation reads, or (`scope`) its directory say who belongs to it."""

    name = "token_made"
    scope: str = ""

    def sentence(self, who: str) -> str:
        if self.scope == TokenScope.DIRECTORY:
            return f"{who} made {self.which}: whoever has it says who belongs to {self.side_name}"
        return f"{who} made {self.which}: whoever has it reads what all of {self.side_name} read"


class TokenRevoked(OfToken):
    """Nobody comes in by it any more."""

    name = "token_revoked"

    def sentence(self, who: str) -> str:
        return f"{who} revoked {self.which}"
