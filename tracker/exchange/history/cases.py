"""History, folded: rows grouped into cases, each event with how things stood after it. What happened, happened."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from tracker.exchange.history.cells import EventName
from tracker.exchange.history.rows import HistoryRow
from tracker.rules.lifecycle import Outcome, Severity, State

# Where these name an organisation, it has the ball after them; on other rows it is whom they speak to or wait for.
MOVES_THE_BALL = frozenset(
    {
        EventName.RAISED,
        EventName.HANDED_OVER,
        EventName.ESCALATED,
        EventName.HANDED_DOWN,
        EventName.PROPOSED,
        EventName.RESOLVED,
        EventName.REOPENED,
    }
)
ENDS_A_PROPOSAL = frozenset({EventName.PAUSED, EventName.RESOLVED, EventName.REOPENED})
ENDS_A_PAUSE = frozenset({EventName.RESUMED, EventName.RESOLVED})
STEPS = {EventName.ESCALATED: 1, EventName.HANDED_DOWN: -1}  # where the row names no tier


@dataclass(frozen=True, slots=True)
class FoldedRow:
    """A row and how things stood after it: the tier, and who had the ball ("" where nobody is named)."""

    row: HistoryRow
    tier: int
    ball: str
    answered: bool = False  # another side than the raiser's has it
    proposed: bool = False  # a proposal waits for an answer
    over: bool = False
    waits: bool = False  # a pause has begun and nothing has ended it
    unresumed: bool = False  # a pause has begun and nobody has said that it ended

    @property
    def state(self) -> State:
        if self.over:
            return State.RESOLVED
        if self.proposed:
            return State.PROPOSED
        if self.waits:
            return State.PAUSED
        return State.OPEN if self.answered else State.RAISED


@dataclass(frozen=True)
class Case:
    """A past issue: its events in order, and what they leave it as."""

    ref: str
    events: tuple[FoldedRow, ...]

    @property
    def last(self) -> FoldedRow:
        return self.events[-1]

    @property
    def raised(self) -> HistoryRow:
        return self.events[0].row

    @cached_property
    def title(self) -> str:
        """As raised; else the first title given, else the first line of what was said, else the reference."""
        titles = (event.row.title for event in self.events)
        return next(filter(None, titles), "") or self.raised.detail.partition("\n")[0].strip() or self.ref

    @cached_property
    def severity(self) -> Severity:
        """The last one given; `minor` where none is."""
        given = [event.row.severity for event in self.events if event.row.severity]
        return given[-1] if given else Severity.MINOR

    @cached_property
    def theme(self) -> str:
        return self._last_said("theme")

    @cached_property
    def service_area(self) -> str:
        return self._last_said("service_area")

    @cached_property
    def outcome(self) -> Outcome | None:
        """How it ended; None while it has not, or where the file does not say."""
        if self.last.state is not State.RESOLVED:
            return None
        given = [event.row.outcome for event in self._since_reopened if event.row.outcome]
        return given[-1] if given else None

    @cached_property
    def resolved_at(self) -> datetime | None:
        """The first moment from which it stayed resolved; None while it is not."""
        over = (event.row.at for event in self._since_reopened if event.state is State.RESOLVED)
        return next(over, None)

    @cached_property
    def entered_at(self) -> datetime:
        """When it came to the tier it is on."""
        moves = [late.row.at for early, late in pairwise(self.events) if late.tier != early.tier]
        return moves[-1] if moves else self.raised.at

    @property
    def reopens(self) -> int:
        return sum(event.row.event is EventName.REOPENED for event in self.events)

    @cached_property
    def organisations(self) -> tuple[str, ...]:
        """Every organisation that had the ball or did something, the one it was raised for first."""
        named = [name for event in self.events for name in (event.row.organisation, event.ball)]
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def _since_reopened(self) -> tuple[FoldedRow, ...]:
        starts = [place for place, event in enumerate(self.events) if event.row.event is EventName.REOPENED]
        return self.events[starts[-1] :] if starts else self.events

    def _last_said(self, column: str) -> str:
        said = [getattr(event.row, column) for event in self.events if getattr(event.row, column)]
        return str(said[-1]) if said else ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A case that cannot be folded, and why, by row."""

    ref: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class FoldedCases:
    """The cases in the order in which they begin in the file, and those set aside."""

    cases: tuple[Case, ...]
    set_aside: tuple[SetAside, ...]


def fold(rows: Iterable[HistoryRow]) -> FoldedCases:
    """Groups the rows by issue (they may interleave; file order counts, also where times are equal) and folds each.

    A case is set aside only for: no single first `raised`; `resumed` without `paused`; `reopened` unless resolved;
    time running back.
    """
    by_issue: dict[str, list[HistoryRow]] = {}
    for row in rows:
        by_issue.setdefault(row.issue, []).append(row)
    folded = [_fold(ref, told) for ref, told in by_issue.items()]
    return FoldedCases(
        tuple(each for each in folded if isinstance(each, Case)),
        tuple(each for each in folded if isinstance(each, SetAside)),
    )


def _fold(ref: str, rows: list[HistoryRow]) -> Case | SetAside:
    if rows[0].event is not EventName.RAISED:
        return SetAside(ref, rows[0].number, f"it begins with “{rows[0].event}”, not with “raised”")
    events = [_raised(rows[0])]
    for row in rows[1:]:
        row = _in_order(events[-1], row)
        reason = _cannot_follow(events[-1], row)
        if reason:
            return SetAside(ref, row.number, reason)
        events.append(_after(events[-1], row, rows[0].organisation))
    return Case(ref, tuple(events))


def _in_order(before: FoldedRow, row: HistoryRow) -> HistoryRow:
    """In the hour that the clocks repeat, a time that seems to run back is of the second one."""
    return replace(row, at=row.again_at) if row.again_at and row.at < before.row.at else row


def _cannot_follow(before: FoldedRow, row: HistoryRow) -> str | None:
    if row.event is EventName.RAISED:
        return "it is raised a second time"
    if row.at < before.row.at:
        return f"time runs back, from {before.row.at.isoformat()} to {row.at.isoformat()}"
    if row.event is EventName.RESUMED and not before.unresumed:
        return "“resumed” without “paused” before it"
    if row.event is EventName.REOPENED and before.state is not State.RESOLVED:
        return f"“reopened” though it was {before.state}, not resolved"
    return None


def _raised(row: HistoryRow) -> FoldedRow:
    return FoldedRow(row, row.tier or 1, row.to_organisation or row.organisation)


def _after(before: FoldedRow, row: HistoryRow, raiser: str) -> FoldedRow:
    event = row.event
    return FoldedRow(
        row,
        tier=row.tier or max(1, before.tier + STEPS.get(event, 0)),
        ball=(row.to_organisation if event in MOVES_THE_BALL else "") or before.ball,
        answered=before.answered
        or event in {EventName.HANDED_OVER, EventName.REOPENED}
        or _answers(before, row, raiser),
        proposed=event is EventName.PROPOSED or (before.proposed and event not in ENDS_A_PROPOSAL),
        over=event is EventName.RESOLVED or (before.over and event is not EventName.REOPENED),
        waits=event is EventName.PAUSED or (before.waits and event not in ENDS_A_PAUSE),
        unresumed=event is EventName.PAUSED or (before.unresumed and event is not EventName.RESUMED),
    )


def _answers(before: FoldedRow, row: HistoryRow, raiser: str) -> bool:
    """An acknowledgement by another than the raiser, or by anybody where nobody else was asked."""
    return row.event is EventName.ACKNOWLEDGED and (row.organisation != raiser or before.ball == raiser)
