"""The heads of chains: those that moved since a checkpoint, and those that stand in one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.database import straight
from tracker.records.event import Event
from tracker.records.partnership import Organisation
from tracker.records.proofs.log import CheckpointHead, Log
from tracker.rules.proofs.leaves import ChainHead, ReaderGroup, reader_group

MOST_MOVED = 5_000  # heads at one checkpoint: on SQLite whoever writes waits for it; what is left has the next one
_LATE = 10_000  # ids: an event that took one may be kept later than others that took theirs after it


def organisation_keys(session: Session, partnership_id: int) -> dict[int, str]:
    """Of every organisation there ever was, in the order in which they came."""
    asked = columns(col(Organisation.id), col(Organisation.key)).where(
        col(Organisation.partnership_id) == partnership_id
    )
    return {row.id: row.key for row in session.execute(asked.order_by(col(Organisation.id)))}


def newest_event(session: Session) -> int:
    return session.scalar(columns(func.max(col(Event.id)))) or 0


def moved_heads(session: Session, log: Log) -> list[dict[str, Any]]:
    """The columns of a head, but for whose checkpoint it is, for each chain that moved since the last one; of very many
    the first."""
    ends = columns(func.max(col(Event.id))).where(
        col(Event.partnership_id) == log.partnership_id, col(Event.id) > log.seen_id - _LATE
    )
    last, first = aliased(Event), aliased(Event)
    names = ("issue_id", "readers", "place", "digest")
    asked = (
        columns(*(col(getattr(last, name)) for name in names), col(first.digest).label("chain"))
        .where(col(last.id).in_(ends.group_by(col(Event.issue_id), col(Event.readers))))
        .where(~exists().where(col(CheckpointHead.digest) == col(last.digest)))
    )
    begins = (col(first.readers) == col(last.readers), col(first.place) == 1)
    which = (
        (and_(col(first.issue_id) == col(last.issue_id), *begins), col(last.issue_id).is_not(None)),
        (and_(*_apart(last, first), *begins), col(last.issue_id).is_(None)),
    )
    asked = asked.limit(MOST_MOVED)
    found = (straight(session).execute(asked.join(first, join).where(where)) for join, where in which)
    return [dict(row) for rows in found for row in rows.mappings()][:MOST_MOVED]


def _apart(last: type[Event], first: type[Event]) -> tuple[ColumnElement[bool], ...]:
    return col(first.partnership_id) == col(last.partnership_id), col(first.issue_id).is_(None)


def heads_in(session: Session, checkpoint_id: int) -> list[dict[str, Any]]:
    """What stands in a checkpoint."""
    names = ("issue_id", "readers", "chain", "place", "digest")
    asked = columns(*(col(getattr(CheckpointHead, name)) for name in names))
    rows = straight(session).execute(asked.where(col(CheckpointHead.checkpoint_id) == checkpoint_id))
    return [dict(row) for row in rows.mappings()]


def in_groups(rows: Iterable[Mapping[str, Any]], keys: dict[int, str]) -> Iterator[tuple[ReaderGroup, ChainHead]]:
    """Each head with who reads its chain."""
    for row in rows:
        yield reader_group(row["readers"], keys), ChainHead(row["chain"], row["place"], row["digest"])
