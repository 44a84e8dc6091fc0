"""How much may be sent: what is larger is refused before it is read, and nothing costs more than it is long."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from tests.issue_makers import make_issue
from tests.site import Guest, Site
from tracker.pages.web.sizes import LARGEST_FORM, LARGEST_HEAD, LONGEST_ADDRESS, MOST_FIELDS, MOST_PARTS

FIELDS = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": "multipart/form-data; boundary=x"}
JSON = {"content-type": "application/json"}
CPU = 1.0  # seconds of this process, on any machine; what stopped the server took 4 and 7
TRIES = 3  # what else the process is at (collecting what is over, threads of other tests) costs once, a stopper always
MEGABYTE = 1024 * 1024


def part(number: int, text: str = "") -> str:
    return f'--x\r\nContent-Disposition: form-data; name="a{number}"\r\n\r\n{text}\r\n'


def parts(*written: str) -> str:
    return "".join(written) + "--x--\r\n"


# What a stranger sends, and what may come of it.
STOPPERS: dict[str, tuple[dict[str, Any], set[int]]] = {
    "250,000 fields at the door": ({"content": "a&" * 250_000, "headers": FIELDS}, {413}),
    "a megabyte of short fields": ({"content": "a=b&" * (MEGABYTE // 4), "headers": FIELDS}, {413}),
    "one field too many": ({"content": "a&" * MOST_FIELDS, "headers": FIELDS}, {413}),
    "a form of escapes": (
        {"content": "email=" + "%41" * (LARGEST_FORM // 3 - 3), "headers": FIELDS},
        {403},
    ),
    "a form of escapes that are none": ({"content": "email=" + "%" * (LARGEST_FORM - 9), "headers": FIELDS}, {400}),
    "a form that is too large": ({"content": "a" * (LARGEST_FORM + 1), "headers": FIELDS}, {413}),
    "more than is taken at all": ({"content": "a" * (2 * MEGABYTE), "headers": FIELDS}, {413}),
    "10,000 parts": ({"content": parts(*map(part, range(10_000))), "headers": PARTS}, {413}),
    "one part too many": ({"content": parts(*map(part, range(MOST_PARTS + 1))), "headers": PARTS}, {413}),
    "a part of dashes": ({"content": parts(part(1, "\r\n--" * 200_000)), "headers": PARTS}, {400, 403}),
    "parts without an end": ({"content": "--x\r\n" * 200_000, "headers": PARTS}, {400, 413}),
    "a megabyte of JSON": ({"content": "[" * MEGABYTE, "headers": JSON}, {403}),
    "a long address": ({"params": "a&" * LONGEST_ADDRESS}, {413}),
    "a cookie of a megabyte": ({"headers": {"cookie": "a=b; " * 200_000}}, {413}),
    "many short cookies": ({"headers": {"cookie": "a;" * (LARGEST_HEAD // 2 - 300)}}, {403}),
}


@pytest.mark.parametrize("what", STOPPERS)
def test_what_would_stop_the_server_is_answered_at_once(site: Site, what: str) -> None:
    options, expected = STOPPERS[what]
    answer, seconds = sent(site.stranger(), "/sign-in", options)
    print(f"{what}: {answer.status_code} after {1000 * seconds:.0f} ms of CPU")
    assert answer.status_code in expected
    assert seconds < CPU


# What somebody signed in may type, and where: nothing there to find, and long.
TYPED = {
    "a name without a place": "a." * 4_999,
    "numbers": "943 476 5919 " * 769,
    "letters": "a" * 9_999,
    "words": "ab " * 3_333,
    "one word": "letters " * 1_249,
}


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_is_looked_through_in_no_time_to_speak_of(site: Site, typed: str) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    jo, text = site.guest("jo"), TYPED[typed]
    steps: dict[str, dict[str, str]] = {
        f"/issues/{ref}/notes": {"text": text},
        f"/issues/{ref}/acknowledgement": {"title": text * 3, "text": text * 3, "reason": text * 3, "version": "1"},
        "/issues/new": {"title": "Letters", "detail": text, "with": "council", "severity": "minor"},
        "/issues/similar": {"title": text, "detail": text},
        "/arrangements/RIV/bodies": {"key": text, "name": text, "meets": text, "often": "written"},
    }
    for address, fields in steps.items():
        answer, seconds = sent(jo, address, {"data": {"csrf": jo.token, **fields}})
        print(f"{typed} at {address}: {answer.status_code} after {1000 * seconds:.0f} ms of CPU")
        assert answer.status_code < 500, address
        assert seconds < CPU, address


@pytest.mark.parametrize("q", ["1" * 7_000, "ab+" * 2_300, "a1+" * 2_300, "%22" * 2_600, "-" * 7_000])
def test_what_is_searched_for_is_looked_up_in_no_time_to_speak_of(site: Site, q: str) -> None:
    jo = site.guest("jo")
    answer, seconds = least(lambda: jo.get(f"/issues?q={q}"))
    assert answer.status_code in {200, 422}
    assert seconds < CPU


def test_what_was_too_much_is_said_in_a_sentence(site: Site) -> None:
    stranger = site.stranger()
    too_many, _ = sent(stranger, "/sign-in", {"content": "a&" * MOST_FIELDS, "headers": FIELDS})
    assert "A form may have 1,000 fields, with a file 100; this one had more." in too_many.text
    too_long = stranger.get("/issues?q=" + "a" * LONGEST_ADDRESS)
    assert "An address may have 8 kB, with all that is asked in it; this one had more." in too_long.text
    assert too_long.headers["content-security-policy"]


def test_what_is_just_allowed_is_read(site: Site) -> None:
    sam = site.guest("sam")
    text = "अ" * 9_999
    fields = {"title": "Letters", "detail": text, "with": "council", "severity": "minor", "as_it_is": "yes"}
    several = {f"more{number}": "" for number in range(MOST_FIELDS - 10)}
    assert sam.post("/issues/new", {**fields, **several}).status_code == 303


def test_a_per_cent_sign_that_stands_for_itself_is_read_as_it_is(site: Site) -> None:
    sam = site.guest("sam")
    sent_so = f"csrf={sam.token}&title=100%+of+5%25&detail={'%' * 900}&with=council&severity=minor&as_it_is=yes"
    answer = sam.client.post("/issues/new", content=sent_so, headers=FIELDS, follow_redirects=False)
    assert answer.status_code == 303
    assert "100% of 5%" in sam.get(answer.headers["location"]).text


def test_a_refused_form_does_nothing(site: Site) -> None:
    sam = site.guest("sam")
    fields = {"title": "Letters", "with": "council", "severity": "minor"}
    several = {f"more{number}": "" for number in range(MOST_FIELDS)}
    assert sam.post("/issues/new", {**fields, **several}).status_code == 413
    assert sam.get("/issues/RIV-1").status_code == 404


def sent(guest: Guest, address: str, options: dict[str, Any]) -> tuple[Response, float]:
    return least(lambda: guest.client.post(address, follow_redirects=False, **options))


def least(ask: Callable[[], Response]) -> tuple[Response, float]:
    """The first answer, and how much CPU this process took over the cheapest of at most three that are alike."""
    costs: list[float] = []
    answers: list[Response] = []
    while len(costs) < TRIES and min(costs, default=CPU) >= CPU:
        began = time.process_time()
        answers.append(ask())
        costs.append(time.process_time() - began)
    return answers[0], min(costs)
