"""Lengths of time as an agreement writes them: “3 working days”, “4 working hours”, “10 days”, “next meeting”."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.rules.refusals import Refused
from tracker.rules.wording import say_count

WORKING_DAY_HOURS = 8
"""What a limit in working hours takes a working day to be, where it is only compared with one."""

WITHOUT_A_MEETING = "20 working days"
"""The limit “next meeting” when no meeting is scheduled and the tier has no `or_at_most`."""

_WRITTEN = re.compile(r"([0-9]{1,4}) (working day|working hour|day)s?|next meeting")


class UnknownLength(Refused):
    """A text that is no length of time, or not one that is allowed here."""


class Unit(StrEnum):
    """What a length counts."""

    WORKING_DAY = "working day"
    WORKING_HOUR = "working hour"
    DAY = "day"
    MEETING = "next meeting"


@dataclass(frozen=True, slots=True)
class Length:
    """So many of a unit; the next meeting is one."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return self.unit if self.unit is Unit.MEETING else say_count(self.count, self.unit)


def read_length(text: str, meeting: bool = True) -> Length:
    """The length that a text says, in any case and spacing, from 1 to 9999; `meeting`: whether “next meeting”
    is allowed. Refuses: UnknownLength, with what was found and what is allowed."""
    found = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    if found and found[2] and int(found[1]) > 0:
        return Length(int(found[1]), Unit(found[2]))
    if found and not found[2] and meeting:
        return Length(1, Unit.MEETING)
    allowed = "“3 working days”, “4 working hours”, “10 days”" + (", “next meeting”" if meeting else "")
    raise UnknownLength(f"“{text}” is no length of time that is allowed here; allowed are {allowed}.")


def expedited(text: str) -> str:
    """The length in the expedited twin of a ladder: half, rounded up, at least one working day (product.md, The
    agreement is data), but never longer than it was: “4 working hours” is less than a working day and stays.
    “next meeting” stays; its `or_at_most` is expedited by itself. Refuses: UnknownLength."""
    length = read_length(text)
    least = WORKING_DAY_HOURS if length.unit is Unit.WORKING_HOUR else 1
    half = max((length.count + 1) // 2, least)
    return str(replace(length, count=min(length.count, half)))
