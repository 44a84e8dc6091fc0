"""When a notice goes out: at once, in open hours, or in a daily digest; and how often it is tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.rules.deadlines import limit_at
from tracker.rules.spans import ONE_DAY
from tracker.rules.wording import city_of, say_moment
from tracker.rules.working_time import Calendar, WorkingTime

TOO_OLD = timedelta(days=7)
"""What could not go out for so long after its time is not sent any more: it would tell of what is over."""

LEASE = timedelta(minutes=5)
"""How long a sender has a letter to itself: longer than it talks with a mail server about one."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, *[360] * 19))
"""How long after each attempt that failed the next one is made: for five days, as mail servers do among each other.
After the last it has failed; leads see that, and may have it sent again."""

NEAR = "1 working day"

NOTE_WAITS, NOTE_IS_TAKEN_BACK, NOTES_GATHER = timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=5)
"""How long word of a note waits, so that its author can take it back; for how long they can; and for how long notes
that follow each other go in one letter."""


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    FOLDED = "folded"
    SUPPRESSED = "suppressed"


class AttentionWish(StrEnum):
    """Which word of an issue somebody wants: all that they may read, or only what is urgent."""

    FOLLOW = "follow"
    MUTE = "mute"


UNSENT = (NoticeState.WAITING, NoticeState.HELD)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a notice is due, in which state it waits, and why, for whoever asks what became of it."""

    state: NoticeState
    due_at: datetime
    why: str = ""
    digest: bool = False


def timing(*, urgent: bool, digest: bool, calendar: Calendar, now: datetime) -> Timing:
    """Urgent at once, whatever the hour; the rest in the digest, or as soon as the reader's organisation is open.

    `calendar` is that of the reader's organisation, and its name stands in the reason.
    """
    if urgent:
        return Timing(NoticeState.WAITING, now)
    if digest:
        opens = next_digest(calendar, now)
        return Timing(NoticeState.HELD, opens, f"kept for the digest of {_said(opens, calendar)}", digest=True)
    if calendar.is_open(now):
        return Timing(NoticeState.WAITING, now)
    opens = calendar.add(now, timedelta())
    return Timing(NoticeState.HELD, opens, f"held until {calendar.name} opens, {_said(opens, calendar)}")


def next_digest(calendar: WorkingTime, now: datetime) -> datetime:
    """A digest goes out once a working day, at its first opening: the first of these after now."""
    for day in calendar.working_days(calendar.date_of(now)):
        opens = calendar.spans_on(day)[0][0]
        if opens > now:
            return opens
    raise AssertionError("working days have no end")


def is_near(due_at: datetime | None, now: datetime, calendar: WorkingTime) -> bool:
    """Whether a limit passes within a working day of the sides' joint time; a limit that passed is not near."""
    if due_at is None or due_at <= now or due_at > now + 15 * ONE_DAY:  # no partnership is closed for longer
        return False
    return due_at <= limit_at(NEAR, now, calendar)


def is_too_old(due_at: datetime, now: datetime) -> bool:
    return now - due_at > TOO_OLD


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When a letter that failed `attempts` times is tried again; None when it has failed for good."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def _said(at: datetime, calendar: WorkingTime) -> str:
    return f"{say_moment(at.astimezone(calendar.tz))} in {city_of(calendar.zone)}"
