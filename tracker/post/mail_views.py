"""What a mail about an issue shows: one thing that happened, whose turn it is, and the ladder, small."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailRung:
    """One tier. `now`: the issue is here. `seats`: who stands there, in the order of the mail's sides; "" for
    nobody. `ball`: the position of the side that has it, None when it is not on this rung. `words`: "from
    Tue 12 May, for 10 working days"."""

    name: str
    words: str
    now: bool
    seats: tuple[str, ...]
    ball: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """A notice of one event, in the words and the time of whoever receives it.

    `happened`: the event as a sentence; `quote`: the note or proposal it brought, "" for none. `standing`:
    whose turn it is, by when, and what happens if nothing happens. `sides`: the organisations' names;
    `rungs`: top first, empty for an issue without a ladder. `link`: the full address of the issue. `why`:
    why this person is told. `answer`: how to answer by mail, "" if one cannot.
    """

    partnership: str
    ref: str
    title: str
    happened: str
    quote: str
    standing: str
    sides: tuple[str, ...]
    rungs: tuple[MailRung, ...]
    link: str
    why: str
    answer: str = ""
