"""Where an issue would go if it were routed now, where that is not where it went."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.ladder_context import route_now
from tracker.rules import lifecycle
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.issue import Routed
from tracker.rules.events.kinds import EventKind
from tracker.rules.events.moving import Rerouted
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Step
from tracker.rules.routing import Routing, Whereabouts, rerouting


def would_route(issue: Issue, arrangement: Arrangement, routed: Routed | Rerouted | None) -> Routing | None:
    """Where it would go now; None where `routed`, its last routing, sent it there, or it cannot be routed anew."""
    if Step.REROUTE not in lifecycle.possible(issue.state, kind=issue.kind, crossed=issue.crossed):
        return None
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    here = Whereabouts(ladder, issue.tier, routed)
    try:
        return rerouting(route_now(issue, arrangement), here)
    except MoveNotAllowed:  # no ladder in force to go to
        return None


def last_routing(session: Session, issue: Issue) -> Routed | Rerouted | None:
    """The event that routed it last, if there is one."""
    kinds = (Routed.name, Rerouted.name)
    those = select(Event).where(Event.issue_id == issue.id, col(Event.kind).in_(kinds))
    found = session.exec(those.order_by(col(Event.position).desc()).limit(1)).first()
    return routing_in((found.read(),)) if found else None


def routing_in(happened: Iterable[EventKind]) -> Routed | Rerouted | None:
    """The last routing of a story, oldest first."""
    return next(reversed([each for each in happened if isinstance(each, Routed | Rerouted)]), None)
