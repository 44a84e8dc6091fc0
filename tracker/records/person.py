"""People: one account for each address, and what they are in each organisation."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from tracker.records.columns import NumberedRow, json_value, moment
from tracker.records.event import session_of
from tracker.records.partnership import Organisation
from tracker.records.session import end_sessions_of_leaver
from tracker.rules.rings import Role


class Person(NumberedRow, table=True):
    """One account per address, on the whole server, owned by its person. The address is kept in lower case.

    `came_in_at`: when they first came in; from then on nobody else changes the name. `phone`, `reach`: how they want to
    be reached, in their own words; theirs alone to change. `draft_turn` counts up whenever they are signed out
    everywhere: what they had typed on a device before is read nowhere any more.
    """

    email: str = Field(unique=True)
    name: str
    digest: bool = False
    phone: str = ""
    reach: str = ""
    single_keys: bool = True  # that do something on their pages
    created_at: datetime = Field(sa_type=moment())
    came_in_at: datetime | None = Field(default=None, sa_type=moment())
    draft_turn: int = 0


class SavedList(NumberedRow, table=True):
    """A list of issues that somebody kept under a name of their own: what its address asks for."""

    __tablename__ = "saved_list"
    __table_args__ = (UniqueConstraint("person_id", "name"),)  # theirs, on every list

    person_id: int = Field(foreign_key="person.id")
    name: str
    asked: dict[str, str] = Field(sa_type=json_value())


class Membership(NumberedRow, table=True):
    """A person's place in an organisation, with a column for each role, and the days they are away from it: both count,
    and without a last one it is until further notice.

    `invited_at`: somebody added them, and they have not come in yet. Until they do, others see them as invited, under
    the `name` that was typed: nobody learns from that whether the address has an account already. `pending`: it has
    one elsewhere, so that they are no member before they accept. `name` without an invitation is how they were called
    when they left; "" is the name of the account. `sessions_from`: a lead ended the sessions of before, for what is of
    this organisation; those in which they proved who they are since then count. `letter`: the digest by which the
    letter that invites them is known (`SignInLink.token_hash`), the last one alone; old letters are removed.
    `here_in`: the first day of the last month in which they looked at something of this partnership.
    """

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
    name: str = ""
    invited_at: datetime | None = Field(default=None, sa_type=moment())
    pending: bool = False
    sessions_from: datetime | None = Field(default=None, sa_type=moment())
    letter: str = ""
    here_in: date | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in Role if getattr(self, role.value))

    def invite(self, name: str, *, pending: bool, now: datetime) -> None:
        """Somebody typed this name and the address of their account."""
        self.name, self.pending, self.invited_at, self.retired_at, self.letter = name, pending, now, None, ""
        self.away_from = self.away_until = None

    def come_in(self) -> None:
        """They are here, signed in as themselves: a member, under their own name."""
        self.name, self.pending, self.invited_at = "", False, None

    def return_to_it(self) -> None:
        """They belong here again, as what they were, signed in nowhere."""
        self.name, self.pending, self.invited_at, self.retired_at = "", False, None, None

    def end(self, now: datetime, *, by: str = "") -> None:
        """They belong here no longer, and are signed out everywhere: what they are signed in with, and every link that
        is still out, is dead for good, also on the day they come back. Who was never a member stays signed in.
        `by`: who recorded it, which their browsers are told; "" where nobody knows."""
        session = session_of(self)
        person = session.exec(select(Person).where(col(Person.id) == self.person_id)).one()
        self.name = self.name or person.name
        if not self.pending:
            lock(session, self.person_id)
            organisation = session.get_one(Organisation, self.organisation_id).name
            end_sessions_of_leaver(session, self.person_id, organisation=organisation, by=by, now=now)
        self.retired_at, self.pending, self.invited_at = now, False, None

    def take_roles(self, roles: Iterable[Role | str]) -> None:
        """These roles and no others."""
        wanted = {Role(each) for each in roles}
        for role in Role:
            setattr(self, role.value, role in wanted)


class DirectoryEntry(NumberedRow, table=True):
    """Somebody of whom an organisation's directory knows, or was told that they belong.

    `key`: by which the directory names them, drawn by lot. `login`: by which it finds them, in lower case. `said`: what
    it said of them, as it is told again: nothing of their account is in it, so that nobody learns there whether others
    know them. `person_id`: whom it led to; None: nobody was invited yet. `ended_at`: when it ended the membership of
    somebody who had come in; what others did since is later than that, and counts.
    """

    __tablename__ = "directory_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "login"),  # the list of an organisation, and nobody in it twice
        UniqueConstraint("organisation_id", "person_id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    key: str = Field(default_factory=lambda: uuid4().hex, unique=True)
    login: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    said: dict[str, Any] = Field(sa_type=json_value())
    made_at: datetime = Field(sa_type=moment())
    changed_at: datetime = Field(sa_type=moment())
    ended_at: datetime | None = Field(default=None, sa_type=moment())


def lock(session: Session, person_id: int | None) -> None:
    """Until the transaction ends nobody else lets this person in, or lets them go."""
    session.exec(select(Person.id).where(col(Person.id) == (person_id or 0)).with_for_update(key_share=True)).first()
