"""A lead signs somebody of their organisation out: for that organisation alone, and told to whoever it is done to."""

import pytest
from httpx import Response
from structlog.testing import capture_logs

from tests.issue_makers import make_issue
from tests.pages.account.test_identity import _mail
from tests.pages.account.test_invitations import ELSEWHERE, invite
from tests.pages.arrangements.forms_on_page import person_address
from tests.pages.web.test_audit import noted
from tests.site import Guest, Site
from tracker.actions.people.change_identity import MOST_TO_ONE
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Ring

pytestmark = pytest.mark.both_databases

SAM, JO, ALEX = "sam@acute.example", "jo@acute.example", "alex@acute.example"


def signs_out(site: Site, email: str, *, by: str = "alex") -> Response:
    site.later(minutes=1)
    return site.guest(by).post(f"{person_address('acute', email)}/sessions")


def comes_in_anew(site: Site, guest: Guest, email: str) -> None:
    site.later(minutes=1)
    link = site.link(email)
    guest.get(link)
    assert guest.post(link).status_code == 303


@pytest.fixture
def stan(site: Site) -> Guest:
    """Of another partnership, and by now of Riverside Hospitals, too."""
    invite(site, ELSEWHERE)
    found = site.guest("stan")
    found.post("/invitations/RIV/acute/acceptance")
    assert found.get("/people/RIV").status_code == 200
    return found


def test_who_belongs_nowhere_else_is_signed_out_everywhere(site: Site) -> None:
    phone, desk, link = site.guest("jo"), site.guest("jo"), site.link(JO)
    assert signs_out(site, JO).status_code == 303
    assert [each.get("/account").status_code for each in (phone, desk)] == [303, 303]
    assert site.stranger().get(link).status_code == 410
    comes_in_anew(site, phone, JO)
    assert phone.get("/people/RIV").status_code == 200


def test_nobody_else_is_signed_out(site: Site) -> None:
    sam, kim = site.guest("sam"), site.guest("kim")
    signs_out(site, JO)
    assert [each.get("/account").status_code for each in (sam, kim)] == [200, 200]


def test_who_belongs_elsewhere_stays_signed_in_there_and_sees_nothing_of_it_here(site: Site, stan: Guest) -> None:
    signs_out(site, ELSEWHERE)
    assert stan.get("/people/ELS").status_code == 200
    for address in ("/people/RIV", "/arrangements/RIV", "/issues/RIV-1", "/reports/RIV/themes"):
        assert stan.get(address).status_code == 404, address
    desk = stan.get("/").text
    assert "You are signed out for Riverside Hospitals" in desk
    assert "<b>Riverside Hospitals</b>: nothing of it shows here" in stan.get("/account").text


def test_coming_in_anew_in_the_same_browser_brings_it_back_with_the_forms_that_were_open(
    site: Site, stan: Guest
) -> None:
    stan.get("/account")
    before = stan.token
    signs_out(site, ELSEWHERE)
    comes_in_anew(site, stan, ELSEWHERE)
    assert stan.get("/people/RIV").status_code == 200
    assert "signed out for" not in stan.get("/").text
    assert stan.post("/account/notices", {"csrf": before, "notices": "digest"}).status_code == 303


def test_another_browser_of_theirs_is_not_brought_back_by_it(site: Site, stan: Guest) -> None:
    lost = site.guest("stan")
    signs_out(site, ELSEWHERE)
    comes_in_anew(site, stan, ELSEWHERE)
    assert lost.get("/people/ELS").status_code == 200
    assert lost.get("/people/RIV").status_code == 404


def test_what_one_organisation_keeps_is_closed_though_another_of_the_partnership_is_theirs(site: Site) -> None:
    mo = "mo@community.example"
    alex = site.guest("alex")
    fields = {"email": mo, "name": "Mo Aziz", "roles": ["manager"]}
    assert alex.post("/arrangements/RIV/organisations/acute/people", fields).status_code == 303
    found = site.guest("mo")
    found.post("/invitations/RIV/acute/acceptance")
    with site.db.write() as session:
        inside = make_issue(session, site.cast, ring=Ring.ORGANISATION).ref
        shared = make_issue(session, site.cast, by="bea", title="Between Community and the Council").ref
    assert [found.get(f"/issues/{ref}").status_code for ref in (inside, shared)] == [200, 200]
    signs_out(site, mo)
    assert [found.get(f"/issues/{ref}").status_code for ref in (inside, shared)] == [404, 200]
    assert found.post(f"/issues/{inside}/notes", {"text": "Mine", "ring": "organisation"}).status_code == 404


def test_no_seat_nor_duty_of_an_organisation_that_is_left_out_counts(site: Site) -> None:
    with site.db.read() as session:
        agreed = site.cast.arrangement(session)
    jo = agreed.people[site.cast.jo.id]
    acute = agreed.organisation("acute").id
    whole, without = (viewer_of(jo.id, agreed, at=site.now, but=each) for each in ((), (acute,)))
    assert whole.bodies
    assert (without.memberships, without.bodies, without.duty) == (
        (),
        frozenset(),
        viewer_of(0, agreed, at=site.now).duty,
    )


@pytest.mark.parametrize("who, status", [("chris", 403), ("sam", 403), ("jo", 403), ("stan", 404)])
def test_only_a_lead_of_the_organisation_signs_somebody_out(site: Site, who: str, status: int) -> None:
    sam = site.guest("sam")
    assert signs_out(site, SAM, by=who).status_code == status
    assert sam.get("/account").status_code == 200


def test_who_is_only_invited_and_oneself_are_not_signed_out(site: Site) -> None:
    invite(site, ELSEWHERE)
    stan = site.guest("stan")
    assert signs_out(site, ELSEWHERE).status_code == 409
    assert signs_out(site, ALEX).status_code == 409
    assert stan.get("/people/ELS").status_code == 200
    assert "Sign them out" not in site.guest("alex").get(person_address("acute", ALEX)).text


def test_it_is_told_to_whom_it_is_done_to_and_to_leads(site: Site) -> None:
    signs_out(site, JO)
    told = dict(_mail(site))[JO]
    assert "Alex Hill of Riverside Hospitals signed you out for Riverside Hospitals in" in told
    assert "/sign-in" in told
    events = site.guest("chris").get("/arrangements/RIV/events").text
    assert "signed Jo Lind out for Riverside Hospitals" in events


def test_it_leaves_a_line_with_numbers_alone(site: Site) -> None:
    alex = site.guest("alex")
    with capture_logs() as lines:
        alex.post(f"{person_address('acute', JO)}/sessions")
    line = noted(lines)[-1]
    assert (line[0], line[1], line[-1]) == ("signed out by a lead", site.cast.alex.id, site.cast.jo.id)


def test_nobody_is_signed_out_and_written_to_without_end(site: Site) -> None:
    answers = [signs_out(site, JO).status_code for _ in range(MOST_TO_ONE + 1)]
    assert answers == [303] * MOST_TO_ONE + [429]


def test_a_lead_is_told_the_same_of_who_belongs_elsewhere(site: Site, stan: Guest) -> None:
    answers = [signs_out(site, each) for each in (JO, ELSEWHERE)]
    assert {each.status_code for each in answers} == {303}
    assert len({each.headers["location"].partition("?")[0] for each in answers}) == 1
