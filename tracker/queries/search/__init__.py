"""Search: words in titles, details and readable notes, newest first, so that a common word is answered at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    TextClause,
    func,
    select,
    text,
    union_all,
)
from sqlmodel import Session, col

from tracker.database import Database, straight
from tracker.measures.cut_text import MOST_WORDS, Phrase, words
from tracker.queries.issues import visible_issues
from tracker.queries.search.people import SearchText, is_one_of, is_with, issues_of
from tracker.queries.search.uncut import has_uncut
from tracker.queries.search.word_index import Moment, WordIndex, word_index
from tracker.records.issue import Issue
from tracker.rules.rings import Viewer

MOST_NOTES = 300  # how many notes that match and may be read, newest first, are looked through for one page
MANY = 2000  # issues of somebody: looking at them all takes longer than at the newest of everybody


@dataclass(frozen=True, slots=True)
class SearchHits:
    """The ids of issues that match, newest first. `bounded`: more notes match than were looked through."""

    ids: tuple[int, ...]
    bounded: bool = False


def search(
    session: Session,
    sought: SearchText,
    viewer: Viewer,
    partnership_ids: Collection[int],
    conditions: Sequence[ColumnElement[bool]],
    *,
    after: Moment | None,
    most: int,
) -> SearchHits:
    """At most `most` issues of these partnerships beyond `after`: those that hold every phrase, the last word as the
    beginning of a word, in title and detail together or in one note; and those of the people whose name it is. Of the
    notes only the newest MOST_NOTES that match are looked through. What is called by the number comes first."""
    if not sought.phrases or not partnership_ids:
        return SearchHits(())
    reach = _Reach(session, viewer, partnership_ids, tuple(conditions), after, most)
    first = reach.called(sought.number)
    reach = replace(reach, conditions=(*conditions, col(Issue.id).not_in(first))) if first else reach
    found = reach.holding(sought.phrases)
    if sought.people:
        found = found.joined(reach.of_people(sought.people))
    if sought.beside:
        found = found.joined(reach.beside(sought.beside, sought.together))
    ids = (*(() if after else first), *sorted(found.places, key=lambda each: found.places[each], reverse=True))
    return SearchHits(ids[:most], found.bounded)


@dataclass(frozen=True, slots=True)
class _Places:
    """By which issues stand in order, by their ids."""

    places: dict[int, Any]
    bounded: bool = False

    def joined(self, other: "_Places") -> "_Places":
        return _Places(self.places | other.places, self.bounded or other.bounded)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a search can find, whatever is searched for."""

    session: Session
    viewer: Viewer
    partnership_ids: Collection[int]
    conditions: tuple[ColumnElement[bool], ...]
    after: Moment | None
    most: int

    def holding(self, sought: Sequence[Phrase], *more: ColumnElement[bool]) -> _Places:
        index, older = word_index(self.session, sought, open_ended=True), has_uncut(self.session)
        among = (*index.beyond(self.after), visible_issues(self.viewer), *self.conditions, *more)
        pages = [
            page.limit(self.most)
            for scope in index.scopes(self.partnership_ids)
            for page in _issues(index, scope, *among, after=self.after, older=older)
        ]
        places = {row.id: index.place((row.raised_at, row.id)) for row in self._rows(pages)}
        last = sorted(places.values())[-self.most] if len(places) >= self.most else None
        notes = [index.notes(self.viewer, self._here, *among, beyond=last)]
        notes += [index.older_notes(self.viewer, self._here, *among)] if older else []
        rows = self._rows([each.limit(MOST_NOTES) for each in notes])
        places |= {row.id: index.place((row.raised_at, row.id)) for row in rows}
        return _Places(places, bounded=len(rows) >= MOST_NOTES)

    def _rows(self, pages: Sequence[Select[Any]]) -> Sequence[Row[Any]]:
        return straight(self.session).execute(_together(pages)).all()

    def of_people(self, people: frozenset[int]) -> _Places:
        """Of people with many issues the newest are gone through until there are enough, for all of theirs would be put
        in order."""
        index, many = word_index(self.session), self._have_many(people)
        theirs = (is_one_of if many else is_with)(people, self.viewer)
        among = (*index.beyond(self.after), visible_issues(self.viewer), theirs, *self.conditions)
        find = partial(index.gone_through, after=self.after) if many else index.newest
        rows = self._rows([find(each, *among).limit(self.most) for each in index.scopes(self.partnership_ids)])
        return _Places({row.id: index.place((row.raised_at, row.id)) for row in rows})

    def beside(self, people: frozenset[int], together: Sequence[Phrase]) -> _Places:
        """What holds these phrases, and is theirs."""
        theirs = is_one_of if self._have_many(people) else is_with
        return self.holding(together, theirs(people, self.viewer))

    def _have_many(self, people: frozenset[int]) -> bool:
        """What is not cut yet is not gone through."""
        first = issues_of(people, self.viewer).limit(MANY).subquery()
        counted = straight(self.session).execute(select(func.count()).select_from(first)).scalar_one()
        return bool(counted >= MANY) and not has_uncut(self.session)

    def called(self, number: int | None) -> tuple[int, ...]:
        """The issues with this number, here or where they came from."""
        if number is None:
            return ()
        names = (col(Issue.number) == number, col(Issue.outside_ref) == str(number))
        called_so = union_all(*(select(col(Issue.id)).where(self._here, each) for each in names))
        among = (col(Issue.id).in_(called_so), visible_issues(self.viewer), *self.conditions)
        asked = select(col(Issue.id)).where(*among)
        return tuple(straight(self.session).execute(asked.order_by(col(Issue.id)).limit(self.most)).scalars())

    @property
    def _here(self) -> ColumnElement[bool]:
        return col(Issue.partnership_id).in_(sorted(self.partnership_ids))


def newest_with(session: Session, viewer: Viewer, word: str, partnership_id: int, *, most: int) -> Select[Any]:
    """The ids of the newest issues of a partnership that hold a word, or a number with signs in it, and that this
    person may see."""
    index = word_index(session, [tuple(words(word)[:MOST_WORDS])])
    pages = _issues(index, col(Issue.partnership_id) == partnership_id, older=has_uncut(session))
    return _together([index.seen(page, viewer).limit(most) for page in pages])


def _issues(
    index: WordIndex, *among: ColumnElement[bool], after: Moment | None = None, older: bool
) -> list[Select[Any]]:
    pages = [index.issues(*among, after=after)]
    return [*pages, index.older_issues(*among)] if older else pages


def _together(pages: Sequence[Select[Any]]) -> Select[Any]:
    """The rows of pages as one statement."""
    if len(pages) == 1:
        return pages[0]
    parts = [page.subquery() for page in pages]
    both = union_all(*(select(part.c.id, part.c.raised_at) for part in parts)).subquery()
    return select(both.c.id, both.c.raised_at)
