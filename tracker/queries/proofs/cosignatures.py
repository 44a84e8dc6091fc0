"""Who has seen which checkpoint: the witnesses of a partnership, and what they cosigned."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from tracker.queries.proofs.links import RecordMisfit
from tracker.records.partnership import Organisation
from tracker.records.proofs.log import Checkpoint
from tracker.records.proofs.signing import valid_signature
from tracker.records.proofs.witness import Cosignature, Witness
from tracker.rules.proofs.notes import NoteSignature, SignedNote, VerifierKey, WrongNote
from tracker.rules.proofs.witness_answers import WitnessTrouble
from tracker.rules.refusals import MoveNotAllowed


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """The witness of an organisation, as a lead of it named it."""

    verifier: str
    address: str
    trouble: WitnessTrouble | None
    troubled_since: datetime | None

    @property
    def differs(self) -> bool:
        """Whether it has seen what this record does not have."""
        return self.trouble is not None and self.trouble.ends_asking


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The last checkpoint that witnesses of an organisation cosigned: its `size`, 0 where there is none, and when it
    was made."""

    key: str
    name: str
    size: int
    made_at: datetime | None
    witness: WitnessLine | None


def last_seen(session: Session, partnership_id: int) -> tuple[LastSeen, ...]:
    """Of each organisation that there is, in the order of their positions. The caller has made sure that a lead asks,
    or whoever runs the server."""
    cosigned = (
        columns(col(Witness.organisation_id), func.max(col(Checkpoint.size)).label("size"))
        .join(Cosignature, col(Cosignature.witness_id) == col(Witness.id))
        .join(Checkpoint, col(Checkpoint.id) == col(Cosignature.checkpoint_id))
        .where(col(Witness.partnership_id) == partnership_id)
        .group_by(col(Witness.organisation_id))
        .subquery()
    )
    names = ("verifier", "address", "trouble", "troubled_since")
    asked = (
        columns(*map(col, (Organisation.key, Organisation.name, Checkpoint.size, Checkpoint.at)))
        .add_columns(*(col(getattr(Witness, name)) for name in names))
        .select_from(Organisation)
        .outerjoin(Witness, (col(Witness.organisation_id) == col(Organisation.id)) & col(Witness.retired_at).is_(None))
        .outerjoin(cosigned, cosigned.c.organisation_id == col(Organisation.id))
        .outerjoin(
            Checkpoint,
            (col(Checkpoint.partnership_id) == partnership_id) & (col(Checkpoint.size) == cosigned.c.size),
        )
        .where(col(Organisation.partnership_id) == partnership_id, col(Organisation.retired_at).is_(None))
        .order_by(col(Organisation.position))
    )
    return tuple(
        LastSeen(key, name, size or 0, at, WitnessLine(*witness) if witness[0] else None)
        for key, name, size, at, *witness in session.execute(asked)
    )


def witness_of(session: Session, organisation_id: int) -> Witness:
    """To be changed. Refuses with MoveNotAllowed where none is named."""
    mine = (Witness.organisation_id == organisation_id, col(Witness.retired_at).is_(None))
    found = session.exec(select(Witness).where(*mine).with_for_update()).first()
    if found is None:
        raise MoveNotAllowed("No witness of this organisation is named. One of its leads names it.")
    return found


def witness_keys(session: Session, partnership_id: int) -> dict[int, VerifierKey]:
    """Of those in force, by the id of the organisation."""
    mine = (Witness.partnership_id == partnership_id, col(Witness.retired_at).is_(None))
    rows = session.exec(select(Witness.organisation_id, Witness.verifier).where(*mine))
    return {organisation_id: VerifierKey.read(verifier) for organisation_id, verifier in rows}


def cosignature_lines(session: Session, checkpoint_ids: Collection[int]) -> dict[int, list[NoteSignature]]:
    """By the id of a checkpoint, in the order in which the witnesses were named."""
    asked = select(Cosignature.checkpoint_id, Cosignature.line).where(
        col(Cosignature.checkpoint_id).in_(checkpoint_ids)
    )
    found: dict[int, list[NoteSignature]] = defaultdict(list)
    for checkpoint_id, line in session.exec(asked.order_by(col(Cosignature.witness_id))):
        found[checkpoint_id].append(NoteSignature.read(line))
    return found


def verify_cosignatures(session: Session, partnership_id: int) -> None:
    """Refuses with RecordMisfit at the first that does not hold."""
    asked = (
        columns(*map(col, (Checkpoint.size, Checkpoint.note, Cosignature.line, Witness.verifier, Organisation.name)))
        .join(Cosignature, col(Cosignature.checkpoint_id) == col(Checkpoint.id))
        .join(Witness, col(Witness.id) == col(Cosignature.witness_id))
        .join(Organisation, col(Organisation.id) == col(Witness.organisation_id))
        .where(col(Checkpoint.partnership_id) == partnership_id)
        .order_by(col(Checkpoint.size), col(Witness.id))
    )
    for size, note, line, verifier, name in session.execute(asked.execution_options(yield_per=100)):
        if not _holds(note, line, verifier):
            raise RecordMisfit(
                f"Checkpoint {size}", f"what stands as cosigned for {name} is no signature by its witness"
            )


def _holds(note: str, line: str, verifier: str) -> bool:
    try:
        signed = SignedNote(SignedNote.read(note).text, (NoteSignature.read(line),))
        return valid_signature(signed, VerifierKey.read(verifier)) is not None
    except WrongNote:
        return False
