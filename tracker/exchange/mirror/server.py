"""The server whose feed a copy follows, over HTTP."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from tracker.exchange.mirror.entries import FeedEvent, FeedHome, FeedPage
from tracker.exchange.mirror.following import NoAnswer, PlaceUnknown
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.refusals import NotThere, Refused

_WAITS = httpx.Timeout(60, connect=10)  # seconds
_LARGEST = 64_000_000  # bytes of an answer; a page of the feed has some hundred thousand
_MOST_OF_ISSUE = 100_000  # events
ShapeT = TypeVar("ShapeT", bound=BaseModel)
_HERE = {"localhost", "127.0.0.1", "::1"}


class HttpFeed:
    """A feed, by the address of its partnership in the API and a token of the organisation."""

    def __init__(self, address: str, token: str, client: httpx.Client | None = None) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"This is no address: {address}. One looks like https://tracker.example/{_PATH}RIV")
        if parts.scheme == "http" and parts.hostname not in _HERE and client is None:
            raise Refused("A token is sent over https alone, so that nobody on the way reads it.")
        self._address = address.rstrip("/")
        self._client = client or httpx.Client(timeout=_WAITS)
        self._headers = {"Authorization": f"Bearer {token}"}

    def page(self, after: str) -> FeedPage:
        """Refuses with NoAnswer and PlaceUnknown, and with the server's own words."""
        return self._asked({"after": after} if after else {})

    def issue(self, ref: str) -> tuple[FeedEvent, ...]:
        """All of one issue. Refuses the same, and with NotThere."""
        events: list[FeedEvent] = []
        after, more = "", True
        while more:
            page = self._asked({"issue": ref, **({"after": after} if after else {})})
            told = [each.event for each in page.entries if each.event]
            events += told
            after, more = page.next, page.more
            if more and (not told or len(events) > _MOST_OF_ISSUE):
                raise Refused(f"What the server tells of {ref} has no end.")
        return tuple(events)

    def home(self) -> FeedHome:
        """The organisation and its people. Refuses with NoAnswer, and with the server's own words."""
        return self._read(FeedHome, "organisation", {})

    @property
    def site(self) -> str:
        """Where people find the record."""
        return self._address.partition(f"/{_PATH}")[0]

    def send_cosigned(self, note: SignedNote) -> None:
        """A checkpoint that the organisation's witness cosigned. Refuses with NoAnswer, and with the server's words."""
        try:
            answer = self._client.post(
                f"{self._address}/cosignatures", content=str(note).encode(), headers={**self._headers, **_PLAIN}
            )
        except httpx.HTTPError as fault:
            raise NoAnswer(f"The server does not answer: {fault}") from fault
        if answer.status_code != httpx.codes.OK:
            raise _refusal(answer)

    def _asked(self, asked: Mapping[str, str]) -> FeedPage:
        return self._read(FeedPage, "feed", asked)

    def _read(self, shape: type[ShapeT], of: str, asked: Mapping[str, str]) -> ShapeT:
        try:
            where = f"{self._address}/{of}"
            with self._client.stream("GET", where, params=dict(asked), headers=self._headers) as open_answer:
                answer = _whole(open_answer)
        except httpx.HTTPError as fault:
            raise NoAnswer(f"The server does not answer: {fault}") from fault
        if answer.status_code != httpx.codes.OK:
            raise _refusal(answer)
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError as wrong:
            where = ".".join(map(str, wrong.errors()[0]["loc"])) or "all of it"
            raise Refused(f"What the server tells is no {of} that this version can read: {where}.") from None


_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
_PATH = "api/v1/partnerships/"


def _whole(answer: httpx.Response) -> httpx.Response:
    """What came, once all of it did. Refuses what is larger than any page."""
    content = bytearray()
    for some in answer.iter_bytes():
        content += some
        if len(content) > _LARGEST:
            raise Refused("What the server tells has no end.")
    return httpx.Response(answer.status_code, content=bytes(content))


def _refusal(answer: httpx.Response) -> Refused:
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return NoAnswer(f"The server does not answer just now ({answer.status_code}).")
    try:
        problem = answer.json()
        said, wrong = str(problem["detail"]), [str(each["field"]) for each in problem.get("errors", ())]
    except (ValueError, KeyError, TypeError):
        return Refused(f"There is no feed at this address ({answer.status_code}).")
    if wrong == ["after"]:
        return PlaceUnknown(said)
    return NotThere(said) if answer.status_code == httpx.codes.NOT_FOUND else Refused(said)
