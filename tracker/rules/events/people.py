"""The kinds of administrative event that tell what was done to a person, in each partnership that it touches."""

from collections.abc import Iterable
from datetime import date

from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.kinds import Recipients, said
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.wording import listed, say_day


class OfPerson(OfArrangement):
    """What leads find among the administrative events. `table` and `key` (an address): its entry in the charter."""

    hears = frozenset()
    table: str = "person"
    key: str = ""
    organisation: str = ""
    person_name: str = said()
    organisation_name: str = said()


class PersonInvited(OfPerson):
    """Somebody was added, whether or not their address has an account. `together`: with others, of which leads hear
    once (`PeopleTakenIn`)."""

    name = "person_invited"
    hears = OfArrangement.hears
    roles: tuple[str, ...] = ()
    together: bool = False
    address: str = said()

    def heard_by(self) -> frozenset[Recipients]:
        return frozenset() if self.together else self.hears

    def sentence(self, who: str) -> str:
        named = f"{self.person_name} ({self.address})"
        return f"{who} invited {named} to {self.organisation_name} as {_roles_text(self.roles)}"

    def to_letter(self, by: str, partnership: str) -> str:
        """What the letter to them says: who invites, and to what."""
        return f"{by} to {partnership}, for {self.organisation_name} as {_roles_text(self.roles)}"

    def next_text(self) -> str:
        return "They are written to when their organisation is open, and belong once they have come in or accepted."


class InvitedAgain(PersonInvited):
    """A lead had the letter sent once more to somebody who has not come in."""

    name = "invited_again"
    hears = frozenset()

    def sentence(self, who: str) -> str:
        return f"{who} invited {self.person_name} ({self.address}) to {self.organisation_name} once more"


class PersonArrived(OfPerson):
    """Somebody came in by their organisation's own sign-in, who was not invited."""

    name = "person_arrived"
    hears = OfArrangement.hears
    roles: tuple[str, ...] = ()
    address: str = said()

    def sentence(self, who: str) -> str:
        arrived = f"{self.person_name} ({self.address}) arrived at {self.organisation_name}"
        return f"{arrived} as {_roles_text(self.roles)}, by its own sign-in"


class PersonCameIn(OfPerson):
    """Somebody who was invited came in, or accepted."""

    name = "person_came_in"

    def sentence(self, who: str) -> str:
        return f"{self.person_name} came in for {self.organisation_name}"

    def to_doer(self) -> str:
        return f"You belong to {self.organisation_name} now"


class InvitationEnded(OfPerson):
    """Somebody who was invited did not come in, or a lead took the invitation back."""

    name = "invitation_ended"
    declined: bool = False

    def sentence(self, who: str) -> str:
        if self.declined:
            return f"{self.person_name} did not accept the invitation to {self.organisation_name}"
        return f"{who} took back the invitation of {self.person_name} to {self.organisation_name}"

    def to_doer(self) -> str:
        declined = f"You declined the invitation to {self.organisation_name}"
        return declined if self.declined else self.sentence("You")


class RolesChanged(OfPerson):
    """Somebody is another thing for their organisation than before. `together`: as in `PersonInvited`."""

    name = "roles_changed"
    hears = OfArrangement.hears
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    together: bool = False

    def heard_by(self) -> frozenset[Recipients]:
        return frozenset() if self.together else self.hears

    def sentence(self, who: str) -> str:
        change = f"{_roles_text(self.before)} → {_roles_text(self.after)}"
        return f"{who} changed what {self.person_name} is for {self.organisation_name}: {change}"


class PeopleTakenIn(OfArrangement):
    """A list of people was taken in; of each of them an event stands before this one."""

    name = "people_taken_in"
    added: int = 0
    changed: int = 0
    organisation_names: str = said()

    def sentence(self, who: str) -> str:
        what = f"{self.added} invited, {self.changed} changed"
        return f"{who} took in a list of people of {self.organisation_names}: {what}"

    def next_text(self) -> str:
        return "Who is invited is written to when their organisation is open." if self.added else ""


class PersonLeft(OfPerson):
    """Somebody no longer belongs to an organisation."""

    name = "person_left"
    hears = OfArrangement.hears

    def sentence(self, who: str) -> str:
        return f"{who} recorded that {self.person_name} has left {self.organisation_name}"


class LeftWithoutLead(OfArrangement):
    """The last lead of an organisation is gone, whoever ended that: nobody is kept because they are needed."""

    name = "left_without_lead"
    urgent = True
    side: str = ""
    side_name: str = said()

    def sentence(self, who: str) -> str:
        waits = "what waits for it waits until the people who run the server name one"
        return f"Nobody leads {self.side_name} any more; {waits}"


class PersonReturned(OfPerson):
    """Whose membership a directory had ended has it again."""

    name = "person_returned"
    hears = OfArrangement.hears
    roles: tuple[str, ...] = ()

    def sentence(self, who: str) -> str:
        return f"{who} returned {self.person_name} to {self.organisation_name} as {_roles_text(self.roles)}"

    def next_text(self) -> str:
        return "Seats stay with those who have them now."


class NameCorrected(OfPerson):
    """A lead typed the name of somebody who was invited anew; or a directory gave one to whom only it knows."""

    name = "name_corrected"
    after: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} corrected the name of {self.person_name} at {self.organisation_name} to {self.after}"


class NameChanged(OfPerson):
    """Somebody who has come in calls themselves otherwise."""

    name = "name_changed"
    after: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.person_name} of {self.organisation_name} is called {self.after} now"

    def to_doer(self) -> str:
        return f"You are called {self.after} now"


class AddressChanged(OfPerson):
    """Somebody who has come in has another address."""

    name = "address_changed"
    before: str = said()
    after: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.person_name} of {self.organisation_name} has another address: {self.before} → {self.after}"

    def to_doer(self) -> str:
        return f"Your address is {self.after} now"


class ChangeAsked(OfPerson):
    """A lead asked somebody to look at their name or address."""

    name = "change_asked"
    what: str = said()

    def sentence(self, who: str) -> str:
        asked = f"{who} asked {self.person_name} of {self.organisation_name} to look at their name and address"
        return f"{asked}: {self.what}"

    def next_text(self) -> str:
        return "It stands on their desk until they have looked."


class SessionsEnded(OfPerson):
    """A lead ended the sessions of somebody, for what is of their organisation."""

    name = "sessions_ended"

    def sentence(self, who: str) -> str:
        return f"{who} signed {self.person_name} out for {self.organisation_name}"

    def next_text(self) -> str:
        return "They are written to, and sign in anew."


class AwaySet(OfPerson):
    """Somebody is away from an organisation, or here again. Days as 2026-05-04; without a last one until further
    notice."""

    name = "away_set"
    away_from: str | None = None
    away_until: str | None = None

    def sentence(self, who: str) -> str:
        return f"{self.to_doer()}, as {who} said"

    def to_doer(self) -> str:
        first, last = (say_day(date.fromisoformat(each)) if each else "" for each in (self.away_from, self.away_until))
        days = f"away from {first}{f' to {last}' if last else ''}" if first else "here again"
        return f"{self.person_name} is {days} at {self.organisation_name}"


def _roles_text(roles: Iterable[str]) -> str:
    return listed(ROLE_WORDS[each] for each in Role if each in set(roles))
