"""Bodies and their agendas as pages."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, be_away
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.follow_up import withdraw
from tracker.actions.resolve import agree, propose
from tracker.database import statement_count
from tracker.records.governance import Body, Seat
from tracker.records.partnership import Partnership


def climbed(site: Site, times: int = 1, **told: object) -> str:
    with site.db.write() as session:
        issue = make_issue(session, site.cast, **told)  # type: ignore[arg-type]
        for _ in range(times):
            escalate.by_clock(issue, site.cast.arrangement(session), MONDAY + timedelta(days=4))
        return issue.ref


def test_the_bodies_say_what_waits_for_them_and_when_they_meet(site: Site) -> None:
    climbed(site)
    page = said(site.guest("jo").get("/bodies").text)
    assert "Operational managers' group you sit here" in page.replace("&#39;", "'")
    assert "tier 2 of the Operational ladder 1 issue waits here that you may see; meets when called." in page
    assert "Nothing waits here that you may see; meets next Tue 28 Apr, 10:00 ." in page


def test_of_what_waits_unseen_the_bodies_say_no_more_than_that_the_reader_may_see_nothing(site: Site) -> None:
    before = site.guest("ines").get("/bodies").text
    climbed(site)
    after = site.guest("ines").get("/bodies").text
    assert [page.count("Nothing waits here that you may see;") for page in (before, after)] == [4, 4]


def test_the_bodies_of_one_partnership_stand_alone(site: Site) -> None:
    assert site.guest("jo").get("/bodies/RIV").text.count('class="item"') == 4


def test_an_agenda_says_when_the_body_meets_and_who_faces_whom(site: Site) -> None:
    page = said(site.guest("priya").get("/bodies/RIV/steering").text)
    assert "Meets next Tue 28 Apr, 10:00 , then Tue 5 May , Tue 12 May ." in page
    assert "Riverside Hospitals Priya Nair, chair, holds Riverside Council Dana Roy, holds" in page
    assert "you sit here" in page


def test_an_agenda_tells_each_issue_in_brief_with_its_limit(site: Site) -> None:
    climbed(site)
    site.now = MONDAY + timedelta(days=8)
    page = said(site.guest("jo").get("/bodies/RIV/ops").text)
    assert "1 issue waits here that you may see, the oldest limit first." in page
    assert re.search(r"Letters arrive without the medication list \d new RIV-1 · serious", page)
    assert "Here since Fri 1 May , for 1 working day. It is the turn of Riverside Council , Lee Ford." in page
    assert "Limit Mon 11 May, 17:00 , in 4 working days." in page
    assert "Mon 27 Apr: Sam Okafor raised it" in page
    assert "Fri 1 May: Limit passed: escalated from Front line to Operational managers&#39; group" in page


def test_a_reporter_who_keeps_their_name_inside_is_not_named_on_the_other_sides_agenda(site: Site) -> None:
    climbed(site, hide_reporter=True)
    assert "Sam Okafor" not in said(site.guest("lee").get("/bodies/RIV/ops").text).partition("Who sits here")[0]
    assert "Sam Okafor raised it" in said(site.guest("jo").get("/bodies/RIV/ops").text)


def test_what_is_to_be_decided_is_said(site: Site) -> None:
    ref = climbed(site)
    site.now = MONDAY + timedelta(days=30)
    guest = site.guest("jo")
    assert "To decide: what becomes of it; its limit here has passed." in said(guest.get("/bodies/RIV/ops").text)
    with site.db.write() as session:
        propose(session, ref, doer(site.cast, "lee", site.now), outcome="solved", done="Done.")
    assert "To decide: whether it ends as proposed" in said(guest.get("/bodies/RIV/ops").text)
    with site.db.write() as session:
        make_decision(session, site.cast, issues=(ref,))
    assert "Decided, and still to settle: whether it ends as proposed" in said(guest.get("/bodies/RIV/ops").text)


@pytest.mark.parametrize("who, sees", [("sam", True), ("chris", True), ("mo", False), ("tess", False)])
def test_members_of_the_partnership_see_the_body_and_only_their_own_issues_on_it(
    site: Site, who: str, sees: bool
) -> None:
    climbed(site, title="Between two")
    answer = site.guest(who).get("/bodies/RIV/ops")
    assert answer.status_code == 200
    assert ("Between two" in answer.text) is sees
    assert "Who sits here" in answer.text


@pytest.mark.parametrize("address", ["/bodies/RIV", "/bodies/RIV/ops", "/bodies/XYZ"])
def test_to_a_stranger_there_is_no_such_body(site: Site, address: str) -> None:
    assert site.guest("stan").get(address).status_code == 404


def test_a_body_nobody_knows_is_not_there(site: Site) -> None:
    assert site.guest("sam").get("/bodies/RIV/nonsense").status_code == 404


@pytest.mark.parametrize("place", ["x", "1", "--", "1-99999999999", "99999999999-1", "-5"])
def test_a_place_no_agenda_gave_out_is_refused_or_an_end(site: Site, place: str) -> None:
    assert site.guest("sam").get(f"/bodies/RIV/front?after={place}").status_code in (200, 422)


def test_a_long_agenda_goes_on(site: Site) -> None:
    with site.db.write() as session:
        for _ in range(52):
            make_issue(session, site.cast)
    guest = site.guest("sam")
    first = guest.get("/bodies/RIV/front").text
    onward = first.partition('">More that wait here')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert first.count('<li class="item"') == 50
    assert guest.get(onward).text.count('<li class="item"') == 2


def test_what_left_a_body_lately_is_shown_below_what_waits(site: Site) -> None:
    ref = climbed(site)
    with site.db.write() as session:
        propose(session, ref, doer(site.cast, "lee"), outcome="solved", done="Done.")
        agree(session, ref, doer(site.cast, "jo"))
    page = said(site.guest("jo").get("/bodies/RIV/ops").text)
    assert "Nothing waits for this body that you may see." in page
    assert "resolved solved" in page.partition("Left this body lately")[2]


def test_a_vacant_side_and_an_absent_holder_are_said(site: Site) -> None:
    with site.db.write() as session:
        for seat in session.exec(select(Seat).where(Seat.body_id == site.cast.bodies["ops"].id)):
            if seat.person_id == site.cast.jo.id:
                seat.retired_at = MONDAY
            if seat.person_id == site.cast.lee.id:
                seat.deputy_id = site.cast.kim.id
        be_away(session, site.cast.lee, date(2026, 4, 20))
    page = said(site.guest("kim").get("/bodies/RIV/ops").text)
    assert "Riverside Hospitals Nobody: this tier is vacant for them." in page
    assert "Lee Ford, holds, away: Kim Tran stands in" in page


def test_what_was_decided_about_an_issue_stands_at_it_for_who_may_read_the_decision(site: Site) -> None:
    ref = climbed(site, times=3)
    guest = site.guest("dana")
    assert f"Record a decision about it , {ref}" in said(guest.get("/bodies/RIV/steering").text)
    with site.db.write() as session:
        make_decision(session, site.cast, issues=(ref,))
        make_decision(session, site.cast, issues=(ref,), what="Taken back")
        session.flush()
        withdraw(session, site.cast.arrangement(session), 2, doer(site.cast, "priya"), reason="No.")
    page = guest.get("/bodies/RIV/steering").text
    assert '<strong>Decided:</strong> <a href="/decisions/RIV/1">Funding is answered within two days</a>' in page
    assert f"Record another decision about it , {ref}" in said(page)
    assert "Taken back" not in page


@pytest.mark.parametrize("who", ["sam", "priya"])
def test_an_agenda_of_everything_sends_few_statements(site: Site, who: str) -> None:
    with site.db.write() as session:
        for number in range(4):
            ref = make_issue(session, site.cast).ref
            escalate.by_holder(session, ref, doer(site.cast, "sam"), cause="legal deadline", to=4)
            make_decision(session, site.cast, issues=(ref,))
            if number % 2:
                propose(session, ref, doer(site.cast, "dana"), outcome="solved", done="Done.")
                agree(session, ref, doer(site.cast, "priya"))
    guest = site.guest(who)
    guest.get("/bodies/RIV/steering")
    with statement_count(site.db) as statements:
        page = guest.get("/bodies/RIV/steering").text
    assert "Decided:" in page
    assert "Left this body lately" in page
    assert len([each for each in statements if each.startswith(("SELECT", "UPDATE"))]) <= 9


def test_an_agenda_sends_few_statements_however_long_it_is(site: Site) -> None:
    guest = site.guest("sam")
    counts = []
    for more in (2, 30):
        with site.db.write() as session:
            for _ in range(more):
                make_issue(session, site.cast)
        guest.get("/bodies/RIV/front")
        with statement_count(site.db) as statements:
            guest.get("/bodies/RIV/front")
        counts.append(len([each for each in statements if each.startswith(("SELECT", "UPDATE"))]))
    assert counts[0] == counts[1] <= 9


ONE_OF_OLD = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=SECONDLY"
ONE_THAT_WAS = "DTSTART;TZID=Europe/London:20260106T100000"
SHOWING_MEETINGS = ("/", "/bodies", "/bodies/RIV", "/bodies/RIV/steering", "/packs/RIV", "/arrangements/RIV",
                    "/arrangements/RIV/bodies/steering", "/arrangements/RIV/charter", "/people/RIV")  # fmt: skip


@pytest.mark.parametrize(
    "meets, said",
    [(ONE_OF_OLD, f"its meetings cannot be read: {ONE_OF_OLD}"), (ONE_THAT_WAS, "all of its meetings are past")],
)
def test_meetings_that_were_or_that_nobody_could_keep_to_are_said_and_break_no_page(
    site: Site, meets: str, said: str
) -> None:
    climbed(site, 3)
    with site.db.write() as session:
        session.exec(update(Body).where(Body.key == "steering").values(meets=meets))  # type: ignore[arg-type]
        session.get_one(Partnership, site.cast.partnership.id).version += 1
    priya = site.guest("priya")
    pages = {address: priya.get(address) for address in SHOWING_MEETINGS}
    assert {address: page.status_code for address, page in pages.items()} == dict.fromkeys(SHOWING_MEETINGS, 200)
    telling = ("/bodies", "/bodies/RIV/steering", "/arrangements/RIV/bodies/steering")
    assert [address for address in telling if said[1:] not in pages[address].text] == []
