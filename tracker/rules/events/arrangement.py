"""The kinds of administrative event: what was done to an arrangement, or by the people who run the server."""

from tracker.rules.events.kinds import EventKind, Passage, Recipients, passages, said


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


class LadderProposed(OfArrangement):
    """A new version of a ladder waits for a lead of every organisation."""

    name = "ladder_proposed"
    ladder: str = ""
    version: int = 1
    ladder_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} proposed version {self.version} of the {self.ladder_name} ladder"


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


class PersonIssueWaits(EventKind):
    """Of an issue about a person, which leads may not read, that nobody of their side is there: without reference."""

    name = "person_issue_waits"
    hears = frozenset({Recipients.SIDE_LEADS})
    urgent = True
    side: str = ""
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"An issue about a person waits at {self.side_name}, and nobody is there who may read it"


class LinkMade(OfArrangement):
    """A sign-in link was made on the server for somebody."""

    name = "link_made"
    person: int = 0
    person_name: str = said()

    def sentence(self, who: str) -> str:
        return f"A sign-in link for {self.person_name} was made on the server"


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


class HistoryLoaded(OfArrangement):
    """Past issues were taken in from a file."""

    name = "history_loaded"
    loaded: int = 0
    set_aside: int = 0
    unchanged: int = 0

    def sentence(self, who: str) -> str:
        return f"History was loaded: {self.loaded} issues, {self.set_aside} set aside, {self.unchanged} unchanged"
