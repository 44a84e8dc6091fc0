"""Issues like the one being typed, made ready for the form that raises one."""

from sqlmodel import Session

from tracker.pages.raise_views import SimilarItem
from tracker.queries.issue_lines import IssueRow
from tracker.queries.similar import similar_issues
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import State
from tracker.rules.resolution_events import OUTCOME_WORDS
from tracker.rules.rings import Viewer
from tracker.rules.wording import listed


def similar_items(
    session: Session, viewer: Viewer, arrangement: Arrangement, title: str, detail: str
) -> tuple[SimilarItem, ...]:
    """At most five that this person may see, most alike first."""
    return tuple(
        _item(row, viewer, arrangement) for row in similar_issues(session, viewer, arrangement.id, title, detail)
    )


def _item(row: IssueRow, viewer: Viewer, arrangement: Arrangement) -> SimilarItem:
    is_side = bool(set(row.side_ids) & viewer.organisation_ids)
    return SimilarItem(
        ref=row.ref, href=f"/issues/{row.ref}", title=row.title, words=_words(row, arrangement),
        sides=listed(arrangement.organisations[each].name for each in row.side_ids),
        occurrences=row.occurrences, may_add=is_side,
    )  # fmt: skip


def _words(row: IssueRow, arrangement: Arrangement) -> str:
    if row.state is State.RESOLVED:
        return f"resolved, {OUTCOME_WORDS.get(row.outcome or '', '')}"
    ladder = arrangement.ladders.get(row.ladder_version_id or 0)
    return f"with {ladder.tiers[row.tier - 1].name}" if ladder and row.tier else row.state.value
