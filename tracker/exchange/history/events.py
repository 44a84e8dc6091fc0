"""History as events of the product: each folded row as its kind, with who did it and how things stood after it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from tracker.exchange.history.cases import Case, FoldedRow
from tracker.exchange.history.cells import EventName
from tracker.rules.arrangement import Arrangement, Organisation, Person
from tracker.rules.events.issue import Acknowledged, Noted, Occurred, Raised
from tracker.rules.events.kinds import Actor, EventKind
from tracker.rules.events.moving import Escalated, HandedDown, HandedOver, Paused, Resumed
from tracker.rules.events.resolution import Proposed, Reopened, Resolved
from tracker.rules.lifecycle import Severity, State
from tracker.rules.spans import day_in


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event to be written. `ball_with_id` is None while an organisation outside the partnership has the ball;
    `outsider` names that organisation where the ball goes to it. `note` is the text of a note of its own."""

    kind: EventKind
    actor: Actor
    at: datetime
    tier: int
    state: State
    ball_with_id: int | None
    outsider: str = ""
    note: str = ""
    occurred_on: date | None = None


@dataclass(frozen=True)
class HistoryPlace:
    """The partnership that history is taken into, with its organisations and people by key and address."""

    arrangement: Arrangement

    @cached_property
    def organisations(self) -> Mapping[str, Organisation]:
        return {each.key: each for each in self.arrangement.organisations.values()}

    @cached_property
    def people(self) -> Mapping[str, Person]:
        return {each.email: each for each in self.arrangement.people.values()}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.arrangement.zone)

    def sides(self, case: Case) -> tuple[Organisation, ...]:
        """The known organisations that did something or had the ball, the one it was raised for first."""
        return tuple(self.organisations[key] for key in case.organisations if key in self.organisations)

    def ball_with(self, case: Case) -> Organisation:
        """The known organisation that last had the ball; the one it was raised for where none had."""
        had = [event.ball for event in case.events if event.ball in self.organisations]
        return self.organisations[had[-1]] if had else self.sides(case)[0]

    def actor(self, row_organisation: str, row_person: str) -> Actor:
        """Who did it. Whom nobody here knows keeps the name of the file, without an account."""
        organisation = self.organisations.get(row_organisation)
        person = self.people.get(row_person)
        return Actor(
            person_id=person.id if person else None,
            name=person.name if person else row_person,
            organisation_id=organisation.id if organisation else None,
            organisation_key=organisation.key if organisation else "",
            organisation_name=organisation.name if organisation else row_organisation,
        )


def past_events(case: Case, place: HistoryPlace) -> Iterator[PastEvent]:
    """The events of a case, in order."""
    first = case.events[0]
    yield _past(_KindSource(case, first, first, place), moved=True)
    for before, after in pairwise(case.events):
        yield _past(_KindSource(case, before, after, place), moved=before.ball != after.ball)


def _past(told: "_KindSource", *, moved: bool) -> PastEvent:
    row, place = told.after.row, told.place
    actor = place.actor(row.organisation, row.person)
    ball = place.organisations.get(told.after.ball)
    return PastEvent(
        kind=_KINDS[row.event](told),
        actor=actor,
        at=row.at,
        tier=told.after.tier,
        state=told.after.state,
        ball_with_id=ball.id if ball else None,
        outsider=told.after.ball if moved and not ball else "",
        note=row.detail if row.event is EventName.NOTE and actor.organisation_id else "",
        occurred_on=told.on if row.event in {EventName.RAISED, EventName.OCCURRED} else None,
    )


@dataclass(frozen=True, slots=True)
class _KindSource:
    """What a kind is made from: a row, how things stood before and after it, and where."""

    case: Case
    before: FoldedRow
    after: FoldedRow
    place: HistoryPlace

    @property
    def said(self) -> str:
        return self.after.row.detail

    @property
    def words_from_outside(self) -> str:
        return "" if self.after.row.organisation in self.place.organisations else self.said

    @property
    def on(self) -> date:
        return day_in(self.place.zone, self.after.row.at)

    @property
    def whom(self) -> str:
        to = self.after.row.to_organisation
        return self.place.organisations[to].name if to in self.place.organisations else to

    @property
    def time(self) -> int:
        """Which time it is that this happens to the case."""
        so_far = self.case.events[: self.case.events.index(self.after) + 1]
        return sum(event.row.event is self.after.row.event for event in so_far)


_KINDS: dict[EventName, Callable[[_KindSource], EventKind]] = {
    EventName.RAISED: lambda it: Raised(
        imported=True,
        severity=it.after.row.severity or Severity.MINOR,
        title=it.after.row.title,
        detail=it.said,
    ),
    EventName.ACKNOWLEDGED: lambda it: Acknowledged(imported=True, remark=it.said),
    EventName.NOTE: lambda it: Noted(imported=True, outside=it.words_from_outside),
    EventName.OCCURRED: lambda it: Occurred(imported=True, occurred_on=it.on.isoformat(), detail=it.said),
    EventName.HANDED_OVER: lambda it: HandedOver(
        imported=True, to_organisation=it.after.row.to_organisation, to_name=it.whom, reason=it.said
    ),
    EventName.ESCALATED: lambda it: Escalated(
        imported=True, from_tier=it.before.tier, to=it.after.tier, reason=it.said
    ),
    EventName.HANDED_DOWN: lambda it: HandedDown(
        imported=True, from_tier=it.before.tier, to=it.after.tier, reason=it.said
    ),
    EventName.PAUSED: lambda it: Paused(imported=True, reason=it.said, waits_for=it.whom),
    EventName.RESUMED: lambda it: Resumed(imported=True, reason=it.said),
    EventName.PROPOSED: lambda it: Proposed(imported=True, outcome=it.after.row.outcome or "", done=it.said),
    EventName.RESOLVED: lambda it: Resolved(imported=True, outcome=it.after.row.outcome or "", done=it.said),
    EventName.REOPENED: lambda it: Reopened(imported=True, time=it.time, to=it.after.tier, reason=it.said),
}
