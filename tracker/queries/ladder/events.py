"""Events as the measures of the ladder take them: read in one pass, details only of the few kinds that need them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select
from sqlmodel import Session, col

from tracker.measures.ball import OUTSIDER
from tracker.measures.ladder_flow import EventFlags, MeasuredEvent
from tracker.measures.tier_stays import RiseCause
from tracker.records.event import Event
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import KINDS
from tracker.rules.events.moving import Escalated, Paused, TopLimitPassed
from tracker.rules.lifecycle import FAST_TRACK, Cause
from tracker.rules.rings import Ring

_WITH_DETAILS = (Escalated.name, TopLimitPassed.name, Paused.name)
_FLAGS = {name: EventFlags(*(getattr(kind, flag) for flag in EventFlags._fields)) for name, kind in KINDS.items()}
_HOW = {cause.value: RiseCause.FAST_TRACK for cause in FAST_TRACK if cause is not Cause.VACANT}
_HOW |= {
    Cause.LIMIT.value: RiseCause.TIMED_OUT,
    Cause.VACANT.value: RiseCause.OTHER,
    Cause.REOPENED.value: RiseCause.OTHER,
}


def events_of(
    session: Session, arrangement: Arrangement, those: ColumnElement[bool]
) -> Iterator[tuple[int, list[MeasuredEvent]]]:
    """Issue by issue its events in order, of the issues that a condition on `Event` picks. What a side keeps to itself
    is not among them, a private note or what was before it crossed: it moves no figure. Never all at once: with so
    many objects alive Python would be busy counting them."""
    keys = {each.id: each.key for each in arrangement.organisations.values()}
    names = {each.name: each.key for each in arrangement.organisations.values()}
    stood = (col(Event.issue_id), col(Event.kind), col(Event.at), col(Event.tier), col(Event.ball_with_id))
    asked = or_(col(Event.kind).in_(_WITH_DETAILS), col(Event.ball_with_id).is_(None))
    more = (case((asked, col(Event.details))), case((col(Event.kind) == Paused.name, col(Event.words))))
    statement = select(*stood, col(Event.organisation_id), *more).where(those, col(Event.ring) == Ring.SHARED)
    rows = session.connection().execute(statement.order_by(col(Event.issue_id), col(Event.position)))
    for issue, found in groupby(rows, itemgetter(0)):
        yield issue, [_happened(row, keys, names) for row in found]


def _happened(row: Sequence[Any], keys: Mapping[int, str], names: Mapping[str, str]) -> MeasuredEvent:
    """Until it is on a ladder nobody has been asked, so nobody has the ball; `ball` names an outsider who has it."""
    _, kind, at, tier, ball_id, by_id, details, words = row
    ball, by, flags = keys.get(ball_id) if tier else None, keys.get(by_id), _FLAGS[kind]
    if details is None:
        return MeasuredEvent(flags, at, tier or None, ball, by)
    return MeasuredEvent(
        flags=flags,
        at=at,
        tier=tier or None,
        ball=details.get("ball") or ball if tier else None,
        by=by,
        waits_for=_waits_for(details, words, names) if flags.pauses else None,
        cause=_how(details.get("cause", "")),
        skipped=_skipped(details),
        late=_is_late(kind, details),
    )


def _is_late(kind: str, details: Mapping[str, Any]) -> bool:
    limit_passed = kind == TopLimitPassed.name or details.get("cause") == Cause.LIMIT.value
    return limit_passed or bool(details.get("late_seconds"))


def _how(cause: str) -> str:
    """How it went up, from the cause that its event gives; without one, whoever did it pushed it."""
    return RiseCause.AGREED if "agreed" in cause else _HOW.get(cause, RiseCause.PUSHED)


def _skipped(details: Mapping[str, Any]) -> int:
    """How many tiers were skipped on the way up; history only says from where to where."""
    if details.get("imported"):
        return max(0, int(details.get("to", 0)) - int(details.get("from_tier", 0)) - 1)
    return len(details.get("skipped", ()))


def _waits_for(details: Mapping[str, Any], words: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    """The key of the side that is waited for, else that it is somebody outside; "" where it does not say."""
    named = (words or {}).get("waits_for", "")
    found = details.get("waits_for") or names.get(named) or named
    return found if not found or found in names.values() else OUTSIDER
