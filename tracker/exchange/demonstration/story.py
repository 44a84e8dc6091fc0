"""The stories of the demonstration: what went wrong and what became of it, read from the files in `stories/`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.new_issue import NewIssue
from tracker.rules.refusals import WrongFile
from tracker.rules.reporting import minutes_in
from tracker.rules.rings import Ring

FOLDER = Path(__file__).parent / "stories"
CHARTER = Path(__file__).parent / "charter.toml"

TEXTS = {
    "acknowledge": (0, 0),
    "note": (1, 1),
    "spoke": (1, 1),
    "escalate": (1, 1),
    "down": (1, 1),
    "merge": (0, 0),
    "paper": (3, 3),
    "propose": (2, 2),
    "agree": (0, 0),
    "return": (1, 1),
    "reopen": (1, 1),
    "occurrence": (1, 1),
    "withdraw": (1, 1),
    "cross": (0, 0),
    "turn": (0, 0),
    "stayed": (0, 1),
    "quote": (1, 1),
    "ask": (1, 2),
    "consent": (0, 0),
    "decline": (1, 1),
}
"""What a line of a story can do, with the fewest and the most texts that follow it."""

_LINE = re.compile(r"(@?\d+[hdw]) ([a-z]+) ([a-z]+)((?: [a-z_-]+)*)((?: \| [^|]+)*)")


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One step of a story: after a wait (`moments.after`) somebody does something, with key words and texts."""

    wait: str
    who: str
    does: str
    keys: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What somebody raised, and its course. `by` and the lines' `who` are what stands before the @ of an address;
    `with_`, `speaking_for` are organisations; `ago` says when (`moments.raised_at`); `again_of` and `same_as` are
    other stories; the clock's part is in no story. `lost_in_all`: minutes said with a proposal of how it ends."""

    key: str
    theme: str
    title: str
    detail: str
    by: str
    with_: str
    severity: Severity
    area: str
    ago: str
    speaking_for: str | None = None
    kind: Kind = Kind.ISSUE
    ring: Ring = Ring.SHARED
    worked_round: bool = False
    lost_minutes: int | None = None
    lost_in_all: int | None = None
    hide: bool = False
    untagged: bool = False
    again_of: str | None = None
    same_as: str | None = None
    course: tuple[StoryLine, ...] = ()

    def new_issue(self, again_of_id: int | None = None) -> NewIssue:
        return NewIssue(
            title=self.title,
            detail=self.detail,
            with_=self.with_,
            severity=self.severity,
            kind=self.kind,
            ring=self.ring,
            service_area=self.area,
            worked_round=self.worked_round,
            lost_minutes=self.lost_minutes,
            hide_reporter=self.hide,
            again_of_id=again_of_id,
        )


@cache
def stories() -> tuple[Story, ...]:
    """Every story, in the order of the files and within them. Refuses: WrongFile, by theme and key."""
    return tuple(story for file in sorted(FOLDER.glob("*.toml")) for story in _told(file))


def read_line(text: str) -> StoryLine:
    """A line such as `1d nadia propose solved | What was done. | Why it had happened.` Refuses: WrongFile."""
    found = _LINE.fullmatch(text)
    if found is None or found[3] not in TEXTS:
        raise WrongFile(f"“{text}” is no line of a story; it can {', '.join(TEXTS)}.")
    texts = tuple(part.strip() for part in found[5].split(" | ") if part.strip())
    fewest, most = TEXTS[found[3]]
    if not fewest <= len(texts) <= most:
        raise WrongFile(f"“{text}” has {len(texts)} texts; {fewest} to {most} are allowed.")
    return StoryLine(found[1], found[2], found[3], tuple(found[4].split()), texts)


def _told(file: Path) -> Iterator[Story]:
    for table in tomllib.loads(file.read_text(encoding="utf-8"))["story"]:
        try:
            yield _story(file.stem, table)
        except (KeyError, TypeError, ValueError, WrongFile) as wrong:
            raise WrongFile(f"{file.name}, story {table.get('key')}: {wrong}") from wrong


def _story(theme: str, table: Mapping[str, Any]) -> Story:
    given = {_NAMES.get(name, name): _MEANT.get(name, _as_it_is)(value) for name, value in table.items()}
    return Story(theme=theme, **given)


def _course(text: str) -> tuple[StoryLine, ...]:
    return tuple(read_line(line) for line in text.strip().splitlines())


def _flowing(text: str) -> str:
    return " ".join(text.split())


def _as_it_is(value: Any) -> Any:
    return value


def _minutes(hours: float) -> int:
    return minutes_in(str(hours))


_NAMES = {"with": "with_", "for": "speaking_for", "hours": "lost_minutes", "hours_in_all": "lost_in_all"}
_MEANT: dict[str, Any] = {
    "detail": _flowing,
    "severity": Severity,
    "kind": Kind,
    "ring": Ring,
    "course": _course,
    "hours": _minutes,
    "hours_in_all": _minutes,
}
