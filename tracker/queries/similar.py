"""Issues like the one being written: candidates from the search index, ranked by the words they share."""

from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select, union_all
from sqlmodel import Session, col

from tracker.measures.similarity import ranked, telling_words
from tracker.queries.issue_lines import COLUMNS, IssueRow, issue_rows
from tracker.queries.issues import visible_issues
from tracker.queries.search import all_of, any_of, matching_issues
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.rings import Viewer

MOST_SHOWN = 5
_MOST_ALIKE, _MOST_NEAR = 40, 80  # candidates that have several, and any, of the telling words
_MOST_WORDS = 8
_READ = 600  # letters of a detail that are compared
_LEAST_ALIKE = 0.15
_SAME_SIDE = 1.25  # an issue with the same organisation is so much more alike


def similar_issues(
    session: Session, viewer: Viewer, partnership_id: int, title: str, detail: str, with_id: int | None = None
) -> tuple[IssueRow, ...]:
    """At most five issues of a partnership the person may see, resolved ones too, most alike first; those with the
    organisation `with_id` before others as alike.

    Nothing for a text with fewer than two telling words: it would be like everything.
    """
    words = telling_words(f"{title} {detail}")
    if len(words) < 2:
        return ()
    likeness = _likeness(session, viewer, partnership_id, f"{title} {title} {detail}", words, with_id)
    best = sorted((key for key, score in likeness.items() if score >= _LEAST_ALIKE), key=lambda key: -likeness[key])
    if not best:
        return ()
    those = select(*COLUMNS).where(col(Issue.id).in_(best[:MOST_SHOWN]), visible_issues(viewer))
    rows = {row.id: row for row in issue_rows(session, those)}
    return tuple(rows[key] for key in best[:MOST_SHOWN] if key in rows)


def _likeness(
    session: Session, viewer: Viewer, partnership_id: int, text: str, words: list[str], with_id: int | None
) -> dict[int, float]:
    """How alike each candidate is, by issue id."""
    found = session.execute(_candidates(session, viewer, partnership_id, words), {"with": with_id}).all()
    scores = dict(ranked(text, {row.id: f"{row.title} {row.title} {row.detail}" for row in found}))
    same_side = {row.id for row in found if row.same_side}
    return {key: score * _SAME_SIDE if key in same_side else score for key, score in scores.items()}


def _candidates(session: Session, viewer: Viewer, partnership_id: int, words: list[str]) -> Select[Any]:
    """The newest with the three longest words, with the two longest, and with any of them: one statement."""
    here = (col(Issue.partnership_id) == partnership_id,)
    longest = sorted(words, key=len, reverse=True)[:_MOST_WORDS]
    asked = {
        all_of(session, longest[:3]): _MOST_ALIKE,
        all_of(session, longest[:2]): _MOST_ALIKE,
        any_of(session, longest): _MOST_NEAR,
    }
    matching = [matching_issues(session, viewer, match, here, most=most).subquery() for match, most in asked.items()]
    ids = union_all(*(select(each.c.id) for each in matching)).subquery()
    detail = func.substr(col(Issue.detail), 1, _READ).label("detail")
    return select(col(Issue.id), col(Issue.title), detail, _SAME).where(col(Issue.id).in_(select(ids.c.id)))


_SAME = (
    exists()
    .where(col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id) == bindparam("with"))
    .label("same_side")
)
