"""What was written down before the first story: the months of an old list, taken in as history."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from tracker.exchange.demonstration.moments import after, raised_at
from tracker.exchange.demonstration.script import Players
from tracker.exchange.demonstration.story import Story, stories
from tracker.exchange.history.cells import COLUMNS, EventName
from tracker.reports.spreadsheet import Sheet, Value, comma_separated
from tracker.rules.lifecycle import Outcome
from tracker.rules.rings import Ring

FILE = Path(__file__).parent / "earlier.toml"
FIRST, LAST = 832, 378  # days ago: 26 whole months whatever the day; and the list ends before the first story
CLIMBED = 4  # one in so many went a tier up before it was over
LONGEST = 6  # working days that one took


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A line of the old list. `like`: the story that says who raised it, with whom, where and how serious it was."""

    theme: str
    title: str
    like: Story
    raised_at: datetime
    acknowledged_at: datetime
    resolved_at: datetime
    climbed: bool


def earlier_cases(players: Players, *, now: datetime, seed: str) -> tuple[EarlierCase, ...]:
    """Every line, oldest first: evenly over those months, from the people of the stories of the same theme. Another
    seed gives other hours."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["theme"]
    cases = [case for theme in told for case in _of_theme(theme, players, now, seed)]
    return tuple(sorted(cases, key=lambda case: (case.raised_at, case.title)))


def history_file(cases: Iterable[EarlierCase], players: Players) -> bytes:
    """The list as `tracker history` takes it in."""
    told = ({"issue": f"List {number}", **row} for number, case in enumerate(cases, 1) for row in _rows(case, players))
    return comma_separated(Sheet("List", (*COLUMNS,), [[row.get(name) for name in COLUMNS] for row in told])).encode()


def _of_theme(told: Mapping[str, Any], players: Players, now: datetime, seed: str) -> Iterator[EarlierCase]:
    theme, count, chance = told["key"], told["count"], Random(f"earlier {told['key']}")
    likes = [story for story in stories() if story.theme == theme and story.ring is Ring.SHARED]
    chance.shuffle(likes)
    for place in range(count):
        days = FIRST - (FIRST - LAST) * (place + chance.uniform(0.2, 0.8)) / count
        hours = Random(f"{seed} earlier {theme} {place}")
        title, like = (_in_turn(each, place) for each in (told["lines"], likes))
        calendar = players.calendar(like)
        at = raised_at(f"{round(days)} days", now, calendar, hours)
        heard_at = after("1h", at, now, calendar, hours)
        over_at = after(f"{chance.randint(1, LONGEST)}d", heard_at, now, calendar, hours)
        yield EarlierCase(theme, title, like, at, heard_at, over_at, place % CLIMBED == CLIMBED - 1)


def _in_turn(every: Sequence[Any], place: int) -> Any:
    return every[place % len(every)]


def _rows(case: EarlierCase, players: Players) -> Iterator[dict[str, Value]]:
    like = case.like
    mine = {"organisation": players.raised_for(like), "person": players.person(like.by).email}
    theirs = {"organisation": like.with_, "person": players.person(players.manager_of(like.with_)).email}
    yield {
        "at": case.raised_at.isoformat(),
        "event": EventName.RAISED,
        **mine,
        "to_organisation": like.with_,
        "title": case.title,
        "severity": like.severity,
        "theme": case.theme,
        "service_area": like.area,
    }
    yield {"at": case.acknowledged_at.isoformat(), "event": EventName.ACKNOWLEDGED, **theirs}
    if case.climbed:
        yield {"at": case.acknowledged_at.isoformat(), "event": EventName.ESCALATED, "tier": 2, **theirs}
    yield {"at": case.resolved_at.isoformat(), "event": EventName.RESOLVED, "outcome": Outcome.SOLVED, **theirs}
