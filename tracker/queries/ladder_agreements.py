"""Who agreed a version of a ladder, and who proposed it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.records.ladder import LadderAgreement, LadderVersion


@dataclass(frozen=True, slots=True)
class Agreement:
    """That a lead agreed for an organisation, with the name of the time."""

    organisation_id: int
    person_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a version came from, and who agreed it so far, the first one first."""

    proposed_at: datetime
    proposed_by: str
    in_force_at: datetime | None
    agreements: tuple[Agreement, ...]


def proposal(session: Session, version_id: int) -> Proposal:
    """Of a version that is there."""
    version = session.get_one(LadderVersion, version_id)
    rows = select(LadderAgreement).where(LadderAgreement.version_id == version_id)
    agreed = session.exec(rows.order_by(col(LadderAgreement.agreed_at), col(LadderAgreement.id)))
    agreements = tuple(Agreement(row.organisation_id, row.person_name, row.agreed_at) for row in agreed)
    return Proposal(version.proposed_at, version.proposed_by_name, version.in_force_at, agreements)
