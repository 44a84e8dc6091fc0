"""Where a request ends is read in one way, or it is refused: else a proxy and the server would see different ones."""

import pytest
from httptools import HttpParserError, HttpRequestParser

from tracker.commands.serving import server_options
from tracker.settings import Settings

TWO_ENDS = {
    "a length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "a length with a sign": b"Content-Length: +4\r\n\r\nabcd",
    "a length below nothing": b"Content-Length: -1\r\n\r\n",
    "a length beyond all": b"Content-Length: 99999999999999999999999\r\n\r\n",
    "almost chunks": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks, and then not": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a blank before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a value on the next line": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "half an end of a line": b"X: a\nContent-Length: 4\r\n\r\nabcd",
    "a chunk of no size": b"Transfer-Encoding: chunked\r\n\r\n0x4\r\nabcd\r\n0\r\n\r\n",
    "a chunk without an end": b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcdXX0\r\n\r\n",
}
WHOLE = b"Content-Length: 4\r\n\r\nabcd"


class Ended:
    """Whether a whole request was read."""

    is_so = False

    def on_message_complete(self) -> None:
        self.is_so = True


def read(rest: bytes) -> bool:
    ended = Ended()
    HttpRequestParser(ended).feed_data(b"POST /sign-in HTTP/1.1\r\nHost: tracker.example\r\n" + rest)
    return ended.is_so


@pytest.mark.parametrize("what", TWO_ENDS)
def test_what_could_end_in_two_places_is_no_request(what: str) -> None:
    with pytest.raises(HttpParserError):
        read(TWO_ENDS[what])


def test_what_ends_in_one_place_is_read_by_what_the_server_reads_with() -> None:
    assert read(WHOLE)
    assert server_options(Settings.from_environment({}), "127.0.0.1", 8000, 1)["http"] == "httptools"
