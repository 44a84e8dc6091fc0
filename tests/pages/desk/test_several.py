"""Several issues at once: each through its own action; what is refused is told, and nothing typed is lost."""

import re
from typing import Any

import pytest
from httpx import Response
from sqlmodel import col, select

from tests.issue_makers import doer, kinds, make_issue
from tests.pages.forms_on_pages import forms_on
from tests.site import Guest, Site, went_to
from tracker.actions.resolve import propose
from tracker.queries.people import key_in
from tracker.records.issue import Issue
from tracker.records.partnership import Partnership
from tracker.records.person import Person
from tracker.rules.lifecycle import State
from tracker.rules.rings import Ring


def raised(site: Site, count: int = 3, **told: Any) -> list[str]:
    with site.db.write() as session:
        return [make_issue(session, site.cast, **told).ref for _ in range(count)]


def done(guest: Guest, do: str, refs: list[str], **fields: str) -> Response:
    return guest.post("/several", {"do": do, "ref": refs, "once": "a", **fields})


def issues(site: Site) -> list[Issue]:
    with site.db.read() as session:
        return list(session.exec(select(Issue).order_by(col(Issue.id))))


def kinds_of(site: Site) -> list[list[str]]:
    with site.db.read() as session:
        return [kinds(session, issue) for issue in session.exec(select(Issue).order_by(col(Issue.id)))]


def key_of(site: Site, name: str) -> str:
    return key_in("RIV", site.cast.people[name].email)


def test_one_note_is_added_to_each_in_the_ring_that_was_chosen(site: Site) -> None:
    refs = raised(site)
    answer = done(
        site.guest("kim"), "notes", refs[:2], text="Wait for the new form.", ring="organisation", back="/issues"
    )
    assert (answer.status_code, went_to(answer)) == (303, "/issues")
    assert [each.count("noted") for each in kinds_of(site)] == [1, 1, 0]
    assert "Wait for the new form." not in site.guest("sam").get("/issues/RIV-1").text


def test_one_theme_is_confirmed_for_each_and_the_promise_it_strains_stays(site: Site) -> None:
    refs = raised(site, 2)
    kim = site.guest("kim")
    kim.post("/issues/RIV-1/theme", {"theme": "reliability", "clause": "4.2", "once": "b"})
    assert done(kim, "theme", refs, theme="decision_speed").status_code == 303
    assert [(each.theme, each.clause) for each in issues(site)] == [("decision_speed", "4.2"), ("decision_speed", None)]


def test_one_resolution_is_proposed_for_each(site: Site) -> None:
    refs = raised(site)
    assert done(site.guest("kim"), "proposal", refs, outcome="solved", done="A new form.").status_code == 303
    assert {each.state for each in issues(site)} == {State.PROPOSED}


def test_several_are_given_to_a_colleague_who_has_them_then(site: Site) -> None:
    refs = raised(site, 2)
    kim = site.guest("kim")
    assert done(kim, "colleague", refs, colleague=key_of(site, "lee")).status_code == 303
    assert "With you <b>2</b>" in site.guest("lee").get("/").text
    assert "RIV-1" not in kim.get("/").text
    page = site.guest("sam").get("/issues/RIV-1").text
    assert "Kim Tran (Riverside Council) gave it to Lee Ford, of the same organisation" in page


def test_nothing_is_given_to_somebody_of_another_side(site: Site) -> None:
    refs = raised(site, 1)
    answer = done(site.guest("kim"), "colleague", refs, colleague=key_of(site, "sam"))
    assert answer.status_code == 409
    assert "Choose a colleague of Riverside Council." in answer.text


def test_what_is_about_a_person_is_not_handed_on(site: Site) -> None:
    refs = raised(site, 1, ring=Ring.NAMED)
    answer = done(site.guest("kim"), "colleague", refs, colleague=key_of(site, "lee"))
    assert "It is about a person" in answer.text
    assert site.guest("lee").get("/issues/RIV-1").status_code == 404


def test_what_is_refused_is_told_and_comes_back_marked_with_what_was_typed(site: Site) -> None:
    refs = raised(site)
    with site.db.write() as session:
        propose(session, refs[0], doer(site.cast, "kim"), outcome="solved", done="Done.")
    answer = done(site.guest("kim"), "proposal", refs, outcome="solved", done="A new form for all wards.")
    assert answer.status_code == 409
    assert "2 issues were proposed to be resolved." in answer.text
    assert re.findall(r'name="ref" value="([^"]+)"', answer.text) == refs[:1]
    assert "RIV-1 was left as it is. This issue is proposed" in answer.text
    assert "A new form for all wards." in answer.text


def test_a_form_that_is_wrong_in_itself_does_nothing_and_comes_back(site: Site) -> None:
    refs = raised(site)
    answer = done(site.guest("kim"), "proposal", refs, outcome="solved")
    assert answer.status_code == 422
    assert "Say what was done" in answer.text
    assert re.findall(r'name="ref" value="([^"]+)"', answer.text) == refs
    assert {each.state for each in issues(site)} == {State.RAISED}


@pytest.mark.parametrize("back", ["/issues?state=raised", "/", "/?order=new", "/bodies"])
def test_where_nothing_is_marked_the_page_comes_back_with_what_was_typed(site: Site, back: str) -> None:
    raised(site)
    kim = site.guest("kim")
    answer = done(kim, "notes", [], text="Wait for the new form.", ring="shared", back=back)
    assert answer.status_code == 422
    assert "Mark at least one issue first: nothing was done." in answer.text
    (form,) = [each for each in forms_on(answer.text) if each.action == "/several"]
    assert (form.fields["text"], form.fields["ring"], form.fields["back"]) == ("Wait for the new form.", "shared", back)
    assert back == "/bodies" or 'name="ref" value="RIV-3"' in answer.text


def test_what_may_identify_a_person_is_warned_of_before_it_is_sent_to_all(site: Site) -> None:
    refs = raised(site, 2)
    words = {"text": "Ring 07700 900123 about it.", "ring": "shared"}
    kim = site.guest("kim")
    warned = done(kim, "notes", refs, **words).text
    assert "This may identify a person" in warned
    assert '<input type="hidden" name="again" value="notes">' in warned
    assert [each.count("noted") for each in kinds_of(site)] == [0, 0]
    again = kim.post("/several", {"again": "notes", "ref": refs, **words, "as_it_is": "yes"})
    assert again.status_code == 303
    assert [each.count("noted") for each in kinds_of(site)] == [1, 1]


def test_the_same_form_sent_twice_does_each_thing_once(site: Site) -> None:
    refs = raised(site)
    kim = site.guest("kim")
    answers = [done(kim, "notes", refs, text="Once.", ring="shared") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [each.count("noted") for each in kinds_of(site)] == [1, 1, 1]


def test_what_is_nothing_to_do_is_not_there(site: Site) -> None:
    assert done(site.guest("kim"), "withdrawal", raised(site, 1)).status_code == 404


def test_the_list_offers_the_same(site: Site) -> None:
    raised(site)
    page = site.guest("kim").get("/issues").text
    assert page.count('name="ref" value="RIV-1" form="several"') == 1
    assert 'id="several"' in page


def test_who_can_be_chosen_is_of_ones_own_organisation_and_as_agreed_by_now(site: Site) -> None:
    raised(site)

    def offered(name: str) -> str:
        return site.guest(name).get("/issues").text.split('id="several"')[1]

    before = [offered("sam"), offered("kim")]
    assert (key_of(site, "kim") in before[0], key_of(site, "kim") in before[1]) == (False, True)
    with site.db.write() as session:
        session.get_one(Person, site.cast.people["kim"].id).name = "Kim Ngo"
        session.get_one(Partnership, site.cast.partnership.id).changed()
    assert ("Kim Ngo" in before[1], "Kim Ngo" in offered("kim")) == (False, True)
