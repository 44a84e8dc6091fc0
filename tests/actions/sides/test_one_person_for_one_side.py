"""A joint appointment: who belongs to two sides answers for one of them alone."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions import resolve
from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.person import Membership
from tracker.rules.lifecycle import State
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Role

OTHER_SIDES = ("council", "community")


def both_hats(session: Session, cast: Cast, organisation: str) -> StepRequest:
    """Jo, manager at Riverside Hospitals, is appointed to be manager of another organisation, too."""
    member = Membership(person_id=cast.jo.id, organisation_id=cast.organisations[organisation].id)
    member.take_roles([Role.MANAGER])
    session.add(member)
    cast.partnership.changed()
    session.add(session.merge(cast.partnership))
    session.flush()
    place = replace(
        cast.viewer("kim").memberships[0],
        organisation_id=cast.organisations[organisation].id,
        organisation_key=organisation,
        roles=frozenset({Role.MANAGER}),
    )
    jo = doer(cast, "jo")
    return replace(jo, viewer=replace(jo.viewer, memberships=(*jo.viewer.memberships, place)))


def propose(session: Session, ref: str, who: StepRequest, side: str) -> None:
    resolve.propose(session, ref, replace(who, speaking_for=side), outcome="solved", done="The template has a line.")


ANSWERS: dict[str, Any] = {"agree": resolve.agree, "return": partial(resolve.give_back, reason="Not yet.")}


@pytest.mark.parametrize("answer", ANSWERS)
def test_who_proposed_for_one_side_cannot_answer_for_the_other(db: Database, cast: Cast, answer: str) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        jo = both_hats(session, cast, "council")
        propose(session, ref, jo, "acute")
        for_council = replace(jo, speaking_for="council")
        with pytest.raises(MayNot, match=r"answered for Riverside Hospitals.*somebody else of Riverside Council"):
            ANSWERS[answer](session, ref, for_council)
        assert resolve.agree(session, ref, doer(cast, "kim")).state is State.RESOLVED


def test_who_agreed_for_one_of_three_sides_cannot_agree_for_another(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue.add_side(cast.community.id)
        session.flush()
        jo = both_hats(session, cast, "community")
        propose(session, issue.ref, doer(cast, "kim"), "council")
        resolve.agree(session, issue.ref, replace(jo, speaking_for="acute"))
        with pytest.raises(MayNot, match="answered for Riverside Hospitals"):
            resolve.agree(session, issue.ref, replace(jo, speaking_for="community"))


def test_once_it_was_returned_they_may_answer_what_somebody_else_proposes(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        jo = both_hats(session, cast, "council")
        propose(session, ref, jo, "acute")
        resolve.give_back(session, ref, doer(cast, "kim"), reason="One ward has the old form.")
        propose(session, ref, doer(cast, "sam"), "acute")
        assert resolve.agree(session, ref, replace(jo, speaking_for="council")).state is State.RESOLVED
        assert session.exec(select(Issue.state).where(Issue.ref == ref)).one() is State.RESOLVED
