"""How many people of an organisation have a second factor: what it would mean to ask all of them for one."""

from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from tracker.records.person import Membership
from tracker.records.session import Authenticator, Passkey


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Of those who belong to it, without who was only invited: how many there are, and how many have set one up."""

    people: int
    ready: int

    @property
    def without(self) -> int:
        return self.people - self.ready


def second_factors(session: Session, organisation_id: int) -> SecondFactors:
    """No more than two numbers: whose they are is nobody else's to know."""
    here = (
        col(Membership.organisation_id) == organisation_id,
        col(Membership.retired_at).is_(None),
        col(Membership.pending).is_(False),
    )
    has_passkey = select(Passkey.id).where(col(Passkey.person_id) == col(Membership.person_id)).exists()
    has_app = (
        select(Authenticator.id)
        .where(col(Authenticator.person_id) == col(Membership.person_id), col(Authenticator.secret) != "")
        .exists()
    )
    counted = select(func.count()).select_from(Membership).where(*here)
    return SecondFactors(
        people=session.exec(counted).one(), ready=session.exec(counted.where(or_(has_passkey, has_app))).one()
    )
