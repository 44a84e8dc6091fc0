"""Who has an issue: how the ball passed between organisations, to and fro, and how long it lay with whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from tracker.measures.durations import curve_of, median_of
from tracker.measures.ladder_flow import MeasuredEvent, collapsed

RETURNS_TO_FLAG = 2  # statistics.md 6
_DAY_HOURS = 24
NOBODY_NAMED = ""  # a pause that does not say who is waited for
OUTSIDER = "an outsider"  # one of no organisation here, without its name: that may be anybody's

Matrix = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Transfers:
    """How the ball passed on, as (from, to) in order (statistics.md 6)."""

    moves: tuple[tuple[str, str], ...]

    @property
    def returns(self) -> int:
        """Moves to an organisation that had it before, at any time."""
        had, found = set(), 0
        for giver, taker in self.moves:
            had.add(giver)
            found += taker in had
        return found

    @property
    def is_ping_pong(self) -> bool:
        """Whether it came back so often that somebody should ask whose it is."""
        return self.returns >= RETURNS_TO_FLAG


def transfers(holders: Iterable[str | None]) -> Transfers:
    """From who had the ball after each event, in order; None or "": nobody, or as before."""
    return Transfers(tuple(pairwise(collapsed(holders))))


class Contest(NamedTuple):
    """How long it was to and fro whose an issue is: from when the ball first passed on to when it last did, or, until
    the issue is over and so `is_settled`, up to now: it may pass on again."""

    lasted: timedelta
    is_settled: bool


def contest(events: Sequence[MeasuredEvent], now: datetime | None) -> Contest | None:
    """The contested ownership of one issue, from its events in order; None where the ball did not come back twice.
    `now`: None where the issue is over."""
    held = [(event.ball, event.at) for event in events if event.ball]
    if not transfers(ball for ball, _ in held).is_ping_pong:
        return None
    moved = [at for (before, _), (ball, at) in pairwise(held) if ball != before]
    until = moved[-1] if now is None else max(now, moved[-1])
    return Contest(until.astimezone(UTC) - moved[0].astimezone(UTC), is_settled=now is None)


@dataclass(frozen=True, slots=True)
class ContestedDays:
    """Over the issues whose ball came back twice or more. `median`: days until half of them were settled, those that
    are not yet counted as lasting (Kaplan-Meier); None: not so many are."""

    issues: int
    not_settled: int
    median: float | None


def contested_days(settled: Mapping[int, int], lasting: Mapping[int, int]) -> ContestedDays:
    """Calendar days (statistics.md 6), from how many contests were settled after so many hours, and how many have
    lasted so long by now."""
    median, goes_on = median_of(curve_of(settled, lasting)), sum(lasting.values())
    return ContestedDays(sum(settled.values()) + goes_on, goes_on, None if median is None else median / _DAY_HOURS)


def flow_matrix(found: Iterable[Transfers]) -> Matrix:
    """M[a, b]: how often the ball passed from a to b, over many issues."""
    return Counter(move for each in found for move in each.moves)


def net_imbalance(matrix: Matrix, one: str, other: str) -> float | None:
    """(M[a, b] - M[b, a]) / (M[a, b] + M[b, a]): 1 where all went from `one` to `other`, 0 where as much came back;
    None where nothing passed between them."""
    there, back = matrix.get((one, other), 0), matrix.get((other, one), 0)
    return (there - back) / (there + back) if there + back else None


class BallState(StrEnum):
    """In what way an issue lay where it lay."""

    HELD = "held"  # by the organisation with the ball
    PAUSED = "paused on"  # an organisation, OUTSIDER, or NOBODY_NAMED
    UNPLACED = "nobody had been asked yet"
    OVER = "it was resolved"


Where = tuple[BallState, str]  # the last two are nobody's: ""


@dataclass(frozen=True, slots=True)
class BallTime:
    """Where the time of an issue went, or of many; no more and no less than all of it."""

    spent: Mapping[Where, timedelta]

    def held(self, organisation: str) -> timedelta:
        """While it had the ball, and the clock ran."""
        return self.spent.get((BallState.HELD, organisation), timedelta())

    def paused_on(self, waited_for: str) -> timedelta:
        """While it was waited for."""
        return self.spent.get((BallState.PAUSED, waited_for), timedelta())

    @property
    def elapsed(self) -> timedelta:
        """From the first event to the last, or to where it was followed to."""
        return sum(self.spent.values(), timedelta())


def ball_time(events: Sequence[MeasuredEvent], until: datetime | None = None) -> BallTime:
    """Calendar time by who had the ball or was waited for. `until`, where it is after the last event: as it stood
    then it stands up to there."""
    found, where, since = ball_so_far(events)
    spent = dict(found.spent)
    if events:
        _spend(spent, where, since, max(events[-1].at, until or events[-1].at))
    return BallTime(spent)


def ball_so_far(events: Sequence[MeasuredEvent]) -> tuple[BallTime, Where, datetime | None]:
    """The time until it last changed where an issue lay; where it has lain from then on, and since when."""
    found: dict[Where, timedelta] = {}
    ball, waits_for, is_over = "", None, False
    where, since = (BallState.UNPLACED, ""), None
    for event in events:
        ball = event.ball or ball
        is_over = event.flags.ends or (is_over and not event.flags.reopens)
        waits_for = _waits_for(event, waits_for)
        after = _where(ball, waits_for, is_over=is_over)
        if since is None or after != where:
            _spend(found, where, since, event.at)
            where, since = after, event.at
    return BallTime(found), where, since


def together(found: Iterable[BallTime]) -> BallTime:
    """The time of many issues."""
    spent: dict[Where, timedelta] = {}
    for each in found:
        for where, length in each.spent.items():
            spent[where] = spent.get(where, timedelta()) + length
    return BallTime(spent)


def _spend(found: dict[Where, timedelta], where: Where, since: datetime | None, until: datetime) -> None:
    """Through UTC: between two moments of one zone Python would count the clock's face."""
    if since is not None:
        length = until.astimezone(UTC) - since.astimezone(UTC)
        found[where] = found.get(where, timedelta()) + length


def _waits_for(event: MeasuredEvent, before: str | None) -> str | None:
    """Who is waited for after an event; None: it is not paused. A second pause changes nothing."""
    if event.flags.ends_a_pause:
        return None
    return (event.waits_for or NOBODY_NAMED) if event.flags.pauses and before is None else before


def _where(ball: str, waits_for: str | None, *, is_over: bool) -> Where:
    if is_over:
        return BallState.OVER, ""
    if waits_for is not None:
        return BallState.PAUSED, waits_for
    return (BallState.HELD, ball) if ball else (BallState.UNPLACED, "")
