"""What a change says to the leads who have to agree it: all of it, by names."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.exchange.charter.charter_text import CHARTER
from tracker.exchange.charter.charter import TABLES, Charter, names_in
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.differences import entry_said
from tracker.exchange.charter.plan import plan
from tracker.exchange.charter.revisions import with_entry, with_route_moved, without
from tracker.exchange.charter.shapes import RouteShape, WhenShape

RIV = check(CHARTER, today=date(2026, 4, 27))
WEEKLY = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
SINCE = "at 10:00, from Tue 6 Jan 2026"
SKIPPING = f"{WEEKLY} EXDATE:20260505T090000Z"
OXYGEN = RouteShape(
    key="oxygen",
    when=WhenShape.model_validate({"organisation": ["acute"], "with": ["council"], "words": ["oxygen", "bottle"]}),
    ladder="operational",
    start="ops",
    answers="council",
    leads={"council": "kim@council.example"},
)


def changed(table: str, key: str, **values: object) -> Callable[[Charter], Charter]:
    return with_entry(table, RIV.table(table)[key].model_copy(update=values))


def told(change: Callable[[Charter], Charter]) -> list[str]:
    return plan(RIV, change(RIV)).in_words().splitlines()


def test_what_is_added_is_told_in_full_by_names() -> None:
    assert told(with_entry("route", OXYGEN)) == [
        "Route oxygen: added",
        "  when it was raised by: Riverside Hospitals",
        "  when it is with: Riverside Council",
        "  when it says: oxygen, bottle",
        "  ladder: Operational",
        "  starts at: Operational managers' group",
        "  who answers: Riverside Council",
        "  leads, Riverside Council: Kim Tran",
    ]


def test_an_organisation_more_is_told_as_people_say_it() -> None:
    """No key of the file."""
    assert list(entry_said(RIV.organisation["acute"], {})) == [
        "name: Riverside Hospitals",
        "time zone: Europe/London",
        "open: Mon to Fri 09:00-12:30 and 13:00-17:00",
        "closed on the public holidays of: GB-ENG",
        "closed as well on: 2026-12-24",
        "open as well on 2026-12-27, hours: 10:00-14:00",
    ]


@pytest.mark.parametrize(
    "change, lines",
    [
        (
            changed("service_area", "discharge", answers="acute"),
            ["Service area Discharge: changed", "  who answers: Riverside Council → Riverside Hospitals"],
        ),
        (
            changed("service_area", "discharge", answers=None, leads={}),
            [
                "Service area Discharge: changed",
                "  who answers: Riverside Council → whoever the issue is with",
                "  leads, Riverside Hospitals: Sam Okafor → the first seat that holds",
            ],
        ),
        (
            changed("body", "ops", meets=WEEKLY.replace("WEEKLY", "WEEKLY;INTERVAL=2")),
            [
                "Body Operational managers' group: changed",
                f"  meets: every Tuesday {SINCE} → every second Tuesday {SINCE}",
            ],
        ),
        (
            with_route_moved("risk", up=True),
            ["Order of the routes: changed", "  from first to last: late-discharge, risk → risk, late-discharge"],
        ),
        (
            changed("organisation", "council", calendar=RIV.organisation["acute"].calendar),
            [
                "Organisation Riverside Council: changed",
                "  open: Mon to Thu 09:00-17:00; Fri 09:00-16:30 → Mon to Fri 09:00-12:30 and 13:00-17:00",
                "  closed as well on: nothing → 2026-12-24",
                "  open as well on 2026-12-27: added, hours: 10:00-14:00",
            ],
        ),
        (
            changed("body", "front", seats=RIV.body["ops"].seats),
            [
                "Body Front line: changed",
                "  seat of Sam Okafor: removed",
                "  seat of Kim Tran: removed",
                "  seat of Jo Lind: added, organisation: Riverside Hospitals, holds: yes, chair: yes",
                "  seat of Ingrid Solberg: added, organisation: Riverside Council",
            ],
        ),
        (
            without("clause", "4.2"),
            ["Clause Discharge letters: retired", "  topic: Standards and delivery", "  title: Discharge letters"],
        ),
    ],
    ids=["who answers", "left out", "another rhythm", "order", "calendar", "seats", "retired"],
)
def test_what_is_changed_or_retired_is_told_with_what_was(
    change: Callable[[Charter], Charter], lines: list[str]
) -> None:
    assert told(change)[: len(lines)] == lines


@pytest.mark.parametrize(
    "old, new",
    [
        (SKIPPING, SKIPPING.replace("0505", "0512")),
        (
            WEEKLY.replace("WEEKLY", "WEEKLY;INTERVAL=2"),
            WEEKLY.replace("0106", "0113").replace("WEEKLY", "WEEKLY;INTERVAL=2"),
        ),
    ],
    ids=["another one is cancelled", "the other weeks"],
)
def test_no_two_rhythms_are_told_alike(old: str, new: str) -> None:
    before, after = (changed("body", "ops", meets=meets)(RIV) for meets in (old, new))
    (change,) = plan(before, after).changes
    was, _, now = change.details[0].partition(" → ")
    assert change.details[0].startswith("meets: every ")
    assert was.removeprefix("meets: ") != now


def test_a_text_of_several_paragraphs_stays_one_line() -> None:
    text = "Letters go out.\n\nThe same day."
    lines = told(changed("clause", "4.2", text=text))
    assert lines[0] == "Clause Discharge letters: changed"
    assert [line for line in lines if line.endswith("→ Letters go out. The same day.")] == lines[1:]


@pytest.mark.parametrize("table", TABLES)
def test_everything_that_an_entry_says_is_told_where_it_is_retired(table: str) -> None:
    """Whoever agrees has read all of it."""
    for key, entry in RIV.table(table).items():
        after = without(table, key)(RIV)
        (one,) = [each for each in plan(RIV, after).changes if (each.table, each.key) == (table, key)]
        assert one.says == entry_said(entry, names_in(after, RIV))
        assert len(one.in_words()) == 1 + len(one.says) > 1


def test_what_is_printed_of_a_file_says_no_more_than_which_entries_are_new() -> None:
    assert str(plan(RIV, with_entry("route", OXYGEN)(RIV))) == "added    route oxygen"
