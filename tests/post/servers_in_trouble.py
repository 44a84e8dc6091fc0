"""Mail servers in trouble, each in a way of its own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

AN_END = 600  # seconds: far more than anybody waits for them
Talk = Callable[[socket.socket, threading.Event], None]


def hang(line: socket.socket, over: threading.Event) -> None:
    """Says nothing at all."""
    over.wait(AN_END)


def hang_after_data(line: socket.socket, over: threading.Event) -> None:
    """Takes the letter, and never says so."""
    _until_data(line)
    over.wait(AN_END)


def drip(line: socket.socket, over: threading.Event) -> None:
    """Says a letter now and then: no single wait is long."""
    _until_data(line)
    while not over.wait(0.05):
        line.sendall(b"2")


def drip_lines(line: socket.socket, over: threading.Event) -> None:
    """Greets for ever."""
    while not over.wait(0.05):
        line.sendall(b"220-still here\r\n")


def read_nothing(line: socket.socket, over: threading.Event) -> None:
    """Lets the letter come, and does not read it."""
    line.sendall(b"220 hello\r\n")
    answer(line, b"250 hello\r\n", until=b"MAIL")
    over.wait(AN_END)


def refuse_for_now(line: socket.socket, over: threading.Event) -> None:
    """Takes no letter at present, and says so."""
    line.sendall(b"220 hello\r\n")
    while not over.is_set():
        answer(line, b"250 yes\r\n", until=b"data")
        line.sendall(b"354 go on\r\n")
        _heard(line, b"\r\n.\r\n")
        line.sendall(b"451 4.3.0 try again later\r\n")


def die_in_data(line: socket.socket, over: threading.Event) -> None:
    """Hangs up in the middle of a letter."""
    _until_data(line, whole=False)
    line.close()


@contextmanager
def talking(talk: Talk) -> Iterator[str]:
    """The address of a server that behaves so to everybody."""
    over, listening = threading.Event(), socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_quietly, args=(talk, line, over), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        with suppress(OSError):  # where whoever accepts hears of it when this is closed
            listening.shutdown(socket.SHUT_RDWR)  # else they wait for ever
        listening.close()


def _quietly(talk: Talk, line: socket.socket, over: threading.Event) -> None:
    """The other side hangs up when it has had enough."""
    try:
        talk(line, over)
    except OSError:
        pass
    finally:
        line.close()


def _until_data(line: socket.socket, *, whole: bool = True) -> None:
    line.sendall(b"220 hello\r\n")
    answer(line, b"250 yes\r\n", until=b"data")
    line.sendall(b"354 go on\r\n")
    _heard(line, b"\r\n.\r\n" if whole else b"Subject")


def answer(line: socket.socket, words: bytes, *, until: bytes) -> None:
    """The same to every command, until one begins so."""
    while said := line.recv(4096):
        if said.upper().startswith(until.upper()):
            return
        line.sendall(words)


def _heard(line: socket.socket, end: bytes) -> None:
    heard = b""
    while end not in heard and (more := line.recv(65536)):
        heard = heard[-10:] + more
