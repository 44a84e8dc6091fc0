"""The log of a partnership: its checkpoints, each with the heads of the chains that moved since the one before it."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from tracker.records.columns import NumberedRow, TableRow, hex_digits, json_value, moment
from tracker.rules.proofs.merkle import HASH_SIZE, CompactRange

DAILY = timedelta(days=1)


class LogKey(TableRow, table=True):
    """A key that checkpoints of this database are, or were, signed with: the public half. The last one is in force."""

    __tablename__ = "log_key"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    public: str = Field(sa_type=hex_digits(), unique=True)
    since: datetime = Field(sa_type=moment())


class Log(TableRow, table=True):
    """The Merkle tree of a partnership. `origin` is its name among all logs, random, made once; `roots` all that the
    tree needs to grow; `seen_id` the newest event there was at the last checkpoint."""

    __table_args__ = (Index("ix_log_due_at", "due_at"),)  # the sweep

    partnership_id: int = Field(
        foreign_key="partnership.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    origin: str = Field(unique=True)
    due_at: datetime = Field(sa_type=moment())  # when the next checkpoint is
    seen_id: int = 0
    size: int = 0
    roots: bytes = Field(default=b"", sa_type=LargeBinary)

    @classmethod
    def begun(cls, partnership_id: int, now: datetime) -> "Log":
        """Its first checkpoint is within a day."""
        return cls(
            partnership_id=partnership_id,
            origin=f"partnership-tracker/{secrets.token_hex(16)}",
            due_at=now + DAILY,
        )

    @property
    def tree(self) -> CompactRange:
        parted = (self.roots[at : at + HASH_SIZE] for at in range(0, len(self.roots), HASH_SIZE))
        return CompactRange(self.size, tuple(parted))

    def grow(self, leaf: bytes, now: datetime) -> CompactRange:
        """One more leaf, given as its hash; the next is due a day later."""
        tree = self.tree.append(leaf)
        self.size, self.roots = tree.size, b"".join(tree.roots)
        self.due_at = max(self.due_at, now) + DAILY
        return tree


class Checkpoint(NumberedRow, table=True):
    """One leaf of a log, and the signed note on the tree that it made. What is random in the leaf comes from `secret`;
    `organisations`: the keys of those that it has places for."""

    __table_args__ = (UniqueConstraint("partnership_id", "size"),)  # the leaves in their order

    partnership_id: int = Field(foreign_key="partnership.id")
    size: int
    at: datetime = Field(sa_type=moment())
    organisations: list[str] = Field(sa_type=json_value())
    secret: str = Field(sa_type=hex_digits())
    leaf: str = Field(sa_type=hex_digits())
    note: str


class CheckpointHead(TableRow, table=True):
    """How far a chain had come at the first checkpoint after it moved: each event that ended one, once. `chain`: the
    digest of its first event."""

    __tablename__ = "checkpoint_head"
    __table_args__ = (
        Index("ix_checkpoint_head_checkpoint_id", "checkpoint_id"),  # what a leaf is made of
        Index("ix_checkpoint_head_issue_id", "issue_id", "readers", "place"),  # proving an issue
    )

    digest: str = Field(sa_type=hex_digits(), primary_key=True)
    checkpoint_id: int = Field(foreign_key="checkpoint.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    readers: str
    chain: str = Field(sa_type=hex_digits())
    place: int


class LogKeyChange(TableRow, table=True):
    """A note by which a log went on under key `number`, signed by the key before it and by this one. `size`: how many
    checkpoints there were."""

    __tablename__ = "log_key_change"

    partnership_id: int = Field(
        foreign_key="partnership.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    number: int = Field(foreign_key="log_key.number", primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int
    note: str


class EndedEpoch(TableRow, table=True):
    """A name that a log had until the leads agreed another, because checkpoints were lost that had been cosigned.
    `size`: how many it had then; `lost`: the note of the last one that was lost."""

    __tablename__ = "ended_epoch"

    partnership_id: int = Field(
        foreign_key="partnership.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    origin: str = Field(unique=True)
    size: int
    lost: str
    ended_at: datetime = Field(sa_type=moment())
