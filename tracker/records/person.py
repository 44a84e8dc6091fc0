"""People: one account for each address, and what they are in each organisation."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from tracker.records.columns import NumberedRow, moment
from tracker.records.event import session_of
from tracker.records.session import end_sessions
from tracker.rules.rings import Role


class Person(NumberedRow, table=True):
    """One account per address, on the whole server. The address is kept in lower case."""

    email: str = Field(unique=True)
    name: str
    digest: bool = False
    created_at: datetime = Field(sa_type=moment())


class Membership(NumberedRow, table=True):
    """A person's place in an organisation, with a column for each role, and the days they are away from it: both count,
    and without a last one it is until further notice."""

    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)  # who is asking, on every request

    person_id: int = Field(foreign_key="person.id")
    organisation_id: int = Field(foreign_key="organisation.id", index=True)  # who hears, by organisation
    front_line: bool = False
    manager: bool = False
    steering: bool = False
    lead: bool = False
    away_from: date | None = None
    away_until: date | None = None
    retired_at: datetime | None = Field(default=None, sa_type=moment())

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in Role if getattr(self, role.value))

    def end(self, now: datetime) -> None:
        """They belong here no longer, and are signed out everywhere: what they are signed in with, and every link that
        is still out, is dead for good, also on the day they come back."""
        session = session_of(self)
        lock(session, self.person_id)
        self.retired_at = now
        end_sessions(session, self.person_id, now=now)

    def take_roles(self, roles: Iterable[Role | str]) -> None:
        """These roles and no others."""
        wanted = {Role(each) for each in roles}
        for role in Role:
            setattr(self, role.value, role in wanted)


def lock(session: Session, person_id: int | None) -> None:
    """Until the transaction ends nobody else lets this person in, or lets them go."""
    session.exec(select(Person.id).where(col(Person.id) == (person_id or 0)).with_for_update(key_share=True)).first()
