"""A side says why it rubs as it sees it."""

import pytest

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import Cast
from tracker.actions.amend import confirm_theme, give_theme_view
from tracker.database import Database
from tracker.rules.lifecycle import Kind
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, WrongInput
from tracker.rules.rings import Ring


def test_each_side_holds_its_own_view_and_the_theme_that_counts_stays(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "jo"), theme="reliability")
        give_theme_view(session, issue.ref, doer(cast, "jo"), theme="reliability")
        give_theme_view(session, issue.ref, doer(cast, "lee"), theme="decision_speed")
        assert {side.organisation_id: side.theme for side in issue.sides} == {
            cast.acute.id: "reliability",
            cast.council.id: "decision_speed",
        }
        assert issue.theme == "reliability"


def test_it_is_an_event_that_says_which_theme_and_for_whom(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        give_theme_view(session, issue.ref, doer(cast, "lee"), theme="decision_speed")
        event = last_event(session, issue)
        assert event.details == {"theme": "decision_speed", "side": "council"}
        assert event.read().sentence("Lee Ford") == "Lee Ford said how their side sees it: Pace of decisions"


def test_the_same_view_again_is_no_event_and_none_takes_it_away(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for theme in ("reliability", "reliability", None):
            give_theme_view(session, issue.ref, doer(cast, "jo"), theme=theme)
        assert kinds(session, issue).count("theme_view_given") == 2
        assert last_event(session, issue).read().sentence("Jo Lind") == "Jo Lind took that view away"
        assert {side.theme for side in issue.sides} == {None}


def test_an_unknown_theme_is_refused_with_the_known_ones(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match=r"“weather” is no theme here: choose one of .*decision_speed"):
            give_theme_view(session, issue.ref, doer(cast, "jo"), theme="weather")


@pytest.mark.parametrize("who, refusal", [("alex", MayNot), ("bea", NotThere), ("nils", NotThere)])
def test_who_is_no_manager_of_a_side_holds_no_view(
    db: Database, cast: Cast, who: str, refusal: type[Exception]
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(refusal):
            give_theme_view(session, issue.ref, doer(cast, who), theme="reliability")


def test_while_one_organisation_alone_knows_of_it_there_is_no_other_view(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, by="jo", ring=Ring.ORGANISATION)
        with pytest.raises(MoveNotAllowed, match="your organisation's own"):
            give_theme_view(session, issue.ref, doer(cast, "jo"), theme="reliability")


def test_an_early_warning_has_views_too(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, kind=Kind.EARLY_WARNING)
        give_theme_view(session, issue.ref, doer(cast, "lee"), theme="reliability")
        assert issue.side(cast.council.id).theme == "reliability"
