"""Tokens of organisations: whose one is, and which there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlmodel import Session, col
from sqlmodel import select as rows

from tracker.database import straight
from tracker.queries.arrangements import arrangement
from tracker.records.columns import hex_digits
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Person
from tracker.records.session import OrganisationToken, hash_of
from tracker.rules.arrangement import Arrangement
from tracker.rules.policy import viewer_as_organisation
from tracker.rules.refusals import NoPartnership, NotThere
from tracker.rules.rings import TokenScope, Viewer


@dataclass(frozen=True, slots=True)
class Bearer:
    """An organisation that asks by a program. `token_id`: of the token that it showed, noted as used at `used_at` and
    as having read the feed up to `gone_on_from`."""

    token_id: int
    scope: TokenScope
    used_at: datetime | None
    gone_on_from: int | None
    organisation_id: int
    viewer: Viewer
    agreed: Arrangement

    def arrangement(self, key: str) -> Arrangement:
        """That of its partnership. Refuses: NotThere, also where it is somebody else's."""
        if self.agreed.key != key:
            raise NoPartnership(key)
        return self.agreed


def bearer_by_token(session: Session, token: str) -> Bearer | None:
    """Whose token it is; None of one that was revoked, whose organisation has left, or that is none."""
    row = straight(session).execute(_BY_TOKEN, {"kept": hash_of(token)}).first()
    if row is None:
        return None
    agreed = arrangement(session, row.partnership_id, row.version)
    viewer = viewer_as_organisation(row.organisation_id, agreed)
    return Bearer(row.id, row.scope, row.used_at, row.gone_on_from, row.organisation_id, viewer, agreed)


def tokens_of(session: Session, organisation_id: int, scope: TokenScope) -> tuple[Row[Any], ...]:
    """Those of an organisation for one purpose, the newest first, each with who made it."""
    names = ("number", "name", "scope", "made_at", "used_at", "revoked_at")
    asked = (
        select(*(col(getattr(OrganisationToken, name)) for name in names), col(Person.name).label("made_by"))
        .join(Person, col(Person.id) == col(OrganisationToken.made_by_id))
        .where(col(OrganisationToken.organisation_id) == organisation_id, col(OrganisationToken.scope) == scope)
    )
    return tuple(straight(session).execute(asked.order_by(col(OrganisationToken.number).desc())))


def token_of(session: Session, organisation_id: int, number: int) -> OrganisationToken:
    """One to be changed. Refuses: NotThere."""
    mine = (OrganisationToken.organisation_id == organisation_id, OrganisationToken.number == number)
    found = session.exec(rows(OrganisationToken).where(*mine).with_for_update()).first()
    if found is None:
        raise NotThere(f"There is no token {number}.")
    return found


def good_tokens(session: Session, organisation_id: int) -> int:
    """How many it has that are not revoked."""
    mine = (OrganisationToken.organisation_id == organisation_id, col(OrganisationToken.revoked_at).is_(None))
    return session.exec(rows(func.count()).select_from(OrganisationToken).where(*mine)).one()


def last_number(session: Session, organisation_id: int) -> int:
    mine = OrganisationToken.organisation_id == organisation_id
    return session.exec(rows(func.max(OrganisationToken.number)).where(mine)).one() or 0


_COLUMNS: tuple[Any, ...] = (
    *(col(getattr(OrganisationToken, name)) for name in ("id", "scope", "used_at", "gone_on_from")),
    col(OrganisationToken.organisation_id),
    col(Organisation.partnership_id),
    col(Partnership.version),
)
_BY_TOKEN: Select[Any] = (
    select(*_COLUMNS)
    .join(Organisation, col(Organisation.id) == col(OrganisationToken.organisation_id))
    .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
    .where(
        col(OrganisationToken.token_hash) == bindparam("kept", type_=hex_digits()),
        col(OrganisationToken.revoked_at).is_(None),
        col(Organisation.retired_at).is_(None),
    )
)
