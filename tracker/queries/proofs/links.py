"""The chains of a partnership, event by event: whether each stands on the one before it and ends where it should."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, cast

from sqlalchemy import RowMapping, Select, and_, func, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from tracker.database import straight
from tracker.records.event import LINKED, Event, link_of
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.proofs.log import Checkpoint, CheckpointHead
from tracker.records.quotation import Quotation
from tracker.rules.digest import CLOSED, NO_HEAD, Head, Word, next_on, with_head
from tracker.rules.events.kinds import REDACTED
from tracker.rules.refusals import Refused

ISSUES_AT_ONCE, EVENTS_AT_ONCE = 200, 2_000
_NAMES = ("position", "place", "digest", "partnership_id", *LINKED)
_EVENTS = columns(*(col(getattr(Event, name)) for name in _NAMES))

Progress = Callable[[int, int], None]
Places = dict[tuple[str, int], str]
"""The digest that a checkpoint has of the event at a place of a chain, by the name of the chain and that place."""


class RecordMisfit(Refused):
    """The first thing of a record that is not as it was. `where`: what it is; `why`: what is not as it was."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}.")
        self.where, self.why = where, why


@dataclass
class ChainTally:
    """What was gone through: `uncovered` events are in no checkpoint yet."""

    events: int = 0
    chains: int = 0
    uncovered: int = 0


def verify_chains(session: Session, partnership_id: int, key: str, progress: Progress) -> ChainTally:
    """Goes through every event, in bounded memory. Refuses with RecordMisfit at the first that does not."""
    total = session.scalar(columns(func.count()).where(col(Event.partnership_id) == partnership_id)) or 0
    tally = ChainTally()
    for chains in _every(session, partnership_id, key):
        chains.verify(tally)
        progress(tally.events, total)
    _require_none_missing(session, partnership_id)
    return tally


def _every(session: Session, partnership_id: int, key: str) -> Iterator["ChainsOf"]:
    """Each to be gone through before the next is asked for."""
    yield _apart(session, partnership_id, key)
    for some in _issues(session, partnership_id):
        yield from _of_issues(session, some)


@dataclass
class ChainsOf:
    """The chains of an issue, or of what happens to none, with their events in the order of the story."""

    ref: str
    events: Iterable[RowMapping]
    covered: Places
    kept: dict[str, Head] | None = None
    elsewhere: Mapping[int, Word] = field(default_factory=dict)

    def verify(self, tally: ChainTally) -> None:
        heads, ends = dict[str, Head](), dict[str, int]()
        for row in self.events:
            on = self._stands_on(heads, row["readers"])
            self._require_event(row, on)
            head = Head(row["place"], row["digest"])
            heads = with_head(heads, row["readers"], head) if self.kept is not None else {**heads, row["readers"]: head}
            ends[row["readers"]] = row["place"]
            tally.events += 1
        if self.kept is not None and heads != self.kept:
            raise RecordMisfit(self.ref, "its last event is not the one that was written last")
        if lost := min((place for _, place in self.covered), default=None):
            raise RecordMisfit(self.ref, f"event {lost} of a chain is in a checkpoint and no longer here")
        tally.chains += len(ends)
        tally.uncovered += sum(end - self.last.get(readers, 0) for readers, end in ends.items())

    def __post_init__(self) -> None:
        self.last = dict[str, int]()
        for readers, place in self.covered:
            self.last[readers] = max(place, self.last.get(readers, 0))

    def _stands_on(self, heads: dict[str, Head], readers: str) -> Head:
        if self.kept is not None:
            return next_on(heads, readers)
        closed = (Head(0, head.digest) for name, head in heads.items() if name.startswith(CLOSED))
        return heads.get(readers) or next(closed, NO_HEAD)

    def _require_event(self, row: RowMapping, on: Head) -> None:
        where = f"{self.ref}, event {row['position']} ({row['kind']}, {row['at']:%Y-%m-%d %H:%M} UTC)"
        if row["place"] > on.place + 1:
            raise RecordMisfit(where, "the event before it is missing")
        if row["place"] != on.place + 1:
            raise RecordMisfit(where, "it does not stand where it stood")
        if _link(row, on.digest) != row["digest"]:
            raise RecordMisfit(where, "it is not as it was written, or does not follow the one before it")
        if self.covered.pop((row["readers"], row["place"]), row["digest"]) != row["digest"]:
            raise RecordMisfit(where, "a checkpoint has another event in its place")
        word = self.elsewhere.get(row["position"])
        if word and word.value != REDACTED and row["hashes"].get("text") != word.hash:
            raise RecordMisfit(where, "its words are others")


def _link(row: RowMapping, previous: str) -> str | None:
    """None where what is kept of it cannot even be read."""
    try:
        return link_of(cast("Mapping[str, Any]", row), previous)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _apart(session: Session, partnership_id: int, key: str) -> ChainsOf:
    heads = _HEADS.join(Checkpoint, col(Checkpoint.id) == col(CheckpointHead.checkpoint_id))
    mine = (col(Checkpoint.partnership_id) == partnership_id, col(CheckpointHead.issue_id).is_(None))
    covered = {(each.readers, each.place): each.digest for each in straight(session).execute(heads.where(*mine))}
    return ChainsOf(f"The arrangement of {key}", _apart_events(session, partnership_id), covered)


def _apart_events(session: Session, partnership_id: int) -> Iterator[RowMapping]:
    last, more = 0, True
    asked = _EVENTS.where(col(Event.partnership_id) == partnership_id, col(Event.issue_id).is_(None))
    asked = asked.order_by(col(Event.position)).limit(EVENTS_AT_ONCE)
    while more:
        more = False
        for row in straight(session).execute(asked.where(col(Event.position) > last)).mappings():
            last, more = row["position"], True
            yield row


def _issues(session: Session, partnership_id: int) -> Iterator[dict[int, tuple[str, dict[str, Head]]]]:
    """Some after the others: the reference and the heads of each, by its id."""
    asked = columns(col(Issue.id), col(Issue.ref), col(Issue.heads)).where(col(Issue.partnership_id) == partnership_id)
    asked, last = asked.order_by(col(Issue.id)).limit(ISSUES_AT_ONCE), 0
    while some := {
        row.id: (row.ref, row.heads) for row in straight(session).execute(asked.where(col(Issue.id) > last))
    }:
        last = max(some)
        yield some


_HEADS = columns(*(col(getattr(CheckpointHead, name)) for name in ("issue_id", "readers", "place", "digest")))


def _of_issues(session: Session, issues: Mapping[int, tuple[str, dict[str, Head]]]) -> Iterator[ChainsOf]:
    covered: dict[int, Places] = {each: {} for each in issues}
    for head in straight(session).execute(_HEADS.where(col(CheckpointHead.issue_id).in_(issues))):
        covered[head.issue_id][head.readers, head.place] = head.digest
    elsewhere: dict[int, dict[int, Word]] = {each: {} for each in issues}
    for said in _said_elsewhere(issues):
        for row in straight(session).execute(said):
            elsewhere[row.issue_id][row.event_position] = Word(row.salt, row.text)
    asked = _EVENTS.where(col(Event.issue_id).in_(issues)).order_by(col(Event.issue_id), col(Event.position))
    events = groupby(straight(session).execute(asked).mappings(), key=lambda row: row["issue_id"])
    left = dict(issues)
    for issue_id, rows in events:
        ref, heads = left.pop(issue_id)
        yield ChainsOf(ref, rows, covered[issue_id], heads, elsewhere[issue_id])
    for issue_id, (ref, heads) in left.items():
        yield ChainsOf(ref, (), covered[issue_id], heads)


def _said_elsewhere(issues: Iterable[int]) -> Iterator[Select[Any]]:
    for table in (Note, Quotation):
        names = ("issue_id", "event_position", "salt", "text")
        yield columns(*(col(getattr(table, name)) for name in names)).where(col(table.issue_id).in_(issues))


def _require_none_missing(session: Session, partnership_id: int) -> None:
    """Of issues that are gone with all that happened to them."""
    here = and_(
        col(Event.partnership_id) == partnership_id,
        tuple_(col(Event.issue_id), col(Event.readers), col(Event.place))
        == tuple_(col(CheckpointHead.issue_id), col(CheckpointHead.readers), col(CheckpointHead.place)),
    )
    mine = (col(Checkpoint.partnership_id) == partnership_id, col(CheckpointHead.issue_id).is_not(None))
    asked = (
        columns(col(CheckpointHead.place), col(Checkpoint.size))
        .join(Checkpoint, col(Checkpoint.id) == col(CheckpointHead.checkpoint_id))
        .outerjoin(Event, here)
        .where(*mine, col(Event.id).is_(None))
        .limit(1)
    )
    if lost := straight(session).execute(asked).first():
        raise RecordMisfit(f"Checkpoint {lost.size}", f"an issue of which it has {lost.place} events is no longer here")
