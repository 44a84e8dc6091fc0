"""What the page of one issue shows, as that reader may see it: its head, its ladder and its story."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.pages.governance.decision import DecisionLine
from tracker.pages.issues.ladder import LadderView, SideView
from tracker.pages.web.parts import Link, Readers


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same moment on another organisation's clock, where that differs."""

    organisation: str
    words: str


@dataclass(frozen=True, slots=True)
class StandingView:
    """The sentence that opens the page.

    Which words are used follows from the issue's state; unused ones stay empty.

    `holder`: who acts for the side with the ball. `due_at` and `remaining` ("2 working days from now", "3
    working days ago"): the limit, while paused the one it had. `late`: it has passed. `then`: what happens
    if nothing happens, as the end of that sentence ("it goes to the Directors"). `why`: the steps of the
    date.
    """

    ball: SideView | None
    holder: str = ""
    holder_is_me: bool = False
    due_at: datetime | None = None
    remaining: str = ""
    late: bool = False
    at_top: bool = False
    then: str = ""
    why: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause. `cap`: the most it can last ("10 working days"); `remaining`: what is left of the limit."""

    since: datetime
    by: str
    waiting_for: str
    reason: str
    until: date
    cap: str
    remaining: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What one side proposes.

    `waits_for`: the sides that must still answer. `silence_at`: when silence counts as agreement.
    """

    by: str
    organisation: str
    side: str
    at: datetime
    outcome: str
    done: str
    cause: str
    change_agreement: bool
    agreed: tuple[SideView, ...]
    waits_for: tuple[SideView, ...]
    silence_at: datetime | None
    mine_to_answer: bool = False


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """How it ended. `outcome` in words, `solved`: it counts as solved.

    `agreed`: who agreed and how ("by silence").

    `stayed_fixed`: None before anybody was asked, "asked", "yes" or "no".
    """

    at: datetime
    outcome: str
    solved: bool
    done: str = ""
    cause: str = ""
    by: str = ""
    agreed: str = ""
    stayed_fixed: str | None = None


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One thing that happened: a note (`text`) or an event (`sentence`), never both.

    `id`: anchor on the page. `tone` of an event: "", "up", "down", "end", "pause", "again". `readers`: who
    reads a private note ("only Riverside Hospitals"); "" when all sides do. `text` None of a note: it was
    taken out; `sentence` then says so.
    """

    id: str
    at: datetime
    who: str = ""
    organisation: str = ""
    side: str = ""
    text: str | None = None
    sentence: str = ""
    tone: str = ""
    readers: str = ""
    spoke: bool = False

    @property
    def is_note(self) -> bool:
        return bool(self.who)


@dataclass(frozen=True, slots=True)
class ThemeView:
    """Why it rubs. Not `confirmed`: a suggestion, drawn with a question mark."""

    name: str
    href: str
    confirmed: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideTheme:
    """Why it rubs as one side sees it; `theme` is "" while it has not said."""

    organisation: str
    side: str
    theme: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue as this reader may see it.

    `state`: raised, open, proposed, paused, resolved. `state_words`: "waiting for acknowledgement", "paused
    until 12 May". `kind`: issue or early_warning. `ring`: shared, organisation or named. `raised_by`: a
    name, or only the organisation where the name stays inside it. `severity_words`: "serious: work is held
    up". `promise`: the clause, "4.2 Discharge letters". `linked`: other times it happened, the issue it is
    the same as; the words say which. `no_ladder`: why there is no clock.
    """

    ref: str
    href: str
    version: int
    title: str
    detail: str
    kind: str
    ring: str
    state: str
    state_words: str
    severity: str
    severity_words: str
    raised_by: str
    raised_side: str
    raised_at: datetime
    sides: tuple[SideView, ...]
    readers: Readers
    standing: StandingView
    ladder: LadderView | None
    story: tuple[StoryItem, ...]
    no_ladder: str = ""
    occurred_on: date | None = None
    occurrences: int = 1
    service_area: str = ""
    service_area_key: str = ""
    promise: str = ""
    promise_href: str = ""
    topic: str = ""
    theme: ThemeView | None = None
    side_themes: tuple[SideTheme, ...] = ()
    route_why: str = ""
    worked_round: bool = False
    outside_ref: str = ""
    pause: PauseView | None = None
    proposal: ProposalView | None = None
    resolution: ResolutionView | None = None
    linked: tuple[Link, ...] = ()
    agenda: Link | None = None
    decisions: tuple[DecisionLine, ...] = ()
