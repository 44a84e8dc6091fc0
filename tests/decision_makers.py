"""Decisions for tests: recorded through the product's own action, by somebody of the cast."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from tests.issue_makers import doer
from tests.makers import MONDAY, Cast
from tracker.actions.decide import Resolve, decide
from tracker.actions.freeze_pack import Meeting, draft_pack, publish_pack
from tracker.queries.people import key_in
from tracker.records.agreement import Clause, Theme
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.records.pack import Pack
from tracker.reports.packs.content import content_of

TODAY = MONDAY.date()
DUE = date(2026, 5, 29)


def make_decision(
    session: Session, cast: Cast, by: str = "priya", now: datetime = MONDAY, *, body: str = "steering",
    owners: tuple[str, ...] = ("jo", "lee"), once: str | None = None, **said: Any,
) -> Decision:  # fmt: skip
    """What the steering group decided for Hospitals and Council, on the pace of decisions, due on Friday 29 May."""
    arrangement = cast.arrangement(session)
    owned = {next(iter(arrangement.people[cast.people[name].id].roles)): cast.people[name].id for name in owners}
    words: dict[str, Any] = {
        "what": "Funding is answered within two days",
        "due_on": DUE,
        "decided_on": now.date(),
        "themes": ("decision_speed",),
        "owners": owned,
        **said,
    }
    return decide(session, arrangement, arrangement.bodies[body], Resolve(**words), doer(cast, by, now, once=once))


def owner(cast: Cast, name: str) -> str:
    """Somebody as the form names them: their organisation's key, and their own."""
    place = cast.viewer(name).memberships[0]
    return f"{place.organisation_key} {key_in(place.partnership_key, cast.people[name].email)}"


def make_pack(session: Session, cast: Cast, by: str = "priya", now: datetime = MONDAY) -> Pack:
    """The pack of the steering group's next meeting, published."""
    arrangement, who = cast.arrangement(session), doer(cast, by, now)
    meeting = Meeting(arrangement.bodies["steering"], now + timedelta(days=1), "2026-Q1")
    pack = draft_pack(session, arrangement, meeting, who)
    publish_pack(session, arrangement, pack, content_of(session, arrangement, pack, now), who)
    return pack


def retire(session: Session, cast: Cast, *, theme: str, clause: str) -> None:
    """A theme and a clause of the agreement that are no longer in use."""
    mine = cast.partnership.id
    session.exec(select(Theme).where(Theme.partnership_id == mine, Theme.key == theme)).one().retired_at = MONDAY
    session.exec(select(Clause).where(Clause.partnership_id == mine, Clause.key == clause)).one().retired_at = MONDAY
    session.flush()


def told_of(session: Session, decision: Decision) -> list[str]:
    """The kinds of the events of a decision, in order."""
    session.flush()
    story = select(Event.kind).where(Event.decision_id == decision.id).order_by(col(Event.position))
    return list(session.exec(story))


def last_told(session: Session, decision: Decision) -> str:
    """The sentence of its last event."""
    session.flush()
    newest = select(Event).where(Event.decision_id == decision.id).order_by(col(Event.position).desc()).limit(1)
    event = session.exec(newest).one()
    return event.read().sentence(event.actor_name)
