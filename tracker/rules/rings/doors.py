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
_SSO = "sso-"
_TWO_FACTORS = frozenset({Door.PASSKEY, Door.CODE})


def sso_door(organisation_id: int) -> str:
    """The door that is an organisation's own, and opens no other one's."""
    return f"{_SSO}{organisation_id}"


def is_sso(door: str) -> bool:
    """Whether an organisation's own provider opened it, and not its person."""
    return door.startswith(_SSO)


def is_own(doors: Iterable[str]) -> bool:
    """Whether its person opened a door themselves, and not only an organisation for them: who keeps its provider could
    else give themselves a way into the account that lasts, and leads to what is of other organisations."""
    passed = _first(doors)
    return not passed or not all(is_sso(each) for each in passed)


def is_of_others_alone(organisation_id: int, doors: Iterable[str]) -> bool:
    """Whether nobody but other organisations' providers says whose session it is: to this one that tells nothing."""
    passed, mine = _first(doors), sso_door(organisation_id)
    return bool(passed) and all(is_sso(each) and each != mine for each in passed)


def is_passed(demand: Demand | None, organisation_id: int, doors: Iterable[str]) -> bool:
    """Whether what an organisation demands was done in a session that came through these doors. Demands are met by a
    door each: one organisation's provider tells nothing to another, and a second factor is asked for here."""
    passed = frozenset(doors)
    if demand is Demand.SSO:
        return sso_door(organisation_id) in passed
    if is_of_others_alone(organisation_id, passed):
        return False
    return demand is None or has_two_factors(passed)


def has_two_factors(doors: Iterable[str]) -> bool:
    return not _TWO_FACTORS.isdisjoint(doors)


def _first(doors: Iterable[str]) -> set[str]:
    """Those that say whose session it is: a code stands behind another one, and says it of none."""
    return set(doors) - {Door.CODE}


def is_confirmed_anew(doors: Iterable[str], confirmed_at: datetime, now: datetime) -> bool:
    """Whether it is known just now who sits there, for what touches others. In a demonstration it is of no matter."""
    return now < confirmed_at + ANEW_FOR or Door.DEMONSTRATION in doors


def joined(doors: Iterable[str], door: str) -> tuple[str, ...]:
    """With one more, each once, as they were passed."""
    return tuple(dict.fromkeys((*doors, door)))
