"""What an event is: its details, its sentence, who hears of it. Each kind is declared once, as a frozen class.

The kinds themselves stand beside this file; what a list or a measure needs to know of a kind is one of its attributes.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, dataclass_transform

from tracker.rules.wording import say_hours

REDACTED = "(no longer shown)"  # true of what is hidden until a lead settles it, too


class Recipients(StrEnum):
    """Who a notice of an event goes to. The doer never hears, and nobody who may not read the event."""

    RAISER = "whoever raised it"
    HOLDERS = "every holder at the tier it is on"
    OTHER_HOLDERS = "the holders of the other sides at the tier it is on"
    BELOW = "holders at the tiers it came from"
    DECIDERS = "the seats of the tier that handed it down"
    SKIPPED = "the seats of the tiers that were skipped or passed"
    NEXT_UP = "the named side's seats one tier up"
    ABOVE = "every side's seats one tier up"
    SIDE = "the named side's holders at the tier it is on"
    CHAIRS = "the chairs of the body it is on"
    LEADS = "the leads of its sides"
    ALL_LEADS = "every lead of the partnership"
    SIDE_LEADS = "the leads of the named side"
    ASKED = "whoever is asked whether it stayed fixed"
    OWNERS = "the owners of the decision"
    MEMBERS = "the members of the body"
    MENTIONED = "whoever it names with an @"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, and for which organisation they spoke. The clock has neither, a directory no person."""

    person_id: int | None
    name: str
    organisation_id: int | None = None
    organisation_key: str = ""
    organisation_name: str = ""

    @property
    def of_where(self) -> str:
        """“Alex Hill of Riverside Hospitals”; who is no person says it in their name."""
        is_person = self.person_id is not None and self.organisation_name
        return f"{self.name} of {self.organisation_name}" if is_person else self.name

    @property
    def invites(self) -> str:
        """“Alex Hill of Riverside Hospitals invites”, “The people who run the server invite”."""
        return f"{self.of_where} {'invite' if self.name == SERVER.name else 'invites'}"


CLOCK = Actor(None, "The clock")
SERVER = Actor(None, "The people who run the server")


def said(default: str = "") -> Any:
    """A field that holds a name or a text: kept salted, so that it can be taken out without breaking the chain."""
    return field(default=default, metadata={"said": True})


def written(called: str) -> Any:
    """A word that somebody wrote themselves, as it is `called` where it is taken out: “a title”, “a reason”."""
    return field(default="", metadata={"said": True, "written": called})


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand below the sentence that tells an event, under what they are called. `was`: the words before
    them, None where none were changed."""

    label: str
    text: str
    was: str | None = None

    @property
    def was_text(self) -> str:
        """In quotes, where words stand there."""
        return f"“{self.was}”" if self.was and self.was != REDACTED else self.was or "nothing"


KINDS: dict[str, "type[EventKind]"] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class EventKind:
    """The base of every kind, each of which is a frozen dataclass and, where it has a name, in the one list of kinds.
    Fields made by `said` are words; all others are details (keys, numbers, ids)."""

    name: ClassVar[str]
    hears: ClassVar[frozenset[Recipients]] = frozenset()
    urgent: ClassVar[bool] = False
    moves_totals: ClassVar[bool] = False  # whether a report that counts issues may count this one otherwise from now on
    in_brief: ClassVar[bool] = True  # whether a story told in brief has it; what the clock says by the way tells none
    says_raiser: ClassVar[bool] = False  # whoever raised it is told as that, where their name is not to be known
    changes_words: ClassVar[bool] = False  # words that stood in events before it are others from then on, or gone
    waits: ClassVar[bool] = False  # its doer can take it back in its first minutes, so word of it waits one
    tone: ClassVar[str] = ""  # of its mark in a story: up, down, back, end, again, pause
    routine: ClassVar[str] = ""  # what a story calls it where it folds it among others that move nothing

    # What it does to the course of an issue, for the measures of the ladder (`measures/ladder_flow.EventFlags`).
    ends: ClassVar[bool] = False
    reopens: ClassVar[bool] = False
    pauses: ClassVar[bool] = False
    resumes: ClassVar[bool] = False
    restarts: ClassVar[bool] = False  # an early warning became an issue: only now its clock runs
    acknowledges: ClassVar[bool] = False
    lapses: ClassVar[bool] = False  # an acknowledgement does
    confirms: ClassVar[bool] = False  # it goes up to be confirmed, which is no escalation
    counts_after_end: ClassVar[bool] = False  # told after an end, it is still the time

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        if vars(cls).get("name") and KINDS.setdefault(cls.name, cls) is not cls:
            raise ValueError(f"two event kinds are called {cls.name}")

    def folded_text(self) -> str:
        """What a story calls it where it folds it; "" where words of somebody's own stand in it."""
        own = (each.name for each in dataclasses.fields(self) if "written" in each.metadata)
        return "" if any(getattr(self, name) for name in own) else self.routine

    def sentence(self, who: str) -> str:
        """What happened, in the past tense, without a full stop; `who` is the doer as this reader may know them."""
        raise NotImplementedError

    def to_doer(self) -> str:
        """What its doer reads right after it, without a full stop."""
        return self.sentence("You")

    def next_text(self) -> str:
        """What follows from it, for its doer, in a sentence; empty where nothing does."""
        return ""

    def passages(self) -> tuple[Passage, ...]:
        """Its words that the sentence does not say, for whoever is told: every word is in the one or the other."""
        return ()

    def heard_by(self) -> frozenset[Recipients]:
        """Who hears of this one."""
        return self.hears

    def is_urgent(self) -> bool:
        """Whether word goes out at once, whatever the hour."""
        return self.urgent

    @classmethod
    def words(cls) -> tuple[str, ...]:
        return tuple(each.name for each in dataclasses.fields(cls) if each.metadata.get("said"))

    @classmethod
    def own_words(cls) -> dict[str, str]:
        """What each word that somebody wrote themselves is called, by its name."""
        written = {each.name: each.metadata.get("written", "") for each in dataclasses.fields(cls)}
        return {name: called for name, called in written.items() if called}

    def split(self) -> tuple[dict[str, Any], dict[str, str]]:
        """(details, words) as they are kept. What says nothing is not kept: an empty word, and a detail that is empty
        where nothing else is said."""
        words = self.words()
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        usual = {each.name: each.default for each in dataclasses.fields(self)}
        return (
            {
                name: _plain(value)
                for name, value in values.items()
                if name not in words and (value or value != usual[name])
            },
            {name: values[name] for name in words if values[name]},
        )


class OfAnotherVersion(EventKind):
    """In place of a kind that this program does not know, where a page tells it. Whoever acts on events refuses it."""

    name = ""

    def sentence(self, who: str) -> str:
        return f"{who} did what only the new version of this site can tell: look again in a while"


def asides() -> tuple[str, ...]:
    """The names of the kinds that a story told in brief leaves out."""
    return tuple(name for name, kind in KINDS.items() if not kind.in_brief)


def waiting_kinds() -> tuple[str, ...]:
    """The names of the kinds of which word waits."""
    return tuple(name for name, kind in KINDS.items() if kind.waits)


def read(kind: str, details: Mapping[str, Any], words: Mapping[str, str], hashes: Mapping[str, str]) -> EventKind:
    """An event as it was recorded; a word whose hash stands without its value reads as taken out."""
    known = {each.name for each in dataclasses.fields(KINDS[kind])}
    gone = {name: REDACTED for name in hashes if name not in words}
    values = {**details, **gone, **words}
    return KINDS[kind](**{name: _whole(value) for name, value in values.items() if name in known})


def passages(*labelled: tuple[str, str]) -> tuple[Passage, ...]:
    """Each text under its label; an empty one is none."""
    return tuple(Passage(label, text) for label, text in labelled if text)


def lost_passage(how_far: str, minutes: int | None) -> tuple[tuple[str, str], ...]:
    """Working time lost “so far” or “in all”, for `passages`; nothing where it was not said."""
    return ((f"Working hours lost {how_far}, about", say_hours(minutes)),) if minutes is not None else ()


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _whole(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
