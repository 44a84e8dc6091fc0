"""Letters: what one message to one person says, before any channel gives it a form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from tracker.rules.wording import listed, say_count


@dataclass(frozen=True, slots=True)
class LetterEvent:
    """One thing that happened, as its reader may know it. `words`: what somebody wrote; `readers`: who else reads
    those, where it is not everybody who reads the issue."""

    at: str
    sentence: str
    words: str = ""
    readers: str = ""


@dataclass(frozen=True, slots=True)
class RungLine:
    """One tier of the ladder. `seats`: a name for each side ("": nobody); `now`: it is on this one; `words`: when it
    gets there, or by when it is to be ended; `ball`: which seat has the ball, by place."""

    name: str
    seats: tuple[str, ...]
    words: str = ""
    now: bool = False
    ball: int | None = None


@dataclass(frozen=True, slots=True)
class LetterItem:
    """What happened to one issue, or (ref "") to a decision, a pack, the arrangement; where it stands; where to look.

    `standing` is a line each: who has the ball, by when, what happens next. `readers`: who reads the issue, while it
    is not yet shared. `sides` and `rungs` (top first) are the ladder, where one is worth showing. `is_named`: it
    concerns a person, so that its title stands in the letter alone and not on its outside.
    """

    ref: str
    title: str
    path: str
    told: tuple[LetterEvent, ...]
    standing: tuple[str, ...] = ()
    readers: str = ""
    sides: tuple[str, ...] = ()
    rungs: tuple[RungLine, ...] = ()
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `message_id` is the same whenever it is sent again; `thread` is the same for all of an issue.

    `why` says to whom it is written, and how to get fewer.
    """

    message_id: str
    to_name: str
    to_address: str
    subject: str
    partnership_key: str
    partnership_name: str
    about: tuple[LetterItem, ...]
    why: str
    thread: str = ""
    digest: bool = False


class LinkPurpose(StrEnum):
    """What one person alone is written about their account, and what a link in it does."""

    SIGN_IN = "sign_in"  # lets them in, once
    ADDRESS = "address"  # at another address: makes it theirs
    ADDRESS_CHANGED = "address_changed"  # at the address of before; no link
    INVITATION = "invitation"  # leads to the door, and lets nobody in
    ASKED = "asked"  # leads to their account
    SIGNED_OUT = "signed_out"  # leads to the door


@dataclass(frozen=True, slots=True)
class SignInLetter:
    """What one person is written about their account, mostly a link that lets them in, once. `path` may hold a secret:
    it is shown to nobody else. `about`: who invites or asks, in words."""

    message_id: str
    to_name: str
    to_address: str
    path: str
    good_for: str
    purpose: LinkPurpose = LinkPurpose.SIGN_IN
    about: str = ""


class Undelivered(Exception):
    """A channel could not hand a letter over.

    `for_good`: it never will be taken. `nobody_there`: no letter is taken for now, whoever it is for. `broken_off`:
    nobody knows what became of it. The message is the reason as leads read it.
    """

    def __init__(
        self, why: str, *, for_good: bool = False, nobody_there: bool = False, broken_off: bool = False
    ) -> None:
        super().__init__(why)
        self.for_good = for_good
        self.nobody_there = nobody_there
        self.broken_off = broken_off


class Channel(Protocol):
    """A way for letters to leave the house."""

    name: str

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        """Hands it over, or refuses with `Undelivered`."""

    def close(self) -> None:
        """Nothing more is sent for now."""


# Without SMTPUTF8 (RFC 6531), which few mail servers speak, and encoded words have no place in an address (RFC 2047).
DELIVERABLE = (
    "an address that mail arrives at: plain letters (a to z), digits and signs; no ä or é, no two dots at once"
)
ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")  # how an address looks, wherever one is given
LONGEST_LINE = 200  # letters of an address or a name, as a charter keeps them
_LONGEST_LOCAL, _LONGEST_ADDRESS = 64, 254  # RFC 5321, 4.5.3.1


def is_deliverable(address: str) -> bool:
    """Whether every mail server takes letters to this address: what is typed is refused where not."""
    if len(address) > _LONGEST_ADDRESS or not address.isascii():  # reading it costs more than it is long
        return False
    try:
        return len(Address(addr_spec=address).username) <= _LONGEST_LOCAL
    except (ValueError, IndexError, MessageError):
        return False


def is_address(text: str) -> bool:
    """Whether somebody can be kept with this address: as every form and every charter takes it."""
    return len(text) <= LONGEST_LINE and ADDRESS.fullmatch(text) is not None and is_deliverable(text)


def undeliverable_text(address: str) -> str:
    """What is said after the news that nobody has an address: why nobody can have it; "" where somebody could."""
    return "" if is_address(address.strip()) else f" Allowed is {DELIVERABLE}."


def file_name(letter: Letter | SignInLetter) -> str:
    """The name of the file a message is written to where no mail server is set."""
    return f"{letter.message_id}.eml"


def opaque_id(*parts: object) -> str:
    """32 hex digits that are the same for the same parts and give nothing of them away that is counted."""
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()[:32]


ABOUT_A_PERSON = "An issue about a person"


def subject_of(about: Iterable[LetterItem], *, key: str, digest: bool) -> str:
    """“[RIV-41] Letters arrive …”, “[RIV] The arrangement of …”, “[RIV] Your digest: 5 issues and 1 other matter”."""
    every = tuple(about)
    if digest:
        issues = sum(bool(each.ref) for each in every)
        counts = ((issues, "issue"), (len(every) - issues, "other matter" if issues else "matter"))
        return f"[{key}] Your digest: {listed(say_count(count, what) for count, what in counts if count)}"
    return f"[{every[0].ref or key}] {ABOUT_A_PERSON if every[0].is_named else every[0].title}"
