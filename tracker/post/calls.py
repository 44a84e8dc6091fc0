"""The door outwards: calls to addresses that people typed, of public hosts by https, which go nowhere else and end."""

import socket
import ssl
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

from tracker.rules.refusals import WrongInput
from tracker.settings.calling import CallAnswer, CallFailed, CallTarget

__all__ = ["CallAnswer", "CallFailed", "Calls"]

LONGEST = 10.0  # seconds, from looking up the name to the last byte
LARGEST = 64_000  # bytes of an answer
_GONE = (OSError, HTTPException, ValueError)
_NONE: Mapping[str, str] = {}


class Calls:
    """`may_call`: hosts that may be private, and called by http."""

    def __init__(self, may_call: Collection[str] = (), longest: float = LONGEST) -> None:
        self._may_call, self._longest = may_call, longest

    def get(self, address: str, path: str, headers: Mapping[str, str] = _NONE) -> CallAnswer:
        """`path`: below the address. Raises CallFailed; whoever called waits no longer than the longest, whatever
        hangs."""
        return self._made("GET", address, path, None, headers)

    def post(
        self,
        address: str,
        path: str,
        body: bytes,
        kind: str = "text/plain; charset=utf-8",
        headers: Mapping[str, str] = _NONE,
    ) -> CallAnswer:
        """The same."""
        return self._made("POST", address, path, body, {"Content-Type": kind, **headers})

    def _made(self, method: str, address: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> CallAnswer:
        try:
            call = _Call(CallTarget.read(address, self._may_call), self._longest)
        except WrongInput as refusal:
            raise CallFailed(str(refusal)) from refusal
        thread = threading.Thread(target=call.make, args=(method, path, body, headers), name="call", daemon=True)
        thread.start()
        thread.join(self._longest)
        call.hang_up()
        if call.answer is None:
            raise CallFailed(call.failure or "there was no answer in time")
        return call.answer


class _Call(HTTPConnection):
    """One call, made in a thread of its own: looking up a name cannot be broken off."""

    def __init__(self, target: CallTarget, longest: float) -> None:
        super().__init__(target.host, target.port, timeout=longest)
        self._target = target
        self.answer: CallAnswer | None = None
        self.failure = ""
        self._is_over = False

    def make(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> None:
        try:
            self.request(method, f"{self._target.path}{path}" or "/", body, {**headers, "Connection": "close"})
            answer = self.getresponse()
            content = answer.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise ValueError("the answer is too large")
            self.answer = CallAnswer(answer.status, answer.headers.get("Content-Type", ""), content)
        except _GONE as fault:
            self.failure = type(fault).__name__
        finally:
            self.close()

    def connect(self) -> None:
        """To an address that was looked at, not to what the name leads to a moment later."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        allowed = [each[4] for each in found if self._target.may_connect(str(each[4][0]))]
        if not allowed:
            raise OSError("the name leads to private addresses")
        self.sock = plain = self._connected([str(host) for host, *_ in allowed])
        if self._is_over:  # looked at after the socket is there, so that no hanging up is missed
            raise OSError("nobody waits for it any more")
        if self._target.scheme == "https":
            self._greet(plain)

    def _greet(self, plain: socket.socket) -> None:
        """In TLS, hung up on as anything else: once it is wrapped, the plain socket is none any more."""
        context = ssl.create_default_context()
        wrapped = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = wrapped
        if not self._is_over:
            wrapped.do_handshake()

    def _connected(self, hosts: Sequence[str]) -> socket.socket:
        """To the first that takes it: not every machine reaches every kind of address."""
        for host in hosts[:-1]:
            if self._is_over:
                break
            with suppress(OSError):
                return socket.create_connection((host, self.port), self.timeout)
        return socket.create_connection((hosts[-1], self.port), self.timeout)

    def hang_up(self) -> None:
        """Whatever it waits for, also where it is not connected yet."""
        self._is_over = True
        open_socket: socket.socket | None = self.sock
        if open_socket is not None:
            try:
                socket.socket.shutdown(open_socket, socket.SHUT_RDWR)  # TLS would first end what is read just now
            except OSError:
                return  # gone meanwhile
