"""The kinds of administrative event: what was done to an arrangement, or by the people who run the server."""

from tracker.rules.events.kinds import EventKind, Recipients, said


class CharterLoaded(EventKind):
    """A charter file was loaded by the people who run the server."""

    name = "charter_loaded"
    hears = frozenset({Recipients.ALL_LEADS})
    added: int = 0
    changed: int = 0
    retired: int = 0
    plan: str = said()

    def sentence(self, who: str) -> str:
        return f"A charter file was loaded: {self.added} added, {self.changed} changed, {self.retired} retired"


class ArrangementChanged(EventKind):
    """A lead changed something on screen."""

    name = "arrangement_changed"
    hears = frozenset({Recipients.ALL_LEADS})
    table: str = ""
    key: str = ""
    what: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} changed the arrangement: {self.what}"


class LadderProposed(EventKind):
    """A new version of a ladder waits for a lead of every organisation."""

    name = "ladder_proposed"
    hears = frozenset({Recipients.ALL_LEADS})
    ladder: str = ""
    version: int = 1
    ladder_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} proposed version {self.version} of the {self.ladder_name} ladder"


class LadderAgreed(EventKind):
    """A lead agreed a version of a ladder for their organisation."""

    name = "ladder_agreed"
    hears = frozenset({Recipients.ALL_LEADS})
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


class LinkMade(EventKind):
    """A sign-in link was made on the server for somebody."""

    name = "link_made"
    hears = frozenset({Recipients.ALL_LEADS})
    person: int = 0
    person_name: str = said()

    def sentence(self, who: str) -> str:
        return f"A sign-in link for {self.person_name} was made on the server"


class ReportRead(EventKind):
    """A report was read on the server: figures without texts, or as a person named may see it."""

    name = "report_read"
    hears = frozenset({Recipients.ALL_LEADS})
    report: str = ""
    period: str = ""
    person: int | None = None
    person_name: str = said()

    def sentence(self, who: str) -> str:
        period = f" for {self.period}" if self.period else ""
        eyes = f", as {self.person_name} may see it" if self.person_name else ""
        return f"The {self.report} report was read on the server{period}{eyes}"


class HistoryLoaded(EventKind):
    """Past issues were taken in from a file."""

    name = "history_loaded"
    hears = frozenset({Recipients.ALL_LEADS})
    loaded: int = 0
    set_aside: int = 0
    unchanged: int = 0

    def sentence(self, who: str) -> str:
        return f"History was loaded: {self.loaded} issues, {self.set_aside} set aside, {self.unchanged} unchanged"
