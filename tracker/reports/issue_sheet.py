"""A list of issues as a sheet: what its page shows of each, for those who go on with it in a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker.queries.issue_lines import IssueRow
from tracker.reports.spreadsheet import Sheet, Value
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.ladder.acting import first_acting
from tracker.rules.lifecycle import STATE_WORDS, State
from tracker.rules.names import person_name
from tracker.rules.spans import day_in

MOST_ROWS = 5_000
_HEAD = (
    "Issue", "Title", "Matters", "State", "Outcome", "Tier", "Limit", "Ball", "Who", "Sides", "Theme", "Happened",
    "Raised on", "New to you",
)  # fmt: skip


def list_sheet(
    rows: Sequence[IssueRow], arrangements: Mapping[int, Arrangement], news: Mapping[int, int], now: datetime
) -> Sheet:
    """The rows as their reader may see them. `news`: how much is new to them, by issue id. Moments are in UTC, days by
    the clock of the partnership."""
    return Sheet("Issues", _HEAD, [_values(row, arrangements[row.partnership_id], news, now) for row in rows])


def _values(row: IssueRow, agreed: Arrangement, news: Mapping[int, int], now: datetime) -> Sequence[Value]:
    theme = agreed.themes.get(row.theme or "")
    is_over = row.state is State.RESOLVED
    return (
        row.ref,
        row.title,
        row.severity.value,
        STATE_WORDS[row.state],
        OUTCOME_WORDS[row.outcome] if row.outcome else None,
        row.tier or None,
        None if is_over else row.due_at,
        None if is_over else agreed.organisations[row.ball_with_id].name,
        None if is_over else _who(row, agreed, now),
        ", ".join(_names(row.side_ids, agreed)),
        theme.name if theme else None,
        row.occurrences,
        day_in(agreed.zone, row.raised_at),
        news.get(row.id),
    )


def _who(row: IssueRow, agreed: Arrangement, now: datetime) -> str | None:
    acting = first_acting(row.holders, row, agreed.day(row.ball_with_id, now)) if row.tier else None
    return person_name(acting, agreed) if acting else None


def _names(organisation_ids: Iterable[int], agreed: Arrangement) -> Iterable[str]:
    return (agreed.organisations[each].name for each in organisation_ids)
