"""What is asked of the other sides, on the page of an issue and on desks: a line, two buttons, and nothing blanked."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlmodel import col

from tests.actions.asking.test_ask import FRIDAY, asked
from tests.actions.asking.test_pausing import paused
from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY
from tests.notice_makers import changed
from tests.pages.forms_on_pages import forms_on
from tests.site import Site, went_to
from tracker.actions.asking.ask import ask
from tracker.measures.ladder_flow import flow_of
from tracker.queries import issues
from tracker.queries.ladder.events import events_of
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.rules.lifecycle import State
from tracker.rules.lifecycle.asks import AskChoice, AskKind

ASKING = {
    "kind": "pause", "outsider": "County Court", "until": FRIDAY.isoformat(), "reason": "Their ruling.", "once": "a",
}  # fmt: skip


def said(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", page)).split())


def raised(site: Site) -> str:
    with site.db.write() as session:
        return make_issue(session, site.cast).ref


def asked_about(site: Site, count: int = 1, by: str = "sam") -> list[str]:
    refs = [raised(site) for _ in range(count)]
    with site.db.write() as session:
        for ref in refs:
            asked(session, site.cast, ref, by=by)
    return refs


def state_of(site: Site, ref: str) -> State:
    with site.db.read() as session:
        return issues.load(session, ref, site.cast.viewer("sam")).state


def test_asked_on_the_page_the_other_side_reads_who_asks_for_what_and_why(site: Site) -> None:
    ref = raised(site)
    sam = site.guest("sam")
    answer = sam.post(f"/issues/{ref}/asks", ASKING)
    assert answer.status_code == 303
    mine = said(sam.get(answer.headers["location"]).text)
    assert "You asked to pause it until Fri 1 May 2026, waiting for County Court: Their ruling." in mine
    assert "Nothing changes until every other side has agreed." in mine
    assert "Kim Tran at Riverside Council is told" in mine
    theirs = said(site.guest("kim").get(f"/issues/{ref}").text)
    assert "Sam Okafor (Riverside Hospitals) asked to pause it until Fri 1 May 2026, waiting for County Court" in theirs
    assert "It waits for Riverside Council and lapses Thu 30 Apr, 17:00" in theirs


def test_one_click_agrees_and_nothing_of_the_limit_is_blanked(site: Site) -> None:
    [ref] = asked_about(site)
    kim = site.guest("kim")
    assert kim.post(f"/issues/{ref}/asks/1/agreement", {"once": "b"}).status_code == 303
    for name in ("kim", "sam"):
        page = said(site.guest(name).get(f"/issues/{ref}").text)
        assert "Paused since Mon 27 Apr, 09:00, waiting for County Court." in page
        assert "Sam Okafor (Riverside Hospitals) asked for it and every side agreed." in page
        assert "The clock goes on after Fri 1 May (the ladder would allow until Tue 12 May, 17:00)" in page
        assert "3 working days of the limit are left then; without the pause it was Thu 30 Apr, 17:00." in page
        assert "3 of 3 working days left" in page
        assert "paused since Mon 27 Apr, waiting for County Court" in page
        row = said(site.guest(name).get("/issues").text)
        assert "Paused until Fri 1 May" in row
        assert "limit Thu 30 Apr, 17:00, standing still, waiting for County Court" in row


def test_a_return_without_a_reason_comes_back_open_and_with_one_is_done(site: Site) -> None:
    [ref] = asked_about(site)
    kim = site.guest("kim")
    wrong = kim.post(f"/issues/{ref}/asks/1/return", {"once": "b"})
    assert wrong.status_code == 422
    assert "Say why it goes back" in said(wrong.text)
    assert kim.post(f"/issues/{ref}/asks/1/return", {"once": "b", "reason": "We answer today."}).status_code == 303
    assert "Kim Tran (Riverside Council) returned the ask to pause it: We answer today." in said(
        site.guest("sam").get(f"/issues/{ref}").text
    )


def test_who_answers_too_late_reads_why_and_keeps_what_they_wrote(site: Site) -> None:
    [ref] = asked_about(site)
    kim = site.guest("kim")
    site.guest("sam").post(f"/issues/{ref}/asks/1/taking-back", {"once": "c"})
    late = kim.post(f"/issues/{ref}/asks/1/return", {"once": "b", "reason": "We answer today."})
    assert late.status_code == 409
    assert "This was taken back, so there is nothing left to answer." in said(late.text)
    assert "We answer today." in said(late.text)


def test_what_is_asked_already_is_not_offered_again(site: Site) -> None:
    [ref] = asked_about(site)
    assert 'id="asks-pause"' not in site.guest("sam").get(f"/issues/{ref}").text
    assert 'id="asks-pause"' not in site.guest("kim").get(f"/issues/{ref}").text


def test_what_can_be_asked_lies_under_one_line_which_is_open_where_an_ask_came_back(site: Site) -> None:
    ref = raised(site)
    sam, line = site.guest("sam"), r'<details class="step"( open)?><summary>Ask the other side</summary>'
    assert re.findall(line, sam.get(f"/issues/{ref}").text) == [""]
    assert re.findall(line, sam.post(f"/issues/{ref}/asks", {**ASKING, "reason": ""}).text) == [" open"]


def test_a_pause_for_longer_than_the_ladder_allows_says_from_when_the_clock_goes_on(site: Site) -> None:
    with site.db.write() as session:
        ref = paused(session, site.cast, make_issue(session, site.cast)).ref
    page = said(site.guest("kim").get(f"/issues/{ref}").text)
    assert "The clock goes on from Tue 12 May, 17:00, as the ladder allows no more" in page


def test_a_pause_is_ended_by_the_other_side_from_the_page(site: Site) -> None:
    with site.db.write() as session:
        ref = paused(session, site.cast, make_issue(session, site.cast)).ref
    kim = site.guest("kim")
    assert "End the pause" in kim.get(f"/issues/{ref}").text
    site.now = MONDAY + timedelta(days=1)
    assert kim.post(f"/issues/{ref}/resumption", {"once": "b"}).status_code == 303
    assert state_of(site, ref) is State.OPEN
    assert "paused Mon 27 Apr, for 1 working day" in said(kim.get(f"/issues/{ref}").text)


@pytest.mark.parametrize("fields, reason", [
    ({"until": ""}, "Give the last day of the pause."),
    ({"outsider": ""}, "Say who is waited for."),
    ({"reason": ""}, "Say why, so that the other side can agree to it."),
    ({"until": "2026-04-24"}, "Fri 24 Apr is over: choose a day from today on."),
    ({"side": "north"}, "Choose one of the sides."),
])  # fmt: skip
def test_a_wrong_ask_is_the_same_page_with_the_reason(site: Site, fields: dict[str, str], reason: str) -> None:
    answer = site.guest("sam").post(f"/issues/{raised(site)}/asks", {**ASKING, **fields})
    assert (answer.status_code, reason in said(answer.text)) == (422, True)
    assert ("Their ruling." in answer.text) is ("reason" not in fields)


@pytest.mark.parametrize("kind", ["", "pauses", "tea"])
def test_what_cannot_be_asked_is_not_there(site: Site, kind: str) -> None:
    assert site.guest("sam").post(f"/issues/{raised(site)}/asks", {**ASKING, "kind": kind}).status_code == 404


def test_ten_asks_are_answered_in_ten_clicks_from_the_desk(site: Site) -> None:
    refs = asked_about(site, 10)
    kim = site.guest("kim")
    desk = kim.get("/").text
    assert "10 asks wait for your side's answer." in said(desk)
    for left in range(9, -1, -1):
        form = next(each for each in forms_on(desk) if each.action.endswith("/agreement"))
        answer = kim.post(form.action, dict(form.fields))
        assert went_to(answer) == "/"
        desk = kim.get(answer.headers["location"]).text
        assert "You agreed to pause it" in said(desk)
        assert sum(each.action.endswith("/agreement") for each in forms_on(desk)) == left
    assert {state_of(site, ref) for ref in refs} == {State.PAUSED}


def test_both_desks_have_it_until_it_is_answered(site: Site) -> None:
    [ref] = asked_about(site)
    assert "Asked by your side 1" in said(site.guest("sam").get("/").text)
    kim = site.guest("kim")
    assert "Asked of you 1" in said(kim.get("/").text)
    kim.post(f"/issues/{ref}/asks/1/agreement", {"once": "b"})
    assert "Asked" not in said(kim.get("/").text).partition("is paused")[2]
    assert "Asked of you" not in kim.get("/").text


@pytest.mark.parametrize("name, asked_of_them", [("lee", True), ("jo", False), ("bea", False)])
def test_a_manager_seated_since_has_on_their_desk_what_their_side_is_asked_there(
    site: Site, name: str, asked_of_them: bool
) -> None:
    [ref] = asked_about(site)
    guest = site.guest(name)
    assert "Asked of you" not in guest.get("/").text
    with site.db.write() as session:
        person, [member] = site.cast.people[name].id, site.cast.viewer(name).memberships
        front = site.cast.bodies["front"].id
        session.add(Seat(body_id=front, person_id=person, organisation_id=member.organisation_id, holds=True))
        changed(session, site.cast)
    desk = guest.get("/").text
    assert (f"/issues/{ref}/asks/1/agreement" in desk) is asked_of_them
    if asked_of_them:
        assert went_to(guest.post(f"/issues/{ref}/asks/1/agreement", {"once": "b", "back": "/"})) == "/"
        assert state_of(site, ref) is State.PAUSED


def test_a_hidden_reporter_who_asks_is_named_to_nobody_outside(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, hide_reporter=True).ref
        asked(session, site.cast, ref)
    kim = site.guest("kim")
    for page in (kim.get("/").text, kim.get(f"/issues/{ref}").text):
        assert "Somebody at Riverside Hospitals asked to pause it" in page
        assert "Sam Okafor asked" not in page
        assert "Sam Okafor (" not in page


@pytest.mark.parametrize("name, status", [("stan", 404), ("mo", 404), ("chris", 403), ("dana", 403)])
@pytest.mark.parametrize("step", ["asks", "asks/1/agreement", "asks/1/return", "asks/1/taking-back", "resumption"])
def test_who_may_not_does_nothing_of_it(site: Site, name: str, status: int, step: str) -> None:
    """A stranger, another organisation, a lead, and steering before it came to them."""
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        asked(session, site.cast, ref)
    assert site.guest(name).post(f"/issues/{ref}/{step}", ASKING).status_code == status
    with site.db.read() as session:
        issue = issues.load(session, ref, site.cast.viewer("sam"))
        assert kinds(session, issue)[-1] == "asked"


def test_what_is_asked_stands_on_no_desk_of_who_may_not_read_it(site: Site) -> None:
    [ref] = asked_about(site)
    for name in ("stan", "mo", "bea", "dana", "chris"):
        page = site.guest(name).get("/").text
        assert (ref in page, "County Court" in page) == (False, False)


def test_a_lead_can_take_out_the_words_of_an_ask(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        choice = AskChoice(outsider="Mrs Kangaroo", until=date(2026, 5, 1))
        ask(session, ref, doer(site.cast, "sam"), kind=AskKind.PAUSE, reason="Her answer.", choice=choice)
    words = said(site.guest("alex").get(f"/issues/{ref}/words").text)
    assert ("Mrs Kangaroo" in words, "Her answer." in words) == (True, True)


def test_contested_the_page_says_since_when_until_it_is_handed_over(site: Site) -> None:
    ref = raised(site)
    kim, sam = site.guest("kim"), site.guest("sam")
    offer = {"kind": "hand_over", "side": "acute", "reason": "It is their ward."}
    for number in (1, 2):
        assert kim.post(f"/issues/{ref}/asks", {**offer, "once": f"o{number}"}).status_code == 303
        sam.post(f"/issues/{ref}/asks/{number}/return", {"reason": "No.", "once": f"r{number}"})
    for name in ("kim", "sam", "jo", "lee"):
        page = said(site.guest(name).get(f"/issues/{ref}").text)
        assert "whose turn it is: contested since Mon 27 Apr, 09:00" in page
        assert "returned 2 times, last Mon 27 Apr" in page
    kim.post(f"/issues/{ref}/asks", {**offer, "once": "o3"})
    sam.post(f"/issues/{ref}/asks/3/agreement", {"once": "r3"})
    page = said(kim.get(f"/issues/{ref}").text)
    assert "contested since" not in page
    assert "It is the turn of Riverside Hospitals" in page


def test_handed_to_and_fro_the_page_and_the_report_say_so(site: Site) -> None:
    ref = raised(site)
    turns = [("kim", "sam", "acute"), ("sam", "kim", "council"), ("kim", "sam", "acute")]
    for number, (by, to, side) in enumerate(turns, start=1):
        offer = {"kind": "hand_over", "side": side, "reason": "Theirs.", "once": f"o{number}"}
        assert site.guest(by).post(f"/issues/{ref}/asks", offer).status_code == 303
        site.guest(to).post(f"/issues/{ref}/asks/{number}/agreement", {"once": f"a{number}"})
    assert "went to and fro" in site.guest("kim").get(f"/issues/{ref}").text
    with site.db.read() as session:
        issue = issues.load(session, ref, site.cast.viewer("sam"))
        [(_, events)] = events_of(session, site.cast.arrangement(session), col(Event.issue_id) == issue.id)
    flow = flow_of(events)
    assert (flow.hand_overs, flow.ping_pong) == (3, 2)


def test_who_is_asked_to_join_reads_it_only_once_every_side_agreed(site: Site) -> None:
    ref = raised(site)
    mo = site.guest("mo")
    joins = {"kind": "add_side", "side": "community", "reason": "They take them home.", "once": "j"}
    assert site.guest("sam").post(f"/issues/{ref}/asks", joins).status_code == 303
    assert mo.get(f"/issues/{ref}").status_code == 404
    assert "asked to add Riverside Community Care as a side" in said(site.guest("kim").get(f"/issues/{ref}").text)
    site.guest("kim").post(f"/issues/{ref}/asks/1/agreement", {"once": "k"})
    assert mo.get(f"/issues/{ref}").status_code == 200
