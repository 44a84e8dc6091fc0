"""The steps a reader may take on an issue now, each a form that posts to an address under the issue's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.pages.part_views import Choice, ChoiceGroup, FormState, Link, Reader, Readers
from tracker.pages.quotation_step import QuotationStep


@dataclass(frozen=True, slots=True)
class ThemeSuggestion:
    """A theme the product suggests. `why`: the words that matched; `alike`: the confirmed issues it resembles."""

    key: str
    name: str
    means: str
    why: tuple[str, ...]
    alike: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class GoesTo:
    """Where an issue would go if it were routed now. `joins`: who answers there would become a side of it."""

    tier: str
    ladder: str
    answers: Reader
    why: str
    joins: bool = False


@dataclass(frozen=True, slots=True)
class StepsView:
    """What this reader may do now: `forms` by the last part of the address, only those that are allowed.

    Addresses and fields: `acknowledgement` · `notes` (text, ring, spoke) · `escalation` (tier, cause, reason) ·
    `proposal` (outcome, done, cause, change_agreement) · `agreement` · `return` (reason) · `reopening` (reason) ·
    `occurrences` (occurred_on, detail) · `amendment` (title, detail, severity, service_area) · `routing` ·
    `withdrawal` (reason) · `theme` (pick, theme, clause, suggested) · `theme-view` (theme) · `stayed-fixed` (held: yes
    or no) · `crossing` (with, if `organisations`) · `turning` (severity) · `quotation` (text, agrees, left_out) ·
    `quotation-withdrawal`. Each also carries csrf, version, once, and speaking_for where `speaking_for` has several.

    `best`: the one shown unfolded on top ("" for none). `once`: a random word; each form sends it with its own name
    after it. `refused`: a form that was just sent and is not among `forms` (any more), with why and with what was
    typed. `theme`: the one it has, confirmed or not; `my_theme`: the one their side sees.
    """

    version: int
    once: str
    forms: Mapping[str, FormState] = field(default_factory=dict)
    best: str = ""
    changed: tuple[str, ...] = ()
    refused: FormState | None = None
    speaking_for: tuple[Choice, ...] = ()
    rings: tuple[Choice, ...] = ()
    tiers: tuple[Choice, ...] = ()
    causes: tuple[Choice, ...] = ()
    outcomes: tuple[Choice, ...] = ()
    severities: tuple[Choice, ...] = ()
    organisations: tuple[Choice, ...] = ()
    suggestions: tuple[ThemeSuggestion, ...] = ()
    themes: tuple[ChoiceGroup, ...] = ()
    theme: str = ""
    clauses: tuple[ChoiceGroup, ...] = ()
    clause: str = ""
    my_theme: str = ""
    crossing_readers: Readers | None = None
    service_areas: tuple[Choice, ...] = ()
    goes_to: GoesTo | None = None
    quotation: QuotationStep | None = None
