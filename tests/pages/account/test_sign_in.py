"""The door: who comes in, how, and who does not."""

from datetime import timedelta

import pytest
from httpx import Headers, Response
from sqlmodel import col, select

from tests.makers import MONDAY
from tests.site import Guest, Site
from tracker.database import statement_count
from tracker.pages.account.sign_in import MOST_FOR_AN_ADDRESS, MOST_FROM_A_PLACE
from tracker.records.partnership import Partnership
from tracker.records.person import Membership
from tracker.records.session import LINK_KEY, SignInLink, Throttle


def test_a_link_has_a_button_that_signs_in_and_leads_to_the_desk(site: Site) -> None:
    stranger, link = site.stranger(), site.link("sam@acute.example")
    assert "Welcome, Sam Okafor" in stranger.get(link).text
    answer = stranger.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Sam Okafor" in stranger.get("/account").text


def test_an_address_that_no_mail_arrives_at_is_given_back_with_the_reason(site: Site) -> None:
    answer = _asked(site.stranger(), "jörg.müller@acute.example")
    assert answer.status_code == 422
    assert "Give an address that mail arrives at" in answer.text
    assert "jörg.müller@acute.example" in answer.text


def test_programs_that_open_links_in_mail_do_not_spend_them(site: Site) -> None:
    link = site.link("sam@acute.example")
    for _ in range(3):
        assert site.stranger().get(link).status_code == 200
    assert site.stranger().client.head(link).status_code == 200
    assert _opened(site.stranger(), link).status_code == 303


def test_a_link_that_was_used_says_so_and_offers_a_new_one(site: Site) -> None:
    link = site.link("sam@acute.example")
    _opened(site.stranger(), link)
    answer = site.stranger().get(link)
    assert answer.status_code == 410
    assert "This link is spent" in answer.text
    assert 'href="/sign-in"' in answer.text


def test_pressing_the_button_twice_signs_in_once(site: Site) -> None:
    stranger, link = site.stranger(), site.link("sam@acute.example")
    stranger.get(link)
    assert [stranger.post(link).status_code, stranger.post(link).status_code] == [303, 410]
    assert stranger.get("/account").status_code == 200


def test_a_link_of_somebody_who_left_opens_nothing(site: Site) -> None:
    link = site.link("sam@acute.example")
    _retire_everybody(site)
    assert site.stranger().get(link).status_code == 410


def test_somebody_who_leaves_is_signed_out_at_once(site: Site) -> None:
    sam = site.guest("sam")
    _retire_everybody(site)
    assert sam.get("/account").headers["location"] == "/sign-in?next=%2Faccount"


def test_asking_for_a_link_is_answered_alike_whether_or_not_somebody_has_the_address(site: Site) -> None:
    known, unknown = (_asked(site.stranger(), each) for each in ("sam@acute.example", "nobody@acute.example"))
    assert known.status_code == unknown.status_code == 303
    assert known.headers["location"] == unknown.headers["location"] == "/sign-in/sent"
    assert _names(known.headers) == _names(unknown.headers)


def test_asking_for_a_link_is_the_same_work_whether_or_not_somebody_has_the_address(site: Site) -> None:
    work = []
    for address in ("sam@acute.example", "nobody@acute.example"):
        with statement_count(site.db) as sent:
            _asked(site.stranger(), address)
        work.append(list(sent))
    assert work[0] == work[1]


@pytest.mark.parametrize(
    "one, other, together",
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_a_place_is_an_address_or_the_network_in_which_addresses_are_drawn_at_will(
    site: Site, one: str, other: str, together: bool
) -> None:
    for address in (one, other):
        _asked(site.stranger(address=address), f"{address.replace(':', '-')}@acute.example")
    with site.db.read() as session:
        counts = [each.count for each in session.exec(select(Throttle)) if each.key.startswith("link from")]
    assert counts == ([2] if together else [1, 1])


def test_the_link_in_the_mail_leads_back_to_the_page_that_was_wanted(site: Site) -> None:
    stranger = site.stranger()
    assert stranger.get("/issues/RIV-41?x=1").headers["location"] == "/sign-in?next=%2Fissues%2FRIV-41%3Fx%3D1"
    _asked(stranger, "sam@acute.example", next="/issues/RIV-41?x=1")
    assert _opened(stranger, _mailed(site)).headers["location"] == "/issues/RIV-41?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/%09/evil\n.example", "evil", "/sign-out", ""],
)
def test_nobody_is_led_to_another_site(site: Site, elsewhere: str) -> None:
    stranger = site.stranger()
    assert '<input type="hidden" name="next" value="/">' in stranger.get("/sign-in", params={"next": elsewhere}).text
    _asked(stranger, "sam@acute.example", next=elsewhere)
    assert _opened(stranger, _mailed(site)).headers["location"] == "/"


def test_what_is_no_address_is_kept_and_said_beside_the_field(site: Site) -> None:
    answer = _asked(site.stranger(), "sam at acute")
    assert answer.status_code == 422
    assert 'value="sam at acute"' in answer.text
    assert "Give a whole e-mail address" in answer.text


def test_an_address_is_written_to_only_so_often(site: Site) -> None:
    codes = [_asked(site.stranger(), "SAM@acute.example").status_code for _ in range(MOST_FOR_AN_ADDRESS)]
    refused = _asked(site.stranger(), "sam@acute.example")
    assert set(codes) == {303}
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1200")
    assert "Wait 20 minutes" in refused.text


def test_addresses_nobody_has_are_counted_alike(site: Site) -> None:
    codes = [_asked(site.stranger(), "nobody@acute.example").status_code for _ in range(MOST_FOR_AN_ADDRESS + 1)]
    assert codes[-2:] == [303, 429]


def test_one_place_asks_only_so_often_whatever_the_addresses(site: Site) -> None:
    stranger = site.stranger()
    codes = [_asked(stranger, f"{n}@acute.example").status_code for n in range(MOST_FROM_A_PLACE + 1)]
    assert codes[-2:] == [303, 429]
    site.later(minutes=20)
    assert _asked(stranger, "sam@acute.example").status_code == 303


def test_a_session_that_an_attacker_chose_does_not_survive_signing_in(site: Site) -> None:
    victim, attacker = site.stranger(), site.guest("kim")
    victim.bring_cookie(attacker.session)
    _opened(victim, site.link("sam@acute.example"))
    assert victim.session != attacker.session
    assert attacker.get("/account").status_code == 303


def test_a_made_up_session_is_replaced_by_one_nobody_has_seen(site: Site) -> None:
    victim = site.stranger()
    victim.bring_cookie("chosen-by-somebody-else")
    _opened(victim, site.link("sam@acute.example"))
    intruder = site.stranger()
    intruder.bring_cookie("chosen-by-somebody-else")
    assert intruder.get("/account").status_code == 303


def test_a_form_of_another_browser_is_refused_at_the_door(site: Site) -> None:
    stranger, other, link = site.stranger(), site.stranger(), site.link("sam@acute.example")
    other.get(link)
    assert stranger.post(link, {"csrf": other.token}).status_code == 403
    assert stranger.post(link, {"csrf": ""}).status_code == 403
    assert _opened(other, link).status_code == 303


def test_nobody_comes_in_as_somebody_outside_a_demonstration(site: Site) -> None:
    stranger = site.stranger()
    assert "demonstration" not in stranger.get("/sign-in").text
    assert stranger.post("/sign-in/as", {"person": site.cast.sam.id}).status_code == 404
    assert stranger.get("/account").status_code == 303


def test_a_demonstration_lets_people_in_by_a_button(site: Site) -> None:
    _mark(site, "RIV", "ELS")
    stranger = site.stranger()
    door = stranger.get("/sign-in").text
    assert all(name in door for name in ("Sam Okafor", "Jo Lind", "Priya Nair", "Kim Tran", "Lee Ford", "Dana Roy"))
    assert "Alex Hill<small>lead<" in door
    assert stranger.post("/sign-in/as", {"person": site.cast.sam.id}).headers["location"] == "/"
    assert "Sam Okafor" in stranger.get("/account").text


def test_only_the_people_shown_can_be_come_in_as(site: Site) -> None:
    _mark(site, "RIV", "ELS")
    stranger = site.stranger()
    stranger.get("/sign-in")
    assert stranger.post("/sign-in/as", {"person": site.cast.rita.id}).status_code == 404


def test_one_real_partnership_makes_a_demonstration_real(site: Site) -> None:
    _mark(site, "ELS")
    stranger = site.stranger()
    assert "demonstration" not in stranger.get("/sign-in").text
    assert stranger.post("/sign-in/as", {"person": site.cast.stan.id}).status_code == 404


def test_a_link_asked_for_on_the_page_lives_ten_minutes(site: Site) -> None:
    _asked(site.stranger(), "sam@acute.example")
    with site.db.read() as session:
        assert session.exec(select(SignInLink)).one().expires_at == MONDAY + timedelta(minutes=10)


def _asked(stranger: Guest, email: str, **more: str) -> Response:
    stranger.get("/sign-in")
    return stranger.post("/sign-in", {"email": email, **more})


def _opened(stranger: Guest, link: str) -> Response:
    stranger.get(link)
    return stranger.post(link)


def _mailed(site: Site) -> str:
    """What the post would write into the mail."""
    with site.db.read() as session:
        link = session.exec(select(SignInLink)).one()
        assert link.mail_wanted_at == site.now
        return f"/sign-in/{link.token(site.settings.key(LINK_KEY))}"


def _names(headers: Headers) -> set[str]:
    return {name for name in headers if name != "set-cookie"}


def _retire_everybody(site: Site) -> None:
    with site.db.write() as session:
        for place in session.exec(select(Membership)):
            place.retired_at = site.now
        for partnership in session.exec(select(Partnership)):
            partnership.changed()


def _mark(site: Site, *keys: str) -> None:
    with site.db.write() as session:
        for partnership in session.exec(select(Partnership).where(col(Partnership.key).in_(keys))):
            partnership.settings = {"demonstration": True}
