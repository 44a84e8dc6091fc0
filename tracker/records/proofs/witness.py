"""The witnesses that organisations named, and what they cosigned."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session

from tracker.records.columns import NumberedRow, TableRow, choice, index_where, moment
from tracker.records.partnership_chain import record
from tracker.records.proofs.signing import valid_signature
from tracker.rules.events.kinds import Actor
from tracker.rules.events.proving import WitnessNamed, WitnessRetired
from tracker.rules.proofs.notes import NoteSignature, SignedNote, VerifierKey
from tracker.rules.proofs.witness_answers import WitnessTrouble, gap_after


class Witness(NumberedRow, table=True):
    """Who cosigns checkpoints for an organisation. `verifier`: the key that its cosignatures are checked with;
    `address`: where it is asked, "" where it cosigns by itself; `seen_size`: the last checkpoint that it is known to
    have seen; `due_at`: when it is asked next, None while there is nothing to ask."""

    __table_args__ = (
        index_where(
            "retired_at IS NULL", "ix_witness_organisation_id", "organisation_id", unique=True
        ),  # one at a time
        Index("ix_witness_partnership_id", "partnership_id"),  # whom a checkpoint is shown to
        Index("ix_witness_due_at", "due_at"),  # the sweep
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    verifier: str
    address: str = ""
    since: datetime = Field(sa_type=moment())
    retired_at: datetime | None = Field(default=None, sa_type=moment())
    seen_size: int = 0
    due_at: datetime | None = Field(default=None, sa_type=moment())
    attempts: int = 0
    trouble: WitnessTrouble | None = Field(default=None, sa_type=choice(WitnessTrouble))
    troubled_since: datetime | None = Field(default=None, sa_type=moment())

    @classmethod
    def named(
        cls, session: Session, partnership_id: int, verifier: VerifierKey, address: str, actor: Actor, now: datetime
    ) -> "Witness":
        """For the organisation of the actor; asked at once, where it has an address."""
        witness = cls(
            partnership_id=partnership_id,
            organisation_id=actor.organisation_id or 0,
            verifier=str(verifier),
            address=address,
            since=now,
            due_at=now if address else None,
        )
        session.add(witness)
        session.flush()
        kind = WitnessNamed(
            organisation=actor.organisation_key,
            organisation_name=actor.organisation_name,
            verifier=witness.verifier,
            address=address,
        )
        record(session, partnership_id=partnership_id, kind=kind, actor=actor, now=now)
        return witness

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.read(self.verifier)

    def retire(self, session: Session, actor: Actor, now: datetime, *, for_another: bool = False) -> None:
        """What it cosigned stays."""
        self.retired_at, self.due_at = now, None
        session.flush()
        if not for_another:
            kind = WitnessRetired(organisation=actor.organisation_key, organisation_name=actor.organisation_name)
            record(session, partnership_id=self.partnership_id, kind=kind, actor=actor, now=now)

    def cosignature_in(self, note: SignedNote) -> NoteSignature | None:
        """None where it has not signed the checkpoint, or what stands there does not hold."""
        return valid_signature(note, self.key)

    def keep(self, session: Session, checkpoint_id: int, line: NoteSignature, at: datetime) -> None:
        """A cosignature that holds; once."""
        if session.get(Cosignature, (checkpoint_id, self.id)) is None:
            session.add(Cosignature(checkpoint_id=checkpoint_id, witness_id=self.id, at=at, line=str(line)))
            session.flush()

    def catch_up(self, size: int) -> None:
        """It has seen the last checkpoint there was: nothing is in its way."""
        self.seen_size, self.due_at, self.attempts = size, None, 0
        self.trouble = self.troubled_since = None

    def show(self, now: datetime) -> None:
        """There is a checkpoint that it has not seen. In trouble it is asked in its time, and never where it has seen
        what is no longer here."""
        if self.address and self.due_at is None and not (self.trouble and self.trouble.ends_asking):
            self.due_at = now

    def note_trouble(self, trouble: WitnessTrouble, now: datetime) -> None:
        """It is asked again, less and less often; not at all where it has seen what is no longer here."""
        if trouble is not self.trouble:
            self.trouble, self.troubled_since = trouble, now
        self.attempts += 1
        self.due_at = None if trouble.ends_asking else now + gap_after(self.attempts)

    def ask_from(self, size: int, now: datetime) -> None:
        """It says that it has seen so many checkpoints: once this is believed at once, then less and less often."""
        self.seen_size, self.due_at = size, now + gap_after(self.attempts)
        self.attempts += 1


class Cosignature(TableRow, table=True):
    """That a witness saw a checkpoint, and that it extends all that it saw before. `line`: as it stands below it."""

    __table_args__ = (Index("ix_cosignature_witness_id", "witness_id"),)  # the last one of each

    checkpoint_id: int = Field(foreign_key="checkpoint.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    witness_id: int = Field(foreign_key="witness.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=moment())
    line: str
