"""Files that pages load: kept for good under a name with their hash, sent small, never sent twice."""

import gzip
import re

import pytest

from tests.site import Site
from tracker.pages.web.assets import FOLDER, asset, assets


def test_a_page_names_files_that_browsers_keep_for_good(site: Site) -> None:
    stranger = site.stranger()
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', stranger.get("/sign-in").text)
    answers = [stranger.get(each) for each in named]
    assert len(named) >= 4
    assert {each.status_code for each in answers} == {200}
    assert {each.headers["cache-control"] for each in answers} == {"public, max-age=31536000, immutable"}


def test_a_file_that_the_browser_has_is_not_sent_again(site: Site) -> None:
    stranger = site.stranger()
    etag = stranger.get(asset("app.css")).headers["etag"]
    again = stranger.get("/static/app.css", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


def test_a_plain_name_is_asked_for_again_each_time(site: Site) -> None:
    assert site.stranger().get("/static/app.css").headers["cache-control"] == "public, no-cache"


def test_a_hash_of_yesterday_gets_the_file_of_today_but_not_for_good(site: Site) -> None:
    answer = site.stranger().get("/static/app.0123456789ab.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, no-cache")


def test_text_is_compressed_once_for_whoever_takes_it(site: Site) -> None:
    stranger, kept = site.stranger(), assets()["app.css"]
    small = stranger.get("/static/app.css", headers={"Accept-Encoding": "gzip, br"})
    plain = stranger.get("/static/app.css", headers={"Accept-Encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["vary"] == "Accept-Encoding"
    assert small.content == plain.content == gzip.decompress(kept.squeezed or b"")
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"])


@pytest.mark.parametrize(
    "path",
    [
        "package.json",
        "../settings/meanings.py",
        "..%2f..%2fpyproject.toml",
        ".npmrc",
        "node_modules/x.js",
        "css/ladder.css",
        "",
    ],
)
def test_nothing_else_is_served(site: Site, path: str) -> None:
    assert site.stranger().client.get(f"/static/{path}").status_code == 404


def test_the_address_of_a_file_changes_with_what_is_in_it() -> None:
    assert re.fullmatch(r"/static/vendor/htmx\.min\.[0-9a-f]{12}\.js", asset("vendor/htmx.min.js"))
    assert assets()["app.js"].content == (FOLDER / "app.js").read_bytes()


def test_the_stylesheet_is_one_file_with_every_room_in_it(site: Site) -> None:
    rooms = [path.read_bytes() for path in (FOLDER / "css").glob("*.css")]
    sent = site.stranger().get("/static/app.css").content
    assert [room for room in rooms if sent.count(room) != 1] == []
    assert b"@import" not in sent


def test_a_file_that_is_not_there_has_no_address() -> None:
    with pytest.raises(KeyError):
        asset("no.css")
