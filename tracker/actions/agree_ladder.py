"""A lead agrees a version of a ladder for their organisation; with the last agreement it comes into force."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.queries.arrangements import arrangement
from tracker.records.ladder import Ladder, LadderAgreement, LadderVersion
from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Person
from tracker.rules.arranging import Asked, require_answer
from tracker.rules.events.arrangement import LadderAgreed
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere


def agree(
    session: Session, version: LadderVersion, organisation: Organisation, person: Person, *, now: datetime
) -> tuple[str, ...]:
    """The names of the organisations that are still to agree; with none left the version is in force.

    Refuses: MayNot, when the person is no lead of the organisation, or agreed it for another one; MoveNotAllowed, when
    the version was withdrawn, or the organisation agreed it before.
    """
    ladder = session.get_one(Ladder, version.ladder_id)
    partnership = session.get_one(Partnership, ladder.partnership_id, with_for_update=True)
    session.refresh(version)
    _refuse_settled(session, version, ladder, organisation)
    _refuse_stranger(session, version, organisation, person)
    session.add(_agreement(version, organisation, person, now))
    missing = still_to_agree(session, version, partnership.id)
    if not missing:
        version.in_force_at = version.in_force_at or now
    partnership.changed()
    session.flush()
    kind = LadderAgreed(
        ladder=ladder.key,
        version=version.number,
        organisation=organisation.key,
        in_force=not missing,
        ladder_name=ladder.name,
        organisation_name=organisation.name,
    )
    actor = Actor(person.id, person.name, organisation.id, organisation.key, organisation.name)
    record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)
    return missing


def agree_as_lead(
    session: Session, ladder: Ladder, person: Person, *, now: datetime, organisation: str | None = None
) -> tuple[str, ...]:
    """The same for the version that waits, for the organisation of this key, else for the first that the person leads
    and that has not agreed."""
    version = waiting_version(session, ladder)
    agreed = arrangement(session, ladder.partnership_id)
    led = [each for each in agreed.led_by(person.id) if organisation in (None, each.key)]
    if not led:
        raise MayNot(f"{person.name} leads no organisation of this partnership; only a lead agrees a ladder.")
    done = _agreed(session, version)
    side = next((each for each in led if each.id not in done), led[0])
    return agree(session, version, session.get_one(Organisation, side.id), person, now=now)


def waiting_version(session: Session, ladder: Ladder) -> LadderVersion:
    """The newest version of a ladder, if an organisation is still to agree it. Refuses: MoveNotAllowed, if none."""
    newest = (
        select(LadderVersion)
        .where(LadderVersion.ladder_id == ladder.id, col(LadderVersion.withdrawn_at).is_(None))
        .order_by(col(LadderVersion.number).desc())
    )
    version = session.exec(newest).first()
    if version is None or not still_to_agree(session, version, ladder.partnership_id):
        found = f"version {version.number} is in force" if version else "there is none"
        raise MoveNotAllowed(f"No version of the {ladder.name} ladder waits to be agreed: {found}.")
    return version


def ladder_of(session: Session, partnership_id: int, key: str) -> Ladder:
    """A ladder by key. Refuses with NotThere, naming those there are."""
    rows = select(Ladder).where(Ladder.partnership_id == partnership_id, col(Ladder.retired_at).is_(None))
    ladders = {each.key: each for each in session.exec(rows.order_by(col(Ladder.position)))}
    if key not in ladders:
        raise NotThere(f"There is no ladder {key}; allowed is one of: {', '.join(ladders) or 'none yet'}.")
    return ladders[key]


def still_to_agree(session: Session, version: LadderVersion, partnership_id: int) -> tuple[str, ...]:
    """The names of the organisations that have not agreed a version, in their order."""
    agreed = _agreed(session, version)
    rows = (
        select(Organisation.name)
        .where(Organisation.partnership_id == partnership_id, col(Organisation.retired_at).is_(None))
        .where(col(Organisation.id).not_in(agreed))
        .order_by(col(Organisation.position))
    )
    return tuple(session.exec(rows))


def _agreement(version: LadderVersion, organisation: Organisation, person: Person, now: datetime) -> LadderAgreement:
    return LadderAgreement(
        version_id=version.id,
        organisation_id=organisation.id,
        person_id=person.id,
        person_name=person.name,
        agreed_at=now,
    )


def _agreed(session: Session, version: LadderVersion) -> dict[int, int]:
    """Who agreed: the person's id by that of the organisation."""
    mine = select(LadderAgreement).where(LadderAgreement.version_id == version.id)
    return {each.organisation_id: each.person_id for each in session.exec(mine)}


def _refuse_stranger(session: Session, version: LadderVersion, organisation: Organisation, person: Person) -> None:
    agreed = arrangement(session, organisation.partnership_id)
    lead = agreed.people.get(person.id)
    if lead is None:
        raise MayNot(f"{person.name} is no lead of {organisation.name}; only its lead agrees a ladder for it.")
    everybody = [each.key for each in agreed.active_organisations()]
    asked = Asked(everybody, agreed_by=_agreed(session, version).values())
    require_answer(lead, agreed.organisation(organisation.key), asked)


def _refuse_settled(session: Session, version: LadderVersion, ladder: Ladder, organisation: Organisation) -> None:
    named = f"Version {version.number} of the {ladder.name} ladder"
    if version.withdrawn_at is not None:
        raise MoveNotAllowed(f"{named} was withdrawn.")
    if organisation.id in _agreed(session, version):
        raise MoveNotAllowed(f"{organisation.name} has agreed {named[0].lower()}{named[1:]} already.")
