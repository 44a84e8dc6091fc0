"""What is searched for: words, the number of an issue, and people, where what is typed is somebody's name."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, not_, or_, select, union_all
from sqlmodel import col

from tracker.measures.cut_text import Phrase, phrases, words
from tracker.queries.issues import READERS, readable_notes
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder
from tracker.records.note import Note
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer

LEAST_BEGINNING = 3  # letters: the beginnings of words that one or two letters could be are half the index
_NUMBER = re.compile(r"#?([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class SearchText:
    """`number`: an issue that is called so comes first. `people`: whose name all of it is, or its beginning.
    `together`: the phrases beside the whole name of one of `beside`."""

    phrases: tuple[Phrase, ...] = ()
    number: int | None = None
    people: frozenset[int] = frozenset()
    together: tuple[Phrase, ...] = ()
    beside: frozenset[int] = frozenset()


def search_text(typed: str, arrangements: Iterable[Arrangement] = ()) -> SearchText:
    """What is typed, read by who is called how in these partnerships."""
    sought, number = phrases(typed), _NUMBER.fullmatch(typed.strip())
    called = {
        person_id: [_words_of(name) for name in names]
        for arrangement in (arrangements if sought else ())
        for person_id, names in arrangement.known_names.items()
    }
    together, beside = _beside_a_name(sought, called)
    return SearchText(
        sought,
        int(number[1]) if number else None,
        frozenset(each for each, names in called.items() if any(_is_name(sought, name) for name in names)),
        together,
        beside,
    )


@lru_cache(maxsize=4096)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(words(name))


def _is_name(sought: Collection[Phrase], name: frozenset[str]) -> bool:
    """Whether all of it stands in this name, the last word as a beginning."""
    if not sought:
        return False
    *others, last = (word for phrase in sought for word in phrase)
    is_begun = len(last) >= LEAST_BEGINNING and any(each.startswith(last) for each in name)
    return name.issuperset(others) and (last in name or is_begun)


def _beside_a_name(
    sought: tuple[Phrase, ...], called: Mapping[int, list[frozenset[str]]]
) -> tuple[tuple[Phrase, ...], frozenset[int]]:
    """What stands beside somebody's whole name, of two words or more, and who is called so."""
    typed = {word for phrase in sought for word in phrase}
    for name in (name for names in called.values() for name in names):
        rest = tuple(phrase for phrase in sought if not name.issuperset(phrase))
        if rest and len(name) > 1 and typed.issuperset(name):
            return rest, frozenset(each for each, names in called.items() if name in names)
    return (), frozenset()


def is_with(people: frozenset[int], viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Issue`, within issues the person may read, that one of these people raised it, holds or held it
    as agreed, or wrote a note that the person may read; and that they may know it: `rules/names`, asked of rows."""
    return col(Issue.id).in_(issues_of(people, viewer))


@lru_cache(maxsize=READERS)
def issues_of(people: frozenset[int], viewer: Viewer) -> CompoundSelect[Any]:
    """The ids of these, one more than once: of people who have to do with few."""
    raised, held, wrote = _ways(people, viewer)
    of_note = select(col(Note.issue_id)).join(Issue, col(Issue.id) == col(Note.issue_id))
    return union_all(
        select(col(Issue.id)).where(raised), select(col(Holder.issue_id)).where(held), of_note.where(wrote)
    )


@lru_cache(maxsize=READERS)
def is_one_of(people: frozenset[int], viewer: Viewer) -> ColumnElement[bool]:
    """The same condition, asked of an issue that was come upon: of people who have to do with many."""
    raised, held, wrote = _ways(people, viewer)
    holds = select(col(Holder.id)).where(col(Holder.issue_id) == col(Issue.id), held)
    notes = select(col(Note.id)).where(col(Note.issue_id) == col(Issue.id), wrote)
    return or_(raised, *(each.correlate(Issue).exists() for each in (holds, notes)))


def _ways(people: frozenset[int], viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The conditions on an issue, on a holder and on a note with its issue."""
    ids, mine = sorted(people), sorted(viewer.organisation_ids)
    may_know = or_(not_(col(Issue.hide_reporter)), col(Issue.raised_for_id).in_(mine))
    is_nobodys_secret = or_(col(Note.person_id).is_distinct_from(col(Issue.raised_by_id)), may_know)
    return (
        and_(col(Issue.raised_by_id).in_(ids), may_know),
        and_(col(Holder.person_id).in_(ids), not_(col(Holder.acted))),
        and_(col(Note.person_id).in_(ids), readable_notes(viewer), is_nobodys_secret),
    )
