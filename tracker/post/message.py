"""A letter as an e-mail: headers by which mail programs sort and thread it, a text and an HTML face."""

from binascii import b2a_qp
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.post.site import Site
from tracker.rules import addresses
from tracker.rules.letters import Letter, LinkPurpose, SignInLetter, Undelivered
from tracker.settings import packaged

_LONGEST_LINE = 76  # with the colon and the space between name and value 78 (RFC 5322, 2.1.1)
# Read once, for they are asked for all the time. Between the faces stands what quoted-printable never has.
_FACES = {
    kind: SMTP.header_factory("Content-Type", value)
    for kind, value in (
        ("both", 'multipart/alternative; boundary="=_the-other-face"'),
        ("plain", 'text/plain; charset="utf-8"'),
        ("html", 'text/html; charset="utf-8"'),
    )
}
_SUBJECTS = {
    LinkPurpose.SIGN_IN: "Your sign-in link",
    LinkPurpose.ADDRESS: "Is this your new address?",
    LinkPurpose.ADDRESS_CHANGED: "Your address was changed",
    LinkPurpose.INVITATION: "You are invited",
    LinkPurpose.ASKED: "Please look at your name and address",
    LinkPurpose.SIGNED_OUT: "You were signed out",
}


def message_of(letter: Letter | SignInLetter, site: Site, now: datetime) -> EmailMessage:
    """The whole message. Refuses an address that cannot be one: Undelivered, for good."""
    message = EmailMessage(policy=SMTP)
    _head(message, "From", str(site.address))
    _head(message, "To", str(_recipient(letter)))
    _head(message, "Date", format_datetime(now))
    _head(message, "Message-ID", f"<{letter.message_id}@{site.domain}>")
    _head(message, "Auto-Submitted", "auto-generated")
    _head(message, "X-Auto-Response-Suppress", "All")
    if isinstance(letter, Letter):
        _place(message, letter, site)
        _fill(message, "letter", letter, site)
    else:
        _head(message, "Subject", _line(_SUBJECTS[letter.purpose]))
        _fill(message, "sign_in", letter, site)
    return message


def _head(message: EmailMessage, name: str, value: str) -> None:
    """What can stand as it is, is not taken apart and put together again: that costs more than all else of a letter."""
    stands = value.isascii() and value.isprintable() and "=?" not in value and len(name) + len(value) < _LONGEST_LINE
    if stands:
        message.set_raw(name, value)
    else:
        message[name] = value


def _recipient(letter: Letter | SignInLetter) -> Address:
    try:
        return Address(display_name=_line(letter.to_name), addr_spec=letter.to_address)
    except (ValueError, IndexError, MessageError) as error:
        raise Undelivered(f"{letter.to_address} is no mail address", for_good=True) from error


def _place(message: EmailMessage, letter: Letter, site: Site) -> None:
    """Every message of an issue answers the same message, which was never sent: so they stand together."""
    _head(message, "Subject", _line(letter.subject))
    _head(message, "List-Id", f"<{letter.partnership_key.lower()}.{site.domain}>")
    _head(message, "List-Unsubscribe", f"<{site.link(addresses.ACCOUNT)}>")
    if letter.thread:
        root = f"<{letter.thread}@{site.domain}>"
        _head(message, "In-Reply-To", root)
        _head(message, "References", root)


def _fill(message: EmailMessage, name: str, letter: Letter | SignInLetter, site: Site) -> None:
    _head(message, "MIME-Version", "1.0")
    message.set_raw("Content-Type", _FACES["both"])
    for kind, ending in (("plain", "txt"), ("html", "html")):
        template = _drawing(escaped=kind == "html").get_template(f"post/{name}.{ending}")
        message.attach(_face(template.render(letter=letter, site=site), kind))


def _face(text: str, kind: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part.set_raw("Content-Type", _FACES[kind])
    part.set_raw("Content-Transfer-Encoding", "quoted-printable")
    lines = text.encode().splitlines(keepends=False)
    part.set_payload(b2a_qp(b"\n".join([*lines, b""]), istext=True).decode("ascii"))
    return part


def _line(text: str) -> str:
    """On one line: a header ends with its line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@cache
def _drawing(*, escaped: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(packaged("templates")),
        autoescape=escaped,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
