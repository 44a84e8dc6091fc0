"""The kinds of event in the life of an issue, from raising it to keeping it warm."""

from collections.abc import Mapping
from dataclasses import field

from tracker.rules.events.kinds import EventKind, Passage, Recipients, lost_passage, passages, said, written
from tracker.rules.wording import listed, say_kept_day

_CLOCKS = {
    "limit": "the limit",
    "acknowledgement": "the time to acknowledge",
    "silence": "the time to answer the proposal",
    "pause": "the end of the pause",
    "ask": "the time to answer what is asked",
}


class Raised(EventKind):
    """Somebody said what went wrong. `taken_over`: what of it, "title" or "detail", are words of the issue that this
    one is again, and so of whoever wrote those."""

    name = "raised"
    hears = frozenset({Recipients.HOLDERS})
    moves_totals = True
    kind: str = "issue"
    severity: str = "minor"
    worked_round: bool = False
    lost_minutes: int | None = None
    imported: bool = False
    taken_over: tuple[str, ...] = ()
    title: str = written("a title")
    detail: str = written("an account")

    def sentence(self, who: str) -> str:
        if self.worked_round:
            return f"{who} worked round it and said so"
        return f"{who} gave an early warning" if self.kind == "early_warning" else f"{who} raised it"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("What happened", self.detail), *lost_passage("so far", self.lost_minutes))

    def is_urgent(self) -> bool:
        return self.severity == "critical"

    def to_doer(self) -> str:
        if self.worked_round:
            return "Kept as worked round, and over with it"
        return "Your early warning is given" if self.kind == "early_warning" else "Raised"


class Crossed(EventKind):
    """An issue its organisation had kept to itself was shared with the other side, and took its number."""

    name = "crossed"
    hears = frozenset({Recipients.OTHER_HOLDERS})
    moves_totals = True
    severity: str = "minor"
    readers: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} shared it with {self.readers}"

    def is_urgent(self) -> bool:
        return self.severity == "critical"

    def to_doer(self) -> str:
        return f"Shared with {self.readers}"


class Turned(EventKind):
    """An early warning became an issue: its clock starts."""

    name = "turned"
    hears = frozenset({Recipients.HOLDERS})
    restarts = True

    def sentence(self, who: str) -> str:
        return f"{who} turned the early warning into an issue"

    def to_doer(self) -> str:
        return "It is an issue now"


class Routed(EventKind):
    """Which rule chose the ladder, the tier to start on and who answers, and why."""

    name = "routed"
    routine = "sent on its way"
    in_brief = False
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


class SideAdded(EventKind):
    """One more organisation is concerned."""

    name = "side_added"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    moves_totals = True
    side: str = ""
    why: str = said()
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.side_name} was added as a side: {self.why}"


class Acknowledged(EventKind):
    """A side said: seen, we have it."""

    name = "acknowledged"
    routine = "acknowledged"
    hears = frozenset({Recipients.RAISER})
    acknowledges = True
    counts_after_end = True
    imported: bool = False
    remark: str = written("a remark")

    def sentence(self, who: str) -> str:
        return f"{who} acknowledged it" + (f": {self.remark}" if self.remark else "")

    def to_doer(self) -> str:
        return "Acknowledged"


class AcknowledgedByWriting(EventKind):
    """Somebody who may acknowledge for a side did what all sides can read: so that side has seen it. What they did
    is told by itself, so nobody hears of this besides."""

    name = "acknowledged_by_writing"
    routine = "acknowledged"
    in_brief = False
    acknowledges = True
    counts_after_end = True

    def sentence(self, who: str) -> str:
        return f"{who} acknowledged it by writing"


class AcknowledgementLate(EventKind):
    """A side did not acknowledge in time: its next tier up is told, the issue does not move. `told`: who was, if
    anybody ("Directors", "its leads")."""

    name = "acknowledgement_late"
    hears = frozenset({Recipients.NEXT_UP, Recipients.SIDE})
    in_brief = False
    tone = "up"
    side: str = ""
    side_name: str = said()
    told: str = said()

    def sentence(self, who: str) -> str:
        told = f"; told on its side: {self.told}" if self.told else ""
        return f"{self.side_name} has not acknowledged it in time{told}"


class AcknowledgementLapsed(EventKind):
    """A side did nothing that all can read for `keep_in_loop`."""

    name = "acknowledgement_lapsed"
    routine = "an acknowledgement lapsed"
    hears = frozenset({Recipients.SIDE})
    in_brief = False
    lapses = True
    side: str = ""
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"Nothing from {self.side_name} for a while, so its acknowledgement lapsed: still with you?"


class LimitNear(EventKind):
    """The limit of the tier comes near."""

    name = "limit_near"
    routine = "limit near"
    hears = frozenset({Recipients.HOLDERS})
    urgent = True
    in_brief = False
    due_at: str = ""

    def sentence(self, who: str) -> str:
        return "The limit of this tier comes near"


class LimitRecomputed(EventKind):
    """What was arranged changed, and with it the limit of the tier, or by when somebody answers.

    `moved`: which clocks, "limit", "silence" or "acknowledgement" and a side; `floors`: what of them may not pass
    before, by the same names, as moments.
    """

    name = "limit_recomputed"
    hears = frozenset({Recipients.HOLDERS})
    in_brief = False
    from_at: str = ""
    to_at: str = ""
    moved: tuple[str, ...] = ("limit",)
    floors: Mapping[str, str] = field(default_factory=dict)
    why: str = said()

    def sentence(self, who: str) -> str:
        what = [*dict.fromkeys(_CLOCKS[name.partition(" ")[0]] for name in self.moved)]
        verb = "were" if len(what) > 1 else "was"
        return f"{listed(what).capitalize()} {verb} worked out anew: {self.why}"


class Noted(EventKind):
    """A note, or one line about a conversation. The words stand in the note; here is only their hash. `note`: 1, there
    is one; once the number of its row, which counted what others keep to themselves. `mentions`: the ids of those whom
    it names with an @."""

    name = "noted"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER, Recipients.MENTIONED})
    waits = True
    counts_after_end = True
    note: int = 0
    spoke: bool = False
    mentions: tuple[int, ...] = ()
    imported: bool = False
    outside: str = written("a note")  # in history, the words of somebody of no organisation here: they have no note

    def sentence(self, who: str) -> str:
        if self.outside:
            return f"{who} wrote: {self.outside}"
        return f"{who} spoke with their counterpart" if self.spoke else f"{who} wrote"

    def to_doer(self) -> str:
        return "What you spoke about is kept" if self.spoke else "Your note is kept"


class NoteTakenBack(EventKind):
    """Its author took a note back in its first minutes; what it said is nowhere any more."""

    name = "note_taken_back"
    changes_words = True
    routine = "a note taken back"
    in_brief = False

    def sentence(self, who: str) -> str:
        return f"{who} took a note back"


class Occurred(EventKind):
    """It happened again, or to somebody else too. `occurrence`: the number of it, drawn by lot."""

    name = "occurred"
    hears = frozenset({Recipients.HOLDERS})
    moves_totals = True
    tone = "again"
    counts_after_end = True
    occurrence: int = 0
    occurred_on: str = ""
    too: bool = False
    imported: bool = False
    detail: str = written("an account")

    def sentence(self, who: str) -> str:
        on = f" on {say_kept_day(self.occurred_on)}" if self.occurred_on else ""
        return f"It happened to {who} too{on}" if self.too else f"{who} said it happened again{on}"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("What happened this time", self.detail))

    def to_doer(self) -> str:
        on = f" on {say_kept_day(self.occurred_on)}" if self.occurred_on else ""
        return f"Added: it happened to you too{on}" if self.too else f"Added: it happened again{on}"


class OccurrenceTakenBack(EventKind):
    """Whoever said that it happened takes that back: it is counted no longer. What they said stays said."""

    name = "occurrence_taken_back"
    hears = frozenset({Recipients.HOLDERS})
    moves_totals = True
    counts_after_end = True
    occurrence: int = 0
    occurred_on: str = ""
    too: bool = False

    def sentence(self, who: str) -> str:
        what = "happened to them too" if self.too else "happened again"
        return f"{who} took back that it {what} on {say_kept_day(self.occurred_on)}"


class Amended(EventKind):
    """Title, detail, severity or service area was changed; the old words are kept."""

    name = "amended"
    hears = frozenset({Recipients.OTHER_HOLDERS, Recipients.RAISER})
    moves_totals = True
    says_raiser = True
    fields: tuple[str, ...] = ()
    old_severity: str | None = None
    new_severity: str | None = None
    old_service_area: str | None = None
    new_service_area: str | None = None
    old_title: str = written("a title")
    new_title: str = written("a title")
    old_detail: str = written("an account")
    new_detail: str = written("an account")
    old_area: str = said()
    new_area: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} changed the {listed(map(self._change, self.fields))}"

    def passages(self) -> tuple[Passage, ...]:
        words = (
            ("title", "Title", self.new_title, self.old_title),
            ("detail", "What happened", self.new_detail, self.old_detail),
        )
        return tuple(Passage(label, new, was=old) for field, label, new, old in words if field in self.fields)

    def _change(self, field: str) -> str:
        before, after = {
            "severity": (self.old_severity, self.new_severity),
            "service_area": (self.old_area, self.new_area),
        }.get(field, ("", ""))
        called = field.replace("_", " ")
        return f"{called} from {before} to {after}" if before and after else called


class ThemeConfirmed(EventKind):
    """A manager said why it rubs; what had been suggested is kept beside it."""

    name = "theme_confirmed"
    routine = "theme confirmed"
    moves_totals = True
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


class ThemeViewGiven(EventKind):
    """A side said why it rubs as it sees it; which theme counts stays as it is."""

    name = "theme_view_given"
    routine = "how a side sees it"
    hears = frozenset({Recipients.OTHER_HOLDERS})
    moves_totals = True
    theme: str | None = None
    side: str = ""
    theme_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} said how their side sees it: {self.theme_name}" if self.theme else f"{who} took that view away"

    def to_doer(self) -> str:
        return f"Kept: your side sees it as {self.theme_name}" if self.theme else "Your side's view is taken away"


class QuotationAgreed(EventKind):
    """Words may be quoted in reports. They stand in the quotation; here is only their hash."""

    name = "quotation_agreed"
    in_brief = False

    def sentence(self, who: str) -> str:
        return f"{who} agreed to be quoted in reports, without their name"

    def to_doer(self) -> str:
        return "Your words can be quoted in reports, without your name"


class QuotationWithdrawn(EventKind):
    """The words are in no report from now on; a pack that was published stays as it was."""

    name = "quotation_withdrawn"
    in_brief = False

    def sentence(self, who: str) -> str:
        return f"{who} took back the words that could be quoted"

    def to_doer(self) -> str:
        return "Your words are taken back, and in no report from now on"
