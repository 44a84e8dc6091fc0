"""The people of a charter: accounts are made or found by their address, and each place is kept, given or ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, or_, select

from tracker.exchange.charter.charter import Charter
from tracker.queries.accounts import MEMBER
from tracker.records.partnership import Organisation
from tracker.records.person import Membership, Person


@dataclass
class PuttingPeople:
    """The people of one charter going into the organisations (ids by key) of one partnership.

    An account belongs to its person: its name is never changed here once they have come in, or where it belongs to
    others too. Who belongs elsewhere already is only invited, and becomes a member by accepting.

    `by`: who does it, in words. `typed`: by address, what somebody is called who is invited now, however others know
    them.
    """

    session: Session
    charter: Charter
    organisations: Mapping[str, int]
    now: datetime
    by: str
    typed: Mapping[str, str] = field(default_factory=dict)

    def put(self) -> dict[str, int]:
        """The ids of the accounts, by address."""
        found = self.session.exec(select(Person).where(col(Person.email).in_(self.charter.person))).all()
        accounts = {row.email: row for row in found}
        elsewhere = self._members_among(found)
        self._put_accounts(accounts)
        self._put_memberships({email: row.id for email, row in accounts.items()}, elsewhere)
        return {email: row.id for email, row in accounts.items()}

    def _put_accounts(self, accounts: dict[str, Person]) -> None:
        owned = self._owned_among(accounts.values())
        for email, shape in self.charter.person.items():
            row = accounts.setdefault(email, Person(email=email, name=shape.name, created_at=self.now))
            row.name = row.name if row.id in owned else shape.name
        self.session.add_all(accounts.values())
        self.session.flush()

    def _put_memberships(self, accounts: Mapping[str, int], elsewhere: set[int]) -> None:
        ours = col(Membership.organisation_id).in_(self.organisations.values())
        rows = {(row.person_id, row.organisation_id): row for row in self.session.exec(select(Membership).where(ours))}
        came_in = {row.person_id for row in rows.values() if row.retired_at is None and row.invited_at is None}
        wanted = {
            (accounts[email], self.organisations[each.key]): (email, shape.name, each.roles)
            for email, shape in self.charter.person.items()
            for each in shape.organisations
        }
        for place, (email, name, roles) in wanted.items():
            row = rows.setdefault(place, Membership(person_id=place[0], organisation_id=place[1], retired_at=self.now))
            if row.retired_at is not None:
                row.invite(self.typed.get(email, name), pending=row.person_id in elsewhere, now=self.now)
            elif row.invited_at is not None and row.person_id not in came_in:
                row.name = name
            row.take_roles(roles)
        for place in sorted(rows.keys() - wanted.keys()):
            if rows[place].retired_at is None:
                rows[place].end(self.now, by=self.by)
        self.session.add_all(rows.values())
        self.session.flush()

    def _members_among(self, accounts: Iterable[Person]) -> set[int]:
        """The ids of those who are members of an organisation by now, of whatever partnership."""
        places = (
            select(Membership.person_id)
            .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
            .where(col(Membership.person_id).in_([each.id for each in accounts]), *MEMBER)
            .where(col(Organisation.retired_at).is_(None))
        )
        return set(self.session.exec(places))

    def _owned_among(self, accounts: Iterable[Person]) -> set[int]:
        """The ids of those who have come in, or belong to organisations of others."""
        others = col(Membership.organisation_id).not_in(self.organisations.values())
        places = select(Membership.person_id).where(
            col(Membership.person_id).in_([each.id for each in accounts]),
            col(Membership.retired_at).is_(None),
            or_(col(Membership.invited_at).is_(None), others),
        )
        return set(self.session.exec(places)) | {each.id for each in accounts if each.came_in_at is not None}
