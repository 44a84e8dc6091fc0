"""Issues for tests: raised through the product's own actions, by somebody of the cast."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from tests.makers import MONDAY, Cast
from tracker.actions import remind
from tracker.actions.begin_step import StepRequest
from tracker.actions.raise_issue import raise_issue
from tracker.actions.remind import RingingTimer
from tracker.queries import issue_list
from tracker.queries.issue_list import news
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Severity
from tracker.rules.new_issue import NewIssue


def doer(cast: Cast, name: str, now: datetime = MONDAY, **more: Any) -> StepRequest:
    """Somebody of the cast about to do something."""
    return StepRequest(cast.viewer(name), now, **more)


def make_issue(session: Session, cast: Cast, by: str = "sam", now: datetime = MONDAY, **said: Any) -> Issue:
    """An issue of Riverside Hospitals with Riverside Council, raised by Sam on a Monday morning."""
    asked = {key: said.pop(key) for key in ("once", "speaking_for") if key in said}
    words: dict[str, Any] = {
        "title": "Letters arrive without the medication list",
        "detail": "Third letter this month.",
        "with_": "council",
        "severity": Severity.SERIOUS,
        "occurred_on": date(2026, 4, 27),
        **said,
    }
    return raise_issue(session, cast.arrangement(session), NewIssue(**words), doer(cast, by, now, **asked))


def ask_stayed_fixed(session: Session, cast: Cast, issue: Issue, now: datetime = MONDAY + timedelta(weeks=5)) -> None:
    """The clock asks of something resolved whether it stayed fixed; all that was done before is written by then."""
    session.flush()
    remind.ask_stayed_fixed(RingingTimer(session, issue, cast.arrangement(session), "", now))
    session.flush()


def kinds(session: Session, issue: Issue) -> list[str]:
    """The kinds of the events of an issue, in order."""
    session.flush()
    story = select(Event.kind).where(Event.issue_id == issue.id).order_by(col(Event.position))
    return list(session.exec(story))


def last_event(session: Session, issue: Issue) -> Event:
    session.flush()
    newest = select(Event).where(Event.issue_id == issue.id).order_by(col(Event.position).desc()).limit(1)
    return session.exec(newest).one()


def shorten_pages(monkeypatch: pytest.MonkeyPatch, most: int, *rooms: str) -> None:
    """Lists of these modules of `tracker.queries` come in pages of so few rows, for this test alone: a statement that
    is kept asks for as many as it was made with."""
    for room in rooms:
        monkeypatch.setattr(f"tracker.queries.{room}.PAGE", most)
    for module, name in ((issue_list, "_page"), (issue_list, "_page_by_limit"), (news, "_page")):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
