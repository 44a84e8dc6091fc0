"""Amending an issue, and confirming its theme."""

import pytest

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import Cast
from tracker.actions.amend import amend, confirm_theme
from tracker.database import Database
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import WrongInput


def test_amending_keeps_the_old_words_in_the_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        amend(
            session, issue.ref, doer(cast, "sam"), title="Letters lack the list", detail="", severity=Severity.CRITICAL
        )
        event = last_event(session, issue)
        assert issue.title == "Letters lack the list"
        assert event.words["old_title"] == "Letters arrive without the medication list"
        assert event.details["new_severity"] == "critical"


def test_amending_nothing_is_no_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = kinds(session, issue)
        amend(session, issue.ref, doer(cast, "sam"), title=issue.title, detail=issue.detail, severity=issue.severity)
        assert kinds(session, issue) == before


def test_a_manager_confirms_a_theme_and_its_topic_comes_with_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "jo"), theme="decision_speed", suggested=("reliability",))
        assert (issue.theme, issue.topic, issue.theme_confirmed) == ("decision_speed", "GOV", True)
        assert last_event(session, issue).details["suggested"] == ["reliability"]


def test_an_unknown_theme_is_refused_with_the_known_ones(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match=r"“weather” is no theme here: choose one of .*decision_speed"):
            confirm_theme(session, issue.ref, doer(cast, "jo"), theme="weather")


def test_a_manager_may_name_the_promise_that_the_theme_strains(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority", clause="4.2")
        assert (issue.topic, issue.clause) == ("STANDARD", "4.2")
        assert last_event(session, issue).read().sentence("Lee").endswith(", which strains 4.2 Discharge letters")
        confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority")
        assert (issue.topic, issue.clause) == ("GOV", None)
        with pytest.raises(WrongInput, match=r"“9\.9” is no clause here: choose one of 4\.2\."):
            confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority", clause="9.9")
