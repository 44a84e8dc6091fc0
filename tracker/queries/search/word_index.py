"""The index over the words of issues and notes, on SQLite and on PostgreSQL; and what is not in it yet.

Issues stand in it by when they were raised, the newest first; on SQLite, whose index keeps no moments, by the second.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlmodel import Session, col

from tracker.measures.cut_text import Phrase
from tracker.measures.stems import stem
from tracker.queries.issues import readable_notes, visible_issues
from tracker.queries.search.people import LEAST_BEGINNING
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.rings import Viewer

_IDS = 2**30  # of an issue in its place in the index of SQLite, as the migration that made it says

Moment = tuple[datetime, int]  # when an issue was raised, and its id


class WordIndex(ABC):
    """Statements of what matches, newest first. `sought`: phrases, all of which are to be found; `open_ended`: the last
    word may be the beginning of one."""

    def __init__(self, sought: Sequence[Phrase], *, open_ended: bool = False) -> None:
        self._sought = sought
        self._open_ended = open_ended and len(sought[-1][-1]) >= LEAST_BEGINNING

    @abstractmethod
    def issues(self, *among: ColumnElement[bool], after: Moment | None = None) -> Select[Any]:
        """The `id` and `raised_at` of the issues whose title and detail match; `after`: which `among` says as well."""

    @abstractmethod
    def older_issues(self, *among: ColumnElement[bool]) -> Select[Any]:
        """The same, of issues whose words are not cut yet."""

    @abstractmethod
    def notes(self, viewer: Viewer, *among: ColumnElement[bool], beyond: Any = None) -> Select[Any]:
        """The same, of the issues of the newest notes that match and that this person may read; `among`: the issues.
        `beyond`: nobody asks for issues that stand behind this place."""

    @abstractmethod
    def older_notes(self, viewer: Viewer, *among: ColumnElement[bool]) -> Select[Any]:
        """The same, of notes whose words are not cut yet."""

    @abstractmethod
    def newest(self, *among: ColumnElement[bool]) -> Select[Any]:
        """The same, of all issues for which this holds, whatever their words."""

    @abstractmethod
    def gone_through(self, *among: ColumnElement[bool], after: Moment | None = None) -> Select[Any]:
        """The same, of which there are so many that one issue after the other is looked at until enough are found."""

    @abstractmethod
    def seen(self, issues: Select[Any], viewer: Viewer) -> Select[Any]:
        """Those that this person may see."""

    @abstractmethod
    def scopes(self, partnership_ids: Collection[int]) -> list[ColumnElement[bool]]:
        """The conditions under which the newest issues of these partnerships are looked for, each by itself."""

    @abstractmethod
    def beyond(self, after: Moment | None) -> Iterator[ColumnElement[bool]]:
        """That an issue stands beyond another one."""

    @abstractmethod
    def place(self, at: Moment) -> Any:
        """By which issues stand in order."""

    def _text(self, either: str, both: str, phrase: str, beginning: str) -> str:
        """The match text: `phrase`, `beginning` take the words of one, without their endings but for a beginning."""
        *others, last = self._sought
        wanted = [phrase % self._next_to(map(stem, each)) for each in others]
        whole = phrase % self._next_to(map(stem, last))
        if not self._open_ended:
            return both.join((*wanted, whole))
        begun = beginning % self._next_to((*map(stem, last[:-1]), last[-1]))
        return both.join((*wanted, f"({whole}{either}{begun})"))

    @abstractmethod
    def _next_to(self, words: Iterable[str]) -> str: ...

    @property
    def _old_words(self) -> list[str]:
        return list(dict.fromkeys(word for phrase in self._sought for word in phrase))


class SqliteIndex(WordIndex):
    """FTS5 over cut words, where an issue stands in its place; over the texts themselves what is not cut yet."""

    def issues(self, *among: ColumnElement[bool], after: Moment | None = None) -> Select[Any]:
        return self.gone_through(self._in("issue_cut_fts"), *among, after=after)

    def older_issues(self, *among: ColumnElement[bool]) -> Select[Any]:
        index = table("issue_fts", column("rowid"))
        found = select(*_FOUND).select_from(index).join(Issue, col(Issue.id) == index.c.rowid)
        return found.where(self._in_old("issue_fts"), *among).order_by(_PLACE.desc())

    def newest(self, *among: ColumnElement[bool]) -> Select[Any]:
        return select(*_FOUND).where(*among).order_by(_PLACE.desc())

    def gone_through(self, *among: ColumnElement[bool], after: Moment | None = None) -> Select[Any]:
        index = table("issue_cut_fts", column("rowid", BigInteger))
        place = index.c.rowid
        found = select(*_FOUND).select_from(index).join(Issue, col(Issue.id) == place.op("&")(_IDS - 1))
        beyond = (place < self.place(after),) if after else ()
        return found.where(*beyond, *among).order_by(place.desc())

    def notes(self, viewer: Viewer, *among: ColumnElement[bool], beyond: Any = None) -> Select[Any]:
        """The newest are found in order, and no faster by `beyond`."""
        return _in_notes("note_cut_fts", self._in("note_cut_fts"), readable_notes(viewer), *among)

    def older_notes(self, viewer: Viewer, *among: ColumnElement[bool]) -> Select[Any]:
        return _in_notes("note_fts", self._in_old("note_fts"), readable_notes(viewer), *among)

    def seen(self, issues: Select[Any], viewer: Viewer) -> Select[Any]:
        return issues.where(visible_issues(viewer))

    def scopes(self, partnership_ids: Collection[int]) -> list[ColumnElement[bool]]:
        return [col(Issue.partnership_id).in_(sorted(partnership_ids))]

    def beyond(self, after: Moment | None) -> Iterator[ColumnElement[bool]]:
        if after:
            yield self.place(after) > _PLACE

    def place(self, at: Moment) -> int:
        return int(at[0].timestamp() // 1) * _IDS + at[1]

    def _in(self, index: str) -> ColumnElement[bool]:
        return literal_column(index).bool_op("MATCH")(self._text(" OR ", " AND ", '"%s"', '"%s"*'))

    def _in_old(self, index: str) -> ColumnElement[bool]:
        text = " ".join(f'"{word}"' for word in self._old_words)
        return literal_column(index).bool_op("MATCH")(f"{text}*" if self._open_ended else text)

    def _next_to(self, words: Iterable[str]) -> str:
        return " ".join(words)


class PostgresqlIndex(WordIndex):
    """A generated column: of cut words where they are cut, else of the texts by PostgreSQL's own English."""

    def issues(self, *among: ColumnElement[bool], after: Moment | None = None) -> Select[Any]:
        return _newest_first(col(Issue.cut_words).is_not(None), self._in("issue"), *among)

    def older_issues(self, *among: ColumnElement[bool]) -> Select[Any]:
        return _newest_first(col(Issue.cut_words).is_(None), self._in_old("issue"), *among)

    def notes(self, viewer: Viewer, *among: ColumnElement[bool], beyond: Any = None) -> Select[Any]:
        """Of a common word all notes that match would be put in order: those suffice that were written since the last
        issue that is asked for was raised."""
        lately = (col(Note.at) >= bindparam("lately", beyond[0], type_=moment()),) if beyond else ()
        matching = (*lately, col(Note.cut_words).is_not(None), self._in("note"), readable_notes(viewer))
        return _newest_notes_first(matching, among)

    def older_notes(self, viewer: Viewer, *among: ColumnElement[bool]) -> Select[Any]:
        matching = (col(Note.cut_words).is_(None), self._in_old("note"), readable_notes(viewer))
        return _newest_notes_first(matching, among)

    def newest(self, *among: ColumnElement[bool]) -> Select[Any]:
        return _newest_first(*among)

    def gone_through(self, *among: ColumnElement[bool], after: Moment | None = None) -> Select[Any]:
        return _newest_first(*among)

    def seen(self, issues: Select[Any], viewer: Viewer) -> Select[Any]:
        """Whether they may is asked in that order, and no more once there are enough: of every issue with a word that a
        tenth of them have it costs more than all the rest. The OFFSET keeps PostgreSQL from it."""
        newest = issues.offset(0).subquery()
        seen = select(newest.c.id, newest.c.raised_at).join(Issue, col(Issue.id) == newest.c.id)
        return seen.where(visible_issues(viewer)).order_by(newest.c.raised_at.desc(), newest.c.id.desc())

    def scopes(self, partnership_ids: Collection[int]) -> list[ColumnElement[bool]]:
        """Only so an index gives them in order."""
        return [col(Issue.partnership_id) == each for each in sorted(partnership_ids)]

    def beyond(self, after: Moment | None) -> Iterator[ColumnElement[bool]]:
        if after:
            at, issue_id = after
            cursor = tuple_(bindparam("after_at", at, type_=moment()), bindparam("after_id", issue_id))
            yield tuple_(col(Issue.raised_at), col(Issue.id)) < cursor

    def place(self, at: Moment) -> Moment:
        return at

    def _in(self, searched: str) -> ColumnElement[bool]:
        return _in_tsvector(searched, "simple", self._text(" | ", " & ", "(%s)", "(%s:*)"))

    def _in_old(self, searched: str) -> ColumnElement[bool]:
        text = " & ".join(self._old_words)
        return _in_tsvector(searched, "english", f"{text}:*" if self._open_ended else text)

    def _next_to(self, words: Iterable[str]) -> str:
        return " <-> ".join(words)


def word_index(session: Session, sought: Sequence[Phrase] = (), *, open_ended: bool = False) -> WordIndex:
    """That of this database."""
    kind = SqliteIndex if session.get_bind().dialect.name == "sqlite" else PostgresqlIndex
    return kind(sought, open_ended=open_ended)


_FOUND: tuple[Any, ...] = (col(Issue.id).label("id"), col(Issue.raised_at).label("raised_at"))
_PLACE: ColumnElement[Any] = literal_column(f"(CAST(strftime('%s', issue.raised_at) AS INTEGER) * {_IDS} + issue.id)")


def _in_notes(name: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    index = table(name, column("rowid"))
    found = select(*_FOUND).select_from(index).join(Note, col(Note.id) == index.c.rowid)
    matching = found.join(Issue, col(Issue.id) == col(Note.issue_id)).where(*conditions)
    return matching.order_by(index.c.rowid.desc())


def _newest_first(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(*_FOUND).where(*conditions).order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())


def _newest_notes_first(matching: Iterable[ColumnElement[bool]], among: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Put in order before their issues are looked at, which ends with the page: by one plain join PostgreSQL would look
    at the issue of every note that matches. The OFFSET keeps it from doing so."""
    found = select(col(Note.id), col(Note.issue_id)).where(*matching)
    notes = found.order_by(col(Note.id).desc()).offset(0).subquery("notes")
    of_issues = select(*_FOUND).select_from(notes).join(Issue, col(Issue.id) == notes.c.issue_id)
    return of_issues.where(*among).order_by(notes.c.id.desc())


def _in_tsvector(searched: str, language: str, match: str) -> ColumnElement[bool]:
    """The words stand in the statement itself, so that each is planned for how rare it is."""
    words = func.to_tsquery(language, bindparam("match", match, unique=True, literal_execute=True))
    return literal_column(f"{searched}.search_fts").bool_op("@@")(words)
