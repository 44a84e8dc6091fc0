"""Asking a witness for the last checkpoint: what it is asked, and what becomes of its answer.

The call itself is made in between, outside of any transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from tracker.actions.proving.own_witness import keep_cosignature
from tracker.queries.proofs.claims import consistency
from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import lock, record
from tracker.records.proofs.log import Checkpoint, Log
from tracker.records.proofs.witness import Witness
from tracker.rules.events.kinds import CLOCK
from tracker.rules.events.proving import WitnessDiffers
from tracker.rules.proofs.notes import WrongNote
from tracker.rules.proofs.witness_answers import WitnessReply, WitnessTrouble
from tracker.rules.proofs.witnessing import AddCheckpoint
from tracker.rules.sweeps import SweepResult

LEASE = timedelta(minutes=5)  # after which another clock asks, should this one have died


@dataclass(frozen=True)
class WitnessCall:
    """A witness that is to be asked. `size`: of the checkpoint; `about`: the key of the partnership."""

    witness_id: int
    checkpoint_id: int
    partnership_id: int
    about: str
    address: str
    size: int
    request: AddCheckpoint


def claim_witness(session: Session, *, now: datetime) -> WitnessCall | SweepResult | None:
    """The witness that has been due longest; None where none is."""
    due = select(Witness).where(col(Witness.due_at) <= now).order_by(col(Witness.due_at)).limit(1)
    witness = session.exec(due.with_for_update(skip_locked=True)).first()
    if witness is None:
        return None
    about = session.get_one(Partnership, witness.partnership_id).key
    newest = select(Checkpoint.id, Checkpoint.size).where(Checkpoint.partnership_id == witness.partnership_id)
    found = session.exec(newest.order_by(col(Checkpoint.size).desc()).limit(1)).first()
    if found is None:
        witness.due_at = None
        return SweepResult(about, "a witness waits for the first checkpoint")
    checkpoint_id, size = found
    witness.due_at = now + LEASE
    request = consistency(session, witness.partnership_id, min(witness.seen_size, size), size)
    return WitnessCall(witness.id, checkpoint_id, witness.partnership_id, about, witness.address, size, request)


def settle_answer(session: Session, call: WitnessCall, answer: WitnessReply | None, *, now: datetime) -> SweepResult:
    """What it answered is kept where it holds; None: it did not answer. One that was replaced meanwhile is left
    alone."""
    lock(session, call.partnership_id)
    mine = select(Witness).where(Witness.id == call.witness_id, col(Witness.retired_at).is_(None))
    witness = session.exec(mine.with_for_update()).first()
    if witness is None:
        return SweepResult(call.about, "a witness was ended meanwhile")
    try:
        return SweepResult(call.about, _settled(session, witness, call, answer, now))
    except WrongNote:
        witness.note_trouble(WitnessTrouble.WRONG_ANSWER, now)
        return SweepResult(call.about, "a witness answered something wrong")


def _settled(session: Session, witness: Witness, call: WitnessCall, answer: WitnessReply | None, now: datetime) -> str:
    trouble = answer.trouble_with(call.request) if answer else WitnessTrouble.AWAY
    seen = answer.seen_size if answer else None
    if trouble is not None:
        if trouble.ends_asking and trouble is not witness.trouble:
            _tell(session, witness, trouble, seen or 0, call.size, now)
        witness.note_trouble(trouble, now)
        return f"a witness did not cosign: {trouble.value}"
    if answer is None or seen is not None:
        witness.ask_from(seen or 0, now)
        return f"a witness has seen checkpoint {seen}"
    keep_cosignature(session, witness, call.checkpoint_id, call.request.note.with_signatures(answer.signatures))
    witness.catch_up(call.size)
    if session.get_one(Log, call.partnership_id).size > call.size:
        witness.show(now)
    return f"a witness cosigned checkpoint {call.size}"


def _tell(session: Session, witness: Witness, trouble: WitnessTrouble, seen: int, size: int, now: datetime) -> None:
    organisation = session.get_one(Organisation, witness.organisation_id)
    kind = WitnessDiffers(
        organisation=organisation.key,
        organisation_name=organisation.name,
        seen=seen if trouble is WitnessTrouble.AHEAD else 0,
        size=size,
    )
    record(session, partnership_id=witness.partnership_id, kind=kind, actor=CLOCK, now=now)
