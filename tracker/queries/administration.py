"""What was done to an arrangement, and by the people who run the server: for the leads of its organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.queries.partnership_events import administrative
from tracker.records.event import Event
from tracker.records.ladder import LadderAgreement, LadderVersion

PAGE = 50


@dataclass(frozen=True, slots=True)
class AdministrativeEvent:
    """One administrative event, in a sentence. `position`: its place in the chain; `lines`: of the plan it kept."""

    at: datetime
    sentence: str
    position: int
    lines: tuple[str, ...] = ()


def administrative_events(
    session: Session, partnership_id: int, *, before: int | None = None
) -> tuple[AdministrativeEvent, ...]:
    """A page of them, newest first; `before`: those at a lower place. The caller has made sure that a lead asks."""
    return tuple(_administered(each) for each in _newest(session, partnership_id, before))


def last_change(session: Session, partnership_id: int, table: str = "", key: str = "") -> AdministrativeEvent | None:
    """The newest of them, or, with a table and key of the charter, the newest that changed that entry."""
    mine = (each for each in _newest(session, partnership_id) if not table or _is_about(each, table, key))
    return next((_administered(each) for each in mine), None)


def _newest(session: Session, partnership_id: int, before: int | None = None) -> Sequence[Event]:
    asked = select(Event).where(Event.partnership_id == partnership_id, administrative())
    if before is not None:
        asked = asked.where(Event.position < before)
    return session.exec(asked.order_by(col(Event.position).desc()).limit(PAGE)).all()


def _is_about(event: Event, table: str, key: str) -> bool:
    return (event.details.get("table"), event.details.get("key")) == (table, key)


def _administered(event: Event) -> AdministrativeEvent:
    kind = event.read()
    plan = str(getattr(kind, "plan", ""))
    return AdministrativeEvent(event.at, kind.sentence(event.actor_name), event.position, tuple(plan.splitlines()))


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
