"""Who hears of an event: each of `Recipients` made into persons, by the seats, holders and deputies of that day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tracker.rules.arrangement import Arrangement, Body, Ladder, Seat
from tracker.rules.events.kinds import EventKind, Recipients
from tracker.rules.ladder import HolderAt


@dataclass(frozen=True, slots=True)
class Hearing:
    """The setting in which an event is heard: the arrangement, and the issue as the event left it.

    `tier` is the tier after the event; `spoke_for` the doer's organisation; `on` the day, which settles deputies. An
    event of the arrangement has neither ladder, sides nor holders; one of a decision has its sides and `owners`, and
    the `body` that took it. `asked`: who is, whether it stayed fixed.
    """

    arrangement: Arrangement
    on: date
    ladder: Ladder | None = None
    sides: tuple[int, ...] = ()
    raiser_id: int | None = None
    holders: tuple[HolderAt, ...] = ()
    tier: int = 0
    doer_id: int | None = None
    spoke_for: int | None = None
    body: Body | None = None
    owners: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()


def hearers(kind: EventKind, hearing: Hearing) -> frozenset[int]:
    """The ids of who is to hear of an event: never its doer, nobody who has left. Who of them may read it is the
    policy's question."""
    found = {person for hear in kind.hears for person in _FOUND[hear](kind, hearing)}
    people = hearing.arrangement.people
    return frozenset(each for each in found - {hearing.doer_id} if each in people and not people[each].retired)


def _raiser(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return () if hearing.raiser_id is None else (hearing.raiser_id,)


def _holders(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return _held(hearing, lambda holder: holder.tier == hearing.tier)


def _other_holders(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return _held(hearing, lambda holder: holder.tier == hearing.tier and holder.organisation_id != hearing.spoke_for)


def _below(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return _held(hearing, lambda holder: holder.tier < hearing.tier)


def _side(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    named = hearing.arrangement.organisation(_named_side(kind)).id
    return _held(hearing, lambda holder: holder.tier == hearing.tier and holder.organisation_id == named)


def _skipped(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    numbers: tuple[int, ...] = getattr(kind, "skipped", ())
    return [person for number in numbers for person in _seated(hearing, number, _side_keys(hearing))]


def _next_up(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    """Where the side has nobody on the next tier, the first tier above on which it has; failing all, its leads."""
    side = _named_side(kind)
    above = range(hearing.tier + 1, len(hearing.ladder.tiers) + 1) if hearing.ladder else range(0)
    seated = (_seated(hearing, number, {side}) for number in above)
    return next((people for people in seated if people), None) or _leads_of(hearing, side)


def _chairs(_: EventKind, hearing: Hearing) -> Iterable[int]:
    """Where a body has no chair, the sides' seats that hold: a reminder that nobody gets is none."""
    chairs = [seat for seat in _seats(_body(hearing, hearing.tier)) if seat.chair]
    return _acting_for(chairs, hearing) or _seated(hearing, hearing.tier, _side_keys(hearing))


def _leads(_: EventKind, hearing: Hearing) -> Iterable[int]:
    organisations = (hearing.arrangement.organisations[side] for side in hearing.sides)
    return [lead for each in organisations for lead in _leads_of(hearing, each.key)]


def _all_leads(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return [lead for each in hearing.arrangement.active_organisations() for lead in _leads_of(hearing, each.key)]


def _asked(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return hearing.asked


def _owners(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return hearing.owners


def _members(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return _acting_for(_seats(hearing.body), hearing)


def _held(hearing: Hearing, wanted: Callable[[HolderAt], bool]) -> list[int]:
    return [_acting(holder, hearing) for holder in hearing.holders if wanted(holder)]


def _acting(holder: HolderAt, hearing: Hearing) -> int:
    """The deputy while the holder is away or has left, by the holder's seat at that tier."""
    body = _body(hearing, holder.tier)
    organisation = hearing.arrangement.organisations[holder.organisation_id].key
    mine = (holder.person_id, organisation)
    seat = next((seat for seat in _seats(body) if (seat.person_id, seat.organisation) == mine), None)
    return hearing.arrangement.acting(seat, hearing.on) if seat else holder.person_id


def _seated(hearing: Hearing, number: int, organisations: set[str]) -> list[int]:
    seats = _seats(_body(hearing, number))
    return _acting_for((each for each in seats if each.holds and each.organisation in organisations), hearing)


def _acting_for(seats: Iterable[Seat], hearing: Hearing) -> list[int]:
    """Whoever acts for these seats that day, without those who have left or have not accepted yet."""
    people = hearing.arrangement.people
    acting = [(hearing.arrangement.acting(seat, hearing.on), seat.organisation) for seat in seats]
    return [each for each, organisation in acting if each in people and organisation in people[each].roles]


def _seats(body: Body | None) -> tuple[Seat, ...]:
    return body.seats if body else ()


def _body(hearing: Hearing, number: int) -> Body | None:
    tiers = hearing.ladder.tiers if hearing.ladder else ()
    return hearing.arrangement.bodies.get(tiers[number - 1].body) if 0 < number <= len(tiers) else None


def _leads_of(hearing: Hearing, organisation: str) -> list[int]:
    return [person.id for person in hearing.arrangement.leads_of(organisation)]


def _side_keys(hearing: Hearing) -> set[str]:
    return {hearing.arrangement.organisations[side].key for side in hearing.sides}


def _named_side(kind: EventKind) -> str:
    return str(getattr(kind, "side", ""))


_FOUND: dict[Recipients, Callable[[EventKind, Hearing], Iterable[int]]] = {
    Recipients.RAISER: _raiser,
    Recipients.HOLDERS: _holders,
    Recipients.OTHER_HOLDERS: _other_holders,
    Recipients.BELOW: _below,
    Recipients.SKIPPED: _skipped,
    Recipients.NEXT_UP: _next_up,
    Recipients.SIDE: _side,
    Recipients.CHAIRS: _chairs,
    Recipients.LEADS: _leads,
    Recipients.ALL_LEADS: _all_leads,
    Recipients.ASKED: _asked,
    Recipients.OWNERS: _owners,
    Recipients.MEMBERS: _members,
}
