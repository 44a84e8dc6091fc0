"""What leads read of how the record can be proven: its key, its last checkpoints, and who has seen them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.queries.proofs.checkpoints import log_keys, log_of
from tracker.queries.proofs.cosignatures import LastSeen, cosignature_lines, last_seen
from tracker.records.proofs.log import Checkpoint
from tracker.rules.proofs.notes import SignedNote

SHOWN = 31  # checkpoints: a month


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """One checkpoint, as it was signed, with who cosigned it."""

    size: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """How a partnership's record can be proven. `key`: what its checkpoints are checked with; `checkpoints`: the last
    ones, the newest first; `seen`: of each organisation the last one that its witness has seen."""

    key: str
    due_at: datetime
    checkpoints: tuple[CheckpointLine, ...]
    seen: tuple[LastSeen, ...]

    @property
    def newest(self) -> CheckpointLine | None:
        return self.checkpoints[0] if self.checkpoints else None

    @property
    def ahead(self) -> tuple[LastSeen, ...]:
        """Those whose witness has seen what this record does not have."""
        return tuple(each for each in self.seen if each.witness and each.witness.differs)

    @property
    def seen_by_all(self) -> LastSeen | None:
        """The last checkpoint that a witness of each organisation has seen."""
        least = min(self.seen, key=lambda each: each.size, default=None)
        return least if least and least.size else None


def record_standing(session: Session, partnership_id: int) -> RecordStanding | None:
    """None until the clock has begun its log. The caller has made sure that a lead asks."""
    log = log_of(session, partnership_id)
    if log is None:
        return None
    asked = select(Checkpoint.id, Checkpoint.size, Checkpoint.at, Checkpoint.note)
    asked = asked.where(Checkpoint.partnership_id == partnership_id).order_by(col(Checkpoint.size).desc()).limit(SHOWN)
    rows = session.exec(asked).all()
    lines = cosignature_lines(session, [checkpoint_id for checkpoint_id, *_ in rows])
    checkpoints = tuple(
        CheckpointLine(size, at, str(SignedNote.read(note).with_signatures(lines[checkpoint_id])))
        for checkpoint_id, size, at, note in rows
    )
    keys = log_keys(session, log.origin)
    return RecordStanding(str(keys[-1]) if keys else "", log.due_at, checkpoints, last_seen(session, partnership_id))
