"""Who is asking: sessions as browsers carry them, and forms that only our own pages send."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.site import Site, went_to
from tracker.database import statement_count


def test_a_stranger_is_led_to_the_door_and_back(site: Site) -> None:
    answer = site.stranger().get("/account?tab=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount%3Ftab%3D1")


def test_htmx_says_on_top_of_the_page_that_nobody_is_signed_in_and_leaves_what_is_typed(site: Site) -> None:
    asking = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/issues?q=x#top"}
    answer = site.stranger().get("/account", headers=asking)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (401, "#refusal")
    assert 'href="/sign-in?next=%2Fissues%3Fq%3Dx" target="_blank"' in answer.text
    assert "<html" not in answer.text


def test_a_form_with_nothing_in_it_sent_after_the_session_ended_leads_back_to_its_page(site: Site) -> None:
    sam = site.guest("sam")
    site.later(days=8)
    answer = sam.post("/account/notices", headers={"Referer": "http://127.0.0.1:8000/account"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")


def test_a_page_costs_one_statement_to_know_who_asks(site: Site) -> None:
    sam = site.guest("sam")
    with statement_count(site.db) as sent:
        sam.get("/account")
    assert sum("session.token_hash" in each for each in sent) == 1
    assert len([each for each in sent if each.startswith("SELECT")]) == 7


def test_the_token_turns_every_hour_and_both_tabs_go_on(site: Site) -> None:
    sam = site.guest("sam")
    before = sam.session
    site.later(minutes=61)
    assert sam.get("/account").status_code == 200
    assert sam.session != before
    other_tab = site.stranger()
    other_tab.bring_cookie(before)
    assert other_tab.get("/account").status_code == 200
    assert other_tab.session == sam.session


def test_requests_at_the_same_moment_all_get_through_a_turn(site: Site) -> None:
    sam = site.guest("sam")
    site.later(minutes=61)
    tabs = [site.stranger() for _ in range(6)]
    for tab in tabs:
        tab.bring_cookie(sam.session)
    with ThreadPoolExecutor(6) as at_once:
        answers = list(at_once.map(lambda tab: tab.get("/account").status_code, tabs))
    assert answers == [200] * 6
    assert len({tab.session for tab in tabs}) == 1


def test_a_stolen_old_token_is_worth_nothing_once_the_new_one_is_in_use(site: Site) -> None:
    sam = site.guest("sam")
    old = sam.session
    site.later(minutes=61)
    sam.get("/account")
    sam.get("/account")
    site.later(minutes=2)
    thief = site.stranger()
    thief.bring_cookie(old)
    assert thief.get("/account").status_code == 303
    assert sam.get("/account").status_code == 200


def test_a_form_drawn_before_a_turn_is_taken_after_it(site: Site) -> None:
    sam = site.guest("sam")
    site.later(minutes=61)
    assert went_to(sam.post("/account/notices", {"notices": "digest"})) == "/account"


def test_the_token_of_a_form_reads_differently_on_every_page_and_each_is_good(site: Site) -> None:
    sam = site.guest("sam")
    first = sam.token
    sam.get("/account")
    assert sam.token != first
    for token in (first, sam.token):
        assert sam.post("/account/notices", {"notices": "digest", "csrf": token}).status_code == 303


@pytest.mark.parametrize("token", ["", "made-up", "é", "AAAA", "A" * 88, "x" * 5000])
def test_a_form_without_its_token_is_refused(site: Site, token: str) -> None:
    answer = site.guest("sam").post("/account/notices", {"notices": "digest", "csrf": token})
    assert answer.status_code == 403
    assert "load the page anew" in answer.text


def test_a_form_with_the_token_of_another_session_is_refused(site: Site) -> None:
    sam, kim = site.guest("sam"), site.guest("kim")
    assert sam.post("/account/notices", {"notices": "digest", "csrf": kim.token}).status_code == 403


def test_htmx_sends_the_token_as_a_header(site: Site) -> None:
    sam = site.guest("sam")
    sending = {"X-CSRF-Token": sam.token}
    assert sam.client.post("/sign-out", headers=sending, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 303),
    ],
)
def test_a_form_from_another_site_is_refused_even_with_its_token(
    site: Site, headers: dict[str, str], status: int
) -> None:
    assert site.guest("sam").post("/sign-out", headers=headers).status_code == status


def test_cookies_are_for_this_host_over_https_alone_and_no_script_sees_them(https_site: Site) -> None:
    stranger, link = https_site.stranger(), https_site.link("sam@acute.example")
    stranger.get(link)
    cookie = stranger.post(link).headers["set-cookie"]
    assert cookie.startswith("__Host-tracker=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert stranger.get("/account").status_code == 200


def test_signing_out_takes_the_cookie_away_and_ends_the_session(site: Site) -> None:
    sam = site.guest("sam")
    token = sam.session
    assert sam.post("/sign-out").headers["location"] == "/sign-in"
    assert sam.session == ""
    sam.bring_cookie(token)
    assert sam.get("/account").status_code == 303
