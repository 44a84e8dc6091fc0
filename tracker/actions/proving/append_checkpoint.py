"""A checkpoint: what moved in a partnership's chains becomes a leaf of its log, and the tree is signed."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, insert
from sqlmodel import Session, col, select

from tracker.actions.proving.settle_log_key import settle_log_key
from tracker.database import straight
from tracker.queries.proofs.cosignatures import LastSeen, last_seen
from tracker.queries.proofs.heads import MOST_MOVED, in_groups, moved_heads, newest_event, organisation_keys
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import lock, record
from tracker.records.proofs.log import Checkpoint, CheckpointHead, Log
from tracker.records.proofs.signing import SigningKey
from tracker.records.proofs.witness import Witness
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.proving import CheckpointAsked, CheckpointMade
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.leaves import Blinding
from tracker.rules.proofs.merkle import HASH_SIZE
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.spans import day_in
from tracker.rules.sweeps import SweepResult
from tracker.rules.wording import listed, say_day

AGAIN_AFTER = timedelta(hours=1)  # since the last one: every lead has a letter of each


def append_checkpoint(session: Session, key: SigningKey, *, now: datetime) -> SweepResult | None:
    """The checkpoint that has been due longest; where none is, the log of a partnership that has none is begun. None
    where there is nothing to do."""
    due = select(Log).where(Log.due_at <= now).order_by(col(Log.due_at)).limit(1).with_for_update(skip_locked=True)
    log = session.exec(due).first()
    if log is None:
        return _begin_log(session, now)
    settle_log_key(session, key, now)  # it may have been changed since this clock began
    lock(session, log.partnership_id)
    partnership = session.get_one(Partnership, log.partnership_id)
    checkpoint = _checkpoint(session, log, key, now)
    if log.due_at > now:  # not while the next one follows at once
        unseen = _unseen_text(last_seen(session, partnership.id), checkpoint.size - 1, partnership.zone)
        kind = CheckpointMade(size=checkpoint.size, checkpoint=checkpoint.note, unseen=unseen)
        record(session, partnership_id=partnership.id, kind=kind, actor=CLOCK, now=now)
        _show_witnesses(session, partnership.id, now)
    return SweepResult(partnership.key, f"checkpoint {checkpoint.size}")


def ask_for_checkpoint(session: Session, partnership_id: int, actor: Actor, *, now: datetime) -> None:
    """A lead wants one now: the clock makes it. Refuses with MoveNotAllowed before the log has begun, and within an
    hour of the last one."""
    log = session.exec(select(Log).where(Log.partnership_id == partnership_id).with_for_update()).first()
    if log is None:
        raise MoveNotAllowed("The clock has not begun the log of this record yet.")
    newest = (
        select(Checkpoint.at).where(Checkpoint.partnership_id == partnership_id).order_by(col(Checkpoint.size).desc())
    )
    last = session.exec(newest.limit(1)).first()
    if last is not None and now - last < AGAIN_AFTER:
        raise MoveNotAllowed("The last checkpoint was made less than an hour ago. Ask again later.")
    if log.due_at > now:
        log.due_at = now
        record(session, partnership_id=partnership_id, kind=CheckpointAsked(), actor=actor, now=now)


def _begin_log(session: Session, now: datetime) -> SweepResult | None:
    begun = exists().where(col(Log.partnership_id) == col(Partnership.id))
    partnership = session.exec(select(Partnership).where(~begun).limit(1).with_for_update(skip_locked=True)).first()
    if partnership is None:
        return None
    session.add(Log.begun(partnership.id, now))
    return SweepResult(partnership.key, "its log begins")


def _checkpoint(session: Session, log: Log, key: SigningKey, now: datetime) -> Checkpoint:
    keys, seen = organisation_keys(session, log.partnership_id), newest_event(session)
    moved = moved_heads(session, log)
    secret, organisations = secrets.token_bytes(HASH_SIZE), list(keys.values())
    leaf = Blinding(secret, organisations).leaf(int(now.timestamp()), in_groups(moved, keys)).hash
    tree = log.grow(leaf, now)
    if len(moved) < MOST_MOVED:
        log.seen_id = seen
    else:
        log.due_at = now  # what is left follows at once
    text = TreeHead(log.origin, tree.size, tree.root).text
    checkpoint = Checkpoint(
        partnership_id=log.partnership_id,
        size=tree.size,
        at=now,
        organisations=organisations,
        secret=secret.hex(),
        leaf=leaf.hex(),
        note=str(SignedNote(text, (key.sign(log.origin, text),))),
    )
    session.add(checkpoint)
    session.flush()
    if moved:
        straight(session).execute(insert(CheckpointHead), [{**row, "checkpoint_id": checkpoint.id} for row in moved])
    return checkpoint


def _show_witnesses(session: Session, partnership_id: int, now: datetime) -> None:
    mine = (Witness.partnership_id == partnership_id, col(Witness.retired_at).is_(None))
    for witness in session.exec(select(Witness).where(*mine).with_for_update()):
        witness.show(now)


def _unseen_text(seen: Sequence[LastSeen], size: int, zone: str) -> str:
    """Of a checkpoint, which organisations have not seen it; "" where all have, or there is none."""
    if size and not any(each.witness or each.size for each in seen):
        return "Seen by nobody: no organisation has named a witness"
    unseen = [
        f"{each.name} since {say_day(day_in(zone, each.made_at), 0)} (checkpoint {each.size})"
        if each.made_at
        else f"{each.name} at all"
        for each in seen
        if each.size < size
    ]
    return f"Not seen by {listed(unseen)}" if unseen else ""
