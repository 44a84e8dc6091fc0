"""Single keys: listed, and switched off by whoever does not want them."""

import re

from tests.site import Site, went_to
from tracker.pages.web.assets import assets

SCRIPT = re.compile(r'src="/static/keys\.[0-9a-f]+\.js"')


def test_the_list_tells_every_key_that_the_script_knows(site: Site) -> None:
    page = site.guest("kim").get("/keys").text
    listed = set(re.findall(r"<kbd>(.)</kbd>", page))
    script = assets()["keys.js"].content.decode()
    known = set(re.findall(r'^    "?(.)"?: ', script, re.MULTILINE))
    assert known == listed == set("/?jkcayrgd")


def test_switched_off_no_page_has_them_until_they_are_switched_on_again(site: Site) -> None:
    kim = site.guest("kim")
    assert SCRIPT.search(kim.get("/").text)
    assert went_to(kim.post("/account/keys", {"keys": "off"})) == "/keys"
    assert not SCRIPT.search(kim.get("/").text)
    assert "They are switched off" in kim.get("/keys").text
    assert SCRIPT.search(site.guest("lee").get("/").text)
    kim.post("/account/keys", {"keys": "on"})
    assert SCRIPT.search(kim.get("/").text)


def test_who_is_not_signed_in_has_none(site: Site) -> None:
    assert not SCRIPT.search(site.stranger().get("/sign-in").text)
