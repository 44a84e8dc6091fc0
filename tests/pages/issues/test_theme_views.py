"""How each side sees it, on the page of an issue."""

import pytest

from tests.issue_makers import doer, make_issue
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions.amend import give_theme_view


@pytest.fixture
def viewed(site: Site) -> Site:
    """RIV-1, of which the Council has said how it sees it."""
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        give_theme_view(session, issue.ref, doer(site.cast, "lee"), theme="decision_speed")
    return site


@pytest.mark.parametrize("who", ["sam", "jo", "alex", "kim"])
def test_both_sides_read_what_one_has_said_and_that_the_other_has_not(viewed: Site, who: str) -> None:
    page = said(viewed.guest(who).get("/issues/RIV-1").text)
    assert "Why it happens, as each side sees it" in page
    assert "Riverside Hospitals has not said Riverside Council Pace of decisions" in page
    assert "said how their side sees it: Pace of decisions" in page


def test_nothing_is_shown_before_a_side_has_said(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    assert "as each side sees it" not in site.guest("jo").get("/issues/RIV-1").text


def test_a_manager_says_how_their_side_sees_it_in_one_small_form(viewed: Site) -> None:
    browser = viewed.guest("jo")
    page = browser.get("/issues/RIV-1").text
    assert 'action="/issues/RIV-1/theme-view"' in page
    assert browser.post("/issues/RIV-1/theme-view", {"theme": "reliability"}).status_code == 303
    assert "Riverside Hospitals Promises not kept Riverside Council Pace of decisions" in said(
        browser.get("/issues/RIV-1").text
    )


def test_a_theme_that_is_not_known_is_the_same_page_with_the_reason(viewed: Site) -> None:
    answer = viewed.guest("jo").post("/issues/RIV-1/theme-view", {"theme": "weather"})
    assert answer.status_code == 422
    assert "“weather” is no theme here" in answer.text


@pytest.mark.parametrize("who, status", [("alex", 403), ("bea", 404), ("mo", 404), ("stan", 404)])
def test_nobody_else_says_it(viewed: Site, who: str, status: int) -> None:
    browser = viewed.guest(who)
    assert "/theme-view" not in browser.get("/issues/RIV-1").text
    assert browser.post("/issues/RIV-1/theme-view", {"theme": "reliability"}).status_code == status
