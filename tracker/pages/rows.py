"""Makes issues ready to print as rows: every text of a list is made here, so that the template's loop calls nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.pages.frames import side_class
from tracker.pages.list_views import RowView
from tracker.queries.issue_lines import IssueRow
from tracker.queries.visitors import Visitor
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Kind, State
from tracker.rules.remaining import remaining
from tracker.rules.resolution_events import OUTCOME_WORDS
from tracker.rules.rings import Ring
from tracker.rules.wording import say_moment

_RUNS = (State.RAISED, State.OPEN)


def draw_rows(rows: Iterable[IssueRow], visitor: Visitor, now: datetime) -> tuple[RowView, ...]:
    """The rows as this visitor reads them: in their organisation's time."""
    zone = visitor.sides[0].calendar.zone
    return tuple(_row(row, visitor.arrangements, zone, now) for row in rows)


def _row(row: IssueRow, arrangements: Mapping[int, Arrangement], zone: str, now: datetime) -> RowView:
    arrangement = arrangements[row.partnership_id]
    resolved = row.state is State.RESOLVED
    ball = None if resolved or row.kind is not Kind.ISSUE else arrangement.organisations[row.ball_with_id]
    holder = arrangement.people.get(row.holder_id or 0) if ball else None
    where, tier_words, of = _where(row, arrangement)
    due = None if resolved else row.due_at
    return RowView(
        ref=row.ref, title=row.title, marks=_marks(row, arrangement), state=row.state.value,
        mini=_mini(row, arrangement, of), where=where, tier_words=tier_words,
        ball=ball.name if ball else "", ball_side=side_class(ball.position) if ball else "",
        ball_who=holder.name if holder else "",
        due_iso=due.isoformat() if due else "", due=_said(due, zone, now.year) if due else "",
        due_words=_due_words(row, arrangement, now), tone=_tone(row, now), private=row.ring is Ring.ORGANISATION,
    )  # fmt: skip


def _where(row: IssueRow, arrangement: Arrangement) -> tuple[str, str, int]:
    """(the tier's name or what stands for it, "tier 2 of 4", how many tiers)."""
    ladder = arrangement.ladders.get(row.ladder_version_id or 0)
    if row.state is State.RESOLVED:
        return "resolved", OUTCOME_WORDS.get(row.outcome or "", ""), len(ladder.tiers) if ladder else 0
    if ladder is None or not row.tier:
        return ("only yours" if row.ring is Ring.ORGANISATION else "on no ladder"), "", 0
    words = f"tier {row.tier} of {len(ladder.tiers)}"
    if row.kind is Kind.EARLY_WARNING:
        return "early warning", words, len(ladder.tiers)
    return ladder.tiers[row.tier - 1].name, words, len(ladder.tiers)


def _marks(row: IssueRow, arrangement: Arrangement) -> str:
    theme = arrangement.themes.get(row.theme or "")
    marks = (
        row.severity.value,
        f"happened {row.occurrences} times" if row.occurrences > 1 else "",
        f"{theme.name}{'' if row.theme_confirmed else '?'}" if theme else "",
    )
    return " · ".join(mark for mark in marks if mark)


def _mini(row: IssueRow, arrangement: Arrangement, of: int) -> str:
    if not of or not row.tier or len(row.sides) < 2 or row.state is State.RESOLVED:
        return ""
    left, right = (arrangement.organisations[each] for each in (row.side_ids[0], row.side_ids[-1]))
    ball = {left.id: " ball-left", right.id: " ball-right"}.get(row.ball_with_id, "")
    return f"tier-{row.tier} of-{of} left-{side_class(left.position)} right-{side_class(right.position)}{ball}"


def _due_words(row: IssueRow, arrangement: Arrangement, now: datetime) -> str:
    if row.state is State.PROPOSED:
        return "a resolution is proposed"
    if row.due_at is None or row.state not in _RUNS:
        return ""
    calendar = arrangement.joint_calendar(row.side_ids)
    if row.due_at <= now:
        return f"{remaining(row.due_at, now, calendar)} ago"
    return f"in {remaining(now, row.due_at, calendar)}"


def _tone(row: IssueRow, now: datetime) -> str:
    if row.due_at is None or row.state not in _RUNS:
        return ""
    if row.due_at <= now:
        return "late"
    return "soon" if row.due_at - now < timedelta(days=1) else ""


@lru_cache(maxsize=2048)
def _said(at: datetime, zone: str, year: int) -> str:
    return say_moment(at.astimezone(ZoneInfo(zone)), year)
