"""Who has an issue when seats change: what a leaver held is inherited, and what nobody held is taken."""

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, col, select

from tracker.actions.escalate import past_vacancy
from tracker.queries.issues import with_parts
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide, StayedFixedQuestion
from tracker.records.ladder_context import ladder_context
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement, Organisation, Person
from tracker.rules.lifecycle import LIVE
from tracker.rules.wording import listed


def inherit(
    session: Session, arrangement: Arrangement, *, person: Person, organisation: Organisation, now: datetime
) -> int:
    """Every open issue that a person held for an organisation goes to whoever has their place now; how many did.

    `arrangement` is as it is without them. A tier that is vacant by that is passed at once.
    """
    for asked in _asked(session, person, organisation):
        asked.stop_asking(person.id, now)
    held = _held(session, person, organisation)
    for issue in held:
        _pass_on(issue, arrangement, person, organisation, now)
    return len(held)


def seat_holders(session: Session, arrangement: Arrangement, *, now: datetime) -> int:
    """Every open issue that nobody holds for a side, where it is, goes to whoever that side has seated there since; how
    many did. About other tiers it is asked when they are entered."""
    taken = 0
    for issue in _unheld(session, arrangement.id):
        context = ladder_context(issue, arrangement)
        tier = context.ladder.tiers[issue.tier - 1]
        held = {each.organisation_id for each in issue.holders if each.active}
        for side in () if tier.external else sorted(set(issue.side_ids) - held):
            if found := ladder.holders_at(context, tier, side):
                name = arrangement.people[found[0].person_id].name
                issue.take_holders(arrangement.organisations[side], found, name, now)
                taken += 1
    return taken


def _unheld(session: Session, partnership_id: int) -> list[Issue]:
    """The open issues on a ladder that have a side without a holder."""
    held = exists().where(
        col(Holder.issue_id) == col(IssueSide.issue_id),
        col(Holder.organisation_id) == col(IssueSide.organisation_id),
        col(Holder.active),
    )
    alone = select(IssueSide.issue_id).where(~held)
    open_here = (col(Issue.resolved_at).is_(None), col(Issue.tier) > 0, col(Issue.ladder_version_id).is_not(None))
    asked = select(Issue).where(Issue.partnership_id == partnership_id, *open_here, col(Issue.id).in_(alone))
    return with_parts(session, session.exec(asked.order_by(col(Issue.id)).with_for_update(of=Issue)).all())


def _held(session: Session, person: Person, organisation: Organisation) -> list[Issue]:
    mine = (Holder.person_id == person.id, Holder.organisation_id == organisation.id, col(Holder.active))
    ids = select(Holder.issue_id).where(*mine)
    asked = select(Issue).where(col(Issue.id).in_(ids), col(Issue.resolved_at).is_(None))
    return with_parts(session, session.exec(asked.order_by(col(Issue.id)).with_for_update(of=Issue)).all())


def _asked(session: Session, person: Person, organisation: Organisation) -> list[Issue]:
    mine = (StayedFixedQuestion.person_id == person.id, col(StayedFixedQuestion.answer).is_(None))
    ids = select(StayedFixedQuestion.issue_id).where(*mine)
    asked = select(Issue).where(col(Issue.id).in_(ids), Issue.raised_for_id == organisation.id)
    return list(session.exec(asked.order_by(col(Issue.id)).with_for_update(of=Issue)))


def _pass_on(issue: Issue, arrangement: Arrangement, person: Person, organisation: Organisation, now: datetime) -> None:
    if issue.ladder_version_id is None:
        return
    context = ladder_context(issue, arrangement)
    tier = context.ladder.tiers[issue.tier - 1]
    heirs = ladder.holders_at(context, tier, organisation.id)
    names = listed(arrangement.people[each.person_id].name for each in heirs[:1])
    issue.lose_holder(person, organisation, heirs, names, now)
    if not heirs and not tier.external and issue.state in LIVE and issue.due_at is not None:
        past_vacancy(issue, arrangement, now)
