"""The sentence that opens the page of an issue: whose turn it is, by when and why, what comes next, whom to reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tracker.pages.issues.ladder import IssueOnLadder
from tracker.pages.web.links import dialled
from tracker.pages.web.moments import elsewhere
from tracker.rules.arrangement import Organisation
from tracker.rules.deadlines import passing, remaining
from tracker.rules.ladder import awaited, silent
from tracker.rules.ladder.acting import absence_text
from tracker.rules.lifecycle import Kind, State

_NO_LIMIT_SAID = frozenset({State.PROPOSED, State.RESOLVED})  # another date is: when silence agrees, when it ended


@dataclass(frozen=True, slots=True)
class StandingView:
    """The sentence that opens the page.

    Which words are used follows from the issue's state; unused ones stay empty.

    `holder`: who acts for the side with the ball; `absence`: a sentence about who is away.

    `due_at` and `remaining` ("2 working days from now", "3
    working days ago"): the limit, while paused the one it had. `late`: it has passed. `then`: what happens
    if nothing happens, as the end of that sentence ("it goes to the Directors"). `why`: the steps of the
    date. `elsewhere`: the same moment on the clocks of others ("Thu 30 Apr 16:00 at Riverside Council").
    `acknowledging`: the sides that have yet to acknowledge, the reader's own first; `silent`: whose lapsed. `reached`:
    those who hold it and say how they are reached.
    """

    ball: Organisation | None
    holder: str = ""
    absence: str = ""
    holder_is_me: bool = False
    ball_is_mine: bool = False
    due_at: datetime | None = None
    remaining: str = ""
    late: bool = False
    at_top: bool = False
    then: str = ""
    why: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    acknowledging: tuple["AcknowledgingView", ...] = ()
    silent: tuple["SilentView", ...] = ()
    reached: tuple["ReachView", ...] = ()


@dataclass(frozen=True, slots=True)
class ReachView:
    """How somebody who holds it wants to be reached; `dial`: their number as it is dialled."""

    name: str
    organisation: Organisation
    phone: str
    dial: str
    reach: str


@dataclass(frozen=True, slots=True)
class SilentView:
    """A side that is asked whether it still has it, and since when."""

    who: str
    since: datetime
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class AcknowledgingView:
    """A side that has yet to acknowledge, by when, and how far that is ("2 working hours from now")."""

    who: str
    by: datetime
    remaining: str
    is_mine: bool = False
    late: bool = False


def standing(climb: IssueOnLadder, silence_at: datetime | None) -> StandingView:
    """The sentence that opens the page: whose turn it is, by when, and what happens if nothing happens."""
    issue = climb.issue
    has_ball = not issue.is_resolved and issue.kind is Kind.ISSUE
    ball = next((side for side in climb.organisations if has_ball and side.id == issue.ball_with_id), None)
    acting = climb.acting(issue.ball_with_id)
    limit = None if issue.state in _NO_LIMIT_SAID else issue.due_at
    shown, late = limit or silence_at, limit is not None and limit < climb.now
    return StandingView(
        ball=ball,
        ball_is_mine=ball is not None and ball.id in climb.viewer.organisation_ids,
        holder=climb.name(acting[0]) if acting else "",
        holder_is_me=climb.viewer.person_id in acting,
        absence=absence_text(issue, climb.context.arrangement, ball, climb.now) if ball else "",
        due_at=issue.due_at,
        remaining=_distance(climb, issue.due_at),
        late=late,
        at_top=climb.above is None,
        then=_then(climb, late),
        why=_why(climb, limit) if limit else (),
        elsewhere=elsewhere(shown, climb.organisations, climb.clock) if shown else (),
        acknowledging=tuple(_acknowledging(climb)),
        silent=tuple(_silent(climb)),
        reached=tuple(_reached(climb)),
    )


def _reached(climb: IssueOnLadder) -> Iterator[ReachView]:
    """Of each side who acts for it where the issue is, but for the reader."""
    people = climb.context.arrangement.people
    for side in () if climb.issue.is_resolved else climb.organisations:
        holders = (people[each] for each in climb.acting(side.id)[:1] if each in people)
        for person in (each for each in holders if each.id != climb.viewer.person_id):
            if person.phone or person.reach:
                yield ReachView(person.name, side, person.phone, dialled(person.phone), person.reach)


def _acknowledging(climb: IssueOnLadder) -> Iterator[AcknowledgingView]:
    mine = climb.viewer.organisation_ids
    for side, by in awaited(climb.issue.sides, climb.issue.state, mine):
        organisation = climb.context.arrangement.organisations[side.organisation_id]
        late = by <= climb.now
        yield AcknowledgingView(organisation.name, by, _distance(climb, by), organisation.id in mine, late)


def _silent(climb: IssueOnLadder) -> Iterator[SilentView]:
    mine = climb.viewer.organisation_ids
    for side, since in silent(climb.issue.sides, climb.issue.state, mine):
        organisation = climb.context.arrangement.organisations[side.organisation_id]
        yield SilentView(organisation.name, since, organisation.id in mine)


def _why(climb: IssueOnLadder, limit: datetime) -> tuple[str, ...]:
    """How the limit follows from what gave it, by the reader's clock."""
    origin = climb.issue.limit_origin
    if origin is None:
        return ()
    found = climb.context.reckon(origin, climb.clock)
    kept = () if found.at == limit else (f"it stays as it was given: {passing(limit, origin.at, climb.clock)}",)
    return (*found.why, *kept)


def _distance(climb: IssueOnLadder, at: datetime | None) -> str:
    """“2 working days from now”, “3 working days ago”."""
    if at is None:
        return ""
    now, calendar = climb.now, climb.context.calendar
    return f"{remaining(at, now, calendar)} ago" if at < now else f"{remaining(now, at, calendar)} from now"


def _then(climb: IssueOnLadder, late: bool) -> str:
    if climb.issue.due_at is None:
        return "It is with somebody outside the partnership, so no limit runs" if climb.issue.kind is Kind.ISSUE else ""
    if climb.above:
        is_back = climb.above.tier.number == climb.issue.deciding_tier
        return f"it goes {'back ' if is_back else ''}to {climb.above.tier.name}"
    body = climb.context.ladder.tiers[climb.issue.tier - 1].name
    return (
        f"it stays on the agenda of {body} until decided" if late else f"it stays with {body} and the chairs are told"
    )
