"""The cells of the history file: what each column may hold, and the names that a partnership knows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Outcome, Severity
from tracker.rules.spans import YEARS, YEARS_TEXT

HIGHEST_TIER = 99
NEEDED = ("issue", "at", "event", "organisation")


class EventName(StrEnum):
    """What one row of the file says happened."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    NOTE = "note"
    OCCURRED = "occurred"
    HANDED_OVER = "handed_over"
    ESCALATED = "escalated"
    HANDED_DOWN = "handed_down"
    PAUSED = "paused"
    RESUMED = "resumed"
    PROPOSED = "proposed"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class NotAllowed(ValueError):
    """A cell that cannot be read; says what is allowed in its column."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a partnership knows: each text a file may use for a thing (in small letters) to its key or address; the
    clock by which it is read, and what time it is."""

    zone: ZoneInfo
    now: datetime
    organisations: Mapping[str, str]
    people: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    service_areas: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, arrangement: Arrangement, now: datetime) -> Self:
        """Keys and addresses, and names where only one bears them; what is retired is still known."""
        return cls(
            zone=ZoneInfo(arrangement.zone),
            now=now,
            organisations=texts((each.key, each.name) for each in arrangement.organisations.values()),
            people=texts((each.email, each.name) for each in arrangement.people.values()),
            themes=texts((each.key, each.name) for each in arrangement.themes.values()),
            service_areas=texts((each.key, each.name) for each in arrangement.service_areas),
        )


def texts(keys_and_names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key and name, in small letters, to the key. A name that several bear stands for none of them."""
    known = list(keys_and_names)
    bearers = Counter(name.casefold() for _, name in known)
    alone = {name.casefold(): key for key, name in known if bearers[name.casefold()] == 1}
    return alone | {key.casefold(): key for key, _ in known}


def _reference(text: str, _: Names) -> str:
    if not text:
        raise NotAllowed("a reference to the issue")
    return text


def _moment(text: str, names: Names) -> datetime:
    try:
        local = _on_the_clock(text, names)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAllowed("a moment, as 2026-03-02T09:30:00+00:00") from None
    if local.year not in YEARS:
        raise NotAllowed(f"a moment in {YEARS_TEXT}")
    if at > names.now:
        raise NotAllowed(f"a moment that is past, up to {names.now.isoformat(timespec='seconds')}")
    return at


def moment_again(text: str, names: Names) -> datetime | None:
    """The later of two moments, where a text without an offset stands for both: the clocks were put back between."""
    first, second = (_on_the_clock(text, names).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if second > first else None


def _on_the_clock(text: str, names: Names) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=names.zone)


def _tier(text: str, _: Names) -> int | None:
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= HIGHEST_TIER):
        raise NotAllowed(f"a whole number from 1 to {HIGHEST_TIER}, or nothing")
    return int(text) if text else None


def _one_of(choices: type[StrEnum], *, or_nothing: bool = True) -> Callable[[str, Names], StrEnum | None]:
    allowed: dict[str, StrEnum | None] = {each.value: each for each in choices}
    if or_nothing:
        allowed[""] = None

    def read_choice(text: str, _: Names) -> StrEnum | None:
        if text not in allowed:
            raise NotAllowed(", ".join(choices) + (" or nothing" if or_nothing else ""))
        return allowed[text]

    return read_choice


def _known(table: str) -> Callable[[str, Names], str]:
    def read_name(text: str, names: Names) -> str:
        known: Mapping[str, str] = getattr(names, table)
        return known.get(text.casefold(), text)

    return read_name


def _text(text: str, _: Names) -> str:
    return text


COLUMNS: dict[str, Callable[[str, Names], Any]] = {
    "issue": _reference,
    "at": _moment,
    "event": _one_of(EventName, or_nothing=False),
    "organisation": _known("organisations"),
    "person": _known("people"),
    "to_organisation": _known("organisations"),
    "tier": _tier,
    "title": _text,
    "detail": _text,
    "severity": _one_of(Severity),
    "theme": _known("themes"),
    "service_area": _known("service_areas"),
    "outcome": _one_of(Outcome),
}
