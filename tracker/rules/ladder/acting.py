"""Who acts on an issue for a side today: whoever has it, or who stands in for them while they are away.

Everything that asks who acts asks here: what somebody may do and read, their desk, who is told, page and letter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.rules.arrangement import Absence, Arrangement, Day, Organisation, Tier
from tracker.rules.lifecycle import State
from tracker.rules.names import person_name
from tracker.rules.rings import NO_DUTY, Duty, Reserve, Ring, StandIn
from tracker.rules.wording import say_day


class Holding(Protocol):
    """A holder as written down when an issue came to a tier; `active`: still there, and it is still on that tier;
    `acted`: they hold nothing, but stood in for a holder there."""

    id: int
    organisation_id: int
    tier: int
    person_id: int
    first: bool
    active: bool
    acted: bool


class HeldIssue(Protocol):
    """What of an issue says where it stands, and who has it or had it on its way."""

    @property
    def tier(self) -> int: ...
    @property
    def state(self) -> State: ...
    @property
    def holders(self) -> Sequence[Holding]: ...


class Standing(Protocol):
    """What of an issue says how far others than its holders may be asked."""

    @property
    def ring(self) -> Ring: ...
    @property
    def state(self) -> State: ...
    @property
    def tier(self) -> int: ...
    @property
    def ladder_version_id(self) -> int | None: ...


class ActedOn(HeldIssue, Standing, Protocol):
    """What of an issue says who acts on it."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A holder who is away, and since when and until when."""

    person_id: int
    absence: Absence


@dataclass(frozen=True, slots=True)
class ToldAbove:
    """Who is told beside those who act: who is here on a `tier` above, or, where it is None, the side's leads."""

    tier: Tier | None
    people: tuple[int, ...]


def who_acts(issue: ActedOn, arrangement: Arrangement, organisation_id: int, at: datetime) -> tuple[int, ...]:
    """The ids of who acts for a side where an issue is, the one to turn to first; empty where nobody is there.

    Its holders; for one who is away the deputy of their seat; where by that nobody is there, whoever is here of the
    side's seats that hold, on that body, then on the next tier up. About a person, and of what is over, nobody above
    is asked (product.md, "Holders and deputies").
    """
    return _who_acts(_written(issue, organisation_id), issue, arrangement.day(organisation_id, at))


def _who_acts(written: Sequence[int], issue: Standing, day: Day) -> tuple[int, ...]:
    tiers = _tiers_from(issue, day.arrangement)
    if not tiers or not written:
        return ()
    is_over = issue.state is State.RESOLVED
    reached = () if is_over else tiers[:1] if issue.ring is Ring.NAMED else tiers
    return acting(day, tiers[0], written, reached)


def first_acting(written: Sequence[int], issue: Standing, day: Day) -> int | None:
    """To whom one turns first, where who was written down for the side is known already; None where nobody is there."""
    if written and day.is_here(written[0]):  # of most issues
        return written[0]
    return next(iter(_who_acts(written, issue, day)), None)


def told_above(issue: Standing, arrangement: Arrangement, organisation_id: int, at: datetime) -> ToldAbove:
    """Who is told when a side is late. Of an issue about a person nobody above may know, so nobody is."""
    if issue.ring is Ring.NAMED:
        return ToldAbove(None, ())
    return first_above(arrangement, _tiers_from(issue, arrangement)[1:], organisation_id, at)


def first_above(arrangement: Arrangement, tiers: Iterable[Tier], organisation_id: int, at: datetime) -> ToldAbove:
    """The first of these tiers on which a side has somebody here; failing all, its leads."""
    day = arrangement.day(organisation_id, at)
    for tier in tiers:
        if people := seated(day, tier):
            return ToldAbove(tier, people)
    return ToldAbove(None, tuple(each.id for each in arrangement.leads_of(day.organisation.key)))


def acting(day: Day, tier: Tier, written: Iterable[int], reached: Sequence[Tier]) -> tuple[int, ...]:
    """The same of people written down at a tier; `reached`: the tiers on which others may be asked, this one first."""
    own = _standing(day, tier, written)
    return own or next((found for each in reached if (found := seated(day, each))), ())


def seated(day: Day, tier: Tier) -> tuple[int, ...]:
    """Who is here of a side's seats that hold on a tier, each by themselves or by their deputy."""
    return tuple(dict.fromkeys(person for seat in day.seats(tier.body) if seat.holds for person in day.acting(seat)))


def absent_holders(issue: ActedOn, arrangement: Arrangement, organisation_id: int, at: datetime) -> tuple[Absent, ...]:
    """The holders of a side, where an issue is, who are away today."""
    day = arrangement.day(organisation_id, at)
    return tuple(Absent(each, day.absent[each]) for each in _written(issue, organisation_id) if each in day.absent)


def absence_text(issue: ActedOn, arrangement: Arrangement, side: Organisation, at: datetime) -> str:
    """“Kim Tran is away until Fri 8 May.” where who has an issue first for a side is; and what becomes of it where
    nobody of theirs is there to act. Empty where they are here."""
    if side.retired:
        return f"{side.name} has left the partnership, and nobody there acts."
    day, first = arrangement.day(side.id, at), next(iter(_written(issue, side.id)), 0)
    if first not in day.absent:
        return ""
    said = f"{person_name(first, arrangement)} is {until_text(day.absent[first])}"
    return f"{said}." if who_acts(issue, arrangement, side.id, at) else f"{said}, and {nobody_text(issue)}."


def until_text(absence: Absence) -> str:
    return f"away until {say_day(absence.away_until) if absence.away_until else 'further notice'}"


def nobody_text(issue: Standing) -> str:
    return f"nobody there {'may read it' if issue.ring is Ring.NAMED else 'acts'}; their leads are told"


def duty_of(person_id: int, arrangement: Arrangement, organisation_id: int, at: datetime) -> Duty:
    """For whom somebody acts today in an organisation of theirs. Of those who act by `who_acts` it says the same, read
    from the other end: a condition on issues that are not loaded yet."""
    day = arrangement.day(organisation_id, at)
    if person_id not in day.duties:
        day.duties[person_id] = _duty(person_id, organisation_id, day)
    return day.duties[person_id]


def _duty(person_id: int, organisation_id: int, day: Day) -> Duty:
    if person_id in day.absent:
        return Duty(away=frozenset({organisation_id}))
    if not day.is_here(person_id) or not day.absent:
        return NO_DUTY
    return Duty(
        stands_in=frozenset(_stands_in(person_id, organisation_id, day)),
        reserves=frozenset(_reserves(person_id, organisation_id, day)),
    )


def _stands_in(person_id: int, organisation_id: int, day: Day) -> Iterator[StandIn]:
    for body in day.arrangement.bodies.values():
        for seat in day.seats(body.key):
            if seat.deputy_id == person_id and seat.person_id in day.absent:
                yield StandIn(organisation_id, body.id, seat.person_id)


def _reserves(person_id: int, organisation_id: int, day: Day) -> Iterator[Reserve]:
    for ladder in day.arrangement.ladders.values():
        for tier in ladder.tiers:
            above = ladder.tiers[tier.number - 1 :]
            reached = next((each for each in above if seated(day, each)), None)
            absent = frozenset(each for each in day.absent if not _standing(day, tier, [each]))
            if reached and absent and person_id in seated(day, reached):
                yield Reserve(organisation_id, ladder.id, tier.number, absent, own=reached is tier)


def _standing(day: Day, tier: Tier, written: Iterable[int]) -> tuple[int, ...]:
    """Those of these people who are here, and for the others the deputies of their seats who are."""
    seats = {seat.person_id: seat for seat in reversed(day.seats(tier.body))}
    found = ((each,) if day.is_here(each) else day.acting(seats[each]) if each in seats else () for each in written)
    return tuple(dict.fromkeys(person for people in found for person in people))


def _written(issue: HeldIssue, organisation_id: int) -> list[int]:
    """Who was written down for a side when it came to the tier it is on, the one to turn to first."""
    is_over = issue.state is State.RESOLVED
    here = [
        each
        for each in issue.holders
        if (each.organisation_id, each.tier) == (organisation_id, issue.tier)
        and not each.acted
        and (each.active or is_over)
    ]
    return [each.person_id for each in sorted(here, key=lambda each: (not each.first, each.id))]


def _tiers_from(issue: Standing, arrangement: Arrangement) -> tuple[Tier, ...]:
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    return ladder.tiers[issue.tier - 1 :] if ladder and issue.tier else ()
