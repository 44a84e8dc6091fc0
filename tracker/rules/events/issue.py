"""The kinds of event in the life of an issue, from raising it to keeping it warm."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.rules.events.kinds import EventKind, Recipients, declared, said
from tracker.rules.wording import listed


@declared
@dataclass(frozen=True, kw_only=True)
class Raised(EventKind):
    """Somebody said what went wrong."""

    name: ClassVar[str] = "raised"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS})
    moves_totals: ClassVar[bool] = True
    kind: str = "issue"
    severity: str = "minor"
    worked_round: bool = False
    imported: bool = False
    title: str = said()
    detail: str = said()

    def sentence(self, who: str) -> str:
        if self.worked_round:
            return f"{who} worked round it and said so"
        return f"{who} gave an early warning" if self.kind == "early_warning" else f"{who} raised it"

    def is_urgent(self) -> bool:
        return self.severity == "critical"


@declared
@dataclass(frozen=True, kw_only=True)
class Crossed(EventKind):
    """An issue its organisation had kept to itself was shared with the other side, and took its number."""

    name: ClassVar[str] = "crossed"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OTHER_HOLDERS})
    moves_totals: ClassVar[bool] = True
    severity: str = "minor"
    readers: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} shared it with {self.readers}"

    def is_urgent(self) -> bool:
        return self.severity == "critical"


@declared
@dataclass(frozen=True, kw_only=True)
class Turned(EventKind):
    """An early warning became an issue: its clock starts."""

    name: ClassVar[str] = "turned"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS})
    restarts: ClassVar[bool] = True

    def sentence(self, who: str) -> str:
        return f"{who} turned the early warning into an issue"


@declared
@dataclass(frozen=True, kw_only=True)
class Routed(EventKind):
    """Which rule chose the ladder, the tier to start on and who answers, and why."""

    name: ClassVar[str] = "routed"
    in_brief: ClassVar[bool] = False
    route: str | None = None
    ladder: str = ""
    version: int = 0
    to: int = 1
    answers: str = ""
    tier_name: str = said()
    ladder_name: str = said()
    why: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.why}, so it went to {self.tier_name} on the {self.ladder_name} ladder"


@declared
@dataclass(frozen=True, kw_only=True)
class SideAdded(EventKind):
    """One more organisation is concerned."""

    name: ClassVar[str] = "side_added"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    moves_totals: ClassVar[bool] = True
    side: str = ""
    why: str = said()
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.side_name} was added as a side: {self.why}"


@declared
@dataclass(frozen=True, kw_only=True)
class Acknowledged(EventKind):
    """A side said: seen, we have it."""

    name: ClassVar[str] = "acknowledged"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.RAISER})
    acknowledges: ClassVar[bool] = True
    counts_after_end: ClassVar[bool] = True
    imported: bool = False
    remark: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} acknowledged it" + (f": {self.remark}" if self.remark else "")


@declared
@dataclass(frozen=True, kw_only=True)
class AcknowledgementLate(EventKind):
    """A side did not acknowledge in time: its next tier up is told, the issue does not move."""

    name: ClassVar[str] = "acknowledgement_late"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.NEXT_UP, Recipients.SIDE})
    in_brief: ClassVar[bool] = False
    tone: ClassVar[str] = "up"
    side: str = ""
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.side_name} has not acknowledged it in time; its next tier up was told"


@declared
@dataclass(frozen=True, kw_only=True)
class AcknowledgementLapsed(EventKind):
    """A side did nothing that all can read for `keep_in_loop`."""

    name: ClassVar[str] = "acknowledgement_lapsed"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.SIDE})
    in_brief: ClassVar[bool] = False
    lapses: ClassVar[bool] = True
    side: str = ""
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"Nothing from {self.side_name} for a while, so its acknowledgement lapsed: still with you?"


@declared
@dataclass(frozen=True, kw_only=True)
class LimitNear(EventKind):
    """The limit of the tier comes near."""

    name: ClassVar[str] = "limit_near"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS})
    urgent: ClassVar[bool] = True
    in_brief: ClassVar[bool] = False
    due_at: str = ""

    def sentence(self, who: str) -> str:
        return "The limit of this tier comes near"


@declared
@dataclass(frozen=True, kw_only=True)
class LimitRecomputed(EventKind):
    """A calendar changed, so the limit of the tier moved."""

    name: ClassVar[str] = "limit_recomputed"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS})
    in_brief: ClassVar[bool] = False
    from_at: str = ""
    to_at: str = ""
    why: str = said()

    def sentence(self, who: str) -> str:
        return f"The limit was worked out anew: {self.why}"


@declared
@dataclass(frozen=True, kw_only=True)
class Noted(EventKind):
    """A note, or one line about a conversation. The words stand in the note; here is only their hash."""

    name: ClassVar[str] = "noted"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    counts_after_end: ClassVar[bool] = True
    note: int = 0
    spoke: bool = False
    imported: bool = False
    outside: str = said()  # in history, the words of somebody of no organisation here: they have no note

    def sentence(self, who: str) -> str:
        if self.outside:
            return f"{who} wrote: {self.outside}"
        return f"{who} spoke with their opposite number" if self.spoke else f"{who} wrote"


@declared
@dataclass(frozen=True, kw_only=True)
class Occurred(EventKind):
    """It happened again, or to somebody else too."""

    name: ClassVar[str] = "occurred"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.HOLDERS})
    moves_totals: ClassVar[bool] = True
    tone: ClassVar[str] = "again"
    counts_after_end: ClassVar[bool] = True
    occurrence: int = 0
    occurred_on: str = ""
    too: bool = False
    imported: bool = False
    detail: str = said()

    def sentence(self, who: str) -> str:
        return f"It happened to {who} too" if self.too else f"{who} said it happened again"


@declared
@dataclass(frozen=True, kw_only=True)
class Amended(EventKind):
    """Title, detail, severity or service area was changed; the old words are kept."""

    name: ClassVar[str] = "amended"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OTHER_HOLDERS})
    moves_totals: ClassVar[bool] = True
    fields: tuple[str, ...] = ()
    old_severity: str | None = None
    new_severity: str | None = None
    old_service_area: str | None = None
    new_service_area: str | None = None
    old_title: str = said()
    new_title: str = said()
    old_detail: str = said()
    new_detail: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} changed the {listed(map(self._change, self.fields))}"

    def _change(self, field: str) -> str:
        known = field == "severity" and self.old_severity and self.new_severity
        return f"severity from {self.old_severity} to {self.new_severity}" if known else field.replace("_", " ")


@declared
@dataclass(frozen=True, kw_only=True)
class ThemeConfirmed(EventKind):
    """A manager said why it rubs; what had been suggested is kept beside it."""

    name: ClassVar[str] = "theme_confirmed"
    moves_totals: ClassVar[bool] = True
    theme: str | None = None
    others: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    clause: str | None = None
    theme_name: str = said()
    clause_name: str = said()

    def sentence(self, who: str) -> str:
        if not self.theme:
            return f"{who} took the theme away"
        strained = f", which strains {self.clause_name}" if self.clause_name else ""
        return f"{who} confirmed the theme: {self.theme_name}{strained}"


@declared
@dataclass(frozen=True, kw_only=True)
class ThemeViewGiven(EventKind):
    """A side said why it rubs as it sees it; which theme counts stays as it is."""

    name: ClassVar[str] = "theme_view_given"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OTHER_HOLDERS})
    moves_totals: ClassVar[bool] = True
    theme: str | None = None
    side: str = ""
    theme_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} said how their side sees it: {self.theme_name}" if self.theme else f"{who} took that view away"


@declared
@dataclass(frozen=True, kw_only=True)
class QuotationAgreed(EventKind):
    """Words may be quoted in reports. They stand in the quotation; here is only their hash."""

    name: ClassVar[str] = "quotation_agreed"
    in_brief: ClassVar[bool] = False

    def sentence(self, who: str) -> str:
        return f"{who} agreed to be quoted in reports, without their name"


@declared
@dataclass(frozen=True, kw_only=True)
class QuotationWithdrawn(EventKind):
    """The words are in no report from now on; a pack that was published stays as it was."""

    name: ClassVar[str] = "quotation_withdrawn"
    in_brief: ClassVar[bool] = False

    def sentence(self, who: str) -> str:
        return f"{who} took back the words that could be quoted"
