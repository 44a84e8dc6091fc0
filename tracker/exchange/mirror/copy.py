"""The copy that an organisation keeps: its own database, with tables of its own, written a page at a time."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlmodel import Session

from tracker.database import Database
from tracker.exchange.mirror.entries import FeedCheckpoint, FeedEvent
from tracker.exchange.mirror.issues import list_all, list_issue, list_no_more
from tracker.exchange.mirror.tables import CHECKPOINTS, EVENTS, SOURCE, tables
from tracker.rules.digest import Head, with_head
from tracker.rules.proofs.leaves import Leaf
from tracker.rules.proofs.merkle import HASH_SIZE, CompactRange, consistency_path
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.proofs.witnessing import AddCheckpoint
from tracker.rules.refusals import Refused

FORM = 1  # of these tables: a copy of another form is begun anew
_AT_ONCE = 500  # parameters of a statement


@dataclass(frozen=True, slots=True)
class CopySource:
    """Of what it is a copy and how far it has come. `place`: after which the next page of the feed begins; `tree`: of
    the log, as far as its checkpoints were seen; `keys`: that may sign it."""

    partnership: str
    organisation: str
    origin: str | None = None
    keys: tuple[str, ...] = ()
    place: str = ""
    tree: CompactRange = field(default_factory=CompactRange)


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """What the copy has of an event. `event`: nothing any more where the organisation was taken out of its issue."""

    ref: str
    digest: str
    readers: str
    place: int
    event: FeedEvent | None

    @property
    def called(self) -> str:
        return self.event.called if self.event else "of before it was taken out of it"


@dataclass
class IssueUpdate:
    """What a page changes of one issue. `whole`: it is told anew from its beginning, in place of what was kept."""

    events: list[FeedEvent] = field(default_factory=list)
    whole: bool = False
    left: bool = False


@dataclass
class CopyUpdate:
    """What a page changes: all of it, or where the machine dies, nothing."""

    source: CopySource
    issues: dict[str, IssueUpdate] = field(default_factory=dict)
    checkpoints: list[FeedCheckpoint] = field(default_factory=list)

    @property
    def takes_words_out(self) -> bool:
        return any(each.whole or each.left for each in self.issues.values())


class MirrorCopy:
    """A copy in its database; made where there is none. Refuses one that another version has made."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            tables.create_all(session.connection())
            form = session.scalar(select(SOURCE.c.form))
            if form == FORM:
                list_all(session)
        if form not in (None, FORM):
            raise Refused("This copy was made by another version of the product. Begin another one beside it.")

    @property
    def source(self) -> CopySource | None:
        """None before the first page was taken."""
        with self.database.read() as session:
            row = session.execute(select(SOURCE)).mappings().first()
        if row is None:
            return None
        parted = tuple(row["roots"][at : at + HASH_SIZE] for at in range(0, len(row["roots"]), HASH_SIZE))
        return CopySource(
            row["partnership"],
            row["organisation"],
            row["origin"],
            tuple(json.loads(row["keys"])),
            row["place"],
            CompactRange(row["size"], parted),
        )

    def of_issues(self, refs: Collection[str]) -> dict[str, list[KeptEvent]]:
        """What is kept of each, in the order in which it was told."""
        found: dict[str, list[KeptEvent]] = {ref: [] for ref in refs}
        with self.database.read() as session:
            for some in _parted(sorted(refs)):
                asked = select(EVENTS).where(EVENTS.c.ref.in_(some)).order_by(EVENTS.c.number)
                for row in session.execute(asked).mappings():
                    found[row["ref"]].append(_kept(row))
        return found

    def refs_of(self, digests: Collection[str]) -> dict[str, str]:
        """Under which reference each of these events is kept, by its digest; those that are not are left out."""
        found: dict[str, str] = {}
        with self.database.read() as session:
            for some in _parted(sorted(digests)):
                asked = select(EVENTS.c.digest, EVENTS.c.ref).where(EVENTS.c.digest.in_(some))
                found |= {row.digest: row.ref for row in session.execute(asked)}
        return found

    def events(self) -> Iterator[KeptEvent]:
        """All, in the order in which they were told."""
        with self.database.read() as session:
            last, more = -1, True
            while more:
                asked = select(EVENTS).where(EVENTS.c.number > last).order_by(EVENTS.c.number).limit(_AT_ONCE)
                rows = session.execute(asked).mappings().all()
                yield from map(_kept, rows)
                last, more = (rows[-1]["number"] if rows else last), len(rows) == _AT_ONCE

    def checkpoints(self) -> Sequence[FeedCheckpoint]:
        with self.database.read() as session:
            kept = session.scalars(select(CHECKPOINTS.c.checkpoint).order_by(CHECKPOINTS.c.size)).all()
        return [FeedCheckpoint.model_validate_json(each) for each in kept]

    def extension(self, since: int) -> AddCheckpoint:
        """The last checkpoint, with what shows that it extends the first `since` of them, as a witness is asked it. The
        copy has as many, and one at least."""
        checkpoints = self.checkpoints()
        leaves = [Leaf.read(each.leaf).hash for each in checkpoints]
        return AddCheckpoint(since, consistency_path(leaves, since), SignedNote.read(checkpoints[-1].note))

    def tally(self) -> tuple[int, int]:
        """(events, issues)."""
        asked = select(func.count(), func.count(EVENTS.c.ref.distinct())).where(EVENTS.c.event.is_not(None))
        with self.database.read() as session:
            events, issues = session.execute(asked).one()
        return events, issues

    def write(self, change: CopyUpdate) -> None:
        """All of a page in one transaction. Words that went are in the file no more once it is done."""
        with self.database.write() as session:
            for ref, issue in change.issues.items():
                _write_issue(session, ref, issue)
                list_issue(session, ref)
            if change.takes_words_out:
                list_no_more(session)
            if change.checkpoints:
                rows = [
                    {"size": each.size, "checkpoint": each.model_dump_json(exclude_defaults=True)}
                    for each in change.checkpoints
                ]
                session.execute(insert(CHECKPOINTS), rows)
            session.execute(delete(SOURCE))
            session.execute(insert(SOURCE), [_source_row(change.source)])
        if change.takes_words_out:
            self.database.truncate_log()


def moved_on(source: CopySource, place: str) -> CopySource:
    """The same, after one more page."""
    return replace(source, place=place)


def heads_of(events: Iterable[KeptEvent | FeedEvent]) -> dict[str, Head]:
    """Where each chain of an issue ends."""
    heads: dict[str, Head] = {}
    for each in events:
        heads = with_head(heads, each.readers, Head(each.place, each.digest))
    return heads


def _write_issue(session: Session, ref: str, issue: IssueUpdate) -> None:
    if issue.left:
        session.execute(update(EVENTS).where(EVENTS.c.ref == ref).values(event=None))
        return
    if issue.whole:
        session.execute(delete(EVENTS).where(EVENTS.c.ref == ref))
        for some in _parted([each.digest for each in issue.events]):  # it had another reference before it crossed
            session.execute(delete(EVENTS).where(EVENTS.c.digest.in_(some)))
    if issue.events:
        first = (session.scalar(select(func.max(EVENTS.c.number))) or 0) + 1
        session.execute(insert(EVENTS), [_event_row(ref, *each) for each in enumerate(issue.events, first)])


def _event_row(ref: str, number: int, event: FeedEvent) -> dict[str, Any]:
    columns = {"digest": event.digest, "readers": event.readers, "place": event.place}
    return {**columns, "ref": ref, "number": number, "event": event.model_dump_json(exclude_defaults=True)}


def _source_row(source: CopySource) -> Mapping[str, Any]:
    return {
        "form": FORM,
        "partnership": source.partnership,
        "organisation": source.organisation,
        "origin": source.origin,
        "keys": json.dumps(source.keys),
        "place": source.place,
        "size": source.tree.size,
        "roots": b"".join(source.tree.roots),
    }


def _kept(row: RowMapping) -> KeptEvent:
    event = FeedEvent.model_validate_json(row["event"]) if row["event"] else None
    return KeptEvent(row["ref"], row["digest"], row["readers"], row["place"], event)


def _parted(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))
