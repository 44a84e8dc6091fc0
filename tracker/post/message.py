"""A letter as an e-mail: headers by which mail programs sort and thread it, a text and an HTML face."""

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

_SUBJECTS = {
    LinkPurpose.SIGN_IN: "Your sign-in link",
    LinkPurpose.ADDRESS: "Is this your new address?",
    LinkPurpose.ADDRESS_CHANGED: "Your address was changed",
    LinkPurpose.INVITATION: "You are invited",
    LinkPurpose.ASKED: "Please look at your name and address",
}


def message_of(letter: Letter | SignInLetter, site: Site, now: datetime) -> EmailMessage:
    """The whole message. Refuses an address that cannot be one: Undelivered, for good."""
    message = EmailMessage(policy=SMTP)
    message["From"] = site.address
    message["To"] = _recipient(letter)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.message_id}@{site.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if isinstance(letter, Letter):
        _place(message, letter, site)
        _fill(message, "letter", letter, site)
    else:
        message["Subject"] = _line(_SUBJECTS[letter.purpose])
        _fill(message, "sign_in", letter, site)
    return message


def _recipient(letter: Letter | SignInLetter) -> Address:
    try:
        return Address(display_name=_line(letter.to_name), addr_spec=letter.to_address)
    except (ValueError, IndexError, MessageError) as error:
        raise Undelivered(f"{letter.to_address} is no mail address", for_good=True) from error


def _place(message: EmailMessage, letter: Letter, site: Site) -> None:
    """Every message of an issue answers the same message, which was never sent: so they stand together."""
    message["Subject"] = _line(letter.subject)
    message["List-Id"] = f"<{letter.partnership_key.lower()}.{site.domain}>"
    message["List-Unsubscribe"] = f"<{site.link(addresses.ACCOUNT)}>"
    if letter.thread:
        root = f"<{letter.thread}@{site.domain}>"
        message["In-Reply-To"] = root
        message["References"] = root


def _fill(message: EmailMessage, name: str, letter: Letter | SignInLetter, site: Site) -> None:
    text = _drawing(escaped=False).get_template(f"post/{name}.txt").render(letter=letter, site=site)
    message.set_content(text, cte="quoted-printable")
    html = _drawing(escaped=True).get_template(f"post/{name}.html").render(letter=letter, site=site)
    message.add_alternative(html, subtype="html", cte="quoted-printable")


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
