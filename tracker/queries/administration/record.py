"""What leads read of how the record can be proven: its key, its last checkpoints, and when the next is due."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.queries.proofs.checkpoints import log_keys, log_of
from tracker.records.proofs.log import Checkpoint

SHOWN = 31  # checkpoints: a month


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """One checkpoint, as it was signed."""

    size: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """How a partnership's record can be proven. `key`: what its checkpoints are checked with; `checkpoints`: the last
    ones, the newest first."""

    key: str
    due_at: datetime
    checkpoints: tuple[CheckpointLine, ...]

    @property
    def newest(self) -> CheckpointLine | None:
        return self.checkpoints[0] if self.checkpoints else None


def record_standing(session: Session, partnership_id: int) -> RecordStanding | None:
    """None until the clock has begun its log. The caller has made sure that a lead asks."""
    log = log_of(session, partnership_id)
    if log is None:
        return None
    asked = select(Checkpoint.size, Checkpoint.at, Checkpoint.note).where(Checkpoint.partnership_id == partnership_id)
    rows = session.exec(asked.order_by(col(Checkpoint.size).desc()).limit(SHOWN)).all()
    keys = log_keys(session, log.origin)
    return RecordStanding(str(keys[-1]) if keys else "", log.due_at, tuple(CheckpointLine(*row) for row in rows))
