"""Raising an issue: what somebody says is checked, recorded, routed; and sharing what was kept inside at first."""

from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from tracker.actions import route_anew
from tracker.actions.begin_step import StepRequest, begin_step, refuse_repeat
from tracker.database import straight
from tracker.queries.issues import load_by_id
from tracker.queries.rerouting import last_routing, would_route
from tracker.records.event import Event, keep_recorded
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context, route_now
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import lock
from tracker.rules import ladder, routing
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.new_issue import NewIssue
from tracker.rules.policy import actor_of, spoken_for
from tracker.rules.refusals import FieldError, MayNot, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring, Step
from tracker.rules.routing import Routing


def raise_issue(session: Session, arrangement: Arrangement, new: NewIssue, request: StepRequest) -> Issue:
    """The new issue, for whoever goes on with it. Refuses as `record_issue` does."""
    issue = load_by_id(session, record_issue(session, arrangement, new, request).id)
    for event in session.exec(select(Event).where(Event.issue_id == issue.id).order_by(col(Event.position))):
        keep_recorded(session, event)
    return issue


def record_issue(session: Session, arrangement: Arrangement, new: NewIssue, request: StepRequest) -> Issue:
    """The new issue as it was written; nothing of it is in the session. All that can be said of it is said before
    anything is written: only then others wait. Refuses: `WrongInput` by field, `MayNot`, `DoneAlready`,
    `MoveNotAllowed` without a ladder."""
    actor = speaker(arrangement, request)
    today = arrangement.today(actor.organisation_id, request.now)
    new = replace(new, title=new.title.strip(), detail=new.detail.strip(), occurred_on=new.occurred_on or today)
    _check(new, actor, arrangement, today)
    routed = routing.route(new, arrangement, organisation=actor.organisation_key, with_=new.with_)
    session.flush()  # what waits to be written is not of this one
    issue = Issue.raised(
        session,
        new,
        actor,
        request.now,
        partnership_id=arrangement.id,
        with_id=arrangement.organisation(new.with_).id,
        once=request.once,
    )
    if new.crosses:
        _onto_ladder(issue, routed, arrangement, actor, request.now)
    if issue.worked_round:
        issue.work_round(actor, request.now)
    drafted = issue.drafted()
    number = next_number(session, arrangement.id) if new.crosses else None
    if not new.crosses:
        lock(session, arrangement.id)  # one raises at a time, so that a double click finds what the first one did
    refuse_repeat(session, request.once)
    issue.write_new(session, drafted, _ref(arrangement, number), number)
    return issue


def cross(session: Session, ref: str, request: StepRequest) -> Issue:
    """Shares an issue with the organisation it was meant for: it takes its number and its route."""
    context = begin_step(session, ref, Step.CROSS, request)
    issue, arrangement = context.issue, context.arrangement
    other = arrangement.organisations.get(issue.meant_for_id or 0)
    if other is None:
        raise MoveNotAllowed("It does not say whom it is with, so it cannot be shared. Raise it anew, with whom it is.")
    number = next_number(session, arrangement.id)
    issue.add_side(other.id)
    issue.cross(_ref(arrangement, number), number, other.name, context.actor, request.now, once=request.once)
    _onto_ladder(issue, route_now(issue, arrangement), arrangement, context.actor, request.now)
    return issue


def turn(session: Session, ref: str, request: StepRequest, *, severity: Severity | None = None) -> Issue:
    """An early warning becomes an issue that matters so much: it goes where such an issue goes, and the clock runs."""
    context = begin_step(session, ref, Step.TURN, request)
    issue, actor = context.issue, context.actor
    issue.amend(actor, request.now, severity=severity or issue.severity)
    issue.turn(actor, request.now, once=request.once)
    before = last_routing(session, issue)
    if routed := would_route(issue, context.arrangement, before):
        route_anew.take(context, routed, before, request.now)
    elif issue.crossed:
        issue.enter(ladder.entry(context.ladder_context, context.tier, request.now))
    context.acknowledge_by_writing(request.now)
    return issue


def speaker(arrangement: Arrangement, request: StepRequest) -> Actor:
    """Who speaks, for which of their organisations. Refuses where they have several and named none of them."""
    mine = request.viewer.in_partnership(arrangement.id)
    if not mine:
        raise MayNot(f"You belong to no organisation of {arrangement.name}.")
    return actor_of(request.viewer, spoken_for(mine, request.speaking_for), arrangement)


def next_number(session: Session, partnership_id: int) -> int:
    """The partnership's next issue number; two who ask at once wait for each other."""
    return int(straight(session).execute(_NEXT_NUMBER, {"home": partnership_id}).scalar_one()) - 1


_NEXT_NUMBER = (
    update(Partnership)
    .where(col(Partnership.id) == bindparam("home"))
    .values(next_number=Partnership.next_number + 1)
    .returning(col(Partnership.next_number))
)


def _onto_ladder(issue: Issue, routed: Routing, arrangement: Arrangement, actor: Actor, at: datetime) -> None:
    answers = arrangement.organisation(routed.answers)
    issue.route_key = routed.route
    if answers.id not in issue.side_ids:
        issue.join_side(answers, f"it answers under {routed.why}", at=at)
    context = ladder_context(issue, arrangement, routed.ladder)
    entry = ladder.enter_anyway(context, routed.start, at)
    others = {side: by for side, by in entry.acknowledge_by.items() if side != actor.organisation_key}
    issue.take_route(routed, replace(entry, acknowledge_by=others), answers, at=at)
    has_clock = issue.kind is Kind.ISSUE and not issue.worked_round
    lapses = context.in_loop_until(at, actor.organisation_key) if has_clock else None
    issue.mark_acknowledged(actor, at, lapses=lapses)


def _check(new: NewIssue, actor: Actor, arrangement: Arrangement, today: date) -> None:
    others = [each.key for each in arrangement.active_organisations() if each.id != actor.organisation_id]
    areas, not_lost = arrangement.open_areas(), arrangement.report.why_not_lost(new.lost_minutes)
    wrong = [
        FieldError(field, reason)
        for field, is_wrong, reason in (
            ("title", not new.title, "Say in one line what went wrong."),
            ("with", new.with_ not in others, f"Choose whom it is with: {', '.join(others)}."),
            ("service_area", new.service_area not in (None, *areas), f"Choose a service area: {', '.join(areas)}."),
            ("theme", new.theme not in (None, *arrangement.open_themes()), "Choose a theme of this partnership."),
            ("ring", new.ring is Ring.TIER, "Choose who reads it: shared, organisation or named."),
            ("occurred_on", new.occurred_on and new.occurred_on > today, "Give the day it happened: today or earlier."),
            ("hours", bool(not_lost), not_lost),
        )
        if is_wrong
    ]
    if wrong:
        raise WrongInput(*wrong)


def _ref(arrangement: Arrangement, number: int | None) -> str:
    """RIV-41; before it crosses a random one, so that nobody can count what others keep inside."""
    return f"{arrangement.key}-{number if number is not None else token_hex(4)}"
