"""Changes of the arrangement that wait for leads of the organisations that they touch, and who agreed them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session

from tracker.records.columns import NumberedRow, choice, index_where, json_value, moment
from tracker.records.partnership_chain import record
from tracker.rules.arranging import ProposalState
from tracker.rules.events.arrangement import (
    ChangeProposed,
    ProposalAgreed,
    ProposalReturned,
    ProposalTakenBack,
    ProposalVoided,
)
from tracker.rules.events.kinds import Actor, EventKind
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.wording import listed


class ChangeProposal(NumberedRow, table=True):
    """A change proposed for an organisation (none: by the server), in force when a lead of each organisation that it
    touches has agreed.

    `entry_table`, `entry_key`: the entry it is about first; `parts`: what becomes of each entry, with what stood there
    when it was proposed (`base`); `plan`: that in words; `touches`: keys of organisations; `why`: a reason given.
    """

    __tablename__ = "change_proposal"
    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),  # in addresses; two at once: one number each
        # one an entry; what waits, on desks and pages
        index_where(
            "state = 'waiting'", "ix_change_proposal_waiting", "partnership_id", "entry_table", "entry_key", unique=True
        ),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    number: int
    entry_table: str
    entry_key: str
    what: str
    plan: str
    why: str = ""
    parts: list[dict[str, Any]] = Field(sa_type=json_value())
    touches: list[str] = Field(sa_type=json_value())
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    person_name: str
    proposed_at: datetime = Field(sa_type=moment())
    state: ProposalState = Field(default=ProposalState.WAITING, sa_type=choice(ProposalState))
    closed_at: datetime | None = Field(default=None, sa_type=moment())
    closed_by_name: str = ""
    reason: str = ""

    def propose(self, session: Session, actor: Actor, waits_for: Sequence[str]) -> None:
        """`waits_for`: names of organisations."""
        session.add(self)
        session.flush()
        kind = ChangeProposed(
            number=self.number, touches=tuple(self.touches), what=self.what, waits_for=listed(waits_for), plan=self.plan
        )
        self._append(session, kind, actor, self.proposed_at)

    def agree(self, session: Session, actor: Actor, now: datetime, *, missing: Sequence[str]) -> None:
        """For the actor's organisation; with none `missing` (keys of organisations) it is agreed."""
        self._require_waiting()
        session.add(
            ChangeAgreement(
                proposal_id=self.id,
                organisation_id=actor.organisation_id or 0,
                person_id=actor.person_id or 0,
                person_name=actor.name,
                agreed_at=now,
            )
        )
        if not missing:
            self._close(ProposalState.AGREED, actor, now)
        kind = ProposalAgreed(
            number=self.number,
            organisation=actor.organisation_key,
            in_force=not missing,
            table="" if missing else self.entry_table,
            key="" if missing else self.entry_key,
            what=self.what,
            organisation_name=actor.organisation_name,
        )
        self._append(session, kind, actor, now)

    def put_back(self, session: Session, actor: Actor, now: datetime, *, reason: str) -> None:
        """Returned by a lead of an organisation that it touches."""
        self._require_waiting()
        self._close(ProposalState.RETURNED, actor, now, reason)
        self._append(session, ProposalReturned(number=self.number, what=self.what, reason=reason), actor, now)

    def take_back(self, session: Session, actor: Actor, now: datetime) -> None:
        self._require_waiting()
        self._close(ProposalState.TAKEN_BACK, actor, now)
        self._append(session, ProposalTakenBack(number=self.number, what=self.what), actor, now)

    def void(self, session: Session, actor: Actor, now: datetime) -> None:
        """What it was about is no longer what it was."""
        self._require_waiting()
        self._close(ProposalState.VOID, actor, now)
        self._append(session, ProposalVoided(number=self.number, what=self.what), actor, now)

    def _require_waiting(self) -> None:
        if self.state is not ProposalState.WAITING:
            raise MoveNotAllowed(f"Proposal {self.number} no longer waits: it is {self.state.value}.")

    def _close(self, state: ProposalState, actor: Actor, now: datetime, reason: str = "") -> None:
        self.state, self.closed_at, self.closed_by_name, self.reason = state, now, actor.name, reason

    def _append(self, session: Session, kind: EventKind, actor: Actor, now: datetime) -> None:
        session.flush()
        record(session, partnership_id=self.partnership_id, kind=kind, actor=actor, now=now)


class ChangeAgreement(NumberedRow, table=True):
    """That a lead agreed a proposal for an organisation; the name is the one of the time."""

    __tablename__ = "change_agreement"
    __table_args__ = (
        UniqueConstraint("proposal_id", "organisation_id"),  # an organisation agrees once
        UniqueConstraint("proposal_id", "person_id"),  # a person answers for one alone
    )

    proposal_id: int = Field(foreign_key="change_proposal.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    person_name: str
    agreed_at: datetime = Field(sa_type=moment())
