"""Merging two issues that are the same, and taking out a side that was wrong."""

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session, col, select

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.actions.sides.write_paper import are_all_in
from tracker.queries import issues
from tracker.queries.issue_list import reference
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Attention, Occurrence
from tracker.records.ladder_context import ladder_context
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.notices import AttentionWish
from tracker.rules.refusals import FieldError, MayNot, MoveNotAllowed, WrongInput, required
from tracker.rules.rings import Ring, Step
from tracker.rules.spans import day_in
from tracker.rules.wording import listed


def merge(session: Session, ref: str, request: StepRequest, *, same_as: str) -> Issue:
    """Two issues become one: the one on the higher tier goes on, on the same tier the older. Refuses as `begin_step`,
    of both, and two of which one is over, about a person, or with other sides."""
    other_ref = reference(session, request.viewer, same_as)
    if other_ref is None or other_ref == ref:
        begin_step(session, ref, Step.MERGE, request)  # whoever may not is told that first
        raise WrongInput(
            FieldError("same_as", "Give the reference of another issue that you can read, such as RIV-12.")
        )
    issues.lock(session, request.viewer, (ref, other_ref))  # in one order, whichever of them somebody begins with
    here = begin_step(session, ref, Step.MERGE, request)
    there = _other(session, other_ref, request)
    _refuse_unlike(here.issue, there)
    old, kept = sorted((here.issue, there.issue), key=lambda each: (each.tier, -each.raised_at.timestamp(), -each.id))
    zone = here.arrangement.organisations[old.raised_for_id].calendar.tz
    words = {issue.id: request.once if issue is here.issue else None for issue in (old, kept)}
    old.merge_into(kept, here.actor, request.now, once=words[old.id])
    kept.take_over(old, day_in(zone, old.raised_at), here.actor, request.now, once=words[kept.id])
    _follow(session, old, kept)
    return here.issue


def remove_side(session: Session, ref: str, request: StepRequest, *, side: str, reason: str) -> Issue:
    """An organisation that was made a side by mistake. Refuses as `begin_step`; whom it was raised for, one that has
    said anything, one without which nobody would be left on the other side; an empty reason."""
    context = begin_step(session, ref, Step.REMOVE_SIDE, request)
    issue, before = context.issue, context.ladder_context
    if issue.asking:
        raise MoveNotAllowed("Something is asked of every side of it: settle that first, or take it back.")
    spoke = select(Event.organisation_id).where(Event.issue_id == issue.id, Event.ring == Ring.SHARED)
    possible = {each.key: each for each in removable(issue, context.arrangement, session.exec(spoke).all())}
    if side not in possible:
        allowed = listed((each.name for each in possible.values()), "or") or "none of them"
        raise WrongInput(FieldError("side", f"Only a side that has said nothing yet can be taken out: {allowed}."))
    reason = required("reason", reason, "Say why it is no side of it.")
    others = [each for each in issue.side_ids if each not in (possible[side].id, issue.raised_for_id)]
    ball = others[0] if issue.ball_with_id == possible[side].id else issue.ball_with_id
    issue.remove_side(possible[side], reason, context.actor, request.now, ball=ball, once=request.once)
    issue.drop_paper(possible[side].id)
    if are_all_in(session, issue):
        issue.open_papers(context.arrangement.organisations, request.now)
    after = ladder_context(issue, context.arrangement)
    issue.reckon_anew(before, after, request.now, why=f"{possible[side].name} is no side of it any more")
    return issue


def removable(issue: Issue, arrangement: Arrangement, spoke: Iterable[int | None]) -> tuple[Organisation, ...]:
    """The sides that have said nothing that all can read, where at least two others are left. `spoke`: who has."""
    silent = [each for each in issue.side_ids if each not in {issue.raised_for_id, *spoke}]
    return tuple(arrangement.organisations[each] for each in silent) if len(issue.side_ids) > 2 else ()


def _other(session: Session, ref: str, request: StepRequest) -> StepContext:
    try:
        return begin_step(session, ref, Step.MERGE, replace(request, version=None, once=None))
    except (MayNot, MoveNotAllowed) as refusal:
        raise WrongInput(FieldError("same_as", f"{ref}: {refusal}")) from None


def _refuse_unlike(issue: Issue, there: StepContext) -> None:
    other, names = there.issue, there.arrangement.organisations
    if Ring.NAMED in (issue.ring, other.ring):
        raise WrongInput(FieldError("same_as", "What concerns a person is not merged with anything else."))
    if other.partnership_id != issue.partnership_id:
        raise WrongInput(FieldError("same_as", "Both have to be of one partnership."))
    apart = {*issue.side_ids} ^ {*other.side_ids}
    if apart:
        sides = listed(names[each].name for each in sorted(apart))
        raise WrongInput(FieldError("same_as", f"{sides} may read only one of them, so they stay two."))


def _follow(session: Session, old: Issue, kept: Issue) -> None:
    """Whoever reported the one that ends hears from now on of the one that goes on, unless they had muted that."""
    reported = select(Occurrence.person_id).where(Occurrence.issue_id == old.id, col(Occurrence.person_id).is_not(None))
    for person_id in {old.raised_by_id, *session.exec(reported)} - {None}:
        attention = session.get(Attention, (person_id, kept.id))
        if attention is None:
            session.add(Attention(person_id=person_id, issue_id=kept.id, wish=AttentionWish.FOLLOW))
        elif attention.wish is None:
            attention.wish = AttentionWish.FOLLOW
