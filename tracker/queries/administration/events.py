"""What was done to an arrangement, and by the people who run the server: for the leads of its organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.queries.partnership_events import administrative
from tracker.records.event import Event, told_event
from tracker.records.ladder import LadderAgreement, LadderVersion
from tracker.rules.rings import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class AdministrativeEvent:
    """One administrative event, in a sentence. `place`: which of them it is, the first one 1 (its place in the chain
    would count decisions and packs, too); `lines`: of the plan it kept."""

    at: datetime
    sentence: str
    place: int
    lines: tuple[str, ...] = ()


def administrative_events(
    session: Session, viewer: Viewer, partnership_id: int, *, before: int | None = None
) -> tuple[AdministrativeEvent, ...]:
    """A page of those that this lead may read, newest first; `before`: those at a lower place."""
    return tuple(_administered(event, place) for event, place in _newest(session, viewer, partnership_id, before))


def last_change(
    session: Session, viewer: Viewer, partnership_id: int, table: str = "", key: str = ""
) -> AdministrativeEvent | None:
    """The newest of them, or, with a table and key of the charter, the newest that changed that entry."""
    newest = _newest(session, viewer, partnership_id)
    mine = ((event, place) for event, place in newest if not table or _is_about(event, table, key))
    return next((_administered(event, place) for event, place in mine), None)


def _newest(
    session: Session, viewer: Viewer, partnership_id: int, before: int | None = None
) -> Sequence[tuple[Event, int]]:
    """Each with its place among those that this lead may read."""
    place = func.row_number().over(order_by=col(Event.position)).label("place")
    mine = (Event.partnership_id == partnership_id, administrative(viewer))
    placed = select(col(Event.id), place).where(*mine).subquery()
    asked = select(Event, placed.c.place).join(placed, col(Event.id) == placed.c.id)
    if before is not None:
        asked = asked.where(placed.c.place < before)
    return session.exec(asked.order_by(placed.c.place.desc()).limit(PAGE)).all()


def _is_about(event: Event, table: str, key: str) -> bool:
    return (event.details.get("table"), event.details.get("key")) == (table, key)


def _administered(event: Event, place: int) -> AdministrativeEvent:
    kind = told_event(event.kind, event.details, event.words, event.hashes)
    lines = tuple(line for passage in kind.passages() for line in passage.text.splitlines())
    return AdministrativeEvent(event.at, kind.sentence(event.actor_name), place, lines)


@dataclass(frozen=True, slots=True)
class LadderConsent:
    """That a lead agreed for an organisation, with the name of the time."""

    organisation_id: int
    person_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LadderProposal:
    """Where a version came from, and who agreed it so far, the first one first."""

    proposed_at: datetime
    proposed_by: str
    in_force_at: datetime | None
    agreements: tuple[LadderConsent, ...]


def proposal(session: Session, version_id: int) -> LadderProposal:
    """Of a version that is there."""
    version = session.get_one(LadderVersion, version_id)
    rows = select(LadderAgreement).where(LadderAgreement.version_id == version_id)
    agreed = session.exec(rows.order_by(col(LadderAgreement.agreed_at), col(LadderAgreement.id)))
    agreements = tuple(LadderConsent(row.organisation_id, row.person_name, row.agreed_at) for row in agreed)
    return LadderProposal(version.proposed_at, version.proposed_by_name, version.in_force_at, agreements)
