"""The log says who came in and what was refused, by number, time and place, and nothing of what anybody wrote."""

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.issue_makers import make_issue
from tests.site import Site
from tracker.pages.account.sign_in import MOST_FOR_AN_ADDRESS
from tracker.settings.log_lines import write_log

Lines = list[MutableMapping[str, Any]]
PLACE = "192.0.2.7"


def noted(lines: Lines) -> list[tuple[Any, ...]]:
    """(what, who, where from, what was asked, more) of each line but those that every answer leaves."""
    told = ("event", "person", "place", "method", "path", "log_level")
    return [
        (*(line.get(name) for name in told[:5]), *(value for name, value in line.items() if name not in told))
        for line in lines
        if line["event"] != "answered"
    ]


def test_coming_in_and_going_leave_a_line_each(site: Site) -> None:
    stranger, link, sam = site.stranger(), site.link("sam@acute.example"), site.cast.people["sam"].id
    stranger.get(link)
    with capture_logs() as lines:
        stranger.post(link)
        stranger.post(link)
        stranger.get("/account")
        stranger.post("/sign-out")
    assert noted(lines) == [
        ("signed in", sam, PLACE, "POST", "/sign-in/{token}", "link"),
        ("sign-in refused", None, PLACE, "POST", "/sign-in/{token}", "the link is spent or none"),
        ("signed out", sam, PLACE, "POST", "/sign-out"),
    ]


def test_a_session_that_is_none_leaves_a_line_and_no_session_none(site: Site) -> None:
    stranger = site.stranger()
    with capture_logs() as lines:
        stranger.get("/account")
        stranger.bring_cookie("forged")
        stranger.get("/account")
    refused = ("sign-in refused", None, PLACE, "GET", "/account", "the session is over or none", 303)
    assert noted(lines) == [refused]


def test_asking_for_links_leaves_lines_without_the_address(site: Site) -> None:
    stranger = site.stranger()
    stranger.get("/sign-in")
    page = stranger.client.get("/sign-in").text
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    with capture_logs() as lines:
        for _ in range(MOST_FOR_AN_ADDRESS + 1):
            stranger.post("/sign-in", {"csrf": token, "email": "kangaroo@acute.example"})
    asked = ("sign-in link asked for", None, PLACE, "POST", "/sign-in")
    assert noted(lines) == [asked] * MOST_FOR_AN_ADDRESS + [
        ("refused", None, PLACE, "POST", "/sign-in", "TooOften", 429)
    ]
    assert "kangaroo" not in str(lines)


@pytest.mark.parametrize(
    "who, address, fields, why, status",
    [
        ("stan", "/issues/RIV-1", None, "NotThere", 404),
        ("alex", "/issues/RIV-1/escalation", {"cause": "legal deadline", "reason": "Kangaroo"}, "MayNot", 403),
        ("kim", "/issues/RIV-1/notes", {"csrf": "forged", "text": "Kangaroo"}, "StrangeForm", 403),
        ("sam", "/issues/new", {f"kangaroo{number}": "" for number in range(1_001)}, "TooMuch", 413),
    ],
)
def test_what_is_refused_leaves_a_line_with_who_and_where_and_without_their_words(
    site: Site, who: str, address: str, fields: dict[str, str] | None, why: str, status: int
) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, title="Kangaroo letters")
    guest = site.guest(who)
    with capture_logs() as lines:
        answer = guest.get(address) if fields is None else guest.post(address, fields)
    assert answer.status_code == status
    what, person, place, *_, reason, said = noted(lines)[-1]
    assert (what, person, place, reason, said) == ("refused", site.cast.people[who].id, PLACE, why, status)
    assert "angaroo" not in str(lines)


def test_each_line_has_its_time(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write_log("json")
    site.guest("stan").get("/issues/RIV-1")
    (line,) = [line for line in capsys.readouterr().err.splitlines() if '"refused"' in line]
    assert '"timestamp": "' in line


def test_a_form_that_is_broken_off_leaves_one_quiet_line(site: Site) -> None:
    with capture_logs() as lines, ThreadPoolExecutor(1) as apart:  # a loop may run in this thread already
        apart.submit(asyncio.run, broken_off(site, "/sign-in")).result()
    assert [(line["event"], line["log_level"], line["status"]) for line in lines] == [("answered", "info", 499)]


async def broken_off(site: Site, path: str) -> None:
    """Half a form, and then nobody."""
    heard = iter(({"type": "http.request", "body": b"email=", "more_body": True}, {"type": "http.disconnect"}))
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"1000")]

    async def receive() -> Any:
        return next(heard)

    async def send(_: Any) -> None:
        """Nobody hears it."""

    about = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": ""}
    asked = {"method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
    await site.app({**about, **asked, "client": (PLACE, 1), "server": ("127.0.0.1", 80)}, receive, send)  # type: ignore[arg-type]
