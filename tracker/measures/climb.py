"""How one issue climbed, as counts: what is counted of many is the sum, and what time alone changes is told apart.

A count goes by a name of parts with tabs between: "left<tab>2<tab>17" is of those that left tier 2 after 17 hours.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil

from tracker.measures.acknowledging import Wait, wait_for_all
from tracker.measures.ball import (
    RETURNS_TO_FLAG,
    BallState,
    BallTime,
    Contest,
    Transfers,
    Where,
    ball_so_far,
    contest,
    transfers,
)
from tracker.measures.ladder_flow import LadderFlow, MeasuredEvent, flow_of
from tracker.measures.recurrence import Ending, first_ending
from tracker.measures.tier_stays import Hours, Stay, hours_of, stays

Counts = Mapping[str, int]
AN_HOUR = timedelta(hours=1)
TAB = "\t"
_HOUR = 3600  # seconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta.resolution  # in which the time of a ball is added up: a microsecond


class ClimbCount(StrEnum):
    """What is counted: first of an issue, in the month in which it was raised; then of a stay, in the month in which
    the issue came to the tier. Beside each what its name goes on with; an hour is one since 1970."""

    RAISED = "raised"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    HANDED_OVER = "handed over"
    HAND_OVERS = "hand-overs"
    PING_PONG = "ping-pong"
    WITHOUT_CLOCK = "without clock"
    REACHED = "reached"  # tier
    MOVED_UP = "moved up"  # tier
    ENDED = "ended"  # tier
    OUTCOME = "outcome"  # its value
    NOT_SOLVED = "not solved"
    SOLVED = "solved"  # tier
    PAST_SECOND = "past second"  # tier: came there and never was on the second
    CAME_BACK = "came back"
    STAYED = "stayed"
    FOLLOWED = "followed"  # hour from which on it can be told; which of these two
    SPENT = "spent"  # in what state, whose turn: microseconds
    LYING = "lying"  # in what state, whose turn: now
    LYING_SINCE = "lying since"  # the same: microseconds since 1970, of those that lie there together
    PASSED = "passed"  # from whom, to whom
    RETURNS = "returns"
    RETURNED = "returned"
    TO_AND_FRO = "to and fro"
    SETTLED = "settled"  # hours
    CONTESTED = "contested"  # hour since which
    NOT_SETTLED = "not settled"  # hours, by now
    ASKED = "asked"
    LAPSED = "lapsed"
    ACKNOWLEDGED = "acknowledged"  # working hours
    WAITING = "waiting"  # hour since which
    NOT_ACKNOWLEDGED = "not acknowledged"  # working hours, to the end or by now
    CAME = "came"  # tier
    STILL_THERE = "still there"  # tier
    TOLD = "told"  # tier
    ROSE = "rose"  # tier, how, by whom
    TIMED = "timed"  # tier: told, and had a limit
    WITHIN = "within"  # tier
    DUE = "due"  # tier, hour from which on it is late, "told" or "", "limit" or ""
    LEFT = "left"  # tier, working hours
    STAYING = "staying"  # tier, hour since which, working hours before that
    NOT_LEFT = "not left"  # tier, working hours by now


def name_of(what: ClimbCount, *parts: object) -> str:
    return TAB.join((what, *map(str, parts)))


def parts_of(name: str) -> tuple[str, ...]:
    """What a name goes on with."""
    return tuple(name.split(TAB)[1:])


def hour_number(at: datetime) -> int:
    """The hours since 1970, up to the one that a moment is in."""
    return int(at.timestamp() // _HOUR)


def whole_hours(hours: float) -> int:
    """To the nearest hour; less than one is none."""
    return int(hours) if hours < 1 else round(hours)


@dataclass(frozen=True, slots=True)
class EventMeasures:
    """What the events of an issue say of its climb, whatever the time is. `where`, `since`: where its turn lies."""

    flow: LadderFlow
    stays: tuple[Stay, ...]
    ball: BallTime
    where: Where
    since: datetime | None
    last_at: datetime
    passed: Transfers
    contest: Contest | None
    wait: Wait | None
    ending: Ending | None

    @classmethod
    def of(
        cls, events: Sequence[MeasuredEvent], others: Collection[str], *, is_over: bool, has_limits: bool
    ) -> "EventMeasures":
        """From its events in order, at least one. `others`: the other sides; `has_limits`: it is not out of history."""
        ball, where, since = ball_so_far(events)
        passed = transfers(event.ball for event in events)
        last_at = events[-1].at
        return cls(
            flow=flow_of(events),
            stays=tuple(stays(events, has_limits=has_limits)),
            ball=ball,
            where=where,
            since=since,
            last_at=last_at,
            passed=passed,
            contest=contest(events, None if is_over else last_at) if passed.is_ping_pong else None,
            wait=wait_for_all(events, others),
            ending=first_ending(events),
        )


@dataclass(frozen=True, slots=True)
class Climb:
    """One issue as it stands, with what its events say. `has_clock`: it is neither an early warning nor was it raised
    as worked round; `due_at`: of a limit that may yet pass. `followed_at`: from when on it can be told whether it
    `came_back`; None: it never was over."""

    raised_at: datetime
    is_over: bool
    outcome: str
    is_solved: bool
    is_unsolved: bool
    tier: int
    has_clock: bool
    due_at: datetime | None
    measures: EventMeasures
    followed_at: datetime | None = None
    came_back: bool = False

    @property
    def followed_hour(self) -> int | None:
        """The full hour from which on it can be told whether it came back."""
        return _full_hour_from(self.followed_at) if self.followed_at else None


def climb_counts(climb: Climb, hours: Hours, month_of: Callable[[datetime], int]) -> dict[int, Counter[str]]:
    """By month what an issue adds. `hours`: working hours of its sides."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    raised = found[month_of(climb.raised_at)]
    for part in (_of_issue(climb), _of_ball(climb), _of_wait(climb, hours)):
        raised.update(part)
    if climb.has_clock:
        for stay in climb.measures.stays:
            found[month_of(stay.entered_at)].update(dict(stay_counts(stay, hours, climb.due_at)))
    return dict(found)


def _of_issue(climb: Climb) -> Iterator[str]:
    flow = climb.measures.flow
    path = flow.path
    flags = {
        ClimbCount.RAISED: True,
        ClimbCount.RESOLVED: climb.is_over,
        ClimbCount.REOPENED: flow.reopens > 0,
        ClimbCount.HANDED_OVER: flow.hand_overs > 0,
        ClimbCount.PING_PONG: flow.ping_pong >= RETURNS_TO_FLAG,
        ClimbCount.WITHOUT_CLOCK: not climb.has_clock,
        ClimbCount.NOT_SOLVED: climb.is_unsolved,
    }
    yield from (what for what, holds in flags.items() if holds)
    yield from [ClimbCount.HAND_OVERS] * flow.hand_overs
    yield from (name_of(ClimbCount.REACHED, tier) for tier in set(path))
    yield from (name_of(ClimbCount.MOVED_UP, tier) for tier in {low for low, high in pairwise(path) if high > low})
    yield from (name_of(ClimbCount.PAST_SECOND, tier) for tier in set(path) if 2 not in path)
    if climb.is_over:
        yield name_of(ClimbCount.OUTCOME, climb.outcome)
        yield from (name_of(ClimbCount.ENDED, tier) for tier in path[-1:])
    if climb.is_solved:
        yield name_of(ClimbCount.SOLVED, climb.tier)
    if climb.followed_hour is not None:
        told = ClimbCount.CAME_BACK if climb.came_back else ClimbCount.STAYED
        yield name_of(ClimbCount.FOLLOWED, climb.followed_hour, told)


def _of_ball(climb: Climb) -> Counter[str]:
    found, measures = Counter[str](), climb.measures
    for (state, whose), length in measures.ball.spent.items():
        found[name_of(ClimbCount.SPENT, state, whose)] += length // _ONE
    if measures.since and climb.is_over:
        found[name_of(ClimbCount.SPENT, *measures.where)] += _between(measures.since, measures.last_at)
    elif measures.since:
        found[name_of(ClimbCount.LYING, *measures.where)] += 1
        found[name_of(ClimbCount.LYING_SINCE, *measures.where)] += _between(_EPOCH, measures.since)
    passed, contested = measures.passed, measures.contest
    found.update(name_of(ClimbCount.PASSED, *move) for move in passed.moves)
    if passed.returns:
        found.update({ClimbCount.RETURNS: passed.returns, ClimbCount.RETURNED: 1})
    if contested and contested.is_settled:
        found.update([ClimbCount.TO_AND_FRO, name_of(ClimbCount.SETTLED, ceil(contested.lasted / AN_HOUR))])
    elif contested:
        since = hour_number(measures.last_at - contested.lasted)
        found.update([ClimbCount.TO_AND_FRO, name_of(ClimbCount.CONTESTED, since)])
    return +found


def _of_wait(climb: Climb, hours: Hours) -> Iterator[str]:
    wait = climb.measures.wait if climb.has_clock else None
    if wait is None:
        return
    yield ClimbCount.ASKED
    if wait.lapses:
        yield ClimbCount.LAPSED
    if wait.until is None:
        yield name_of(ClimbCount.WAITING, _nearest_hour(wait.since))
    else:
        what = ClimbCount.ACKNOWLEDGED if wait.is_answered else ClimbCount.NOT_ACKNOWLEDGED
        yield name_of(what, whole_hours(hours(wait.since, wait.until)))


def stay_counts(stay: Stay, hours: Hours, due_at: datetime | None = None) -> Iterator[tuple[str, int]]:
    """What a stay adds. `due_at`: when its limit passes, where it may yet."""
    tier, spent = stay.tier, hours_of(stay, hours)
    yield name_of(ClimbCount.CAME, tier), 1
    if stay.is_told:
        yield name_of(ClimbCount.TOLD, tier), 1
    if stay.is_told and stay.has_limit:
        yield name_of(ClimbCount.TIMED, tier), 1
        yield name_of(ClimbCount.WITHIN, tier), int(not stay.is_late)
    if stay.rise:
        yield name_of(ClimbCount.ROSE, tier, *stay.rise), 1
    if stay.is_over:
        yield name_of(ClimbCount.LEFT, tier, whole_hours(spent)), 1
        return
    yield name_of(ClimbCount.STILL_THERE, tier), 1
    if stay.since is None:
        yield name_of(ClimbCount.NOT_LEFT, tier, whole_hours(spent)), 1
    else:
        yield name_of(ClimbCount.STAYING, tier, _nearest_hour(stay.since), round(spent)), 1
    if due_at and not stay.is_late:
        flags = ("told" if stay.is_told else "", "limit" if stay.has_limit else "")
        yield name_of(ClimbCount.DUE, tier, _full_hour_from(due_at), *flags), 1


def folded(counts: Counts, hour: int) -> Counter[str]:
    """The same, where what can be told by an hour has become a plain count. Twice is once; and it may be taken apart:
    the sum of what is folded is the folded sum, whatever is taken away from it again. What comes to none is gone."""
    found = Counter(counts)
    for what, rest, name in _that_time_changes(counts):
        if what is ClimbCount.FOLLOWED or what is ClimbCount.DUE:
            _fold(found, what, rest, name, hour)
    return Counter({name: count for name, count in found.items() if count})


def _that_time_changes(counts: Counts) -> list[tuple[ClimbCount, str, str]]:
    """What it is, with what its name goes on, the name itself."""
    found = ((name.partition(TAB), name) for name in counts)
    return [(_CHANGED_BY_TIME[what], rest, name) for (what, _, rest), name in found if what in _CHANGED_BY_TIME]


_CHANGED_BY_TIME: Mapping[str, ClimbCount] = {
    what.value: what
    for what in (
        ClimbCount.FOLLOWED,
        ClimbCount.DUE,
        ClimbCount.LYING,
        ClimbCount.LYING_SINCE,
        ClimbCount.CONTESTED,
        ClimbCount.WAITING,
        ClimbCount.STAYING,
    )
}


def _fold(found: Counter[str], what: ClimbCount, rest: str, name: str, hour: int) -> None:
    if what is ClimbCount.FOLLOWED:
        at, _, told = rest.partition(TAB)
        if int(at) <= hour:
            found[told] += found.pop(name)
        return
    tier, at, told, limit = rest.split(TAB)
    if int(at) <= hour:
        found.update(_passed_limit(tier, told, limit, found.pop(name)))


def _passed_limit(tier: str, told: str, limit: str, count: int) -> dict[str, int]:
    """What a limit that passes adds: it is told of from then on; where it was before, it is within it no more."""
    if told:
        return {name_of(ClimbCount.WITHIN, tier): -count} if limit else {}
    timed = {name_of(ClimbCount.TIMED, tier): count} if limit else {}
    return {name_of(ClimbCount.TOLD, tier): count, **timed}


def as_of(counts: Counts, now: datetime, hours_from: Callable[[datetime], Hours]) -> Counter[str]:
    """The same at a moment: what goes on has lasted so long by then. `hours_from`: working hours of the sides, from
    some moment on."""
    found, hour, timely = Counter(counts), hour_number(now), _that_time_changes(counts)
    since = [rest.split(TAB)[what is ClimbCount.STAYING] for what, rest, _ in timely if what in _IN_WORKING_TIME]
    hours = hours_from(min(map(_moment, since), default=now))
    for what, rest, name in timely:
        if what is ClimbCount.FOLLOWED or what is ClimbCount.DUE:
            _fold(found, what, rest, name, hour)
        else:
            lasted, count = _lasted(what, rest, found.pop(name), now, hours)
            found[lasted] += count
    return found


_IN_WORKING_TIME = frozenset({ClimbCount.STAYING, ClimbCount.WAITING})


def _lasted(what: ClimbCount, rest: str, count: int, now: datetime, hours: Hours) -> tuple[str, int]:
    """By which name it counts now, and how much."""
    if what is ClimbCount.LYING:
        return f"{ClimbCount.SPENT}{TAB}{rest}", count * _between(_EPOCH, now)
    if what is ClimbCount.LYING_SINCE:
        return f"{ClimbCount.SPENT}{TAB}{rest}", -count
    if what is ClimbCount.CONTESTED:
        return name_of(ClimbCount.NOT_SETTLED, max(0, hour_number(now) - int(rest))), count
    if what is ClimbCount.WAITING:
        return name_of(ClimbCount.NOT_ACKNOWLEDGED, whole_hours(hours(_moment(rest), now))), count
    tier, since, before = rest.split(TAB)
    return name_of(ClimbCount.NOT_LEFT, tier, whole_hours(int(before) + hours(_moment(since), now))), count


def time_of(spent: Mapping[tuple[str, ...], int]) -> dict[Where, timedelta]:
    """The time that was spent, from its counts."""
    return {(BallState(state), whose): count * _ONE for (state, whose), count in spent.items()}


def _moment(hour: str) -> datetime:
    return _EPOCH + int(hour) * AN_HOUR


def _nearest_hour(at: datetime) -> int:
    return round(at.timestamp() / _HOUR)


def _full_hour_from(at: datetime) -> int:
    return ceil(at.timestamp() / _HOUR)


def _between(start: datetime, end: datetime) -> int:
    """In microseconds; through UTC: between two moments of one zone Python would count the clock's face."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) // _ONE
