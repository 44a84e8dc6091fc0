"""What a partnership agreed, read as one value and kept in the process until its version changes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, event
from sqlmodel import Session, col, select

from tracker.database import straight
from tracker.queries.arrangement_tables import build
from tracker.records.columns import ArrangementEntry
from tracker.records.governance import Seat
from tracker.records.ladder import LadderAgreement, LadderVersion, Tier
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import NoPartnership, NotThere
from tracker.rules.rings import Viewer

_MOST_KEPT = 64
_CHANGED = "arrangement changed"
_TABLES = (Partnership, ArrangementEntry, Person, Membership, Seat, LadderVersion, Tier, LadderAgreement)
_kept: dict[tuple[str, int], Arrangement] = {}


def arrangement(session: Session, partnership_id: int, version: int | None = None) -> Arrangement:
    """The arrangement as it is now. `version`, where the caller has just read it, saves asking for it.

    What is read in a transaction that changes the arrangement is not kept: it may yet be undone. NotThere.
    """
    place = (str(session.get_bind().engine.url), partnership_id)
    now = version or _version(session, partnership_id)
    kept = _kept.get(place)
    if kept and kept.version == now:
        return kept
    built = build(session, partnership_id)
    if not session.info.get(_CHANGED) and _version(session, partnership_id) == built.version:
        _keep(place, built)
    return built


def by_key(session: Session, key: str) -> Arrangement:
    """The arrangement of the partnership with this key. Refuses: NotThere."""
    found = session.exec(select(Partnership.id, Partnership.version).where(Partnership.key == key)).first()
    if found is None:
        raise NoPartnership(key)
    return arrangement(session, *found)


def of(session: Session, viewer: Viewer) -> dict[int, Arrangement]:
    """The arrangements of a person's partnerships, by partnership id."""
    wanted = col(Partnership.id).in_(viewer.partnership_ids)
    versions = session.exec(select(Partnership.id, Partnership.version).where(wanted).order_by(Partnership.key))
    return {each: arrangement(session, each, version) for each, version in versions}


def kept_calendars(session: Session, partnership_id: int) -> dict[int, dict[str, Any]]:
    """The calendar of each organisation, by its number, as the charter file has it."""
    mine = Organisation.partnership_id == partnership_id
    found = session.exec(select(Organisation.id, Organisation.calendar).where(mine))
    return {number: dict(calendar) for number, calendar in found}


def _version(session: Session, partnership_id: int) -> int:
    found: int | None = straight(session).execute(_VERSION, {"id": partnership_id}).scalar()
    if found is None:
        raise NotThere("There is no such partnership.")
    return found


_VERSION = select(Partnership.version).where(col(Partnership.id) == bindparam("id"))


def _keep(place: tuple[str, int], built: Arrangement) -> None:
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[place] = built


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, *_: Any) -> None:
    touched: Iterable[object] = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, _TABLES) for row in touched):
        session.info[_CHANGED] = True
