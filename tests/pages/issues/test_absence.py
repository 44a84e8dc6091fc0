"""Somebody away and back: who acts meanwhile, what the page says, and that a holder holds again at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, be_away
from tests.notice_makers import announce_all, changed, told
from tests.pages.desk.test_desk import desk_of, said
from tests.site import Site
from tracker.actions.add_note import add_note
from tracker.actions.resolve import propose
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.rules.rings import Ring

TODAY = MONDAY.date()
TUESDAY = datetime(2026, 4, 28, 10, tzinfo=UTC)  # 11:00 in London
ADDRESS = "/issues/RIV-1"


@contextmanager
def council(site: Site, *, deputy: str = "") -> Iterator[Session]:
    """What becomes of the council's people and seats before an issue is raised with it."""
    with site.db.write() as session:
        if deputy:
            seat = session.exec(select(Seat).where(Seat.person_id == site.cast.kim.id)).one()
            seat.deputy_id = site.cast.people[deputy].id
        yield session
        changed(session, site.cast)
        make_issue(session, site.cast)
        announce_all(session, MONDAY)


def test_a_holder_who_is_back_holds_it_again(site: Site) -> None:
    with council(site, deputy="owen") as session:
        be_away(session, site.cast.kim, TODAY, TODAY)
    site.now = TUESDAY
    with site.db.write() as session:
        assert told(session, "raised") == {"owen"}
        add_note(session, "RIV-1", doer(site.cast, "sam", TUESDAY), text="Any news?", ring=Ring.SHARED)
        announce_all(session, TUESDAY)
        assert told(session, "noted") == {"kim"}
    kim = site.guest("kim")
    assert "New to you 1" in desk_of(site, "kim")
    assert "It is your turn." in said(kim.get(ADDRESS).text)
    assert kim.post(f"{ADDRESS}/acknowledgement", {}).status_code == 303


def test_where_holder_and_deputy_are_away_the_next_tier_up_acts_and_the_page_says_so(site: Site) -> None:
    with council(site, deputy="owen") as session:
        be_away(session, site.cast.kim, TODAY)
        be_away(session, site.cast.owen, TODAY)
    with site.db.read() as session:
        assert told(session, "raised") == {"lee"}
    page = said(site.guest("sam").get(ADDRESS).text)
    assert "Lee Ford answers by Thu 30 Apr" in page
    assert "from now. Kim Tran is away until further notice. If nothing happens" in page
    assert "away until further notice: Lee Ford acts" in page
    assert "You stand in for Kim Tran" in desk_of(site, "lee")
    assert site.guest("lee").post(f"{ADDRESS}/acknowledgement", {}).status_code == 303


def test_where_another_seat_on_the_body_holds_it_acts(site: Site) -> None:
    with council(site) as session:
        place = {"body_id": site.cast.bodies["front"].id, "organisation_id": site.cast.council.id, "position": 9}
        session.add(Seat(person_id=site.cast.dana.id, holds=True, **place))
        be_away(session, site.cast.kim, TODAY, date(2026, 5, 8))
    with site.db.read() as session:
        assert told(session, "raised") == {"dana"}
    page = said(site.guest("sam").get(ADDRESS).text)
    assert "away until Fri 8 May: Dana Roy acts" in page


def test_where_nobody_is_there_the_leads_are_told_and_do_not_act(site: Site) -> None:
    with council(site) as session:
        for name in ("kim", "lee", "owen", "dana"):
            be_away(session, site.cast.people[name], TODAY)
    with site.db.read() as session:
        assert told(session, "raised") == {"chris"}
    desk = desk_of(site, "chris")
    assert "Nobody of Riverside Council is here today for Front line," in desk
    assert "Directors and Steering group: it waits until a lead seats somebody." in desk
    page = said(site.guest("chris").get(ADDRESS).text)
    assert "Kim Tran is away until further notice, and nobody there acts; their leads are told." in page
    assert site.guest("chris").post(f"{ADDRESS}/acknowledgement", {}).status_code == 403


def test_whom_the_leads_seat_then_acts_at_once(site: Site) -> None:
    with council(site) as session:
        for name in ("kim", "lee", "owen", "dana"):
            be_away(session, site.cast.people[name], TODAY)
    with site.db.write() as session:
        seat = session.exec(select(Seat).where(Seat.person_id == site.cast.lee.id)).one()
        seat.person_id = site.cast.chris.id
        changed(session, site.cast)
    assert "New to you 1" in desk_of(site, "chris")
    assert site.guest("chris").post(f"{ADDRESS}/acknowledgement", {}).status_code == 303


def test_while_they_are_away_it_is_not_theirs_and_their_desk_says_with_whom(site: Site) -> None:
    with council(site, deputy="owen") as session:
        be_away(session, site.cast.kim, TODAY, date(2026, 5, 8))
    page = desk_of(site, "kim")
    assert "You are away from Riverside Council until Fri 8 May: what you hold there is with others." in page
    assert "New to you" not in page
    refused = site.guest("kim").post(f"{ADDRESS}/acknowledgement", {})
    assert refused.status_code == 403
    assert "Say on your account that you are here, and it is yours again." in refused.text
    assert "Owen Pugh" in site.guest("sam").get("/issues").text


def test_of_an_issue_about_a_person_the_leads_of_that_side_hear_without_reference(site: Site) -> None:
    with site.db.write() as session:
        be_away(session, site.cast.kim, TODAY)
        make_issue(session, site.cast, ring=Ring.NAMED)
        announce_all(session, MONDAY)
        propose(session, "RIV-1", doer(site.cast, "sam"), outcome="solved", done="Done.")
        announce_all(session, MONDAY)
        assert told(session, "raised") == set()
        assert told(session, "person_issue_waits") == {"chris"}
        waits = session.exec(select(Event).where(col(Event.kind) == "person_issue_waits")).one()
        assert "RIV" not in str((waits.details, waits.words))
    sentence = "An issue about a person waits at Riverside Council, and nobody is there who may read it"
    assert sentence in site.guest("chris").get("/arrangements/RIV/events").text
    assert sentence not in site.guest("alex").get("/arrangements/RIV/events").text
    assert site.guest("lee").get(ADDRESS).status_code == 404


def test_being_away_makes_no_tier_vacant(site: Site) -> None:
    with council(site) as session:
        be_away(session, site.cast.kim, TODAY)
    assert "has nobody at" not in said(site.guest("sam").get(ADDRESS).text)
    assert "Front line" in said(site.guest("sam").get("/issues").text)


def test_of_an_organisation_that_left_the_page_says_that_nobody_there_acts(site: Site) -> None:
    with council(site):
        pass
    with site.db.write() as session:
        session.merge(site.cast.council).retired_at = MONDAY
        changed(session, site.cast)
    page = said(site.guest("sam").get(ADDRESS).text)
    assert "Riverside Council has left the partnership, and nobody there acts." in page
