"""The kinds of administrative event: what was done to an arrangement, or by the people who run the server."""

from datetime import datetime

from tracker.rules.events.kinds import EventKind, Passage, Recipients, passages, said
from tracker.rules.wording import say_count, say_moment

_IN_FORCE = "In force now."


class OfArrangement(EventKind):
    """What every lead of the partnership hears of."""

    hears = frozenset({Recipients.ALL_LEADS})


class CharterLoaded(OfArrangement):
    """A charter file was loaded by the people who run the server."""

    name = "charter_loaded"
    added: int = 0
    changed: int = 0
    retired: int = 0
    plan: str = said()

    def sentence(self, who: str) -> str:
        return f"A charter file was loaded: {self.added} added, {self.changed} changed, {self.retired} retired"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("The plan", self.plan))


class ArrangementChanged(OfArrangement):
    """A lead changed something on screen."""

    name = "arrangement_changed"
    table: str = ""
    key: str = ""
    what: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} changed the arrangement: {self.what}"

    def next_text(self) -> str:
        return _IN_FORCE


class LadderProposed(OfArrangement):
    """A new version of a ladder waits for a lead of every organisation."""

    name = "ladder_proposed"
    ladder: str = ""
    version: int = 1
    ladder_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} proposed version {self.version} of the {self.ladder_name} ladder"

    def next_text(self) -> str:
        return "It is in force once a lead of every organisation has agreed it."


class LadderAgreed(OfArrangement):
    """A lead agreed a version of a ladder for their organisation."""

    name = "ladder_agreed"
    ladder: str = ""
    version: int = 1
    organisation: str = ""
    in_force: bool = False
    ladder_name: str = said()
    organisation_name: str = said()

    def sentence(self, who: str) -> str:
        ending = "; it is in force" if self.in_force else ""
        which = f"version {self.version} of the {self.ladder_name} ladder"
        return f"{who} agreed {which} for {self.organisation_name}{ending}"

    def next_text(self) -> str:
        return "" if self.in_force else "It is in force once a lead of every organisation has agreed it."


class PersonIssueWaits(EventKind):
    """Of an issue about a person, which leads may not read, that nobody of their side is there: without reference."""

    name = "person_issue_waits"
    hears = frozenset({Recipients.SIDE_LEADS})
    urgent = True
    side: str = ""
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"An issue about a person waits at {self.side_name}, and nobody is there who may read it"


class MeetingMoved(OfArrangement):
    """A lead cancelled a single meeting of a body, or put it off. `table` and `key`: its entry in the charter;
    `meeting`, `instead` (“”: cancelled): moments in the partnership's zone."""

    name = "meeting_moved"
    table: str = "body"
    key: str = ""
    meeting: str = ""
    instead: str = ""
    body_name: str = said()

    def sentence(self, who: str) -> str:
        meeting = f"the meeting of {self.body_name} on {_moment(self.meeting)}"
        return f"{who} put off {meeting} to {_moment(self.instead)}" if self.instead else f"{who} cancelled {meeting}"

    def next_text(self) -> str:
        return _IN_FORCE


class ChangeProposed(OfArrangement):
    """A change that touches other organisations waits for a lead of each."""

    name = "change_proposed"
    number: int = 0
    touches: tuple[str, ...] = ()
    what: str = said()
    waits_for: str = said()
    plan: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} proposed a change, no. {self.number}: {self.what}; it waits for a lead of {self.waits_for}"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("What it changes", self.plan))

    def next_text(self) -> str:
        return "Until then everything stays as it is."


class ProposalAgreed(OfArrangement):
    """A lead agreed a proposed change for their organisation. `table`, `key`: the entry, where it came into force."""

    name = "proposal_agreed"
    number: int = 0
    organisation: str = ""
    in_force: bool = False
    table: str = ""
    key: str = ""
    what: str = said()
    organisation_name: str = said()

    def sentence(self, who: str) -> str:
        ending = "; it is in force" if self.in_force else ""
        return f"{who} agreed proposal {self.number} for {self.organisation_name}: {self.what}{ending}"

    def next_text(self) -> str:
        return "" if self.in_force else "It is in force once a lead of each organisation that it touches has agreed it."


class ProposalReturned(OfArrangement):
    """A lead of an organisation that it touches returned a proposed change."""

    name = "proposal_returned"
    number: int = 0
    what: str = said()
    reason: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} returned proposal {self.number} ({self.what}): {self.reason}"

    def next_text(self) -> str:
        return "Everything stays as it is."


class ProposalTakenBack(OfArrangement):
    """The side that proposed a change took it back."""

    name = "proposal_taken_back"
    number: int = 0
    what: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} took proposal {self.number} back: {self.what}"

    def next_text(self) -> str:
        return "Everything stays as it is."


class ProposalVoided(OfArrangement):
    """What a proposed change was about was changed meanwhile."""

    name = "proposal_voided"
    number: int = 0
    what: str = said()

    def sentence(self, who: str) -> str:
        return f"Proposal {self.number} is void, as {who} changed what it was about: {self.what}"

    def to_doer(self) -> str:
        return self.sentence("you")


class LinkMade(OfArrangement):
    """A sign-in link was made on the server for somebody. `codes_ended`: who lost what showed their codes is asked for
    none any more; `passkeys_ended`: none of theirs opens anything any more."""

    name = "link_made"
    person: int = 0
    person_name: str = said()
    codes_ended: bool = False
    passkeys_ended: bool = False

    def sentence(self, who: str) -> str:
        ended = ", and the codes that were asked for after it ended" if self.codes_ended else ""
        ended += ", and their passkeys ended" if self.passkeys_ended else ""
        return f"A sign-in link for {self.person_name} was made on the server{ended}"


class ReportRead(OfArrangement):
    """A report was read on the server: figures without texts, or as a person named may see it."""

    name = "report_read"
    report: str = ""
    period: str = ""
    person: int | None = None
    person_name: str = said()

    def sentence(self, who: str) -> str:
        period = f" for {self.period}" if self.period else ""
        eyes = f", as {self.person_name} may see it" if self.person_name else ""
        return f"The {self.report} report was read on the server{period}{eyes}"


class ReportsRecounted(OfArrangement):
    """What reports add up was counted anew; with this event nothing stands any more that was kept of them before."""

    name = "reports_recounted"
    months: int = 0

    def sentence(self, who: str) -> str:
        return f"What the reports add up was counted anew on the server: {say_count(self.months, 'month')}"


class ServerRestored(OfArrangement):
    """A copy that was restored from a backup took the place of the server. `taken_at`: of the backup, in UTC."""

    name = "server_restored"
    taken_at: str = ""

    def sentence(self, who: str) -> str:
        return f"The server was restored from a backup of {_moment(self.taken_at)} UTC; what came after it is lost here"


class ChainsClosed(OfArrangement):
    """From then on each group of readers has a chain of its own. `heads`: one hash over the heads of the chains of
    issues until then, sorted."""

    name = "chains_closed"
    heads: str = ""

    def sentence(self, who: str) -> str:
        return (
            f"{who} closed the record as it stood until then; from there on what each group of readers may read is "
            "linked apart"
        )


class HistoryLoaded(OfArrangement):
    """Past issues were taken in from a file."""

    name = "history_loaded"
    loaded: int = 0
    set_aside: int = 0
    unchanged: int = 0

    def sentence(self, who: str) -> str:
        return f"History was loaded: {self.loaded} issues, {self.set_aside} set aside, {self.unchanged} unchanged"


def _moment(iso: str) -> str:
    """With its year, by the clock it was kept in."""
    return say_moment(datetime.fromisoformat(iso), 0) if iso else "some day"
