"""Themes suggested on the page of an issue: confirmed or changed in one click, and what came of it for leads."""

import pytest
from sqlmodel import select

from tests.decision_makers import retire
from tests.issue_makers import doer, last_event, make_issue
from tests.pages.desk.test_desk import said
from tests.site import Guest, Site
from tracker.actions.add_note import add_note
from tracker.actions.amend import confirm_theme
from tracker.measures.suggestion.models import Model, Why
from tracker.records.issue import Issue
from tracker.rules.rings import Ring

LEARNT = {
    "decision_speed": ("markpanel takes weeks to decide", "Weeks until the markpanel decides", "The markpanel met"),
    "reliability": ("The van came late", "The van came too late again", "No van, then a late one"),
}


@pytest.fixture
def learnt(site: Site) -> Site:
    """Six confirmed issues of Hospitals and Council; RIV-7 of Community Care and the Council, RIV-8 of Hospitals."""
    with site.db.write() as session:
        for theme, titles in LEARNT.items():
            for title in titles:
                issue = make_issue(session, site.cast, title=title, detail="")
                confirm_theme(session, issue.ref, doer(site.cast, "jo"), theme=theme)
        make_issue(session, site.cast, by="mo", title="Weeks until they decide", detail="")
        make_issue(session, site.cast, title="Weeks until they decide", detail="Still no answer.")
    return site


def offered(page: str) -> list[str]:
    """The keys of the themes on buttons."""
    return [part.split('"')[0] for part in page.split('name="pick" value="')[1:]]


def suggestions(guest: Guest, ref: str) -> str:
    """What comes where the form is unfolded."""
    return guest.htmx(f"/issues/{ref}/suggestions", "suggested").text


def test_a_manager_sees_the_suggestions_with_their_reasons_where_the_form_is_unfolded(learnt: Site) -> None:
    manager = learnt.guest("jo")
    assert 'hx-get="/issues/RIV-8/suggestions" hx-trigger="toggle once"' in manager.get("/issues/RIV-8").text
    part = suggestions(manager, "RIV-8")
    assert offered(part)[0] == "decision_speed"
    assert "Because of: “still no answer”" in part
    assert 'href="/issues/RIV-2">RIV-2 Weeks until the markpanel decides</a>' in part
    assert part.strip().startswith('<div id="suggested"')


def test_without_scripts_the_folded_form_leads_to_a_page_with_the_suggestions(learnt: Site) -> None:
    manager = learnt.guest("jo")
    assert '<a href="/issues/RIV-8/suggestions">What it may be</a>' in manager.get("/issues/RIV-8").text
    page = manager.get("/issues/RIV-8/suggestions").text
    assert offered(page)[0] == "decision_speed"
    assert 'action="/issues/RIV-8/theme"' in page
    assert "<html" in page


def test_nothing_is_found_for_a_form_that_is_folded_away(learnt: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def suggest(_: Model[str], text: str) -> dict[str, tuple[float, Why]]:
        asked.append(text)
        return {}

    monkeypatch.setattr(Model, "suggest", suggest)
    manager = learnt.guest("jo")
    manager.get("/issues/RIV-8")
    manager.htmx("/issues/RIV-8", "story")
    assert asked == []
    suggestions(manager, "RIV-8")
    assert len(asked) == 1
    suggestions(manager, "RIV-8")
    assert len(asked) == 1


def test_a_form_that_was_sent_with_a_mistake_is_unfolded_with_its_suggestions(learnt: Site) -> None:
    manager = learnt.guest("jo")
    again = manager.post("/issues/RIV-8/theme", {"theme": "no such theme"})
    assert again.status_code == 422
    assert offered(again.text)[0] == "decision_speed"
    assert "toggle once" not in again.text


def test_with_nothing_alike_that_is_said(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, title="Keys", detail="")
    assert "Nothing speaks for one theme" in suggestions(site.guest("jo"), "RIV-1")


def test_of_a_theme_that_is_confirmed_nothing_is_suggested(learnt: Site) -> None:
    manager = learnt.guest("jo")
    assert "/suggestions" not in manager.get("/issues/RIV-1").text
    assert offered(suggestions(manager, "RIV-1")) == []
    assert "Nothing speaks" not in suggestions(manager, "RIV-1")


@pytest.mark.parametrize("who", ["bea", "mo", "gwen"])
def test_no_word_of_an_issue_that_the_reader_may_not_see_is_a_reason(learnt: Site, who: str) -> None:
    guest = learnt.guest(who)
    for page in (guest.get("/issues/RIV-7").text, guest.get("/issues/RIV-7/suggestions").text):
        assert "RIV-7" in page
        assert "markpanel" not in page
        assert "/issues/RIV-2" not in page


def test_what_one_side_keeps_to_itself_suggests_nothing(learnt: Site) -> None:
    with learnt.db.write() as session:
        issue = make_issue(session, learnt.cast, title="Keys", detail="")
        text = "They did not turn up, and the van came late."
        add_note(session, issue.ref, doer(learnt.cast, "jo"), text=text, ring=Ring.ORGANISATION)
    assert offered(suggestions(learnt.guest("jo"), "RIV-9")) == []


def test_one_click_confirms_the_suggestion_and_what_was_offered_is_recorded(learnt: Site) -> None:
    browser = learnt.guest("lee")
    page = suggestions(browser, "RIV-8")
    suggested = page.split('name="suggested" value="')[1].split('"')[0]
    fields = {"pick": "decision_speed", "theme": "", "suggested": suggested}
    assert browser.post("/issues/RIV-8/theme", fields).status_code == 303
    with learnt.db.read() as session:
        issue = session.exec(select(Issue).where(Issue.ref == "RIV-8")).one()
        assert (issue.theme, issue.theme_confirmed) == ("decision_speed", True)
        assert last_event(session, issue).details["suggested"] == suggested.split(",")
    assert offered(suggestions(browser, "RIV-8")) == []


def test_a_suggestion_that_is_picked_counts_whatever_stands_in_the_list_beside_it(learnt: Site) -> None:
    browser = learnt.guest("jo")
    browser.get("/issues/RIV-8")
    browser.post("/issues/RIV-8/theme", {"pick": "decision_speed", "theme": "reliability"})
    with learnt.db.read() as session:
        assert session.exec(select(Issue.theme).where(Issue.ref == "RIV-8")).one() == "decision_speed"


def test_who_may_not_confirm_is_offered_nothing_and_refused(learnt: Site) -> None:
    for who, status in (("alex", 403), ("bea", 404), ("stan", 404)):
        browser = learnt.guest(who)
        assert "/suggestions" not in browser.get("/issues/RIV-8").text
        assert browser.get("/issues/RIV-8/suggestions").status_code == status
        assert browser.post("/issues/RIV-8/theme", {"pick": "decision_speed"}).status_code == status


def test_leads_see_how_often_the_first_suggestion_is_confirmed(learnt: Site) -> None:
    browser = learnt.guest("jo")
    browser.get("/issues/RIV-8")
    browser.post("/issues/RIV-8/theme", {"pick": "decision_speed", "suggested": "decision_speed,reliability"})
    page = said(learnt.guest("alex").get("/arrangements/RIV/themes").text)
    assert "Confirmed after a suggestion: 1. It was the first theme suggested 1 times" in page
    assert "Confirmed without one: 6. Only leads see this." in page


@pytest.mark.parametrize("who", ["jo", "sam", "priya"])
def test_nobody_else_sees_it(learnt: Site, who: str) -> None:
    page = learnt.guest(who).get("/arrangements/RIV/themes").text
    assert "Themes of friction" in page
    assert "How well they are suggested" not in page


def test_the_story_is_refreshed_without_suggesting_anew(learnt: Site) -> None:
    block = learnt.guest("jo").htmx("/issues/RIV-8", "story").text
    assert 'id="story"' in block
    assert "pick" not in block


def test_a_theme_that_waits_for_confirmation_is_chosen_already(learnt: Site) -> None:
    with learnt.db.write() as session:
        make_issue(session, learnt.cast, title="Keys", detail="", theme="authority")
    page = learnt.guest("jo").get("/issues/RIV-9").text
    assert '<option value="authority" selected>' in page


def test_a_theme_that_was_retired_stays_to_be_chosen_where_it_stands_and_nowhere_else(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, theme="authority")
        make_issue(session, site.cast, theme="reliability")
        retire(session, site.cast, theme="authority", clause="4.2")
        session.merge(site.cast.partnership).changed()
    here, elsewhere = (site.guest("jo").get(f"/issues/{ref}").text for ref in ("RIV-1", "RIV-2"))

    assert '<option value="authority" selected>' in here
    assert '<option value="authority"' not in elsewhere
