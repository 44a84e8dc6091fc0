"""My desk as a page: the day in words, piles, acknowledging several at once."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import select

from tests.decision_makers import DUE, make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, TIERS, be_away, make_ladder
from tests.site import Guest, Site, went_to
from tracker.actions.acknowledge import acknowledge
from tracker.actions.follow_up import finish
from tracker.actions.resolve import propose
from tracker.database import statement_count
from tracker.records.governance import Seat
from tracker.records.person import Membership
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.rings import Role


def said(page: str) -> str:
    """What a page says below its head, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def desk_of(site: Site, who: str, address: str = "/") -> str:
    return said(site.guest(who).get(address).text)


def raised(site: Site, count: int = 1, **told: object) -> list[str]:
    with site.db.write() as session:
        return [make_issue(session, site.cast, **told).ref for _ in range(count)]  # type: ignore[arg-type]


def decided(site: Site, *owners: str, **told: Any) -> None:
    """A decision for each of these of the Council, owned by Jo of the Hospitals too."""
    with site.db.write() as session:
        for who in owners:
            make_decision(session, site.cast, owners=("jo", who), **told)


def sent(guest: Guest, *refs: str, once: str = "a") -> str:
    return guest.post("/several", {"do": "acknowledgement", "ref": list(refs), "once": once}).text


def test_the_day_opens_in_words_and_what_presses_most_comes_first(site: Site) -> None:
    refs = raised(site, 3)
    with site.db.write() as session:
        acknowledge(session, refs[0], doer(site.cast, "kim"))
        propose(session, refs[1], doer(site.cast, "sam"), outcome="solved", done="Done.")
    page = desk_of(site, "kim")
    assert page.index("Good morning, Kim") < page.index("One issue waits for your answer.")
    assert page.index("One issue waits for your answer.") < page.index("One issue is new to you.")
    assert page.index("Waiting for your answer 1") < page.index("New to you 1") < page.index("With you 1")


def test_what_is_with_you_counts_the_rows_that_say_so_wherever_they_lie(site: Site) -> None:
    refs = raised(site, 3)
    with site.db.write() as session:
        for ref in refs[:2]:
            acknowledge(session, ref, doer(site.cast, "kim"))
    page = site.guest("kim").get("/").text
    assert "Three issues are with you, one of which lies in other places." in said(page)
    assert page.count("</i>Front line") == page.count('class="org side-b">Riverside Council<') == 3


def test_what_is_critical_stands_at_the_head_of_its_pile_and_says_so(site: Site) -> None:
    raised(site, 2)
    raised(site, severity=Severity.CRITICAL)
    page = said(site.guest("kim").get("/").text)
    assert "critical RIV-3" in page
    assert page.index("RIV-3") < page.index("RIV-1")


def test_each_sentence_about_a_pile_leads_down_to_it_where_it_lies_below(site: Site) -> None:
    raised(site, 2)
    page = site.guest("kim").get("/").text
    assert '<a href="#new">Two issues are new to you.</a>' in page
    assert '<section class="pile" id="new"' in page
    assert 'href="#new"' not in site.guest("kim").get("/?pile=mine").text


def test_a_desk_without_anything_says_what_will_be_there_and_offers_the_first_step(site: Site) -> None:
    page = site.guest("sam").get("/").text
    assert "Here will stand what is new to you" in said(page)
    assert '<a class="button" href="/issues/new">Raise an issue</a>' in page


def test_a_desk_on_which_nothing_presses_says_so(site: Site) -> None:
    raised(site)
    assert "Nothing waits for you. One issue is in the hands of others." in desk_of(site, "sam")


def test_somebody_whose_organisation_has_issues_and_who_has_none_is_not_told_there_are_none(site: Site) -> None:
    raised(site)
    assert "Here will stand" not in desk_of(site, "rita")


def test_several_are_acknowledged_at_once(site: Site) -> None:
    refs = raised(site, 3)
    guest = site.guest("kim")
    answer = guest.post("/several", {"do": "acknowledgement", "ref": refs[:2], "once": "a"})
    page = said(guest.get("/").text)
    assert (answer.status_code, went_to(answer)) == (303, "/")
    assert "New to you 1" in page
    assert "With you 2" in page


def test_an_early_warning_lies_by_itself_with_nothing_to_acknowledge(site: Site) -> None:
    raised(site, kind=Kind.EARLY_WARNING)
    page = site.guest("kim").get("/").text
    assert "Early warnings 1 Nothing went wrong yet" in said(page)
    assert "Acknowledge those marked" not in page


def test_a_second_click_acknowledges_nothing_twice_and_says_nothing(site: Site) -> None:
    refs = raised(site)
    guest = site.guest("kim")
    answers = [guest.post("/several", {"do": "acknowledgement", "ref": refs, "once": "a"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]


def test_what_cannot_be_acknowledged_is_said_and_the_rest_is_done(site: Site) -> None:
    first, second = raised(site, 2)
    with site.db.write() as session:
        propose(session, first, doer(site.cast, "kim"), outcome="solved", done="Done.")
    guest = site.guest("kim")
    answer = guest.post("/several", {"do": "acknowledgement", "ref": [second, "RIV-99"], "once": "a"})
    page = said(answer.text)
    assert answer.status_code == 409
    assert "1 issue was acknowledged." in page
    assert "RIV-99 was left as it is. There is no issue RIV-99." in page
    assert "With you 1" in said(guest.get("/").text)


def test_who_only_reads_an_issue_is_refused_and_told_who_may(site: Site) -> None:
    refs = raised(site)
    page = said(sent(site.guest("alex"), *refs))
    assert "RIV-1 was left as it is. You can read this issue, but to acknowledge is for" in page


def test_a_third_organisations_manager_acknowledges_nothing_and_learns_nothing(site: Site) -> None:
    refs = raised(site, title="Between two")
    page = said(sent(site.guest("bea"), *refs))
    assert "There is no issue RIV-1." in page
    assert "Between two" not in page


def test_a_long_pile_shows_its_first_and_leads_to_the_rest(site: Site) -> None:
    raised(site, 12)
    guest = site.guest("kim")
    page = guest.get("/").text
    assert page.count('name="ref"') == 10
    assert '<a href="/?pile=new">All 12</a>' in page
    assert guest.get("/?pile=new").text.count('name="ref"') == 12


def test_the_desk_is_drawn_alone_when_it_is_refreshed(site: Site) -> None:
    raised(site)
    block = site.guest("kim").htmx("/", "desk").text
    assert block.strip().startswith('<div id="desk"')
    assert "<html" not in block


def test_a_pile_nobody_knows_is_the_whole_desk(site: Site) -> None:
    raised(site)
    assert "New to you 1" in desk_of(site, "kim", "/?pile=nonsense&partnership=XYZ")


def test_a_member_of_a_body_that_meets_is_told_when_and_with_how_much(site: Site) -> None:
    page = site.guest("priya").get("/").text
    assert "Steering group: next meeting Tue 28 Apr, 10:00, with no issues on the agenda." in said(page)
    assert '<a href="/bodies/RIV/steering">Agenda of Steering group</a>' in page


def test_a_lead_is_told_which_ladder_waits_for_whom(site: Site) -> None:
    with site.db.write() as session:
        make_ladder(session, site.cast.partnership, site.cast.bodies, key="urgent", default=False, tiers=TIERS[:2])
        session.merge(site.cast.partnership).changed()
    waits = (
        "Version 1 of the Urgent ladder waits for Riverside Hospitals, Riverside Council and Riverside Community Care"
    )
    assert waits in desk_of(site, "alex")
    assert "ladder waits" not in desk_of(site, "jo")


def test_a_lead_is_told_of_a_tier_that_nobody_holds_for_their_organisation(site: Site) -> None:
    with site.db.write() as session:
        for seat in session.exec(select(Seat).where(Seat.person_id == site.cast.rita.id)):
            seat.retired_at = MONDAY
        session.merge(site.cast.partnership).changed()
    assert "Nobody holds Directors for Riverside Hospitals" in desk_of(site, "alex")
    assert "Nobody holds" not in desk_of(site, "chris")


def test_a_deputy_is_told_for_whom_they_stand_in_and_which_rows_are_theirs(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
        for seat in session.exec(select(Seat).where(Seat.person_id == site.cast.kim.id)):
            seat.deputy_id = site.cast.lee.id
        be_away(session, site.cast.kim, date(2026, 4, 20))
    page = desk_of(site, "lee")
    assert "You stand in for Kim Tran; what is theirs says so." in page
    assert "RIV-1 · for Kim Tran · serious" in page


def test_somebody_of_two_partnerships_sees_both_or_one(site: Site) -> None:
    raised(site)
    with site.db.write() as session:
        member = Membership(person_id=site.cast.kim.id, organisation_id=site.cast.north.id)
        member.take_roles([Role.MANAGER])
        session.add(member)
        session.merge(site.cast.elsewhere).changed()
    guest = site.guest("kim")
    assert "New to you 1" in said(guest.get("/").text)
    assert "New to you 1" in said(guest.get("/?partnership=RIV").text)
    elsewhere = guest.get("/?partnership=ELS").text
    assert "New to you" not in said(elsewhere)
    assert 'hx-get="/?partnership=ELS"' in elsewhere


def test_a_row_says_where_it_is_who_has_it_and_by_when(site: Site) -> None:
    raised(site)
    page = desk_of(site, "kim")
    assert "Letters arrive without the medication list 1 new RIV-1 · serious" in page
    assert "Front line tier 1 of 4 Riverside Council Kim Tran Acknowledge by Tue 28 Apr, 17:00" in page
    assert "limit Thu 30 Apr, 17:00 , in 3 working days" in page


def test_a_proposal_says_until_when_silence_agrees_to_it(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        propose(session, issue.ref, doer(site.cast, "kim"), outcome="solved", done="Done.")
    assert "Tue 5 May, 17:00 silence agrees then" in desk_of(site, "sam")


def test_a_desk_sends_few_statements_however_much_lies_on_it(site: Site) -> None:
    guest = site.guest("lee")
    counts = []
    for more in (2, 30):
        raised(site, more)
        decided(site, *["lee"] * more)
        guest.get("/")
        with statement_count(site.db) as statements:
            guest.get("/")
        counts.append(len([each for each in statements if each.startswith(("SELECT", "UPDATE"))]))
    assert counts[0] == counts[1] <= 8


def test_what_is_late_is_said_in_working_time(site: Site) -> None:
    raised(site)
    site.now = MONDAY + timedelta(days=4, hours=2)
    assert "2 working hours ago" in desk_of(site, "kim")


def test_the_owner_of_a_decision_has_it_on_their_desk_until_it_is_done(site: Site) -> None:
    decided(site, "lee")
    page = desk_of(site, "jo")
    assert "One decision is yours to see done. " in page
    assert "Your decisions 1 You own these, and they are not done yet. Funding is answered within two days" in page
    assert "Due Fri 29 May" in page
    assert '<a href="/decisions/RIV/1">' in site.guest("lee").get("/").text
    with site.db.write() as session:
        finish(session, site.cast.arrangement(session), 1, doer(site.cast, "lee"), how="So.")
    assert "decision" not in desk_of(site, "jo").lower()


def test_a_decision_past_due_says_so_from_the_day_after(site: Site) -> None:
    decided(site, "lee")
    decided(site, "lee", due_on=DUE + timedelta(days=30))
    site.now = datetime.combine(DUE + timedelta(days=1), MONDAY.timetz())
    page = desk_of(site, "jo")
    assert "Two decisions are yours to see done; one is past due." in page
    assert page.index("Past due since Fri 29 May") < page.index("Due Sun 28 Jun")


def test_nobody_else_has_it_on_their_desk_though_they_may_read_it(site: Site) -> None:
    decided(site, "lee")
    for who in ("sam", "priya", "mo"):
        assert "decision" not in desk_of(site, who).lower()


def test_one_pile_of_a_desk_is_that_pile_alone(site: Site) -> None:
    decided(site, "lee")
    assert "Your decisions" not in desk_of(site, "jo", "/?pile=new")
