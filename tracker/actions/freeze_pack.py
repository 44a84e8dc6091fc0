"""Packs: begun for a meeting, frozen when published; a draft can be discarded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from tracker.actions.begin_step import StepRequest
from tracker.queries.packs import last_before, load_pack
from tracker.records.pack import Pack
from tracker.records.partnership_chain import lock
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.deciding import require_publishing
from tracker.rules.events.decision import PackDrafted
from tracker.rules.events.kinds import Actor
from tracker.rules.policy import actor_of
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.spans import day_in
from tracker.rules.wording import say_day


@dataclass(frozen=True, slots=True)
class Meeting:
    """For which meeting of which body, with the theme report of which period (measures/periods; "": the twelve whole
    months before the pack is published)."""

    body: Body
    meets_at: datetime
    period: str


def draft_pack(session: Session, arrangement: Arrangement, meeting: Meeting, request: StepRequest) -> Pack:
    """Begins a pack. Refuses: MayNot, WrongInput where the meeting is over or has one."""
    require_publishing(request.viewer, meeting.body, arrangement)
    lock(session, arrangement.id)
    _refuse_impossible(session, meeting, request.now)
    highest = session.exec(select(func.max(Pack.number)).where(Pack.partnership_id == arrangement.id)).one()
    pack = Pack(
        partnership_id=arrangement.id,
        number=(highest or 0) + 1,
        body_id=meeting.body.id,
        meets_at=meeting.meets_at,
        period=meeting.period,
        drafted_at=request.now,
    )
    before = last_before(session, pack)
    pack.decided_from = day_in(arrangement.zone, before.meets_at) if before else None
    session.add(pack)
    session.flush()
    drafted = PackDrafted(number=pack.number, meeting=named(pack, arrangement))
    pack.append(drafted, _speaker(arrangement, meeting.body, request), request.now)
    return pack


def publish_pack(
    session: Session, arrangement: Arrangement, pack: Pack, content: dict[str, Any], request: StepRequest
) -> None:
    """Freezes a pack (loaded for change) with what is in it now; its readers hear of it. Refuses: MayNot,
    MoveNotAllowed."""
    body = body_of(pack, arrangement)
    require_publishing(request.viewer, body, arrangement)
    pack.period = pack.period_on(day_in(arrangement.zone, request.now)).name
    pack.publish(content, named(pack, arrangement), _speaker(arrangement, body, request), request.now)


def discard_pack(session: Session, arrangement: Arrangement, number: int, request: StepRequest) -> None:
    """Gives a draft up: its meeting may have another. Refuses: NotThere, MayNot, MoveNotAllowed for a published one."""
    pack = pack_to_change(session, arrangement, number, request)
    pack.discard(named(pack, arrangement), _speaker(arrangement, body_of(pack, arrangement), request), request.now)


def pack_to_change(session: Session, arrangement: Arrangement, number: int, request: StepRequest) -> Pack:
    """A pack, locked. Refuses: NotThere, and MayNot who may not publish it."""
    pack = load_pack(session, arrangement.id, number, request.viewer, for_change=True)
    require_publishing(request.viewer, body_of(pack, arrangement), arrangement)
    return pack


def body_of(pack: Pack, arrangement: Arrangement) -> Body:
    """The body it is for; a retired one stays readable."""
    return next(each for each in arrangement.bodies.values() if each.id == pack.body_id)


def named(pack: Pack, arrangement: Arrangement) -> str:
    """“Steering group, Tue 28 Apr 2026”."""
    day = day_in(arrangement.zone, pack.meets_at)
    return f"{body_of(pack, arrangement).name}, {say_day(day, 0)}"


def _refuse_impossible(session: Session, meeting: Meeting, now: datetime) -> None:
    if meeting.meets_at <= now:
        raise WrongInput(FieldError("meets_at", "Choose a meeting that is still to come."))
    same = (Pack.body_id == meeting.body.id, Pack.meets_at == meeting.meets_at, col(Pack.discarded_at).is_(None))
    number = session.exec(select(Pack.number).where(*same)).first()
    if number is not None:
        raise WrongInput(FieldError("meets_at", f"There is a pack for this meeting: pack {number}."))


def _speaker(arrangement: Arrangement, body: Body, request: StepRequest) -> Actor:
    seated = {seat.organisation for seat in body.seats if seat.person_id == request.viewer.person_id}
    places = [each for each in request.viewer.in_partnership(arrangement.id) if each.organisation_key in seated]
    if len(places) > 1:  # for the body, and for neither of theirs
        return Actor(request.viewer.person_id, request.viewer.name)
    return actor_of(request.viewer, places[0], arrangement)
