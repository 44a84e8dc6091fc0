"""Decisions as pages: the form on a body's page, the list, one decision with its steps, and where they are shown."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.decision_makers import DUE, make_decision, owner, retire
from tests.issue_makers import make_issue
from tests.makers import MONDAY
from tests.notice_makers import announce_all
from tests.pages.desk.test_desk import said
from tests.site import Guest, Site, went_to
from tracker.database import statement_count

FORM = "/bodies/RIV/steering/decisions"


def filled(site: Site, **more: Any) -> dict[str, Any]:
    owners = [owner(site.cast, "jo"), owner(site.cast, "lee"), ""]
    words = {"what": "Funding is answered in two days", "due_on": "2026-05-29", "themes": ["decision_speed"]}
    return {**words, "owners": owners, **more}


def decided(site: Site, **said: Any) -> int:
    with site.db.write() as session:
        return make_decision(session, site.cast, **said).number


def statements_of(site: Site, guest: Guest, address: str) -> int:
    guest.get(address)
    with statement_count(site.db) as sent:
        assert guest.get(address).status_code == 200
    return len([each for each in sent if each.startswith(("SELECT", "UPDATE"))])


def test_a_steering_member_records_a_decision_and_comes_to_its_page(site: Site) -> None:
    guest = site.guest("priya")
    assert "Record a decision of Steering group" in guest.get(FORM).text
    answer = guest.post(FORM, filled(site))
    assert (answer.status_code, went_to(answer)) == (303, "/decisions/RIV/1")
    page = said(guest.get("/decisions/RIV/1").text)
    assert "Funding is answered in two days Due Fri 29 May. Owned by Jo Lind" in page
    assert "On the themes Pace of decisions" in page
    assert "Read by the people of Riverside Hospitals and Riverside Council, and the members of Steering group." in page


def test_what_was_wrong_stands_beside_its_field_and_what_was_typed_is_kept(site: Site) -> None:
    guest = site.guest("priya")
    answer = guest.post(FORM, filled(site, due_on="", owners=[owner(site.cast, "jo")]))
    assert answer.status_code == 422
    assert "Give the day by which it is to be done." in answer.text
    assert 'value="Funding is answered in two days"' in answer.text
    assert 'value="decision_speed" checked' in answer.text
    assert f'value="{owner(site.cast, "jo")}" selected' in answer.text


def test_all_that_is_wrong_is_said_in_one_round_whoever_finds_it(site: Site) -> None:
    with site.db.write() as session:
        retire(session, site.cast, theme="authority", clause="4.2")
    wrong = {"what": "", "due_on": "soon", "decided_on": "2027-01-01", "themes": ["authority"]}
    wrong["owners"] = [owner(site.cast, "sam")]
    page = site.guest("priya").post(FORM, filled(site, **wrong)).text
    assert re.findall(r'<li><a href="#decide-[a-z_]+">([^<]+)</a></li>', page) == [
        "Say what was decided, in one line.",
        "Give a date, as in 2026-05-07.",
        "Give the day on which it was decided, today at the latest.",
        "Name an owner in each organisation that decided it: two at least.",
        "“No authority at this level” is retired: choose from Pace of decisions, Promises not kept.",
    ]


def test_a_double_click_leads_to_the_one_decision(site: Site) -> None:
    guest = site.guest("priya")
    addresses = {went_to(guest.post(FORM, filled(site, once="o" * 16))) for _ in range(2)}
    assert addresses == {"/decisions/RIV/1"}


@pytest.mark.parametrize("who, status", [("jo", 403), ("sam", 403), ("alex", 403), ("stan", 404)])
def test_the_form_is_for_those_seated_there(site: Site, who: str, status: int) -> None:
    guest = site.guest(who)
    assert guest.get(FORM).status_code == status
    assert guest.post(FORM, filled(site)).status_code == status


def test_a_body_offers_to_record_a_decision_only_to_who_may(site: Site) -> None:
    offered = {
        who: "Record a decision" in site.guest(who).get("/bodies/RIV/ops").text for who in ("jo", "sam", "priya")
    }
    assert offered == {"jo": True, "sam": False, "priya": False}


def test_what_was_decided_before_on_the_same_theme_issue_or_topic_is_found(site: Site) -> None:
    decided(site, what="Answer within five days")
    with site.db.write() as session:
        ref = make_issue(session, site.cast, theme="decision_speed").ref
    guest = site.guest("priya")
    asked = ({"themes": "decision_speed"}, {"themes": "authority"}, {"issues": ref})  # the same topic of the agreement
    for ticked in asked:
        block = guest.send_htmx("/decisions/RIV/precedents", "precedents", ticked).text
        assert block.strip().startswith('<div id="precedents"')
        assert "Answer within five days" in block
    assert (
        "Nothing was decided on this before" in guest.post("/decisions/RIV/precedents", {"themes": "reliability"}).text
    )
    assert "Answer within five days" in guest.get(f"{FORM}?themes=decision_speed").text


def test_the_theme_of_the_issue_that_is_decided_is_ticked_and_what_for_is_said(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, theme="decision_speed").ref
    guest = site.guest("priya")
    page = guest.get(f"{FORM}?issues={ref}").text
    assert re.findall(r'name="themes" value="(\w+)" checked', page) == ["decision_speed"]
    assert "Of each theme ticked the report tells in time whether the decision helped." in page
    assert statements_of(site, guest, f"{FORM}?issues={ref}") <= 8


def test_precedents_are_those_that_the_reader_may_see(site: Site) -> None:
    decided(site, what="Between two of us")
    assert (
        "Between two of us" not in site.guest("mo").post("/decisions/RIV/precedents", {"themes": "decision_speed"}).text
    )


def test_the_list_shows_what_is_past_due_open_and_over_and_how_it_is_followed_through(site: Site) -> None:
    for what in ("Late one", "Open one", "Done one"):
        decided(site, what=what, due_on=DUE if what != "Open one" else date(2026, 12, 1))
    site.now += timedelta(days=10)
    guest = site.guest("jo")
    guest.post("/decisions/RIV/3/completion", {"how": "Seen"})
    site.now += timedelta(days=60)
    page = said(site.guest("jo").get("/decisions/RIV").text)
    assert "1 of 3 is past due. 1 done, 10 days after it was decided." in page
    late, _, rest = page.partition("Past due")[2].partition("Open Open one")
    assert "Late one" in late
    assert "Past due since Fri 29 May" in late
    assert "Done one" in rest.partition("Done and over")[2]


def test_an_owner_moves_the_date_and_the_old_one_stays_in_the_story(site: Site) -> None:
    decided(site)
    guest = site.guest("lee")
    guest.get("/decisions/RIV/1")
    answer = guest.post("/decisions/RIV/1/due-date", {"due_on": "2026-06-05", "reason": "The form is late"})
    assert answer.status_code == 303
    page = said(guest.get("/decisions/RIV/1").text)
    assert "Due Fri 5 Jun." in page
    assert "from Fri 29 May 2026 to Fri 5 Jun 2026: The form is late" in page


@pytest.mark.parametrize(
    "who, offered",
    [("jo", {"completion", "progress", "due-date"}), ("dana", {"progress", "due-date", "withdrawal"}), ("sam", set())],
)
def test_only_the_steps_that_are_allowed_are_offered(site: Site, who: str, offered: set[str]) -> None:
    decided(site)
    page = site.guest(who).get("/decisions/RIV/1").text
    assert {each for each in ("completion", "progress", "due-date", "withdrawal") if f"/1/{each}" in page} == offered


@pytest.mark.parametrize(
    "step, fields, status",
    [("due-date", {"due_on": "2026-06-05"}, 422), ("progress", {}, 422),
     ("progress", {"text": "Half", "version": "1"}, 409), ("nonsense", {}, 404)],
)  # fmt: skip
def test_a_step_that_cannot_be_taken_goes_back_with_the_reason(
    site: Site, step: str, fields: dict[str, str], status: int
) -> None:
    decided(site)
    assert site.guest("jo").post(f"/decisions/RIV/1/{step}", fields).status_code == status


@pytest.mark.parametrize("who, status", [("kim", 200), ("ines", 200), ("mo", 404), ("tess", 404), ("stan", 404)])
def test_to_others_there_is_no_such_decision(site: Site, who: str, status: int) -> None:
    decided(site)
    assert site.guest(who).get("/decisions/RIV/1").status_code == status


def test_of_the_issues_it_names_each_reader_sees_those_they_may_see(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, title="Between the two").ref
    decided(site, issues=(ref,))
    assert "Between the two" in site.guest("kim").get("/decisions/RIV/1").text
    assert "Between the two" not in site.guest("ines").get("/decisions/RIV/1").text


def test_an_issue_says_what_was_decided_about_it_to_who_may_read_that(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    decided(site, issues=(ref,), what="Read by its sides", owners=("priya", "dana"))
    page = said(site.guest("sam").get(f"/issues/{ref}").text)
    assert "Decided about it Read by its sides Decision 1 · Steering group" in page


def test_whether_it_helped_is_said_for_each_theme(site: Site) -> None:
    with site.db.write() as session:
        for month in (1, 2, 2, 2, 3, 3, 3):
            make_issue(session, site.cast, theme="decision_speed", occurred_on=date(2026, month, 3))
    decided(site)
    assert "Did it help? Pace of decisions not done yet" in said(site.guest("priya").get("/decisions/RIV/1").text)
    site.guest("jo").post("/decisions/RIV/1/completion", {"done_on": "2026-04-27"})
    assert "Did it help? Pace of decisions too early to call" in said(site.guest("priya").get("/decisions/RIV/1").text)


@pytest.mark.parametrize("address", ["/decisions/RIV", "/decisions/RIV/1", FORM, "/bodies/RIV/steering"])
def test_a_page_sends_few_statements_however_much_there_is(site: Site, address: str) -> None:
    guest, counts = site.guest("priya"), []
    for more in (2, 12):
        for _ in range(more):
            with site.db.write() as session:
                ref = make_issue(session, site.cast).ref
            decided(site, issues=(ref,))
        counts.append(statements_of(site, guest, address))
    assert counts[0] == counts[1] <= 8


def test_the_page_of_an_issue_with_decisions_sends_few_statements(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    for _ in range(3):
        decided(site, issues=(ref,))
    assert statements_of(site, site.guest("sam"), f"/issues/{ref}") <= 8


def test_a_decision_of_no_such_number_body_or_partnership_is_not_there(site: Site) -> None:
    guest = site.guest("priya")
    gone = ("/decisions/RIV/9", "/decisions/XYZ", "/decisions/RIV/nine", "/bodies/RIV/nonsense/decisions")
    assert {guest.get(address).status_code for address in gone} == {404}


@pytest.mark.parametrize("who, reads", [("alex", True), ("chris", True), ("tess", False)])
def test_the_leads_of_others_find_it_neither_among_the_notices_nor_among_what_was_done(
    site: Site, who: str, reads: bool
) -> None:
    decided(site, what="Between two of us")
    with site.db.write() as session:
        announce_all(session, MONDAY)
    guest = site.guest(who)
    assert ("Between two of us" in guest.get("/arrangements/RIV/mail").text) is reads
    assert "Between two of us" not in guest.get("/arrangements/RIV/events").text  # not of the arrangement
