"""What the form for raising an issue shows, and what appears beside it while typing."""

from dataclasses import dataclass
from datetime import date

from tracker.pages.part_views import Choice, FormState, Readers


@dataclass(frozen=True, slots=True)
class SimilarItem:
    """An issue like the one being typed, that this person may see.

    `words`: its state and where it is. `may_add`: they may say "this happened to me too" (an occurrence);
    for a resolved one it is only shown.
    """

    ref: str
    href: str
    title: str
    words: str
    sides: str
    occurrences: int
    may_add: bool


@dataclass(frozen=True, slots=True)
class RaiseView:
    """The form at /issues/new.

    Fields: speaking_for, with, title, detail, severity, occurred_on, service_area, ring ("organisation"
    when only one's own should see it for now), hide_reporter, named, kind ("early_warning"), worked_round,
    as_it_is, csrf, once.

    `speaking_for`: the person's organisations; one: not asked. `organisations`: with whom; each choice's
    `readers` says who will read it then. `own_readers`: who reads it while it stays inside. `no_ladder`:
    why nothing can be raised (no ladder in force); "" if it can.
    """

    form: FormState
    once: str
    today: date
    speaking_for: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    service_areas: tuple[Choice, ...]
    own_readers: Readers
    similar: tuple[SimilarItem, ...] = ()
    no_ladder: str = ""
