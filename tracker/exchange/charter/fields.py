"""The kinds of value in a charter file. Each refuses with what is allowed; what was found is said elsewhere."""

import re
from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Strict, StringConstraints
from pydantic_core import PydanticCustomError

from tracker.exchange.identifiers import COUNTRIES
from tracker.queries.arrangement_tables import public_holidays
from tracker.records.governance import WrongMeetings, held_among, recurrence
from tracker.rules.agreement import TOPICS
from tracker.rules.deadlines import UnknownLength, read_length
from tracker.rules.letters import ADDRESS, DELIVERABLE, LONGEST_LINE, is_deliverable
from tracker.rules.meetings import exceptions
from tracker.rules.opening_hours import WrongHours, read_hours, weekdays_of
from tracker.rules.rings.doors import MET_HERE, Demand
from tracker.rules.wording import say_moment

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class DisallowedValue(ValueError):
    """A value that is not allowed; the message says what is."""


class WrongValue(ValueError):
    """A value that is not allowed; the message says what was found and what is allowed."""


def _matching(pattern: re.Pattern[str], allowed: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise DisallowedValue(allowed)
        return text

    return check


def deliverable(address: str) -> str:
    """An address that mail arrives at; refuses another, as an error of the type “undeliverable”."""
    if not is_deliverable(address):
        raise PydanticCustomError("undeliverable", "{allowed}", {"allowed": DELIVERABLE})
    return address


def _topic(text: str) -> str:
    if text not in TOPICS:
        raise DisallowedValue(", ".join(TOPICS))
    return text


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DisallowedValue("a name like Europe/London") from None


def _country(text: str) -> str:
    if text not in COUNTRIES:
        raise DisallowedValue(", ".join(COUNTRIES))
    return text


def _holidays(text: str) -> str:
    try:
        public_holidays(text)
    except LookupError:
        raise DisallowedValue("a country or a part of one, like GB or GB-ENG") from None
    return text


def _length(*, meeting: bool) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            return str(read_length(text, meeting))
        except UnknownLength:
            more = ", “next meeting”" if meeting else ""
            raise DisallowedValue(f"“3 working days”, “4 working hours”, “10 days”{more}") from None

    return check


def _meets(text: str) -> str:
    try:
        recurrence(text)
    except WrongMeetings as wrong:
        raise WrongValue(f"“{text}” {wrong}") from None
    always, without = exceptions(text)
    for at in sorted(without - held_among(always, without)):
        raise WrongValue(f"“{text}” leaves out {say_moment(at)} UTC; allowed is one of its meetings")
    return " ".join(text.split())


def _demand(found: object) -> object:
    if found not in MET_HERE:
        raise DisallowedValue(", ".join(MET_HERE))
    return found


def _weekdays(text: str) -> str:
    try:
        weekdays_of(text)
    except WrongHours:
        raise DisallowedValue("mon, tue, wed, thu, fri, sat, sun, and mon-fri") from None
    return text


def _spans(texts: list[str]) -> list[str]:
    try:
        read_hours(texts)
    except WrongHours as wrong:
        raise WrongValue(str(wrong)) from None
    return texts


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict()]

PartnershipKey = Annotated[str, AfterValidator(_matching(re.compile("[A-Z]{2,5}"), "2 to 5 capital letters, like RIV"))]
Key = Annotated[str, AfterValidator(_matching(_KEY, "up to 40 letters, digits, “.”, “-” and “_”, like late-discharge"))]
Email = Annotated[
    Line,
    AfterValidator(str.lower),
    AfterValidator(_matching(ADDRESS, "an address like sam@acute.example")),
    AfterValidator(deliverable),
]
Topic = Annotated[str, AfterValidator(_topic)]
NeverNamed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Country = Annotated[str, AfterValidator(_country)]
Zone = Annotated[str, AfterValidator(_zone)]
Holidays = Annotated[str, AfterValidator(_holidays)]
Length = Annotated[str, AfterValidator(_length(meeting=False))]
Limit = Annotated[str, AfterValidator(_length(meeting=True))]
Meets = Annotated[str, AfterValidator(_meets)]
Demanded = Annotated[Demand, BeforeValidator(_demand)]
Weekdays = Annotated[str, AfterValidator(_weekdays)]
Spans = Annotated[list[str], AfterValidator(_spans)]
