"""A lean HTTP client: raw bytes over kept connections, so that what is measured is the server."""

import selectors
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

HOST = "127.0.0.1"
_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a browser asks for: a page, or with `fields` a form that is sent."""

    path: str
    fields: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self, cookie: str) -> bytes:
        """As it goes over the wire."""
        body = urlencode(self.fields).encode() if self.fields is not None else b""
        form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        headers = {"Host": HOST, "Cookie": cookie, **self.headers, **(form if self.fields is not None else {})}
        method = "GET" if self.fields is None else "POST"
        lines = [f"{method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + _END + body


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `head` is the status line with the headers."""

    status: int
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second of several connections at once, and the milliseconds that the slowest answer took."""

    per_second: float
    slowest: float

    @classmethod
    def median(cls, loads: Iterable["Load"]) -> "Load":
        found = list(loads)
        return cls(median(each.per_second for each in found), median(each.slowest for each in found))


class UnexpectedAnswer(Exception):
    """The server said something else than what is measured."""


class Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._wanted = 0

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, raw: bytes) -> Answer:
        """Sends, and waits for the whole answer."""
        self.send(raw)
        while True:
            answer = self.receive()
            if answer:
                return answer

    def send(self, raw: bytes) -> None:
        self._received.clear()
        self._wanted = 0
        self.socket.sendall(raw)

    def receive(self) -> Answer | None:
        """Takes what has come; the answer, once it is whole."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise UnexpectedAnswer("the server closed the connection")
        self._received += piece
        end = self._received.find(_END)
        if end < 0:
            return None
        if not self._wanted:
            self._wanted = end + len(_END) + _length(bytes(self._received[:end]))
        if len(self._received) < self._wanted:
            return None
        head, body = bytes(self._received[:end]), bytes(self._received[end + len(_END) :])
        return Answer(int(head[9:12]), head, body)


def timed(connection: Connection, asked: Iterable[bytes], status: int) -> list[float]:
    """The seconds that each took, one after the other."""
    seconds = []
    for raw in asked:
        began = perf_counter()
        answer = connection.ask(raw)
        seconds.append(perf_counter() - began)
        _expect(answer, status, raw)
    return seconds


def at_once(connections: list[Connection], asked: list[bytes], status: int) -> Load:
    """Until all are answered, each connection asking again as soon as it is free."""
    waiting, sent, slowest = iter(asked), {}, 0.0
    with selectors.DefaultSelector() as selector:
        began, left = perf_counter(), len(asked)
        for connection, raw in zip(connections, waiting, strict=False):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            sent[connection] = perf_counter()
            connection.send(raw)
        while left:
            for key, _ in selector.select(60):
                answer = key.data.receive()
                if answer:
                    _expect(answer, status, b"")
                    left -= 1
                    now = perf_counter()
                    slowest = max(slowest, now - sent[key.data])
                    if (raw := next(waiting, b"")) == b"":
                        selector.unregister(key.fileobj)  # a server closes what is idle
                        continue
                    sent[key.data] = now
                    key.data.send(raw)
        return Load(len(asked) / (perf_counter() - began), slowest * 1000)


def _expect(answer: Answer, status: int, raw: bytes) -> None:
    if answer.status != status:
        asked = raw.partition(b"\r\n")[0].decode()
        raise UnexpectedAnswer(f"{asked}: {answer.status} instead of {status}: {answer.body[:2000].decode()}")


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(_LENGTH)
    if at < 0:
        raise UnexpectedAnswer(f"an answer without a length: {head.decode()}")
    return int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
