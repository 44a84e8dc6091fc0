"""Working time against facts collected from other people's business-hours clocks (businesstime/README.md)."""

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tracker.rules.deadlines import moved_by
from tracker.rules.spans import Hours
from tracker.rules.working_time import Calendar, joint

FOLDER = Path(os.environ["TRACKER_REAL_DATA"]) / "businesstime"
FACTS = json.loads((FOLDER / "business_clock_vectors.json").read_text())
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

NOT_OURS = {
    "add_days": "keeps the time of day; our working days end at the joint close",
    "sub_days": "keeps the time of day; our warnings stand at a joint close",
}

Vector = dict[str, Any]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(length: timedelta) -> float:
    return length.total_seconds()


def hours(spans: list[list[str]]) -> Hours:
    return tuple((clock(opens), clock(closes)) for opens, closes in spans)


def clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def without_breaks(weekly: Hours, breaks: Hours) -> Hours:
    for starts, ends in breaks:
        pieces = [piece for o, c in weekly for piece in ((o, min(c, starts)), (max(o, ends), c))]
        weekly = tuple((opens, closes) for opens, closes in pieces if opens < closes)
    return weekly


def calendar(facts: Vector, zone: str = "UTC") -> Calendar:
    weekly = {WEEKDAYS.index(day): hours(spans) for day, spans in facts["weekly"].items()}
    breaks = {date.fromisoformat(day): hours(spans) for day, spans in facts.get("breaks", {}).items()}
    shortened = {day: without_breaks(weekly[day.weekday()], spans) for day, spans in breaks.items()}
    closed = frozenset(date.fromisoformat(day) for day in facts.get("holidays", ()))
    return Calendar(facts.get("timezone", zone), weekly, closed, shortened)


def pauses(vector: Vector) -> list[tuple[datetime, datetime]]:
    return [(moment(start), moment(end)) for start, end in vector["pauses"]]


def deadline(ours: Calendar, vector: Vector) -> datetime:
    at = ours.add(moment(vector["start"]), timedelta(minutes=vector["minutes"]))
    for start, end in pauses(vector):
        if start < at:
            at = moved_by(at, ours.between(start, end), ours)
    return at


def elapsed(ours: Calendar, vector: Vector) -> float:
    whole = ours.between(moment(vector["start"]), moment(vector["end"]))
    return seconds(whole - sum((ours.between(*pause) for pause in pauses(vector)), timedelta()))


def shared_periods(ours: Calendar, vector: Vector) -> list[list[datetime]]:
    both, after = joint(ours, calendar(vector["other"])), moment(vector["after"])
    spans = (span for day in both.working_days(after.date()) for span in both.spans_on(day))
    return [list(span) for span in islice(spans, len(vector["expected"]))]


WAYS: dict[str, Callable[[Calendar, Vector], object]] = {
    "is_open": lambda ours, v: ours.is_open(moment(v["at"])),
    "between": lambda ours, v: seconds(ours.between(moment(v["start"]), moment(v["end"]))),
    "add": lambda ours, v: ours.add(moment(v["start"]), timedelta(seconds=v["seconds"])),
    "sub": lambda ours, v: ours.subtract(moment(v["start"]), timedelta(seconds=v["seconds"])),
    "deadline": deadline,
    "elapsed_with_pauses": elapsed,
    "intersect_first_periods": shared_periods,
}


def expected(value: object) -> object:
    match value:
        case str():
            return moment(value)
        case list():
            return [expected(one) for one in value]
    return value


OURS = [vector for vector in FACTS["vectors"] if vector["op"] in WAYS]


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: f"{vector['id']}-{vector['op']}")
def test_a_collected_fact_holds_for_our_clock(vector: Vector) -> None:
    ours = calendar(FACTS["calendars"][vector["calendar"]])
    assert WAYS[vector["op"]](ours, vector) == expected(vector["expected"])


@pytest.mark.parametrize("vector", [v for v in OURS if v["op"] in {"is_open", "between", "add", "deadline"}],
                         ids=lambda vector: f"{vector['id']}-{vector['op']}")  # fmt: skip
def test_a_collected_fact_holds_for_the_joint_time_of_one(vector: Vector) -> None:
    alone = joint(calendar(FACTS["calendars"][vector["calendar"]]))
    assert WAYS[vector["op"]](alone, vector) == expected(vector["expected"])  # type: ignore[arg-type]


def test_no_collected_fact_is_left_out_but_those_of_another_policy() -> None:
    left_out = Counter(vector["op"] for vector in FACTS["vectors"] if vector["op"] not in WAYS)
    assert left_out == dict.fromkeys(NOT_OURS, 5)
    assert (len(OURS), len(FACTS["vectors"])) == (107, 117)
