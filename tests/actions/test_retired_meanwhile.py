"""What is retired is not chosen any more, and stays where it is."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from tests.decision_makers import retire
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import resolve
from tracker.actions.add_note import record_occurrence
from tracker.actions.amend import confirm_theme, give_theme_view
from tracker.database import Database
from tracker.records.agreement import ServiceArea
from tracker.records.issue import Issue
from tracker.records.partnership import Partnership
from tracker.rules.refusals import WrongInput


def rubbed(session: Session, cast: Cast) -> Issue:
    """An issue about authority under 4.2 in Discharge, so named by both sides; all three were retired since."""
    issue = make_issue(session, cast, service_area="discharge")
    confirm_theme(session, issue.ref, doer(cast, "jo"), theme="authority", clause="4.2")
    give_theme_view(session, issue.ref, doer(cast, "lee"), theme="authority")
    retire(session, cast, theme="authority", clause="4.2")
    for area in session.exec(select(ServiceArea).where(ServiceArea.partnership_id == cast.partnership.id)):
        area.retired_at = MONDAY
    session.get_one(Partnership, cast.partnership.id).changed()
    session.flush()
    return issue


def test_a_retired_theme_may_be_confirmed_where_it_stands(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = rubbed(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority", clause="4.2")
        give_theme_view(session, issue.ref, doer(cast, "lee"), theme="authority")
        assert (issue.theme, issue.clause) == ("authority", "4.2")


def test_a_retired_theme_is_not_chosen_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        rubbed(session, cast)
        other = make_issue(session, cast).ref
        refused = r"“authority” is no theme here: choose one of (?!.*authority)"
        for choose in (confirm_theme, give_theme_view):
            with pytest.raises(WrongInput, match=refused):
                choose(session, other, doer(cast, "jo"), theme="authority")
        with pytest.raises(WrongInput, match="Choose a theme of this partnership"):
            make_issue(session, cast, theme="authority")
        with pytest.raises(WrongInput, match=r"“4\.2” is no clause here"):
            confirm_theme(session, other, doer(cast, "jo"), theme="reliability", clause="4.2")


def test_what_comes_back_after_its_theme_and_area_were_retired_is_raised_without_them(db: Database, cast: Cast) -> None:
    later = MONDAY + timedelta(days=2)
    with db.write() as session:
        issue = rubbed(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="A new form.")
        resolve.agree(session, issue.ref, doer(cast, "sam"))
        again = record_occurrence(session, issue.ref, doer(cast, "sam", later), occurred_on=later.date())
        assert (again.again_of_id, again.theme, again.service_area) == (issue.id, None, None)
