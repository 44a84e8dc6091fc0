"""An organisation's own witness: a lead names it and ends it, and what it cosigned is kept, whoever brings it."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.queries.proofs.cosignatures import witness_keys, witness_of
from tracker.records.partnership_chain import lock
from tracker.records.proofs.log import Checkpoint, Log, LogKey
from tracker.records.proofs.witness import Witness
from tracker.rules.events.kinds import Actor
from tracker.rules.proofs.checkpoints import TreeHead, cosigned_at
from tracker.rules.proofs.notes import SignatureType, SignedNote, VerifierKey, WrongNote
from tracker.rules.refusals import FieldError, NotThere, WrongInput
from tracker.settings.calling import CallTarget


def name_witness(
    session: Session,
    partnership_id: int,
    actor: Actor,
    *,
    verifier: str,
    address: str,
    may_call: tuple[str, ...],
    now: datetime,
) -> Witness:
    """In the place of the one there was; the same one again is asked anew. Without an address it is not asked, and
    cosigns by itself. Refuses with WrongInput."""
    lock(session, partnership_id)
    key, target = _key(verifier), CallTarget.read(address, may_call) if address else None
    known = witness_keys(session, partnership_id)
    if key.public in {each.public for owner, each in known.items() if owner != actor.organisation_id}:
        raise WrongInput(FieldError("verifier", "This is another organisation's witness. Each has its own."))
    if session.exec(select(LogKey.number).where(col(LogKey.public) == key.public.hex())).first():
        raise WrongInput(FieldError("verifier", "This is the key of this server. A witness runs somewhere else."))
    if actor.organisation_id in known:
        witness_of(session, actor.organisation_id or 0).retire(session, actor, now, for_another=True)
    return Witness.named(session, partnership_id, key, str(target or ""), actor, now)


def end_witness(session: Session, partnership_id: int, actor: Actor, *, now: datetime) -> None:
    """Refuses with MoveNotAllowed where there is none."""
    lock(session, partnership_id)
    witness_of(session, actor.organisation_id or 0).retire(session, actor, now)


def accept_cosignature(session: Session, partnership_id: int, organisation_id: int, note: str) -> int:
    """A checkpoint with the cosignature of an organisation's witness among its signatures, as it comes from a mirror.
    The size of the checkpoint. What is kept already is taken again.

    Refuses: WrongNote, what is no checkpoint or not cosigned by the witness; NotThere, a checkpoint that this record
    does not have; MoveNotAllowed, where no witness is named.
    """
    signed = SignedNote.read(note)
    lock(session, partnership_id)  # the same may be brought twice, and the clock may be asking
    head, witness = TreeHead.read(signed.text), witness_of(session, organisation_id)
    mine = (Checkpoint.partnership_id == partnership_id, Checkpoint.size == head.size)
    checkpoint = session.exec(select(Checkpoint).where(*mine)).first()
    if checkpoint is None or SignedNote.read(checkpoint.note).text != signed.text:
        raise NotThere(f"This record has no such checkpoint {head.size}.")
    keep_cosignature(session, witness, checkpoint.id, signed)
    if head.size == session.get_one(Log, partnership_id).size:
        witness.catch_up(head.size)
    return head.size


def keep_cosignature(session: Session, witness: Witness, checkpoint_id: int, signed: SignedNote) -> None:
    """Refuses with WrongNote what the witness has not signed."""
    line = witness.cosignature_in(signed)
    if line is None:
        raise WrongNote(f"{witness.key.name}, the witness that is named, has not cosigned this checkpoint.")
    try:
        at = cosigned_at(line)
    except (ValueError, OverflowError, OSError) as wrong:
        raise WrongNote("The cosignature is of a time that no calendar has.") from wrong
    witness.keep(session, checkpoint_id, line, at)


def _key(verifier: str) -> VerifierKey:
    try:
        key = VerifierKey.read(verifier)
    except WrongNote as wrong:
        raise WrongInput(FieldError("verifier", str(wrong))) from wrong
    if key.type is not SignatureType.COSIGNATURE:
        raise WrongInput(FieldError("verifier", "This is the key of a log, not of a witness."))
    return key
