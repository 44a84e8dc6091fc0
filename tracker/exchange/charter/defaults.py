"""Saying what a charter leaves unsaid, so that two ways of writing the same thing are equal."""

from collections.abc import Mapping
from dataclasses import replace

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.shapes import BodyShape, LadderShape, PersonShape, SeatShape, TierShape
from tracker.exchange.charter.starters import EXPEDITED


def settle(charter: Charter) -> Charter:
    """The same charter: seats with their organisation, ladders with a name, the only ladder as the default."""
    return replace(
        charter,
        body={key: _settled_body(body, charter.person) for key, body in charter.body.items()},
        ladder={key: _settled_ladder(ladder, charter) for key, ladder in charter.ladder.items()},
    )


def _settled_body(body: BodyShape, people: Mapping[str, PersonShape]) -> BodyShape:
    return body.model_copy(update={"seats": tuple(_settled_seat(seat, people) for seat in body.seats)})


def _settled_seat(seat: SeatShape, people: Mapping[str, PersonShape]) -> SeatShape:
    person = people.get(seat.person)
    if seat.organisation is not None or person is None or len(person.organisations) != 1:
        return seat
    return seat.model_copy(update={"organisation": person.organisations[0].key})


def _settled_ladder(ladder: LadderShape, charter: Charter) -> LadderShape:
    choosable = [key for key in charter.ladder if not key.endswith(EXPEDITED)]
    return ladder.model_copy(
        update={
            "name": ladder.name or ladder.key.replace("-", " ").replace("_", " ").capitalize(),
            "default": ladder.default or choosable == [ladder.key],
            "tiers": tuple(_settled_tier(tier, charter.body) for tier in ladder.tiers),
        }
    )


def _settled_tier(tier: TierShape, bodies: Mapping[str, BodyShape]) -> TierShape:
    """A tier that is named as its body goes by whatever its body is called."""
    body = bodies.get(tier.body or "")
    return tier.model_copy(
        update={
            "name": None if body and tier.name == body.name else tier.name,
            "whole_body": tier.paper if tier.whole_body is None else tier.whole_body,
        }
    )
