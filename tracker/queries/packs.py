"""What a person may see of packs: the one builder of who may read, and loading one."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import Session, col

from tracker.queries.issues import READERS
from tracker.records.governance import Seat
from tracker.records.pack import Pack
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Role, Viewer


class PackRow(NamedTuple):
    """What a list shows of a pack, in the order of its columns."""

    number: int
    body_id: int
    meets_at: Any
    period: str
    published_at: Any
    published_by: str


COLUMNS: tuple[Any, ...] = tuple(getattr(Pack, name) for name in PackRow._fields)
_LISTED = 100
_KEPT = col(Pack.discarded_at).is_(None)


@lru_cache(maxsize=READERS)
def visible_packs(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Pack` under which this person may read it: a member of the body, or a lead of an organisation
    that is seated on it. Of its agenda each sees only the issues that they may see."""
    led = [each.organisation_id for each in viewer.memberships if Role.LEAD in each.roles]
    seated = (
        col(Seat.body_id) == col(Pack.body_id),
        col(Seat.organisation_id).in_(led),
        col(Seat.retired_at).is_(None),
    )
    return or_(col(Pack.body_id).in_(viewer.bodies), exists().where(*seated))


def load_pack(
    session: Session, partnership_id: int, number: int, viewer: Viewer, *, for_change: bool = False
) -> Pack:  # fmt: skip
    """One pack; for a change, locked. Refuses with `NotThere` what this person may not see, and what was discarded."""
    mine = (col(Pack.partnership_id) == partnership_id, col(Pack.number) == number, visible_packs(viewer))
    asked = select(Pack).where(*mine, _KEPT)
    if for_change:
        asked = asked.with_for_update(of=Pack).execution_options(populate_existing=True)
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotThere(f"There is no pack {number}.")
    return found


def pack_rows(session: Session, viewer: Viewer, partnership_id: int) -> tuple[PackRow, ...]:
    """The packs of a partnership that this person may read, the newest first."""
    asked = select(*COLUMNS).where(col(Pack.partnership_id) == partnership_id, visible_packs(viewer), _KEPT)
    return tuple(PackRow(*row) for row in session.execute(asked.order_by(col(Pack.number).desc()).limit(_LISTED)))


def last_before(session: Session, pack: Pack) -> Pack | None:
    """The body's last published pack of an earlier meeting."""
    earlier = (
        col(Pack.body_id) == pack.body_id,
        col(Pack.meets_at) < pack.meets_at,
        col(Pack.published_at).is_not(None),
    )
    return session.scalars(select(Pack).where(*earlier).order_by(col(Pack.meets_at).desc()).limit(1)).first()
