"""Who hears of an event: each of `Recipients` made into persons, by who acts on that day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.rules.arrangement import Arrangement, Body, Day, Ladder, Tier
from tracker.rules.events.kinds import EventKind, Recipients
from tracker.rules.ladder import HolderAt
from tracker.rules.ladder.acting import acting, first_above, seated


@dataclass(frozen=True, slots=True)
class Hearing:
    """The setting in which an event is heard: the arrangement, and the issue as the event left it.

    `tier` is the tier after the event; `spoke_for` the doer's organisation; `at` the moment whose day settles who acts;
    `named`: it is about a person. An event of the arrangement has neither ladder, sides nor holders; one of a decision
    has its sides and `owners`, and the `body` that took it. `asked`: who is, whether it stayed fixed.
    """

    arrangement: Arrangement
    at: datetime
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
    named: bool = False

    @property
    def here(self) -> Tier | None:
        """The tier it is on."""
        tiers = self.ladder.tiers if self.ladder else ()
        return tiers[self.tier - 1] if 0 < self.tier <= len(tiers) else None

    def acting(self, side: int, tier: Tier) -> tuple[int, ...]:
        """Who acts for a side on a tier on which it has or had holders."""
        written = [each.person_id for each in self.holders if (each.organisation_id, each.tier) == (side, tier.number)]
        reached = (tier,) if self.named else self.ladder.tiers[tier.number - 1 :] if self.ladder else ()
        return acting(self.arrangement.day(side, self.at), tier, written, reached) if written else ()

    def unattended(self) -> tuple[int, ...]:
        """The sides for which nobody is there to act on it where it is."""
        here = self.here
        if here is None or here.external:
            return ()
        return tuple(side for side in self.sides if not self.acting(side, here))


def hearers(kind: EventKind, hearing: Hearing) -> frozenset[int]:
    """The ids of who is to hear of an event: never its doer, nobody who has left. Who of them may read it is the
    policy's question."""
    found = {person for hear in kind.heard_by() for person in _FOUND[hear](kind, hearing)}
    people = hearing.arrangement.people
    return frozenset(each for each in found - {hearing.doer_id} if each in people and not people[each].retired)


def _raiser(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return () if hearing.raiser_id is None else (hearing.raiser_id,)


def _holders(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return [person for side in hearing.sides for person in _acting_or_leads(hearing, side)]


def _other_holders(_: EventKind, hearing: Hearing) -> Iterable[int]:
    others = (side for side in hearing.sides if side != hearing.spoke_for)
    return [person for side in others for person in _acting_or_leads(hearing, side)]


def _below(_: EventKind, hearing: Hearing) -> Iterable[int]:
    below = hearing.ladder.tiers[: max(0, hearing.tier - 1)] if hearing.ladder else ()
    return [person for tier in below for side in hearing.sides for person in hearing.acting(side, tier)]


def _deciders(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    number: int = getattr(kind, "from_tier", 0)
    tiers = [tier for tier in (hearing.ladder.tiers if hearing.ladder else ()) if tier.number == number]
    return [person for tier in tiers for side in hearing.sides for person in hearing.acting(side, tier)]


def _side(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    return _acting_or_leads(hearing, hearing.arrangement.organisation(_named_side(kind)).id)


def _acting_or_leads(hearing: Hearing, side: int) -> Iterable[int]:
    """Who acts for a side where it is; where nobody is there, its leads, who can seat somebody. Of an issue about a
    person, which they may not read, they hear apart (`actions/announce`)."""
    if side in hearing.unattended():
        return _leads_of(hearing, hearing.arrangement.organisations[side].key)
    return hearing.acting(side, hearing.here) if hearing.here else ()


def _skipped(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    numbers: tuple[int, ...] = getattr(kind, "skipped", ())
    tiers = [tier for tier in (hearing.ladder.tiers if hearing.ladder else ()) if tier.number in numbers]
    return [person for tier in tiers for side in hearing.sides for person in seated(_day(hearing, side), tier)]


def _next_up(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    return _one_tier_up(hearing, hearing.arrangement.organisation(_named_side(kind)).id)


def _above(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return [person for side in hearing.sides for person in _one_tier_up(hearing, side)]


def _one_tier_up(hearing: Hearing, side: int) -> tuple[int, ...]:
    if hearing.named:  # as `told_above` has it
        return ()
    above = hearing.ladder.tiers[hearing.tier :] if hearing.ladder else ()
    return first_above(hearing.arrangement, above, side, hearing.at).people


def _chairs(_: EventKind, hearing: Hearing) -> Iterable[int]:
    """Where no chair of a body is there, who acts for its sides: a reminder that nobody gets is none."""
    body = hearing.arrangement.bodies.get(hearing.here.body) if hearing.here else None
    chairs = (seat for seat in (body.seats if body else ()) if seat.chair)
    there = [each for seat in chairs if (each := hearing.arrangement.acting(seat, hearing.at)) is not None]
    return there or [person for side in hearing.sides for person in _acting_or_leads(hearing, side)]


def _leads(_: EventKind, hearing: Hearing) -> Iterable[int]:
    organisations = (hearing.arrangement.organisations[side] for side in hearing.sides)
    return [lead for each in organisations for lead in _leads_of(hearing, each.key)]


def _all_leads(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return [lead for each in hearing.arrangement.active_organisations() for lead in _leads_of(hearing, each.key)]


def _asked(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return hearing.asked


def _side_leads(kind: EventKind, hearing: Hearing) -> Iterable[int]:
    return _leads_of(hearing, _named_side(kind))


def _owners(_: EventKind, hearing: Hearing) -> Iterable[int]:
    return hearing.owners


def _members(_: EventKind, hearing: Hearing) -> Iterable[int]:
    """Who sits on the body, or stands in; where nobody does, the letter waits for whoever's seat it is."""
    seats = hearing.body.seats if hearing.body else ()
    told = ((hearing.arrangement.acting(seat, hearing.at) or seat.person_id, seat.organisation) for seat in seats)
    people = hearing.arrangement.people
    return [each for each, organisation in told if each in people and organisation in people[each].roles]


def _mentioned(kind: EventKind, _: Hearing) -> Iterable[int]:
    mentioned: tuple[int, ...] = getattr(kind, "mentions", ())
    return mentioned


def _leads_of(hearing: Hearing, organisation: str) -> list[int]:
    return [person.id for person in hearing.arrangement.leads_of(organisation)]


def _day(hearing: Hearing, side: int) -> Day:
    return hearing.arrangement.day(side, hearing.at)


def _named_side(kind: EventKind) -> str:
    return str(getattr(kind, "side", ""))


_FOUND: dict[Recipients, Callable[[EventKind, Hearing], Iterable[int]]] = {
    Recipients.RAISER: _raiser,
    Recipients.HOLDERS: _holders,
    Recipients.OTHER_HOLDERS: _other_holders,
    Recipients.BELOW: _below,
    Recipients.DECIDERS: _deciders,
    Recipients.SKIPPED: _skipped,
    Recipients.NEXT_UP: _next_up,
    Recipients.ABOVE: _above,
    Recipients.SIDE: _side,
    Recipients.CHAIRS: _chairs,
    Recipients.LEADS: _leads,
    Recipients.ALL_LEADS: _all_leads,
    Recipients.ASKED: _asked,
    Recipients.SIDE_LEADS: _side_leads,
    Recipients.OWNERS: _owners,
    Recipients.MEMBERS: _members,
    Recipients.MENTIONED: _mentioned,
}
