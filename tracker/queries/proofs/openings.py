"""Checkpoints, opened for one organisation: of what moved, all that it reads as one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from tracker.database import straight
from tracker.queries.issues import visible_issues
from tracker.queries.proofs.heads import in_groups, organisation_keys
from tracker.records.issue import Issue
from tracker.records.proofs.log import Checkpoint, CheckpointHead
from tracker.rules.proofs.leaves import Blinding, ChainHead, LeafPlace, WholePlace
from tracker.rules.rings import Viewer


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint with its leaf as it stands in the log, and each place of it that the organisation reads, where
    something moved. `refs`: by the digest of a head, of which issue it is."""

    size: int
    note: str
    leaf: str
    places: tuple[WholePlace, ...]
    refs: Mapping[str, str]


def opened_checkpoints(
    session: Session, viewer: Viewer, partnership_id: int, after: int, most: int
) -> tuple[OpenedCheckpoint, ...]:
    """So many after the first `after`, in their order."""
    asked = select(Checkpoint).where(Checkpoint.partnership_id == partnership_id, col(Checkpoint.size) > after)
    checkpoints = session.exec(asked.order_by(col(Checkpoint.size)).limit(most)).all()
    if not checkpoints:
        return ()
    keys, heads = organisation_keys(session, partnership_id), _heads_of(session, viewer, checkpoints)
    (mine,) = (each.organisation_key for each in viewer.in_partnership(partnership_id))
    return tuple(_opened(each, heads[each.id], keys, mine) for each in checkpoints)


def _heads_of(session: Session, viewer: Viewer, checkpoints: Iterable[Checkpoint]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {each.id: [] for each in checkpoints}
    names = ("checkpoint_id", "readers", "chain", "place", "digest")
    heads = columns(
        *(col(getattr(CheckpointHead, name)) for name in names),
        col(Issue.ref),
        visible_issues(viewer).label("is_seen"),
    ).outerjoin(Issue, col(Issue.id) == col(CheckpointHead.issue_id))
    of_them = heads.where(col(CheckpointHead.checkpoint_id).in_(found))
    in_order = of_them.order_by(col(CheckpointHead.issue_id), col(CheckpointHead.readers))
    for row in straight(session).execute(in_order).mappings():
        found[row["checkpoint_id"]].append(dict(row))
    return found


def _opened(
    checkpoint: Checkpoint, rows: Sequence[Mapping[str, Any]], every: Mapping[int, str], mine: str
) -> OpenedCheckpoint:
    known = set(checkpoint.organisations)
    keys = {number: key for number, key in every.items() if key in known}
    blinding = Blinding(bytes.fromhex(checkpoint.secret), checkpoint.organisations)
    grouped = list(in_groups(rows, keys))
    refs = {row["digest"]: row["ref"] for row in rows if row["ref"] and row["is_seen"]}
    places = tuple(
        blinding.whole(place, heads, [each for each in heads if each.digest in refs])
        for place, heads in _by_place(grouped)
        if mine in place.organisations and not place.apart
    )
    shown = {each.digest: refs[each.digest] for place in places for each in place.heads}
    leaf = blinding.leaf(int(checkpoint.at.timestamp()), grouped)
    return OpenedCheckpoint(checkpoint.size, checkpoint.note, leaf.text, places, shown)


def _by_place(grouped: Iterable[tuple[Any, ChainHead]]) -> list[tuple[LeafPlace, list[ChainHead]]]:
    """In an order that no head moves, since some are not shown."""
    found: dict[LeafPlace, list[ChainHead]] = {}
    for group, head in grouped:
        for place in group.places:
            found.setdefault(place, []).append(head)
    return sorted(found.items(), key=lambda each: each[0].name)
