"""Makes issues ready to print as rows: every text of a list is made here, so that the template's loop calls nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.pages.web.header import side_class
from tracker.pages.web.moments import day_text, exact_text, moment_text
from tracker.queries.issue_lines import IssueRow
from tracker.queries.visitors import Visitor
from tracker.rules.arrangement import Arrangement, Day, Ladder, Organisation
from tracker.rules.deadlines import limit_at, remaining
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.ladder import awaited, silent
from tracker.rules.ladder.acting import first_acting
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.names import person_name
from tracker.rules.rings import Ring


class RowView(NamedTuple):
    """One issue in a list; every text is ready to print, because the loop calls nothing.

    `marks`: "serious · happened 3 times · Pace of decisions". `state`: raised, open, proposed, paused,
    resolved. `mini`: the classes of the small ladder, "tier-2 of-4 left-side-a right-side-b ball-right" (""
    for none). `tier_name`: the tier's name, or what it is instead ("resolved, solved"). `tier_words`: "tier 2
    of 4". `ball`: the organisation's name, `ball_side` its class, `ball_who` who acts for it. `due_iso`: the
    exact moment for machines, `due`: "Tue 12 May, 16:30", `due_words`: "in 2 working days"; `tone`: "",
    "soon", "late". `first`: what comes before the limit, "Acknowledge by", "Riverside Council acknowledges by" or
    "Paused until", with its moment in the same two ways; "" where nothing does. `pressing`: critical and not over,
    shown as a mark of its own; `news`: “2 new” since its reader looked.
    """

    ref: str
    title: str
    marks: str = ""
    state: str = "open"
    mini: str = ""
    tier_name: str = ""
    tier_words: str = ""
    ball: str = ""
    ball_side: str = ""
    ball_who: str = ""
    due_iso: str = ""
    due: str = ""
    due_words: str = ""
    tone: str = ""
    private: bool = False
    first: str = ""
    first_iso: str = ""
    first_at: str = ""
    pressing: bool = False
    news: str = ""


def draw_rows(
    rows: Iterable[IssueRow],
    visitor: Visitor,
    now: datetime,
    *,
    zone: str,
    also: Mapping[int, str] | None = None,
    news: Mapping[int, int] | None = None,
) -> tuple[RowView, ...]:
    """The rows as this visitor reads them, by the clock of `zone`. By issue id, `also`: a further mark; `news`: how
    much is new to them (`queries.story.news`)."""
    reading = _RowReader(visitor, visitor.viewer.organisation_ids, now, zone, news or {})
    return tuple([_row(row, reading, (also or {}).get(row.id, "")) for row in rows])


def soon_until(visitor: Visitor, partnership_id: int, now: datetime) -> datetime:
    """Up to when a limit counts as near: one working day of the reader's own organisation."""
    mine = visitor.viewer.in_partnership(partnership_id)[0]
    organisation = visitor.arrangements[partnership_id].organisations[mine.organisation_id]
    return limit_at("1 working day", now, organisation.calendar)


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Who reads the rows, for their organisations (`mine`), when, by which clock; and what was worked out for earlier
    ones."""

    visitor: Visitor
    mine: frozenset[int]
    now: datetime
    zone: str
    news: Mapping[int, int]
    left: dict[tuple[int, tuple[int, ...], datetime], str] = field(default_factory=dict)
    soon: dict[int, datetime] = field(default_factory=dict)
    days: dict[int, Day] = field(default_factory=dict)
    minis: dict[tuple[int, ...], str] = field(default_factory=dict)

    def day_of(self, side: Organisation, arrangement: Arrangement) -> Day:
        """Today there."""
        if side.id not in self.days:
            self.days[side.id] = arrangement.day(side.id, self.now)
        return self.days[side.id]

    def left_of(self, at: datetime, row: IssueRow, sides: tuple[int, ...]) -> str:
        """“in 2 working days”, “3 working hours ago”; the same for all with these sides and this limit."""
        key = (row.partnership_id, sides, at)
        if key not in self.left:
            calendar = self.visitor.arrangements[row.partnership_id].joint_calendar(sides)
            late = at <= self.now
            self.left[key] = (
                f"{remaining(at, self.now, calendar)} ago" if late else f"in {remaining(self.now, at, calendar)}"
            )
        return self.left[key]

    def is_soon(self, at: datetime, partnership_id: int) -> bool:
        if partnership_id not in self.soon:
            self.soon[partnership_id] = soon_until(self.visitor, partnership_id, self.now)
        return at <= self.soon[partnership_id]


def _row(row: IssueRow, reading: _RowReader, also: str) -> RowView:
    arrangement = reading.visitor.arrangements[row.partnership_id]
    ladder = arrangement.ladder_version(row.ladder_version_id)
    sides = row.side_ids
    has_ball = row.kind is Kind.ISSUE and row.state is not State.RESOLVED and ladder is not None
    ball = arrangement.organisations[row.ball_with_id] if has_ball else None
    acting = first_acting(row.holders, row, reading.day_of(ball, arrangement)) if ball else None
    tier_name, tier_words = _tier_texts(row, arrangement, ladder)
    due, due_words, tone = _due(row, reading, sides)
    first, first_at, first_tone = _first(row, reading, arrangement)
    first_text = moment_text(first_at, reading.zone, reading.now.year) if first_at else ""
    if row.pause_ends_at:
        first, first_at, first_text = "Paused until", row.pause_ends_at, _last_day_text(row.pause_ends_at, arrangement)
    return RowView(
        ref=row.ref,
        title=row.title,
        marks=_marks(row, arrangement, also),
        state=row.state.value,
        mini=_mini(row, arrangement, ladder, sides, reading) if ladder and row.tier else "",
        tier_name=tier_name,
        tier_words=tier_words,
        ball=ball.name if ball else "",
        ball_side=side_class(ball.position) if ball else "",
        ball_who=person_name(acting, arrangement) if acting else "",
        due_iso=exact_text(due) if due else "",
        due=moment_text(due, reading.zone, reading.now.year) if due else "",
        due_words=due_words,
        tone=first_tone or tone,
        private=row.ring is Ring.ORGANISATION,
        first=first,
        first_iso=exact_text(first_at) if first_at else "",
        first_at=first_text,
        pressing=row.is_pressing,
        news=f"{reading.news[row.id]} new" if row.id in reading.news else "",
    )


def _tier_texts(row: IssueRow, arrangement: Arrangement, ladder: Ladder | None) -> tuple[str, str]:
    """(the tier's name or what stands for it, "tier 2 of 4")."""
    if row.state is State.RESOLVED:
        return "resolved", OUTCOME_WORDS[row.outcome] if row.outcome else ""
    if row.ring is Ring.ORGANISATION:
        return f"only {arrangement.organisations[row.raised_for_id].name}", ""
    if ladder is None or not row.tier:
        return "on no ladder", ""
    words = f"tier {row.tier} of {len(ladder.tiers)}"
    return ("early warning" if row.kind is Kind.EARLY_WARNING else ladder.tiers[row.tier - 1].name), words


def _marks(row: IssueRow, arrangement: Arrangement, also: str) -> str:
    marks = [also] if also else []
    if not row.is_pressing:
        marks.append(row.severity.value)
    if row.ring is Ring.NAMED:
        marks.append("concerns a person")
    if row.occurrences > 1:
        marks.append(f"happened {row.occurrences} times")
    theme = arrangement.themes.get(row.theme) if row.theme else None
    if theme:
        marks.append(theme.name if row.theme_confirmed else f"{theme.name}?")
    return " · ".join(marks)


def _mini(row: IssueRow, arrangement: Arrangement, ladder: Ladder, sides: tuple[int, ...], reading: _RowReader) -> str:
    if len(sides) < 2 or row.state is State.RESOLVED:
        return ""
    key = (sides[0], sides[-1], row.ball_with_id, row.tier, len(ladder.tiers))
    if key not in reading.minis:
        left, right = (side_class(arrangement.organisations[each].position) for each in (sides[0], sides[-1]))
        ball = {sides[0]: " ball-left", sides[-1]: " ball-right"}.get(row.ball_with_id, "")
        reading.minis[key] = f"tier-{row.tier} of-{len(ladder.tiers)} left-{left} right-{right}{ball}"
    return reading.minis[key]


def _first(row: IssueRow, reading: _RowReader, arrangement: Arrangement) -> tuple[str, datetime | None, str]:
    """(what is due before the limit, its moment, the tone of that where it is for the reader to do)."""
    if row.state not in LIVE:
        return "", None, ""  # nobody has to acknowledge
    mine = reading.mine
    side, by = next(iter(awaited(row.sides, row.state, mine)), (None, None))
    if side is None or by is None:
        return _asked_again(row, arrangement, mine)
    late = by <= reading.now
    if side.organisation_id in mine:
        return "Acknowledge by", by, "late" if late else "soon" if reading.is_soon(by, row.partnership_id) else ""
    name = arrangement.organisations[side.organisation_id].name
    return f"{name} {'was to acknowledge' if late else 'acknowledges'} by", by, ""


def _last_day_text(ends_at: datetime, arrangement: Arrangement) -> str:
    """“Fri 11 Dec”, the last day of a pause, which may end with it, at midnight."""
    return day_text(ends_at - timedelta(seconds=1), ZoneInfo(arrangement.zone))


def _asked_again(row: IssueRow, arrangement: Arrangement, mine: Collection[int]) -> tuple[str, datetime | None, str]:
    """The same of an acknowledgement that lapsed."""
    side, since = next(iter(silent(row.sides, row.state, mine)), (None, None))
    if side is None:
        return "", None, ""
    if side.organisation_id in mine:
        return "Still with you? Asked", since, "soon"
    return f"{arrangement.organisations[side.organisation_id].name} still has it? Asked", since, ""


def _due(row: IssueRow, reading: _RowReader, sides: tuple[int, ...]) -> tuple[datetime | None, str, str]:
    """(the moment, how far it is, its tone); while a proposal stands, when silence agrees to it."""
    if row.state is State.PROPOSED:
        return row.silence_at, "silence agrees then" if row.silence_at else "a resolution is proposed", ""
    if row.state is State.RESOLVED or row.due_at is None:
        return None, "", ""
    if row.state not in LIVE:
        waiting = f"waiting for {row.waits_for}" if row.waits_for else ""
        return row.due_at, ", ".join(filter(None, ("standing still" if row.pause_ends_at else "paused", waiting))), ""
    words = reading.left_of(row.due_at, row, sides)
    if row.due_at <= reading.now:
        return row.due_at, words, "late"
    return row.due_at, words, "soon" if reading.is_soon(row.due_at, row.partnership_id) else ""
