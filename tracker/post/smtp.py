"""The e-mail channel: one connection to the mail server, kept for the letters of a sweep."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from tracker.post.message import message_of
from tracker.post.site import Site
from tracker.rules.letters import Letter, SignInLetter, Undelivered

PATIENCE = 20  # seconds for each answer of the server
TOO_LARGE = 552


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A mail server, as TRACKER_SMTP_URL names it."""

    host: str
    port: int
    user: str
    password: str
    tls: bool

    @classmethod
    def read(cls, url: str) -> "PostOffice":
        """`smtp[s]://user:password@host:port`; without a port the usual one."""
        parts = urlsplit(url)
        tls, user = parts.scheme == "smtps", unquote(parts.username or "")
        usual = 465 if tls else 587 if user else 25
        return cls(parts.hostname or "", parts.port or usual, user, unquote(parts.password or ""), tls)

    @property
    def is_here(self) -> bool:
        """Whether it is this very machine, so that nothing goes over a wire."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


class Smtp:
    """Sends by SMTP: TLS from the first byte for smtps, else STARTTLS when the server offers it."""

    name = "email"

    def __init__(self, url: str, site: Site) -> None:
        self._office, self._site = PostOffice.read(url), site
        self._open: smtplib.SMTP | None = None

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        """Refuses with Undelivered: for good what the server will never take, with `nobody_there` what is no fault
        of the letter."""
        message = message_of(letter, self._site, now)
        connection = self._connected()
        try:
            connection.send_message(message, self._site.address.addr_spec, [letter.to_address])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self.close()  # who knows what state the conversation is in
            raise _refusal(error, message) from error

    def close(self) -> None:
        """Says goodbye; the next letter opens anew."""
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._open is not None and _still_there(self._open):
            return self._open
        self._open = None
        try:
            self._open = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            why = f"the mail server {self._office.host} does not let us in: {_said(error)}"
            raise Undelivered(why, nobody_there=True) from error
        return self._open

    def _connect(self) -> smtplib.SMTP:
        office, context = self._office, ssl.create_default_context()
        ours = self._site.domain
        connection: smtplib.SMTP
        if office.tls:
            connection = smtplib.SMTP_SSL(office.host, office.port, ours, timeout=PATIENCE, context=context)
        else:
            connection = smtplib.SMTP(office.host, office.port, ours, timeout=PATIENCE)
        try:
            self._introduce(connection, context)
        except (smtplib.SMTPException, OSError, Undelivered):
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
        office = self._office
        connection.ehlo()
        private = office.tls or office.is_here
        if not office.tls and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            private = True
        if office.user and not private:
            raise Undelivered(
                f"the mail server {office.host} offers no TLS, so it is not told the password", nobody_there=True
            )
        if office.user:
            connection.login(office.user, office.password)


def _still_there(connection: smtplib.SMTP) -> bool:
    try:
        return bool(connection.noop()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _refusal(error: Exception, message: EmailMessage) -> Undelivered:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            code, said = next(iter(recipients.values()))
            return Undelivered(f"the address was refused: {_answer(code, said)}", for_good=code >= 500)
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=said):
            why = f"the sender {message['From']} was refused: {_answer(code, said)}"
            return Undelivered(why, for_good=code == TOO_LARGE, nobody_there=code != TOO_LARGE)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return Undelivered(f"the message was refused: {_answer(code, said)}", for_good=code >= 500)
        case smtplib.SMTPNotSupportedError() | ValueError():
            return Undelivered(f"the mail server cannot write to this address: {_said(error)}", for_good=True)
    return Undelivered(f"the conversation with the mail server broke off: {_said(error)}")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _answer(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:200]
