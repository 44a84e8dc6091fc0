"""The e-mail channel: one connection to the mail server, kept for the letters of a sweep."""

import select
import smtplib
import ssl
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from tracker.post.conversation import Conversation, ConversationInTls
from tracker.post.message import message_of
from tracker.post.site import Site
from tracker.rules.letters import Letter, SignInLetter, Undelivered

PATIENCE = 60.0  # seconds for a letter, from connecting to the last answer; its lease is longer
ASKED_AFTER = 1.0  # seconds of silence, before the next letter: “are you still there?”
SHORT_WORD = 5.0  # seconds for “are you still there?” and goodbye
READY = 220
TOO_LARGE = 552
GOING_DOWN = 421  # or too busy: for whomever a letter is


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A mail server, as TRACKER_SMTP_URL names it."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    is_named: bool = False

    @classmethod
    def read(cls, url: str, may_call: Collection[str] = ()) -> "PostOffice":
        """`smtp[s]://user:password@host:port`; without a port the usual one. `may_call`: hosts that may be spoken to in
        the clear, as TRACKER_MAY_CALL names them, with a port or without."""
        parts = urlsplit(url)
        tls, user = parts.scheme == "smtps", unquote(parts.username or "")
        usual = 465 if tls else 587 if user else 25
        host, port = parts.hostname or "", parts.port or usual
        is_named = bool({host, f"{host}:{port}"}.intersection(may_call))
        return cls(host, port, user, unquote(parts.password or ""), tls, is_named)

    @property
    def is_here(self) -> bool:
        """Whether it is this very machine, so that nothing goes over a wire."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


class Smtp:
    """Sends by SMTP: TLS from the first byte for smtps, else STARTTLS; in the clear on this machine, and where the host
    is named among those that may be called so, without a password. A letter is sent in `seconds`, or the conversation
    is broken off."""

    name = "email"

    def __init__(self, url: str, site: Site, seconds: float = PATIENCE, may_call: Collection[str] = ()) -> None:
        self._office, self._site, self._seconds = PostOffice.read(url, may_call), site, seconds
        self._open: Conversation | None = None
        self._answered_at = 0.0

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        """Refuses with Undelivered: for good what the server will never take, with `nobody_there` what is no fault
        of the letter, with `broken_off` where nobody knows."""
        message = message_of(letter, self._site, now)
        connection = self._connected(time.monotonic() + self._seconds)
        try:
            connection.send_message(message, self._site.address.addr_spec, [letter.to_address])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            refusal = _refusal(error, message)
            if refusal.broken_off:
                self._hang_up()
            raise refusal from error
        self._answered_at = time.monotonic()

    def close(self) -> None:
        """Says goodbye; the next letter opens anew."""
        if self._open is not None:
            self._open.until = time.monotonic() + SHORT_WORD
            with suppress(smtplib.SMTPException, OSError):
                self._open.quit()
        self._hang_up()

    def _hang_up(self) -> None:
        """Without a word: who knows what state the conversation is in."""
        connection, self._open = self._open, None
        if connection is not None:
            connection.close()

    def _connected(self, until: float) -> Conversation:
        if self._open is not None:
            if self._has_just_answered(self._open) or _still_there(self._open):
                self._open.until = until
                return self._open
            self._hang_up()
        office, context = self._office, ssl.create_default_context()
        ours = self._site.domain
        connection = Conversation(local_hostname=ours)
        if office.tls:
            connection = ConversationInTls(local_hostname=ours, context=context)
        connection.until = until
        try:
            code, said = connection.connect(office.host, office.port)
            if code != READY:
                raise smtplib.SMTPConnectError(code, said)
            self._introduce(connection, context)
        except (smtplib.SMTPException, OSError, Undelivered) as error:
            connection.close()
            if isinstance(error, Undelivered):
                raise
            why = f"the mail server {office.host} does not let us in: {_said(error)}"
            raise Undelivered(why, nobody_there=True) from error
        self._open = connection
        return connection

    def _has_just_answered(self, connection: Conversation) -> bool:
        """And says nothing unasked: a server that does, or that hangs up, is asked."""
        unasked = select.poll()
        if connection.sock is not None:
            unasked.register(connection.sock, select.POLLIN)
        return time.monotonic() - self._answered_at < ASKED_AFTER and not unasked.poll(0)

    def _introduce(self, connection: Conversation, context: ssl.SSLContext) -> None:
        office = self._office
        connection.ehlo_or_helo_if_needed()
        private = office.tls or office.is_here
        if not office.tls and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo_or_helo_if_needed()
            private = True
        if office.user and not private:
            raise Undelivered(
                f"the mail server {office.host} offers no TLS, so it is not told the password", nobody_there=True
            )
        if not private and not office.is_named:
            raise Undelivered(
                f"the mail server {office.host} offers no TLS, so no letter goes there; "
                "name it in TRACKER_MAY_CALL where the way to it is safe",
                nobody_there=True,
            )
        if office.user:
            connection.login(office.user, office.password)


def _still_there(connection: Conversation) -> bool:
    connection.until = time.monotonic() + SHORT_WORD
    try:
        return bool(connection.noop()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _refusal(error: Exception, message: EmailMessage) -> Undelivered:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            code, said = next(iter(recipients.values()))
            why = f"the address was refused: {_answer(code, said)}"
            return Undelivered(why, for_good=code >= 500, nobody_there=code == GOING_DOWN)
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=said):
            why = f"the sender {message['From']} was refused: {_answer(code, said)}"
            return Undelivered(why, for_good=code == TOO_LARGE, nobody_there=code != TOO_LARGE)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            why = f"the message was refused: {_answer(code, said)}"
            return Undelivered(why, for_good=code >= 500, nobody_there=code == GOING_DOWN)
        case smtplib.SMTPNotSupportedError() | ValueError():
            return Undelivered(f"the mail server cannot write to this address: {_said(error)}", for_good=True)
    return Undelivered(f"the conversation with the mail server broke off: {_said(error)}", broken_off=True)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _answer(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:200]
