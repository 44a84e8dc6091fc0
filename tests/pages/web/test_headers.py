"""The headers of every answer, whatever it answers."""

import pytest

from tests.pages.test_who_may_read import addresses, plant
from tests.site import Guest, Site
from tracker.pages.web.headers import CONTENT_POLICY

OPEN = ("/sign-in", "/sign-in/sent", "/sign-in/no-such-link", "/health/live", "/nowhere", "/static/app.css")
CLOSED = ("/account", "/issues/XXX-1")


@pytest.mark.parametrize("path", [*OPEN, *CLOSED])
def test_every_answer_says_what_may_be_loaded_and_who_may_frame_it(site: Site, path: str) -> None:
    for guest in (site.stranger(), site.guest("sam")):
        _has_policy(guest, path)


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(each.strip().split(" ", 1) for each in CONTENT_POLICY.split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in CONTENT_POLICY


def test_pages_are_kept_nowhere_and_differ_by_who_asks_and_how(site: Site) -> None:
    headers = site.guest("sam").get("/account").headers
    assert headers["cache-control"] == "no-store, private"
    assert {"HX-Request", "Cookie"} <= set(headers["vary"].split(", "))


@pytest.mark.parametrize("path", ["/sign-out", "/account/sessions/end"])
def test_whoever_signs_out_leaves_nothing_in_the_browser(https_site: Site, path: str) -> None:
    answer = https_site.guest("sam").post(path)
    assert (answer.status_code, answer.headers["clear-site-data"]) == (303, '"cache", "storage"')


def test_without_https_browsers_take_no_such_order_and_are_given_none(site: Site) -> None:
    assert "clear-site-data" not in site.guest("sam").post("/sign-out").headers


def test_only_behind_tls_are_browsers_told_to_stay_there(site: Site) -> None:
    assert "strict-transport-security" not in site.stranger().get("/sign-in").headers


def test_behind_tls_browsers_are_told_to_stay_there(https_site: Site) -> None:
    assert https_site.stranger().get("/sign-in").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("name", ["alex", "priya"])
def test_every_page_answers_to_head_as_to_get_without_its_body(site: Site, name: str) -> None:
    plant(site)
    guest = site.guest(name)
    for address in addresses(site, "GET"):
        whole, head = guest.get(address), guest.client.head(address, follow_redirects=False)
        assert (head.status_code, head.content) == (whole.status_code, b""), address
        assert set(head.headers) - {"set-cookie"} == set(whole.headers) - {"set-cookie"}, address
        assert head.headers.get("content-type") == whole.headers.get("content-type"), address


@pytest.mark.parametrize("name", ["alex", "priya"])
def test_no_answer_says_twice_by_which_letters_it_is_written(site: Site, name: str) -> None:
    plant(site)
    guest, machine = site.guest(name), site.stranger(address="127.0.0.1")
    for address in addresses(site, "GET"):
        for asking in (guest, machine):
            kind = asking.get(address).headers.get("content-type", "")
            assert kind.count("charset") == kind.startswith("text/"), f"{address}: {kind}"


def _has_policy(guest: Guest, path: str) -> None:
    headers = guest.get(path).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
