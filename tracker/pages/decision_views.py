"""What the pages of decisions show: lists, one decision, the form that records one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.pages.part_views import Choice, FormState, Link


@dataclass(frozen=True, slots=True)
class OwnerView:
    """Who owns a decision, in the colour of their side."""

    name: str
    organisation: str
    side: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in a list. `state_words`: "due Fri 29 May", "past due since ...", "done on ...", as `tone` has it:
    "late", "end" or ""."""

    number: int
    what: str
    href: str
    body: str
    decided_on: date
    state_words: str
    tone: str
    owners: tuple[OwnerView, ...] = ()
    changes_agreement: bool = False


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """Every decision of a partnership that the reader may see. `figures`: how they are followed through, in words;
    `decide`: where the reader may record one."""

    key: str
    partnership: str
    figures: str
    past_due: tuple[DecisionLine, ...]
    open: tuple[DecisionLine, ...]
    ended: tuple[DecisionLine, ...]
    decide: tuple[Link, ...] = ()
    more: str = ""

    @property
    def anything(self) -> bool:
        return bool(self.past_due or self.open or self.ended)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a decision."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class EffectView:
    """Whether it helped, for a theme it is on. `tone`: "down" for less often, "up" for more, "soft" for the rest."""

    theme: Link
    verdict: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class FollowView:
    """The steps that a reader may take: `forms` by the last part of the address."""

    version: int
    once: str
    forms: Mapping[str, FormState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision, as this reader may see it. `readers`: by organisation and body, in words."""

    line: DecisionLine
    key: str
    detail: str
    due_on: date
    body_href: str
    themes: tuple[Link, ...]
    clauses: tuple[Link, ...]
    issues: tuple[Link, ...]
    story: tuple[Told, ...]
    effects: tuple[EffectView, ...]
    readers: str
    superseded: Link | None = None
    scope: str = ""  # over whose issues the effects are counted, where not over all


@dataclass(frozen=True, slots=True)
class OwnersChoice:
    """Who may own a decision for an organisation: people as "acute 12"."""

    key: str
    name: str
    side: str
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PrecedentsView:
    """What was decided before on the same; `asked`: something was chosen to look for."""

    precedents: tuple[DecisionLine, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class DecideView:
    """The form that records a decision. `chosen`: what is ticked, by field."""

    key: str
    body_key: str
    body: str
    partnership: str
    today: date
    once: str
    form: FormState
    owners: tuple[OwnersChoice, ...]
    themes: tuple[Choice, ...]
    clauses: tuple[Choice, ...]
    issues: tuple[Choice, ...]
    replaceable: tuple[Choice, ...]
    speaking_for: tuple[Choice, ...]
    chosen: Mapping[str, tuple[str, ...]]
