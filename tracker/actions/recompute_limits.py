"""Recomputing what is set when what was arranged changed: each clock from what gave it; an issue says what moved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from tracker.queries.open_clocks import OpenClocks, decisions_to_move, issues_to_move, open_clocks
from tracker.records.ladder_context import ladder_context, meetings
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.deadlines import Due
from tracker.rules.ladder import LadderContext
from tracker.rules.wording import listed
from tracker.rules.working_time import Calendar

_AT_ONCE = 100  # issues that are loaded with all their parts


def recompute_limits(session: Session, before: Arrangement, after: Arrangement, *, now: datetime) -> int:
    """Moves every clock that this change of calendars, meetings or zone moves; how many issues had to say so."""
    why = listed(_changes(before, after))
    if not why:
        return 0
    for decisions in decisions_to_move(session, after.id):
        for decision in decisions:
            sides = [each.organisation_id for each in decision.sides]
            decision.reckon_anew(before.joint_calendar(sides), after.joint_calendar(sides))
    moved = 0
    for some in open_clocks(session, after.id):
        ids = [each.id for each in some if _moves(each, before, after)]
        for start in range(0, len(ids), _AT_ONCE):
            for issue in issues_to_move(session, ids[start : start + _AT_ONCE]):
                contexts = ladder_context(issue, before), ladder_context(issue, after)
                moved += issue.reckon_anew(*contexts, now, why=why)
            session.flush()
    return moved


def _changes(before: Arrangement, after: Arrangement) -> Iterator[str]:
    """What clocks go by and is not as it was, in words."""
    known = [each for key, each in after.organisations.items() if key in before.organisations]
    open_else = [each.name for each in known if _times(each.calendar) != _times(before.organisations[each.id].calendar)]
    if open_else:
        yield f"the calendar of {listed(open_else)} changed"
    bodies = [each for key, each in after.bodies.items() if key in before.bodies]
    meet_else = [each.name for each in bodies if _meetings(each) != _meetings(before.bodies[each.key])]
    if meet_else:
        yield f"the meetings of {listed(meet_else)} changed"
    if before.zone != after.zone:
        yield "the partnership's zone changed"


def _times(calendar: Calendar) -> Calendar:
    return replace(calendar, name="")


def _meetings(body: Body) -> Body:
    """What of a body says when it meets: all but what it is called and who sits there."""
    return replace(body, name="", seats=(), retired=False)


def _moves(clocks: OpenClocks, before: Arrangement, after: Arrangement) -> bool:
    """Whether anything of an issue is due at another moment than before."""
    old, new = (_context(clocks, each) for each in (before, after))
    if any(old.reckon(origin).at != new.reckon(origin).at for origin in clocks.origins):
        return True
    tier, due = new.ladder.tiers[clocks.tier - 1], Due(clocks.due_at) if clocks.due_at else None
    return ladder.warn_at(old, tier, due) != ladder.warn_at(new, tier, due)


def _context(clocks: OpenClocks, arrangement: Arrangement) -> LadderContext:
    return LadderContext(arrangement, arrangement.ladders[clocks.ladder_version_id], clocks.sides, meetings, {})
