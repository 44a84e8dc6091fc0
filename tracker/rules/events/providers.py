"""The kinds of event of an organisation's own sign-in: its provider and its domains."""

from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.kinds import said


class OfOwnSignIn(OfArrangement):
    """Whose."""

    in_brief = False
    organisation: str = ""
    side_name: str = said()


class ProviderNamed(OfOwnSignIn):
    """A lead said who signs the people of their organisation in. Of the secret nothing is kept here."""

    name = "provider_named"
    issuer: str = said()
    arrives: bool = False
    trusts_addresses: bool = False

    def sentence(self, who: str) -> str:
        arriving = "whoever has an account there arrives as front line" if self.arrives else "by invitation only"
        trusted = ", and its addresses are trusted" if self.trusts_addresses else ""
        return f"{who} had {self.side_name} sign in by {self.issuer}, {arriving}{trusted}"


class ProviderEnded(OfOwnSignIn):
    """Nobody comes in that way any more."""

    name = "provider_ended"
    issuer: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} ended the sign-in of {self.side_name} by {self.issuer}"


class DomainConfirmed(OfOwnSignIn):
    """Addresses of this domain lead to the organisation's own sign-in."""

    name = "domain_confirmed"
    domain: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} had {self.domain} confirmed as a domain of {self.side_name}"


class DomainDropped(OfOwnSignIn):
    """They lead there no more."""

    name = "domain_dropped"
    domain: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} took {self.domain} from the domains of {self.side_name}"
