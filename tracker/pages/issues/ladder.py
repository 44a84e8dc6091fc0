"""Draws the two-sided ladder of an issue: who stands on each rung, what was, what is left, what comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any

from tracker.queries.story import StoryEvent
from tracker.records.issue import Issue
from tracker.rules import addresses, ladder, names
from tracker.rules.arrangement import Absence, Organisation, Tier
from tracker.rules.deadlines import Unit, read_length, remaining, working_days_left
from tracker.rules.events.asking import AskReturned
from tracker.rules.events.moving import Escalated, HandedDown, Paused, TierSkipped
from tracker.rules.events.resolution import Returned
from tracker.rules.ladder import LadderContext, Rung, awaited
from tracker.rules.ladder.acting import absent_holders, nobody_text, until_text, who_acts
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.rings import Viewer
from tracker.rules.wording import say_count


@dataclass(frozen=True, slots=True)
class SeatView:
    """Who stands on a rung for one side. `name` None: nobody does, the tier is vacant for that side.

    `acknowledge_by`: where its side has yet to acknowledge. `also`: the others of that side who may act here. `me`: the
    reader. `away`: that they are, and who acts ("away until Fri 8 May: Lee Ford acts").
    """

    organisation: Organisation
    name: str | None
    acknowledged: bool = False
    acknowledge_by: datetime | None = None
    also: tuple[str, ...] = ()
    ball: bool = False
    me: bool = False
    away: str = ""


Line = tuple[str, datetime | None, str]  # words, a moment, and words again; each may be empty


@dataclass(frozen=True, slots=True)
class RungView:
    """One tier. `stands`: past, now, above, skipped, passed (here, at the top, past the limit) or settled (here).

    The `line` under its name: ("from", at, "for 10 working days"), ("their meeting on", at, ""), ("limit passed", at,
    "after 3 working days"), ("2 of 5 working days left", None, ""). `happened`: what came to pass on it, as further
    lines: ("paused since", at, "waiting for County Court"), ("handed down", at, "to Professionals"), ("returned", at,
    ""). `tenths`: how much of the limit is used, 0 to 10, for the rung it is on. `href`: the body's agenda, "" if not
    for this reader. `marks`: "two-sided paper", "outside the partnership", "the whole body reads". `seats` stand in the
    order of the ladder's sides.
    """

    name: str
    stands: str
    seats: tuple[SeatView, ...]
    line: Line = ("", None, "")
    happened: tuple[Line, ...] = ()
    tenths: int | None = None
    href: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class IssueOnLadder:
    """What the ladder is drawn from: the issue, its setting, who looks, when and by which clock, and the story they may
    read."""

    issue: Issue
    context: LadderContext
    viewer: Viewer
    now: datetime
    clock: tzinfo
    story: tuple[StoryEvent, ...]

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return tuple(self.context.arrangement.organisations[each] for each in self.issue.side_ids)

    @property
    def runs(self) -> bool:
        """Whether the clock of the tier runs."""
        return self.issue.due_at is not None and self.issue.state in LIVE

    @property
    def counted_to(self) -> datetime | None:
        """Up to when its clock has run: until now, or until it was paused; None where none is set."""
        if self.issue.state is State.PAUSED and self.issue.due_at is not None:
            return self.issue.paused_since
        return self.now if self.runs else None

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        return ladder.rungs(self.context, self.issue, self.now)

    @property
    def above(self) -> Rung | None:
        """The rung it reaches next if nothing happens."""
        return next((rung for rung in reversed(self.rungs) if rung.reached_at), None)

    def acting(self, side: int) -> tuple[int, ...]:
        """The ids of who acts for a side today."""
        return who_acts(self.issue, self.context.arrangement, side, self.now)

    def name(self, person_id: int) -> str:
        return names.person_name(person_id, self.context.arrangement)


def draw_ladder(climb: IssueOnLadder) -> dict[str, Any]:
    """The whole ladder, top rung first. `agreed`: its version; `href`: where that stands; `here`: where it is, for the
    one line to which it folds."""
    agreed = climb.context.ladder
    href = addresses.arrangements(climb.context.arrangement.key, "ladders", agreed.key)
    rungs = [_rung(climb, rung) for rung in climb.rungs]
    number, tiers = climb.issue.tier, agreed.tiers
    here = f"{tiers[number - 1].name}, tier {number} of {len(tiers)}" if number else ""
    return {"agreed": agreed, "href": href, "here": here, "sides": climb.organisations, "rungs": rungs}


def _rung(climb: IssueOnLadder, rung: Rung) -> RungView:
    tier = rung.tier
    stands = _stands(climb, tier)
    body = climb.context.arrangement.bodies.get(tier.body)
    mine = body is not None and bool(climb.viewer.in_partnership(climb.issue.partnership_id))
    return RungView(
        name=tier.name,
        stands=stands,
        line=_line(climb, rung, stands),
        seats=tuple(
            _seat(climb, side, people, stands) for side, people in zip(climb.organisations, rung.seats, strict=True)
        ),
        happened=(*_pauses(climb, tier), *_hand_downs(climb, tier), *_returns(climb, tier)),
        tenths=_tenths(climb, climb.counted_to) if stands == "now" and climb.counted_to else None,
        href=addresses.body(climb.context.arrangement.key, body.key) if body and mine else "",
        marks=_marks(tier, climb.issue),
    )


def _stands(climb: IssueOnLadder, tier: Tier) -> str:
    issue = climb.issue
    if tier.number == issue.tier and not issue.is_resolved:
        late_at_top = climb.runs and issue.due_at is not None and issue.due_at < climb.now and not climb.above
        return "passed" if late_at_top else "now"
    if tier.number > issue.tier:
        return "above"
    if tier.number == issue.tier:
        return "settled"
    skipped = any(isinstance(entry.event, TierSkipped) and tier.number in entry.event.skipped for entry in climb.story)
    return "skipped" if skipped else "past"


def _line(climb: IssueOnLadder, rung: Rung, stands: str) -> Line:
    issue, tier = climb.issue, rung.tier
    if stands == "now":
        return _left_of_limit(climb, tier, climb.counted_to) if climb.counted_to else "", None, ""
    if stands == "passed":
        return "limit passed", issue.due_at, "on the agenda until decided"
    if rung.reached_at:
        limit = tier.limit or ""
        after = "until their next meeting" if limit == "next meeting" else f"for {limit}" if limit else ""
        return "from", rung.reached_at, after
    ups = [(entry.event, entry.at) for entry in climb.story if isinstance(entry.event, Escalated)]
    left = [(event.cause, at) for event, at in ups if event.from_tier == tier.number]
    if stands == "past" and left:
        cause, at = left[-1]
        return "limit passed" if cause == "limit passed" else "moved up", at, ""
    return "passed over" if stands == "skipped" else "", None, ""


def _left_of_limit(climb: IssueOnLadder, tier: Tier, now: datetime) -> str:
    """“2 of 5 working days left”, on the last day “3 working hours left”."""
    due = climb.issue.due_at
    calendar = climb.context.arrangement.joint_calendar(climb.issue.side_ids)
    if due is None or tier.limit is None:
        return ""
    if due <= now:
        return "limit passed"
    length = read_length(tier.limit)
    days = working_days_left(now, due, calendar)
    if length.unit is Unit.WORKING_DAY and days:
        return f"{min(days, length.count)} of {say_count(length.count, 'working day')} left"
    return f"{remaining(now, due, calendar)} left"


def _pauses(climb: IssueOnLadder, tier: Tier) -> Iterator[Line]:
    """The pause it is in, and how long the last before it took."""
    stopped: StoryEvent | None = None
    over: list[tuple[StoryEvent, datetime]] = []
    for entry in climb.story:
        if isinstance(entry.event, Paused):
            stopped = entry
        elif stopped and entry.event.resumes:
            over.append((stopped, entry.at))
            stopped = None
    here = [(since.at, until) for since, until in over if since.tier == tier.number]
    if here:
        since, until = here[-1]
        yield _times("paused", len(here)), since, f"for {remaining(since, until, climb.context.calendar)}"
    if stopped and stopped.tier == tier.number and climb.issue.state is State.PAUSED:
        yield "paused since", stopped.at, _waiting_text(stopped)


def _waiting_text(paused: StoryEvent) -> str:
    whom = paused.event.waits_for if isinstance(paused.event, Paused) else ""
    return f"waiting for {whom}" if whom else ""


def _hand_downs(climb: IssueOnLadder, tier: Tier) -> Iterator[Line]:
    downs = [(each.event, each.at) for each in climb.story if isinstance(each.event, HandedDown)]
    here = [(event, at) for event, at in downs if event.from_tier == tier.number]
    if here:
        event, at = here[-1]
        yield _times("handed down", len(here)), at, f"to {event.tier_name}" if event.tier_name else ""


def _returns(climb: IssueOnLadder, tier: Tier) -> Iterator[Line]:
    """What one side proposed or asked for there, and another returned."""
    back = [
        each.at for each in climb.story if isinstance(each.event, Returned | AskReturned) and each.tier == tier.number
    ]
    if back:
        yield _times("returned", len(back)), back[-1], ""


def _times(done: str, count: int) -> str:
    return done if count == 1 else f"{done} {say_count(count, 'time')}, last"


def _tenths(climb: IssueOnLadder, now: datetime) -> int | None:
    issue = climb.issue
    if issue.entered_at is None or issue.due_at is None:
        return None
    calendar = climb.context.arrangement.joint_calendar(issue.side_ids)
    whole = calendar.between(issue.entered_at, issue.due_at)
    used = calendar.between(issue.entered_at, min(now, issue.due_at))
    return int(10 * (used / whole)) if whole > timedelta() else 10


def _seat(climb: IssueOnLadder, side: Organisation, people: tuple[int, ...], stands: str) -> SeatView:
    is_here = stands in ("now", "passed")
    absent = _absent(climb, side) if is_here else {}
    called = tuple(climb.name(person) for person in people)
    others = (f"{name} (away)" if person in absent else name for person, name in zip(people, called, strict=True))
    waited = {each.organisation_id: by for each, by in awaited(climb.issue.sides, climb.issue.state, ())}
    return SeatView(
        organisation=side,
        name=next(iter(called), None),
        also=tuple(others)[1:],
        acknowledge_by=waited.get(side.id) if is_here else None,
        acknowledged=is_here and climb.issue.side(side.id).acknowledged_at is not None,
        ball=is_here and side.id == climb.issue.ball_with_id and climb.issue.kind is Kind.ISSUE,
        me=people[:1] == (climb.viewer.person_id,),
        away=_away_text(climb, side, absent[people[0]]) if people and people[0] in absent else "",
    )


def _absent(climb: IssueOnLadder, side: Organisation) -> dict[int, Absence]:
    found = absent_holders(climb.issue, climb.context.arrangement, side.id, climb.now)
    return {each.person_id: each.absence for each in found}


def _away_text(climb: IssueOnLadder, side: Organisation, absence: Absence) -> str:
    acting = next(iter(climb.acting(side.id)), None)
    who = "you act" if acting == climb.viewer.person_id else f"{climb.name(acting)} acts" if acting else ""
    return f"{until_text(absence)}: {who or nobody_text(climb.issue)}"


def _marks(tier: Tier, issue: Issue) -> tuple[str, ...]:
    decided = tier.number == issue.deciding_tier
    marks = (
        ("confirms how it ends", decided and not issue.is_resolved),
        ("confirmed how it ended", decided and issue.is_resolved),
        ("two-sided paper", tier.paper),
        ("the whole body reads", tier.whole_body),
        ("outside the partnership", tier.external),
    )
    return tuple(words for words, holds in marks if holds)
