"""After checkpoints were lost that had been cosigned: the log goes on under a new name, which the leads agree."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from tracker.queries.proofs.checkpoints import is_signed, succession_of
from tracker.records.partnership_chain import record
from tracker.records.proofs.log import Checkpoint, EndedEpoch, Log
from tracker.records.proofs.witness import Witness
from tracker.rules.events.kinds import Actor
from tracker.rules.events.proving import EpochBegun
from tracker.rules.proofs.checkpoints import TreeHead, note_in
from tracker.rules.proofs.merkle import root_of
from tracker.rules.proofs.notes import SignedNote, WrongNote
from tracker.rules.refusals import FieldError, WrongInput


def lost_checkpoint(session: Session, partnership_id: int, text: str) -> SignedNote:
    """The checkpoint in a text that somebody kept, if this record no longer has it. Refuses with WrongInput."""
    log = session.get(Log, partnership_id)
    try:
        note = note_in(text)
        head = TreeHead.read(note.text)
    except WrongNote as wrong:
        raise WrongInput(FieldError("lost", str(wrong))) from wrong
    if log is None or head.origin != log.origin:
        raise WrongInput(FieldError("lost", "It is a checkpoint of another log, or of an earlier epoch of this one."))
    if not is_signed(note, succession_of(session, log).keys_of(log.origin)):
        raise WrongInput(FieldError("lost", "No key of this record signed it."))
    if head.size <= log.size and _root_at(session, partnership_id, head.size) == head.root:
        raise WrongInput(FieldError("lost", f"The record still has checkpoint {head.size}: nothing of it is lost."))
    return note


def begin_epoch(session: Session, partnership_id: int, lost: str, actor: Actor, now: datetime) -> None:
    """From now on checkpoints are signed under a new name. Every witness is asked anew, as one that has seen nothing:
    it does not know the new log before it is given its key."""
    log = session.exec(select(Log).where(Log.partnership_id == partnership_id).with_for_update()).one()
    ended = select(func.count()).select_from(EndedEpoch).where(EndedEpoch.partnership_id == partnership_id)
    number = session.exec(ended).one() + 1
    old, log.origin = log.origin, Log.begun(partnership_id, now).origin
    session.add(
        EndedEpoch(partnership_id=partnership_id, number=number, origin=old, size=log.size, lost=lost, ended_at=now)
    )
    mine = (Witness.partnership_id == partnership_id, col(Witness.retired_at).is_(None))
    for witness in session.exec(select(Witness).where(*mine).with_for_update()):
        witness.catch_up(0)
    log.due_at = now
    kind = EpochBegun(epoch=number + 1, size=log.size, lost=lost)
    record(session, partnership_id=partnership_id, kind=kind, actor=actor, now=now)


def _root_at(session: Session, partnership_id: int, size: int) -> bytes:
    asked = select(Checkpoint.leaf).where(Checkpoint.partnership_id == partnership_id, col(Checkpoint.size) <= size)
    return root_of(bytes.fromhex(leaf) for leaf in session.exec(asked.order_by(col(Checkpoint.size))))
