"""Which body a reader sits on that meets next, and what waits for it."""

from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlmodel import Session

from tracker.measures.cut_text import by_letter
from tracker.queries.agendas import waiting_on
from tracker.queries.decisions import past_due_on
from tracker.queries.packs import last_published
from tracker.records.ladder_context import meetings
from tracker.reports.themes.opening import MOST, LateDecision, Sitting, stood_out_in, waiting_issue
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.rings import Role, Viewer
from tracker.rules.spans import day_in


def bodies_of(arrangement: Arrangement, viewer: Viewer, now: datetime) -> tuple[Body, ...]:
    """The bodies that somebody sits on, the one that meets next first; for leads, those their organisation sits on."""
    led = {each.organisation_key for each in viewer.in_partnership(arrangement.id) if Role.LEAD in each.roles}
    there = [each for each in arrangement.bodies.values() if not each.retired]
    mine = [each for each in there if each.id in viewer.bodies or led & {seat.organisation for seat in each.seats}]
    last = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(mine, key=lambda body: (_next(body, now) or last, by_letter(body.name))))


def sitting_of(session: Session, arrangement: Arrangement, viewer: Viewer, body: Body, now: datetime) -> Sitting:
    """With what waits for the body, as this person may see it. What stood out in its last pack is known to who has
    totals."""
    zone, meets = arrangement.zone, _next(body, now)
    waiting = waiting_on(session, viewer, body.id, MOST + 1)
    late = past_due_on(session, viewer, body.id, day_in(zone, now))
    sitting = Sitting(
        body,
        meets_on=day_in(zone, meets) if meets else None,
        waiting=tuple(waiting_issue(row.ref, row.title, row.since, row.due_at, zone) for row in waiting),
        late=tuple(
            LateDecision(row.number, row.what, row.due_on, tuple(owner.name for owner in row.owners)) for row in late
        ),
    )
    return _after_last(session, sitting, zone, now) if viewer.sees_totals_of(arrangement.id) else sitting


def sitting_on(session: Session, arrangement: Arrangement, body: Body, meets_at: datetime) -> Sitting:
    """The meeting that a pack is for: what waits for it is the pack's agenda."""
    sitting = Sitting(body, meets_on=day_in(arrangement.zone, meets_at))
    return _after_last(session, sitting, arrangement.zone, meets_at)


def _after_last(session: Session, sitting: Sitting, zone: str, before: datetime) -> Sitting:
    last = last_published(session, sitting.body.id, before)
    if last is None:
        return sitting
    return replace(sitting, last_met=day_in(zone, last.meets_at), stood_out=stood_out_in(last.headlines or ()))


def _next(body: Body, now: datetime) -> datetime | None:
    return next(islice(meetings(body, now), 1), None)
