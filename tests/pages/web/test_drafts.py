"""What is typed stays on the device: who is given the key to it, until when, and word that it was sent."""

import re
from base64 import urlsafe_b64decode

import pytest

from tests.pages.test_who_may_read import addresses, plant
from tests.site import Guest, Site
from tracker.pages.web.assets import assets

NAME = "0123456789abcdef" * 2
_KEY = re.compile(r'<meta name="drafts" content="([^"]+)">')


def key(guest: Guest, path: str = "/account") -> bytes:
    """The key on a page, uncovered; empty where it carries none."""
    found = _KEY.search(guest.get(path).text)
    covered = urlsafe_b64decode(found[1]) if found else b""
    half = len(covered) // 2
    return bytes(one ^ other for one, other in zip(covered[:half], covered[half:], strict=True))


def test_a_person_has_one_key_in_every_session_and_nobody_else_has_it(site: Site) -> None:
    here, elsewhere = site.guest("sam"), site.guest("sam")
    assert len(key(here)) == 32
    assert key(here) == key(elsewhere) == key(here, "/issues/new")
    assert key(site.guest("kim")) != key(here)


def test_who_is_not_signed_in_is_given_no_key(site: Site) -> None:
    for path in ("/sign-in", "/sign-in/sent", "/no/such/page"):
        assert key(site.stranger(), path) == b""


def test_it_reads_differently_on_every_page(site: Site) -> None:
    sam = site.guest("sam")
    assert _KEY.findall(sam.get("/account").text) != _KEY.findall(sam.get("/account").text)


def test_who_signs_out_everywhere_has_another_one_from_then_on_and_who_signs_out_here_the_same(site: Site) -> None:
    sam = site.guest("sam")
    before = key(sam)
    sam.post("/sign-out")
    assert key(site.guest("sam")) == before
    site.guest("sam").post("/account/sessions/end")
    assert key(site.guest("sam")) != before


def test_no_page_that_carries_the_key_is_kept_anywhere(site: Site) -> None:
    plant(site)
    alex, carrying = site.guest("alex"), 0
    for address in addresses(site, "GET"):
        answer = alex.get(address)
        if _KEY.search(answer.text):
            carrying += 1
            assert answer.headers["cache-control"] == "no-store, private", address
    assert carrying > 20


def test_what_was_taken_is_said_by_the_name_it_has_on_the_device_and_by_nothing_else(site: Site) -> None:
    answer = site.guest("sam").post("/account/notices", {"notices": "digest", "draft": NAME})
    assert answer.status_code == 303
    cookies = answer.headers.get_list("set-cookie")
    assert f"tracker-sent={NAME}; Max-Age=120; Path=/; SameSite=Strict" in cookies


def test_behind_tls_that_goes_over_tls_alone(https_site: Site) -> None:
    answer = https_site.guest("sam").post("/account/notices", {"notices": "digest", "draft": NAME})
    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("tracker-sent")]
    assert cookie.endswith("; Secure")


@pytest.mark.parametrize(
    "fields", [{"notices": "digest"}, {"notices": "never", "draft": NAME}, {"notices": "digest", "draft": "x; Path=/"},
               {"notices": "digest", "draft": NAME + "\r\nSet-Cookie: a=b"}],
    ids=["no-name", "refused", "odd-name", "header"],
)  # fmt: skip
def test_nothing_is_said_of_what_was_not_taken_or_has_no_name(site: Site, fields: dict[str, str]) -> None:
    answer = site.guest("sam").post("/account/notices", fields)
    assert not any(each.startswith("tracker-sent") for each in answer.headers.get_list("set-cookie"))


def test_a_page_weighs_at_most_four_kilobytes_more_for_all_this(site: Site) -> None:
    script = assets()["drafts.js"].squeezed
    assert script
    carried = _KEY.search(site.guest("sam").get("/account").text)
    assert carried
    weight = len(script) + len(carried[0])
    print(f"drafts.js: {len(script)} bytes as it is sent; with the key {weight}")
    assert weight <= 4 * 1024
