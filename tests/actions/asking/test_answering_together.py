"""Several answer one ask at the same moment: each side answers once, and what is agreed happens once."""

import pytest
from sqlmodel import Session, select

from tests.actions.asking.test_ask import asked, with_community
from tests.actions.test_deciding_together import Act, at_once
from tests.issue_makers import doer, kinds, make_issue
from tests.makers import Cast
from tracker.actions.asking.ask import agree_to_ask, return_ask
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.rules.lifecycle import State
from tracker.rules.lifecycle.asks import AskState

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ref(db: Database, cast: Cast) -> str:
    """An issue of three sides, one of which asks for a pause."""
    with db.write() as session:
        issue = make_issue(session, cast)
        with_community(session, cast, issue)
        return asked(session, cast, issue.ref).ref


def agrees(cast: Cast, who: str, ref: str) -> Act:
    return lambda session: agree_to_ask(session, ref, doer(cast, who), number=1)


def kept(session: Session, ref: str) -> Issue:
    return session.exec(select(Issue).where(Issue.ref == ref)).one()


def test_two_sides_that_agree_at_once_both_have_and_it_happens_once(db: Database, cast: Cast, ref: str) -> None:
    assert at_once(db, [agrees(cast, "kim", ref), agrees(cast, "bea", ref)]) == ["done", "done"]
    with db.read() as session:
        issue = kept(session, ref)
        told = kinds(session, issue)
        assert (issue.state, told.count("ask_agreed"), told.count("paused")) == (State.PAUSED, 2, 1)


def test_of_several_of_one_side_who_agree_at_once_one_does(db: Database, cast: Cast, ref: str) -> None:
    answers = at_once(db, [agrees(cast, who, ref) for who in ("kim", "lee", "kim", "lee")])
    assert answers == ["MoveNotAllowed"] * 3 + ["done"]
    with db.read() as session:
        issue = kept(session, ref)
        assert (issue.state is State.PAUSED, kinds(session, issue).count("ask_agreed")) == (False, 1)


def test_where_one_agrees_and_one_returns_at_once_nothing_happens(db: Database, cast: Cast, ref: str) -> None:
    returns: Act = lambda session: return_ask(session, ref, doer(cast, "bea"), number=1, reason="We need it now.")  # noqa: E731
    assert "done" in at_once(db, [agrees(cast, "kim", ref), returns])
    with db.read() as session:
        issue = kept(session, ref)
        told = kinds(session, issue)
        assert (issue.state is State.PAUSED, issue.asking, told.count("ask_returned")) == (False, 0, 1)
        assert [each.state for each in issue.asks()] == [AskState.RETURNED]
