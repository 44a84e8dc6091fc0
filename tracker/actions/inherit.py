"""Somebody left an organisation: what they held there is inherited, and where nobody is left the tier is vacant."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actions.escalate import past_vacancy
from tracker.queries.issues import whole
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, StayedFixedQuestion
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


def _held(session: Session, person: Person, organisation: Organisation) -> list[Issue]:
    mine = (Holder.person_id == person.id, Holder.organisation_id == organisation.id, col(Holder.active))
    ids = select(Holder.issue_id).where(*mine)
    asked = select(Issue).where(col(Issue.id).in_(ids), col(Issue.resolved_at).is_(None))
    return list(session.exec(asked.options(*whole()).with_for_update(of=Issue)))


def _asked(session: Session, person: Person, organisation: Organisation) -> list[Issue]:
    mine = (StayedFixedQuestion.person_id == person.id, col(StayedFixedQuestion.answer).is_(None))
    ids = select(StayedFixedQuestion.issue_id).where(*mine)
    asked = select(Issue).where(col(Issue.id).in_(ids), Issue.raised_for_id == organisation.id)
    return list(session.exec(asked.with_for_update(of=Issue)))


def _pass_on(issue: Issue, arrangement: Arrangement, person: Person, organisation: Organisation, now: datetime) -> None:
    if issue.ladder_version_id is None:
        return
    context = ladder_context(issue, arrangement)
    tier = context.ladder.tiers[issue.tier - 1]
    heirs = ladder.holders_at(context, tier, organisation.id, now)
    names = listed(arrangement.people[each.person_id].name for each in heirs[:1])
    issue.lose_holder(person, organisation, heirs, names, now)
    if not heirs and not tier.external and issue.state in LIVE and issue.due_at is not None:
        past_vacancy(issue, arrangement, now)
