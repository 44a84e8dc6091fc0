"""A witness as programs see it: the one address of C2SP `tlog-witness`, with an end to every size and every wait."""

import socket
import threading
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog

from tracker.api.witness_folder import WitnessFolder
from tracker.rules.proofs.notes import WrongNote
from tracker.rules.proofs.witnessing import SIZE_TYPE, AddCheckpoint, NotCosigned

LARGEST = 64_000  # bytes of a request
LONGEST_CALL = 20.0  # seconds that somebody may be connected, however many requests they make
MOST_CALLS = 32  # at once
_PLAIN = "text/plain; charset=utf-8"
_log = structlog.get_logger()


class WitnessServer(ThreadingHTTPServer):
    """Answers at most so many at once; whoever comes then is hung up on, and comes again."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: WitnessFolder, host: str, port: int) -> None:
        self.folder = folder
        self._free = threading.BoundedSemaphore(MOST_CALLS)
        super().__init__((host, port), WitnessAnswer)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        ends = threading.Timer(LONGEST_CALL, _hang_up, (request,))
        ends.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            ends.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.info("a call to the witness broke off", exc_info=True)


class WitnessAnswer(BaseHTTPRequestHandler):
    """One call. It tells nothing of itself but what the protocol has it say."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = LONGEST_CALL
    server_version, sys_version = "witness", ""

    def do_POST(self) -> None:
        """The cosignature of a checkpoint that extends what was seen."""
        if self.path != "/add-checkpoint":
            self._answer(404, "Not here.\n")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= LARGEST):
            self.close_connection = True
            self._answer(413 if length.isdigit() else 411, "A request says its length, and is small.\n")
            return
        self._answer(*_cosigned(self.server.folder, self.rfile.read(int(length))))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The standard server writes to stderr; here only what was cosigned or refused stands in the log."""

    def _answer(self, status: int, text: str, kind: str = _PLAIN) -> None:
        body = text.encode()
        self.send_response(status, HTTPStatus(status).phrase)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _cosigned(folder: WitnessFolder, body: bytes) -> tuple[int, str, str]:
    """(the status, what is answered, its kind)."""
    try:
        signature = folder.cosign(AddCheckpoint.read(body.decode("utf-8")), datetime.now(UTC))
    except (WrongNote, UnicodeDecodeError) as wrong:
        return 400, f"{wrong}\n", _PLAIN
    except NotCosigned as refusal:
        _log.info("not cosigned", why=str(refusal))
        return (refusal.status, *(_said(refusal)))
    return 200, f"{signature}\n", _PLAIN


def _said(refusal: NotCosigned) -> tuple[str, str]:
    return (f"{refusal}\n", _PLAIN) if refusal.size is None else (f"{refusal.size}\n", SIZE_TYPE)


def _hang_up(call: socket.socket) -> None:
    try:
        call.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # gone meanwhile
