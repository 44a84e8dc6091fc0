"""Draws the two-sided ladder of an issue: who stands on each rung, what was, what is left, what comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from tracker.pages.web.header import side_class
from tracker.queries.story import StoryEvent
from tracker.records.issue import Issue
from tracker.rules import addresses, ladder, names
from tracker.rules.arrangement import Organisation, Tier
from tracker.rules.deadlines import Unit, read_length, remaining, working_days_left
from tracker.rules.events.moving import Escalated, TierSkipped
from tracker.rules.ladder import Ahead, LadderContext, Rung
from tracker.rules.lifecycle import LIVE, Kind
from tracker.rules.rings import Viewer
from tracker.rules.wording import say_count


@dataclass(frozen=True, slots=True)
class SideView:
    """One organisation concerned. `side`: its colour class ("side-a"). `mine`: the reader belongs to it."""

    name: str
    side: str
    mine: bool = False
    ball: bool = False


@dataclass(frozen=True, slots=True)
class SeatView:
    """Who stands on a rung for one side. `name` None: nobody does, the tier is vacant for that side.

    `also`: the others of that side who may act here. `words`: "acknowledged", "for Lee Park, away until 12
    May". `me`: the reader.
    """

    organisation: str
    side: str
    name: str | None
    words: str = ""
    also: tuple[str, ...] = ()
    ball: bool = False
    me: bool = False


@dataclass(frozen=True, slots=True)
class RungView:
    """One tier. `stands`: past, now, above, skipped, passed (here, at the top, past the limit) or settled (here).

    The line under its name is `before`, the moment `at`, `after`; each may be empty: ("from", at, "for 10
    working days"), ("their meeting on", at, ""), ("limit passed", at, "after 3 working days"), ("2 of 5
    working days left", None, ""). `tenths`: how much of the limit is used, 0 to 10, for the rung it is on.
    `href`: the body's agenda, "" if not for this reader. `marks`: "two-sided paper", "outside the
    partnership", "the whole body reads". `seats` stand in the order of the ladder's sides.
    """

    name: str
    stands: str
    seats: tuple[SeatView, ...]
    before: str = ""
    at: datetime | None = None
    after: str = ""
    tenths: int | None = None
    href: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderView:
    """The two-sided ladder, `rungs` top first.

    `where`: the address of the agreed ladder, "" if there is none to show.
    """

    name: str
    version: int
    sides: tuple[SideView, ...]
    rungs: tuple[RungView, ...]
    where: str = ""


@dataclass(frozen=True)
class Drawn:
    """What the ladder is drawn from: the issue, its setting, who looks, when, and the story they may read."""

    issue: Issue
    context: LadderContext
    viewer: Viewer
    now: datetime
    story: tuple[StoryEvent, ...]

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return tuple(self.context.arrangement.organisations[each] for each in self.issue.side_ids)

    @property
    def runs(self) -> bool:
        """Whether the clock of the tier runs."""
        return self.issue.due_at is not None and self.issue.state in LIVE

    @cached_property
    def ahead(self) -> tuple[Ahead, ...]:
        """The tiers above, with the date each is reached if nothing happens."""
        return ladder.ahead_of(self.context, self.issue, self.now)

    def name(self, person_id: int) -> str:
        return names.person_name(person_id, self.context.arrangement)


def draw_ladder(drawn: Drawn) -> LadderView:
    """The whole ladder, top rung first."""
    agreed, arrangement = drawn.context.ladder, drawn.context.arrangement
    rungs = tuple(_rung(drawn, rung) for rung in ladder.rungs(drawn.context, drawn.issue, drawn.now))
    where = addresses.arrangements(arrangement.key, "ladders", agreed.key)
    return LadderView(agreed.name, agreed.version, draw_sides(drawn), rungs, where)


def draw_sides(drawn: Drawn) -> tuple[SideView, ...]:
    """The sides in order, with who has the ball."""
    issue = drawn.issue
    return tuple(
        SideView(
            name=each.name, side=side_class(each.position), mine=each.id in drawn.viewer.organisation_ids,
            ball=each.id == issue.ball_with_id and not issue.is_resolved and issue.kind is Kind.ISSUE,
        )
        for each in drawn.organisations
    )  # fmt: skip


def _rung(drawn: Drawn, rung: Rung) -> RungView:
    tier = rung.tier
    stands = _stands(drawn, tier)
    before, at, after = _line(drawn, rung, stands)
    body = drawn.context.arrangement.bodies.get(tier.body)
    mine = body is not None and bool(drawn.viewer.in_partnership(drawn.issue.partnership_id))
    return RungView(
        name=tier.name, stands=stands, before=before, at=at, after=after,
        seats=tuple(
            _seat(drawn, side, people, stands) for side, people in zip(drawn.organisations, rung.seats, strict=True)
        ),
        tenths=_tenths(drawn) if stands == "now" and drawn.runs else None,
        href=addresses.body(drawn.context.arrangement.key, body.key) if body and mine else "",
        marks=_marks(tier),
    )  # fmt: skip


def _stands(drawn: Drawn, tier: Tier) -> str:
    issue = drawn.issue
    if tier.number == issue.tier and not issue.is_resolved:
        late_at_top = drawn.runs and issue.due_at is not None and issue.due_at < drawn.now and not drawn.ahead
        return "passed" if late_at_top else "now"
    if tier.number > issue.tier:
        return "above"
    if tier.number == issue.tier:
        return "settled"
    skipped = any(isinstance(entry.event, TierSkipped) and tier.number in entry.event.skipped for entry in drawn.story)
    return "skipped" if skipped else "past"


def _line(drawn: Drawn, rung: Rung, stands: str) -> tuple[str, datetime | None, str]:
    issue, tier = drawn.issue, rung.tier
    if stands == "now":
        return (_left_of_limit(drawn, tier), None, "") if drawn.runs else ("", None, "")
    if stands == "passed":
        return "limit passed", issue.due_at, "on the agenda until decided"
    if rung.reached_at:
        limit = tier.limit or ""
        after = "until their next meeting" if limit == "next meeting" else f"for {limit}" if limit else ""
        return "from", rung.reached_at, after
    if stands == "past":
        left = next((entry for entry in reversed(drawn.story) if _left(entry, tier)), None)
        return _how_left(left) if left else ("", None, "")
    return ("passed over", None, "") if stands == "skipped" else ("", None, "")


def _left_of_limit(drawn: Drawn, tier: Tier) -> str:
    """“2 of 5 working days left”, on the last day “3 working hours left”."""
    due, now = drawn.issue.due_at, drawn.now
    calendar = drawn.context.arrangement.joint_calendar(drawn.issue.side_ids)
    if due is None or tier.limit is None:
        return ""
    if due <= now:
        return "limit passed"
    length = read_length(tier.limit)
    days = working_days_left(now, due, calendar)
    if length.unit is Unit.WORKING_DAY and days:
        return f"{min(days, length.count)} of {say_count(length.count, 'working day')} left"
    return f"{remaining(now, due, calendar)} left"


def _left(entry: StoryEvent, tier: Tier) -> bool:
    return isinstance(entry.event, Escalated) and entry.event.from_tier == tier.number


def _how_left(entry: StoryEvent) -> tuple[str, datetime | None, str]:
    event = entry.event
    by_limit = isinstance(event, Escalated) and event.cause == "limit passed"
    return ("limit passed", entry.at, "") if by_limit else ("moved up", entry.at, "")


def _tenths(drawn: Drawn) -> int | None:
    issue = drawn.issue
    if issue.entered_at is None or issue.due_at is None:
        return None
    calendar = drawn.context.arrangement.joint_calendar(issue.side_ids)
    whole = calendar.between(issue.entered_at, issue.due_at)
    used = calendar.between(issue.entered_at, min(drawn.now, issue.due_at))
    return int(10 * (used / whole)) if whole > timedelta() else 10


def _seat(drawn: Drawn, side: Organisation, people: tuple[int, ...], stands: str) -> SeatView:
    here = stands in ("now", "passed")
    acknowledged = here and drawn.issue.side(side.id).acknowledged_at is not None
    return SeatView(
        organisation=side.name, side=side_class(side.position), name=drawn.name(people[0]) if people else None,
        words="acknowledged" if acknowledged else "", also=tuple(drawn.name(each) for each in people[1:]),
        ball=here and side.id == drawn.issue.ball_with_id and drawn.issue.kind is Kind.ISSUE,
        me=people[:1] == (drawn.viewer.person_id,),
    )  # fmt: skip


def _marks(tier: Tier) -> tuple[str, ...]:
    marks = (
        ("two-sided paper", tier.paper),
        ("the whole body reads", tier.whole_body),
        ("outside the partnership", tier.external),
    )
    return tuple(words for words, holds in marks if holds)
