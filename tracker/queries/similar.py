"""Issues like the one being written: candidates from the search index, ranked by the words they share."""

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from tracker.measures.similarity import ranked, telling_words
from tracker.queries.issue_lines import COLUMNS, IssueRow, issue_rows
from tracker.queries.issues import visible_issues
from tracker.queries.search import all_of, any_of, newest_matching
from tracker.records.issue import Issue
from tracker.rules.rings import Viewer

MOST_SHOWN = 5
_MOST_ALIKE, _MOST_NEAR = 40, 120  # candidates that have all, and any, of the telling words
_MOST_WORDS = 8
_LEAST_ALIKE = 0.12


def similar_issues(
    session: Session, viewer: Viewer, partnership_id: int, title: str, detail: str
) -> tuple[IssueRow, ...]:
    """At most five issues of a partnership the person may see, resolved ones too, most alike first.

    Nothing for a text with fewer than two telling words: it would be like everything.
    """
    words = sorted(telling_words(f"{title} {detail}"), key=len, reverse=True)[:_MOST_WORDS]
    if len(words) < 2:
        return ()
    candidates = _candidates(session, viewer, partnership_id, words)
    best = [key for key, score in ranked(f"{title} {title} {detail}", candidates) if score >= _LEAST_ALIKE][:MOST_SHOWN]
    rows = {row.id: row for row in issue_rows(session, _ROWS.params(ids=best))} if best else {}
    return tuple(rows[key] for key in best)


def _candidates(session: Session, viewer: Viewer, partnership_id: int, words: list[str]) -> dict[int, str]:
    here = (col(Issue.partnership_id) == partnership_id, visible_issues(viewer))
    ids: set[int] = set()
    for match, most in ((all_of(session, words[:3]), _MOST_ALIKE), (any_of(session, words), _MOST_NEAR)):
        ids.update(session.execute(newest_matching(session, here, most), {"match": match}).scalars())
    texts = session.execute(_TEXTS, {"ids": sorted(ids)}).all() if ids else []
    return {row.id: f"{row.title} {row.title} {row.detail}" for row in texts}


_TEXTS = select(Issue.id, Issue.title, Issue.detail).where(  # type: ignore[call-overload]
    col(Issue.id).in_(bindparam("ids", expanding=True))
)
_ROWS = select(*COLUMNS).where(col(Issue.id).in_(bindparam("ids", expanding=True)))
