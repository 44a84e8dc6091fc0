"""A conversation with a mail server that has an end, however the server behaves: hangs, or says a letter at a time."""

import smtplib
import socket
import time
from typing import Any

CHUNK = 4096  # bytes sent before the time is looked at again


class Conversation(smtplib.SMTP):
    """SMTP whose waits are all for what is left of the time; the library's own timeout begins anew with each byte.

    `until` is when it ends (`time.monotonic`); a TimeoutError then breaks it off.
    """

    until = 0.0

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        self._host = host  # STARTTLS asks whether the certificate is of this one
        return super().connect(host, port, source_address)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Answers(self, self.sock)
        return super().getreply()

    def send(self, s: Any) -> None:
        whole = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        for start in range(0, len(whole), CHUNK):
            if self.sock is not None:
                self.sock.settimeout(self.time_left())
            super().send(whole[start : start + CHUNK])

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        answer = super().docmd(cmd, args)
        if self.sock is not None:
            self.sock.settimeout(self.time_left())  # of TLS, which follows on STARTTLS
        return answer

    def time_left(self) -> float:
        """Seconds, more than none. Refuses with TimeoutError when none are left."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((host, port), self.time_left())


class ConversationInTls(Conversation, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        plain.settimeout(self.time_left())
        try:
            return self.context.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise


class _Answers:
    """What the server says, line by line, for the library, which reads answers from a file."""

    def __init__(self, conversation: Conversation, line: socket.socket) -> None:
        self._conversation, self._line, self._read = conversation, line, b""

    def readline(self, most: int) -> bytes:
        while b"\n" not in self._read and len(self._read) < most:
            self._line.settimeout(self._conversation.time_left())
            more = self._line.recv(CHUNK)
            if not more:
                break
            self._read += more
        end = min(self._read.find(b"\n") + 1 or len(self._read), most)
        said, self._read = self._read[:end], self._read[end:]
        return said

    def close(self) -> None:
        """The conversation closes the line."""
