"""Decisions of a body: who may take one, what state it is in, and when its owners are reminded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice

from tracker.rules.arrangement import Arrangement, Body, Organisation, Seat
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Membership, Role, Viewer
from tracker.rules.wording import listed, say_day
from tracker.rules.working_time import WorkingTime

REMINDED_BEFORE = 5
"""How many working days before the due date the owners are reminded for the first time."""

_DECIDE = frozenset({Role.MANAGER, Role.STEERING})


class DecisionState(StrEnum):
    """What became of a decision."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def words(self) -> str:
        return "replaced" if self is DecisionState.SUPERSEDED else self.value


class FollowUp(StrEnum):
    """What a person can do to a decision that stands."""

    FINISH = "say that it is done"
    PROGRESS = "say how far it is"
    MOVE = "give it another date"
    WITHDRAW = "withdraw it"


class DecisionRelation(StrEnum):
    """What a person is to a decision; a person may be both."""

    OWNER = "its owners"
    DECIDER = "those who decide on its body"


MAY_FOLLOW_UP: dict[FollowUp, frozenset[DecisionRelation]] = {
    FollowUp.FINISH: frozenset({DecisionRelation.OWNER}),
    FollowUp.PROGRESS: frozenset(DecisionRelation),
    FollowUp.MOVE: frozenset(DecisionRelation),
    FollowUp.WITHDRAW: frozenset({DecisionRelation.DECIDER}),
}


class SubjectKind(StrEnum):
    """What a decision is on. Topics are those of its themes and clauses when it was taken."""

    THEME = "theme"
    CLAUSE = "clause"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Reminders:
    """When the owners are reminded; None where that moment has passed already."""

    near_at: datetime | None
    due_at: datetime | None


def deciding_places(viewer: Viewer, body: Body, arrangement: Arrangement, on: date) -> tuple[Membership, ...]:
    """The organisations for which a person may decide on a body on a day (product.md, "May").

    They sit there, or stand in for who does, as a manager or a steering member: on a seat that holds, or on any seat
    where the body has a tier marked `paper`. Front-line staff do not decide, nor does a lead as lead.
    """
    whole = reads_papers(body, arrangement)
    seats = [seat for seat in body.seats if (seat.holds or whole) and _sits(viewer, seat, arrangement, on)]
    mine = {seat.organisation for seat in seats}
    places = viewer.in_partnership(arrangement.id)
    return tuple(each for each in places if each.organisation_key in mine and each.roles & _DECIDE)


def require_deciding(viewer: Viewer, body: Body, arrangement: Arrangement, on: date) -> tuple[Membership, ...]:
    """The same; refuses with MayNot whoever has no such place."""
    places = deciding_places(viewer, body, arrangement, on)
    if not places:
        raise MayNot(f"You can read this; to decide is for the managers and steering members seated on {body.name}.")
    return places


def relations_to_decision(
    viewer: Viewer, owner_ids: Collection[int], body: Body, arrangement: Arrangement, on: date
) -> frozenset[DecisionRelation]:
    """What a person is to a decision of a body."""
    conditions = (
        (DecisionRelation.OWNER, viewer.person_id in owner_ids),
        (DecisionRelation.DECIDER, bool(deciding_places(viewer, body, arrangement, on))),
    )
    return frozenset(relation for relation, holds in conditions if holds)


def require_follow_up(step: FollowUp, relations: frozenset[DecisionRelation]) -> None:
    """Refuses with MayNot, naming who may."""
    if not MAY_FOLLOW_UP[step] & relations:
        allowed = listed(relation.value for relation in DecisionRelation if relation in MAY_FOLLOW_UP[step])
        raise MayNot(f"You can read this decision; to {step.value} is for {allowed}.")


def deciding_sides(body: Body, arrangement: Arrangement) -> tuple[Organisation, ...]:
    """The organisations that decide there: those seated on it; where that is one or none, all."""
    active = arrangement.active_organisations()
    seated = [each for each in active if each.key in {seat.organisation for seat in body.seats}]
    return tuple(seated if len(seated) > 1 else active)


def reads_papers(body: Body, arrangement: Arrangement) -> bool:
    """Whether the body has a tier marked `paper` on a ladder that is in force."""
    in_force = (arrangement.ladder_in_force(each.key) for each in arrangement.ladders.values())
    return any(tier.paper and tier.body == body.key for ladder in in_force if ladder for tier in ladder.tiers)


def may_publish(viewer: Viewer, body: Body, arrangement: Arrangement) -> bool:
    """Whether a person may draft and publish the packs of a body: its chair, or a steering member seated on it."""
    steering = {each.organisation_key for each in viewer.in_partnership(arrangement.id) if Role.STEERING in each.roles}
    seats = [seat for seat in body.seats if seat.person_id == viewer.person_id and body.id in viewer.bodies]
    return any(seat.chair or seat.organisation in steering for seat in seats)


def require_publishing(viewer: Viewer, body: Body, arrangement: Arrangement) -> None:
    """Refuses with MayNot, naming who may."""
    if not may_publish(viewer, body, arrangement):
        raise MayNot(
            f"You can read this; packs are drafted and published by the chair of {body.name} and by its "
            "steering members."
        )


def reminders(due_on: date, now: datetime, calendar: WorkingTime) -> Reminders:
    """Both at the opening of a joint working day: the due date, or the last one before it where that is none; and
    REMINDED_BEFORE working days earlier."""
    near_at, due_at = reminder_moments(due_on, calendar)
    return Reminders(near_at if near_at > now else None, due_at if due_at > now else None)


def reminder_moments(due_on: date, calendar: WorkingTime) -> tuple[datetime, datetime]:
    """When the due date comes near, and when it is here, whether that has passed or not."""
    last, *_, first = islice(calendar.working_days(due_on, step=-1), REMINDED_BEFORE + 1)
    near_at, due_at = (calendar.spans_on(day)[0][0] for day in (first, last))
    return near_at, due_at


def is_past_due(state: DecisionState, due_on: date, today: date) -> bool:
    """Whether a decision that still stands should have been done by now; on the due date it is not yet late."""
    return state is DecisionState.OPEN and due_on < today


def say_decision(number: int, what: str) -> str:
    """“decision 4, “Letters go out the same day””; where it is clear which, “decision 4”."""
    return f"decision {number}, “{what}”" if what else f"decision {number}"


def say_standing(state: DecisionState, due_on: date, ended_on: date | None, later: int | None, today: date) -> str:
    """“due Fri 29 May”, “past due since Fri 29 May”, “done on Mon 4 May”, “replaced by decision 7” (`later`); with the
    year where it is not this one."""
    if state is DecisionState.OPEN:
        when = say_day(due_on, today.year)
        return f"past due since {when}" if is_past_due(state, due_on, today) else f"due {when}"
    if state is DecisionState.SUPERSEDED:
        return f"replaced by decision {later}"
    return f"{state.value} on {say_day(ended_on or due_on, today.year)}"


def say_owners(owners: tuple[tuple[str, str], ...]) -> str:
    """“Jo Bell (Hospitals) and Lee Park (Council)”, from names and their organisations."""
    return listed(f"{name} ({organisation})" for name, organisation in owners)


def _sits(viewer: Viewer, seat: Seat, arrangement: Arrangement, on: date) -> bool:
    day = arrangement.day_on(arrangement.organisation(seat.organisation).id, on)
    return viewer.person_id in (seat.person_id, *day.acting(seat))
