"""Doors: how somebody proved who they are in a session, and what of theirs counts there."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

ANEW_FOR = timedelta(minutes=15)  # so long it counts that somebody proved who they are


class Door(StrEnum):
    """One way of proving it. An organisation's own provider is a door by the name of `sso_door`."""

    LINK = "link"  # mailed, or handed over by those who run the server
    PASSKEY = "passkey"  # a device that asked for its person, too: two factors in one
    CODE = "code"  # of an authenticator, or one to recover with; always behind another door
    DEMONSTRATION = "demonstration"  # one click; nothing behind it is real


class Demand(StrEnum):
    """What an organisation asks of a session before a membership of it counts there."""

    SECOND_FACTOR = "second_factor"
    SSO = "sso"


MET_HERE = (Demand.SECOND_FACTOR,)  # by what this server asks for; the other needs a provider of the organisation's own
DEMAND_WORDS = {Demand.SECOND_FACTOR: "a second factor", Demand.SSO: "its own sign-in"}
_TWO_FACTORS = frozenset({Door.PASSKEY, Door.CODE})


def sso_door(organisation_id: int) -> str:
    """The door that is an organisation's own, and opens no other one's."""
    return f"sso-{organisation_id}"


def is_passed(demand: Demand | None, organisation_id: int, doors: Iterable[str]) -> bool:
    """Whether what an organisation demands was done in a session that came through these doors. Demands are met by a
    door each: one organisation's provider tells nothing to another, and a second factor is asked for here."""
    if demand is None:
        return True
    return has_two_factors(doors) if demand is Demand.SECOND_FACTOR else sso_door(organisation_id) in doors


def has_two_factors(doors: Iterable[str]) -> bool:
    return not _TWO_FACTORS.isdisjoint(doors)


def is_confirmed_anew(doors: Iterable[str], confirmed_at: datetime, now: datetime) -> bool:
    """Whether it is known just now who sits there, for what touches others. In a demonstration it is of no matter."""
    return now < confirmed_at + ANEW_FOR or Door.DEMONSTRATION in doors


def joined(doors: Iterable[str], door: str) -> tuple[str, ...]:
    """With one more, each once, as they were passed."""
    return tuple(dict.fromkeys((*doors, door)))
