"""The ladder: who holds a tier, which tier is next, and what entering one sets: limit, warning, holders."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Protocol

from tracker.rules.arrangement import Arrangement, Body, Ladder, Organisation, Tier
from tracker.rules.deadlines import (
    A_WORKING_DAY,
    Deadline,
    Due,
    Given,
    Origin,
    after_pause,
    limit_at,
    reckon,
    warning_before,
)
from tracker.rules.ladder.acting import HeldIssue, Holding
from tracker.rules.lifecycle import LIVE, State
from tracker.rules.meetings import one_meeting_later
from tracker.rules.working_time import JointCalendar

Meetings = Callable[[Body, datetime], Sequence[datetime]]  # a body's meetings after a moment
Leads = Mapping[str, int]  # organisation key to the person who holds tier 1


@dataclass(frozen=True, slots=True)
class HolderAt:
    """Who has an issue for an organisation at a tier; `first` is the named opposite number."""

    organisation_id: int
    tier: int
    person_id: int
    first: bool


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A tier that was passed because these sides have nobody on it."""

    tier: Tier
    sides: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What entering a tier sets. `due` is None at an external tier; `acknowledge_by` is for each side, by its key;
    `sides` are keys; `vacancies` were passed."""

    tier: Tier
    body: Body | None
    at: datetime
    due: Due | None
    warn_at: datetime | None
    acknowledge_by: Mapping[str, Due]
    holders: tuple[HolderAt, ...]
    sides: tuple[str, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderContext:
    """The setting in which an issue climbs: what was agreed, its ladder, its sides' ids in order, and its leads."""

    arrangement: Arrangement
    ladder: Ladder
    sides: tuple[int, ...]
    meetings: Meetings
    leads: Leads

    @property
    def calendar(self) -> JointCalendar:
        return self.arrangement.joint_calendar(self.sides)

    def reckon(self, origin: Origin, clock: tzinfo | None = None) -> Deadline:
        """When a limit or timer with this origin passes by this arrangement; its why as `deadlines.reckon` has it."""
        acting = [self.arrangement.organisation(each).id for each in origin.acts]
        return reckon(
            origin,
            self.calendar,
            meetings=self._meetings(origin),
            acting=self.arrangement.joint_calendar(acting) if acting else None,
            clock=clock,
        )

    def _meetings(self, origin: Origin) -> Sequence[datetime]:
        body, since = self.arrangement.bodies.get(origin.body), origin.meetings_after
        return self.meetings(body, since) if body and since else ()

    def due(self, origin: Origin) -> Due:
        """The same, to set a timer by."""
        return Due(self.reckon(origin).at, origin)

    def in_loop_until(self, at: datetime, *sides: str) -> Due:
        """By when these sides (keys) are to be heard of again, or others told again, after they last were."""
        return self.due(Origin(self.ladder.keep_in_loop, at, acts=sides))

    def pause_until(self, since: datetime, until: date | None, pauses: tuple[tuple[datetime, datetime], ...]) -> Due:
        """When a pause ends by itself. `until`: its last day; `pauses`: those before it on this tier."""
        return self.due(Origin(self.ladder.pause_cap, since, given=Given.PAUSE, pauses=pauses, until=until))

    def after_pause(self, origin: Origin, since: datetime, until: datetime) -> Due:
        """The limit after a pause: a floor that was set before it moves as the limit does, a meeting stays."""
        floor = origin.not_before
        if floor is not None and not self._meetings(origin):
            floor = after_pause(origin.length, floor, (since, until), self.calendar, or_at_most=origin.or_at_most)
        return self.due(replace(origin, pauses=(*origin.pauses, (since, until)), not_before=floor))

    def silent_until(self, at: datetime, *sides: str) -> Due:
        """When silence of these sides (keys) counts as agreement to what was proposed at a moment."""
        return self.due(Origin(self.ladder.agree_silence, at, acts=sides))


@dataclass(frozen=True, slots=True)
class Ahead:
    """A tier above, and when it is reached if nothing happens."""

    tier: Tier
    at: datetime


class Acknowledging(Protocol):
    """What of a side says by when it is to acknowledge an issue where it is, or since when it is asked whether it still
    has it; None once it has."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def acknowledge_by(self) -> datetime | None: ...
    @property
    def lapsed_at(self) -> datetime | None: ...


class Climber(HeldIssue, Protocol):
    """What of an issue the ladder looks at."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def deciding_tier(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Rung:
    """A tier as an issue stands to it. `reached_at`: when it gets there if nothing happens; None of where it is and
    was, and while no clock runs. `seats`: for each side, in order, the ids of who has it there, had it or would, the
    opposite number first; empty where nobody does."""

    tier: Tier
    reached_at: datetime | None
    seats: tuple[tuple[int, ...], ...]


def awaited(
    sides: Iterable[Acknowledging], state: State, mine: Collection[int]
) -> tuple[tuple[Acknowledging, datetime], ...]:
    """The sides that have yet to acknowledge, each with by when; those of `mine` first, then who is to soonest."""
    return _in_turn([(each, each.acknowledge_by) for each in sides], state, mine)


def silent(
    sides: Iterable[Acknowledging], state: State, mine: Collection[int]
) -> tuple[tuple[Acknowledging, datetime], ...]:
    """The sides whose acknowledgement lapsed, each with since when it is asked whether it still has it."""
    return _in_turn([(each, each.lapsed_at) for each in sides], state, mine)


def silent_text(side: str, since: str) -> str:
    """What others are told of one."""
    return f"Nothing from {side} for a while: it was asked {since} whether it still has it."


def _in_turn(
    found: Iterable[tuple[Acknowledging, datetime | None]], state: State, mine: Collection[int]
) -> tuple[tuple[Acknowledging, datetime], ...]:
    timed = [(side, at) for side, at in found if at is not None and state in LIVE]
    return tuple(sorted(timed, key=lambda one: (one[0].organisation_id not in mine, one[1], one[0].organisation_id)))


def rungs(context: LadderContext, issue: Climber, now: datetime) -> tuple[Rung, ...]:
    """The whole ladder, top first."""
    reached = {each.tier.number: each.at for each in ahead_of(context, issue, now)}
    written = defaultdict[tuple[int, int], list[Holding]](list)  # by tier and side
    for each in issue.holders:
        if not each.acted:
            written[each.tier, each.organisation_id].append(each)
    return tuple(
        Rung(tier, at, tuple(_seats(context, issue, tier, side, written[tier.number, side]) for side in context.sides))
        for tier in reversed(context.ladder.tiers)
        for at in (reached.get(tier.number),)
    )


def ahead_of(context: LadderContext, issue: Climber, now: datetime) -> tuple[Ahead, ...]:
    """The tiers above an issue, while its clock runs; one whose limit passed goes on from now."""
    if issue.due_at is None or issue.state not in LIVE:
        return ()
    return ahead(context, next_number(issue) - 1, max(issue.due_at, now))


def next_number(issue: Climber) -> int:
    """The tier that has it next if its limit passes: what was handed down goes back to the one that decided."""
    return issue.deciding_tier or issue.tier + 1


def _seats(
    context: LadderContext, issue: Climber, tier: Tier, side: int, written: Iterable[Holding]
) -> tuple[int, ...]:
    """Who was `written` down when it came to the tier, without who left while it is there; else who would hold it."""
    is_here = tier.number == issue.tier and issue.state is not State.RESOLVED
    there = [each for each in written if each.active or not is_here] if tier.number <= issue.tier else []
    ordered = sorted(there, key=lambda each: (not each.first, each.id))
    return tuple(each.person_id for each in ordered or holders_at(context, tier, side))


def enter(context: LadderContext, number: int, at: datetime) -> Entry | None:
    """Entering tier `number`, or the first filled one above it; None when all of them are vacant or there is none."""
    vacancies: list[Vacancy] = []
    for tier in context.ladder.tiers[number - 1 :]:
        empty = vacant_sides(context, tier)
        if not empty:
            return entry(context, tier, at, tuple(vacancies))
        vacancies.append(Vacancy(tier, empty))
    return None


def enter_anyway(context: LadderContext, number: int, at: datetime) -> Entry:
    """The same, but for the tier itself where nobody is on it or above."""
    return enter(context, number, at) or entry(context, context.ladder.tiers[number - 1], at)


def entry(context: LadderContext, tier: Tier, at: datetime, vacancies: tuple[Vacancy, ...] = ()) -> Entry:
    """What entering exactly this tier sets, filled or not."""
    due = due_at(context, tier, at)
    sides = tuple(context.arrangement.organisations[side].key for side in context.sides)
    asked = (tier.acknowledge,) if tier.acknowledge else ()
    return Entry(
        tier=tier,
        body=context.arrangement.bodies.get(tier.body),
        at=at,
        due=due,
        warn_at=warn_at(context, tier, due),
        acknowledge_by={side: context.due(Origin(each, at, acts=(side,))) for each in asked for side in sides},
        holders=tuple(each for side in context.sides for each in holders_at(context, tier, side)),
        sides=sides,
        vacancies=vacancies,
    )


def due_at(context: LadderContext, tier: Tier, at: datetime) -> Due | None:
    """The limit of a tier entered at `at`, by the joint calendar of the sides; None where a tier has none."""
    if not tier.limit:
        return None
    return context.due(Origin(tier.limit, at, body=tier.body, or_at_most=tier.or_at_most))


def warn_at(context: LadderContext, tier: Tier, due: Due | None) -> datetime | None:
    """When it is said that the limit comes near; None where the tier says nothing of that."""
    return warning_before(tier.warn, due.at, context.calendar) if tier.warn and due else None


def after_change(
    before: LadderContext,
    after: LadderContext,
    origin: Origin,
    held_at: datetime,
    *,
    now: datetime,
) -> Due:
    """Where what stands at a moment stands once the arrangement changed: where its origin has it, if that is another
    moment than before. Later freely; earlier never to less than a joint working day from now, by a meeting never to
    one before now, and not at all because a single meeting was cancelled or put off."""
    reckoned = after.due(origin)
    if reckoned.at == before.due(origin).at:
        return Due(held_at, origin)
    if reckoned.at >= held_at:
        return reckoned
    floor = held_at if _is_put_off(before, after, origin) else _nearest(after, origin, held_at, now)
    return reckoned if reckoned.at >= floor else after.due(replace(origin, not_before=floor))


def _is_put_off(before: LadderContext, after: LadderContext, origin: Origin) -> bool:
    """Whether it waits for a meeting of a body of which a single one was cancelled or put off."""
    was, now = (each.arrangement.bodies.get(origin.body) if origin.meetings_after else None for each in (before, after))
    return bool(was and now and one_meeting_later(was.meets, now.meets))


def _nearest(context: LadderContext, origin: Origin, held_at: datetime, now: datetime) -> datetime:
    body = context.arrangement.bodies.get(origin.body) if origin.meetings_after else None
    if body and context.meetings(body, now):
        return now
    return min(held_at, limit_at(A_WORKING_DAY, now, context.calendar))


def ahead(context: LadderContext, number: int, due: datetime | None) -> tuple[Ahead, ...]:
    """The tiers above `number` with the date each is reached if nothing happens; vacant ones are passed at once."""
    reached: list[Ahead] = []
    for tier in context.ladder.tiers[number:]:
        if due is None:
            break
        if not vacant_sides(context, tier):
            reached.append(Ahead(tier, due))
            deadline = due_at(context, tier, due)
            due = deadline.at if deadline else None
    return tuple(reached)


def vacant_sides(context: LadderContext, tier: Tier) -> tuple[Organisation, ...]:
    """The sides that have nobody seated at a tier; that somebody is away makes it not vacant. An external tier is held
    by outsiders, so never vacant."""
    if tier.external:
        return ()
    organisations = context.arrangement.organisations
    return tuple(organisations[side] for side in context.sides if not holders_at(context, tier, side))


def holders_at(context: LadderContext, tier: Tier, side: int) -> tuple[HolderAt, ...]:
    """Who has a tier for one side as agreed, whoever is away, the opposite number first.

    At tier 1 the route's or service area's lead comes first; then the side's seats with `holds`, in order. Who acts for
    them on a day is the question of `rules/ladder/acting`.
    """
    arrangement = context.arrangement
    organisation = arrangement.organisations[side]
    lead = context.leads.get(organisation.key) if tier.number == 1 else None
    seats = [seat for seat in arrangement.seats(tier.body, organisation.key) if seat.holds]
    agreed = [(lead,), *((seat.person_id, seat.deputy_id) for seat in seats)]
    heirs = ([each for each in place if each and _belongs(arrangement, each, organisation)] for place in agreed)
    people = dict.fromkeys(place[0] for place in heirs if place)
    return tuple(HolderAt(side, tier.number, person, first=index == 0) for index, person in enumerate(people))


def _belongs(arrangement: Arrangement, person_id: int, organisation: Organisation) -> bool:
    person = arrangement.people.get(person_id)
    return person is not None and organisation.key in person.roles
