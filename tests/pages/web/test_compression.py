"""What goes out small: the same words, never of the same length twice, and no secret to be guessed from it."""

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from typing import Any

import pytest

from tests.pages.test_who_may_read import addresses, plant
from tests.site import Guest, Site
from tracker.pages.web.compression import LEAST, LONGEST_NAME, compressing

LONG = re.compile(r"[A-Za-z0-9_=-]{20,}")
DIGITS = 3  # a word has fewer, a token by chance never


def raw(guest: Guest, path: str, takes: str = "gzip") -> tuple[str, bytes]:
    """How an answer is encoded, and what goes over the wire."""
    with guest.client.stream("GET", path, headers={"Accept-Encoding": takes}) as answer:
        return answer.headers.get("content-encoding", ""), b"".join(answer.iter_raw())


def test_a_page_is_sent_small_to_whoever_takes_it_so(site: Site) -> None:
    sam = site.guest("sam")
    encoding, small = raw(sam, "/account")
    plain = raw(sam, "/account", "identity")
    assert (encoding, plain[0]) == ("gzip", "")
    assert len(small) < len(plain[1]) / 2
    assert b"</html>" in gzip.decompress(small)


@pytest.mark.parametrize("takes", ["", "br", "gzip;q=0", "gzip;q=0.0, *", "deflate, identity"])
def test_who_does_not_take_it_is_sent_the_page_as_it_is(site: Site, takes: str) -> None:
    assert raw(site.guest("sam"), "/account", takes)[0] == ""


@pytest.mark.parametrize("takes", ["gzip", "deflate, GZIP", "br;q=1.0, gzip;q=0.8"])
def test_it_is_enough_to_name_it_among_others(site: Site, takes: str) -> None:
    assert raw(site.guest("sam"), "/account", takes)[0] == "gzip"


def test_what_is_short_or_small_already_goes_out_as_it_is(site: Site) -> None:
    assert raw(site.stranger(), "/health/live") == ("", b'{"alive":true}')
    assert raw(site.guest("jo"), "/issues/list.xlsx")[1].startswith(b"PK")


def test_the_same_words_are_not_of_the_same_length_twice() -> None:
    lengths = {len(sent([b"word " * LEAST])[-1][1]) for _ in range(200)}
    assert max(lengths) - min(lengths) > LONGEST_NAME / 2
    assert len(lengths) > LONGEST_NAME / 2


def test_a_long_answer_goes_out_piece_by_piece_and_without_a_length() -> None:
    pieces = [token_bytes(40_000) for _ in range(40)]
    out = sent(pieces)
    assert gzip.decompress(b"".join(piece for _, piece in out)) == b"".join(pieces)
    assert max(len(piece) for _, piece in out) < 3 * len(pieces[0])
    assert b"content-length" not in dict(out[0][0])


def test_two_answers_share_no_token_and_show_no_cookie(site: Site) -> None:
    plant(site)
    guest = site.guest("priya")
    for address in addresses(site, "GET"):
        one, other = guest.get(address), guest.get(address)
        if not one.headers.get("content-type", "").startswith("text/html"):
            continue
        assert not tokens(one.text) & tokens(other.text), address
        assert not any(secret in one.text for secret in guest.client.cookies.values()), address


def test_the_door_shows_no_cookie_nor_link_and_another_token_each_time(site: Site) -> None:
    stranger = site.stranger()
    for address in ("/sign-in", "/sign-in/sent", site.link("sam@acute.example")):
        one, other = stranger.get(address).text, stranger.get(address).text
        assert not tokens(one) & tokens(other)
        assert not any(secret in one for secret in stranger.client.cookies.values()), address


def tokens(text: str) -> set[str]:
    return {each for each in LONG.findall(text) if sum(letter.isdigit() for letter in each) >= DIGITS}


def sent(pieces: list[bytes]) -> list[tuple[list[tuple[bytes, bytes]], bytes]]:
    """What goes out of a text in pieces: headers (with the first) and bytes of each."""
    out: list[tuple[list[tuple[bytes, bytes]], bytes]] = []

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/csv"), (b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": piece is not pieces[-1]})

    async def take(message: Any) -> None:
        out.append((message.get("headers", []), message.get("body", b"")))

    scope: Any = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    with ThreadPoolExecutor(1) as apart:  # a loop may run in this thread already
        apart.submit(asyncio.run, compressing(answer)(scope, None, take)).result()  # type: ignore[arg-type]
    return out
