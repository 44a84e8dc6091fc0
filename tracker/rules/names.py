"""What a reader may know of names: whoever raised an issue may keep theirs inside their organisation.

It is a promise to people, so it has one door: nothing else asks whether a reporter's name is kept.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tracker.rules.arrangement import Arrangement, Person
from tracker.rules.events.kinds import KINDS
from tracker.rules.rings import Viewer

Words = Mapping[str, str]  # of an event, as they are kept


class ReportedIssue(Protocol):
    """What of an issue says whose name is kept, and inside which organisation."""

    @property
    def hide_reporter(self) -> bool: ...
    @property
    def raised_by_id(self) -> int | None: ...
    @property
    def raised_for_id(self) -> int: ...


def may_know_reporter(issue: ReportedIssue, viewer: Viewer | None) -> bool:
    """Whether this reader may know who raised it; a viewer of None is every reader there may be, as of one paper."""
    return not issue.hide_reporter or (viewer is not None and issue.raised_for_id in viewer.organisation_ids)


def may_know(person_id: int | None, issue: ReportedIssue, viewer: Viewer | None) -> bool:
    """Whether this reader may know that it was this person: who is told as the reporter is part of the promise."""
    return person_id is None or person_id != issue.raised_by_id or may_know_reporter(issue, viewer)


def doer_name(kind: str, person_id: int | None, words: Words, issue: ReportedIssue, viewer: Viewer | None) -> str:
    """Who did what an event of this kind tells, as they were called then and as this reader may know them."""
    name, organisation = name_in(words, "actor"), name_in(words, "actor_organisation")
    if not may_know(person_id, issue, viewer):
        return f"Whoever raised it, {organisation}," if KINDS[kind].says_raiser else somebody_at(organisation)
    return name or organisation or "Somebody"  # history may not name the person


def name_in(words: Words, which: str) -> str:
    """A word of an event; "" where it has none."""
    return words.get(which, "")


def person_name(person_id: int, arrangement: Arrangement) -> str:
    person = arrangement.people.get(person_id)
    return person.name if person else "somebody who left"


def somebody_at(organisation: str) -> str:
    return f"Somebody at {organisation}" if organisation else "Somebody"


def within_a_sentence(who: str) -> str:
    """What stands for a name, where no sentence begins with it: “whoever raised it, Riverside Hospitals,”."""
    return f"{who[0].lower()}{who[1:]}" if who.startswith(("Whoever raised it", "Somebody")) else who


_MOST_MENTIONED = 20
_AT = re.compile(r"(?<![^\s(\[,;:])@(?=\w)")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a text names with an @: `people`; and `unclear`: what several are called, with these."""

    people: tuple[Person, ...] = ()
    unclear: tuple[tuple[str, tuple[Person, ...]], ...] = ()


def mentions(text: str, people: Iterable[Person]) -> Mentions:
    """By the whole name, else by the first one, in any case. An @ before anything else is none."""
    known = tuple(people)
    found: dict[int, Person] = {}
    unclear: dict[str, tuple[Person, ...]] = {}
    for sign in list(_AT.finditer(text))[:_MOST_MENTIONED]:
        called = _called(text[sign.end() :].casefold(), known)
        if len(called) == 1:
            found[called[0].id] = called[0]
        elif called:
            unclear[called[0].name.split()[0]] = called
    return Mentions(tuple(found.values()), tuple(unclear.items()))


def _called(text: str, people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Whom the beginning of a text names: those with the longest name that it begins with."""
    whole = [each for each in people if _begins(text, each.name.casefold())]
    longest = max((len(each.name) for each in whole), default=0)
    by_first = (each for each in people if each.name and _begins(text, each.name.split()[0].casefold()))
    return tuple(each for each in whole if len(each.name) == longest) or tuple(by_first)


def _begins(text: str, name: str) -> bool:
    return bool(name) and text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
