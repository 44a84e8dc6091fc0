"""When a body meets: the same whether it is looked up or asked of the rule; and what no body's meetings can be."""

import time
from calendar import isleap
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tracker.exchange.charter.shapes import BodyShape
from tracker.records.governance import MOST_A_YEAR, WrongMeetings, meetings_after, no_meeting_text, recurrence

TUESDAYS = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
RULES = {
    "weekly": TUESDAYS,
    "over by then": "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;UNTIL=20260901T000000Z",
    "not begun": "DTSTART;TZID=Europe/London:20290106T100000 RRULE:FREQ=MONTHLY;BYDAY=1SA",
    "seldom": "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=YEARLY;INTERVAL=4",
    "but one, and one more": f"{TUESDAYS} EXDATE:20260113T100000Z RDATE;TZID=Europe/London:20260114T090000",
    "every day": "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=DAILY",
    "once": "DTSTART;TZID=Europe/London:20260106T100000",
    "as the year turns": "DTSTART;TZID=America/New_York:20251231T190000 RRULE:FREQ=YEARLY",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
@pytest.mark.parametrize("days", [0, 83, 84, 240, 359, 360, 1100])
def test_the_next_meetings_are_those_of_the_rule(rule: str, days: int) -> None:
    at = datetime(2026, 1, 6, 10, tzinfo=UTC) + timedelta(days=days)
    assert meetings_after(rule, at) == tuple(recurrence(rule).xafter(at, count=3))


def test_a_meeting_that_begins_now_is_not_the_next() -> None:
    first, second, _ = meetings_after(TUESDAYS, datetime(2026, 3, 23, tzinfo=UTC))
    assert (first.hour, second.hour) == (10, 10)
    assert second.astimezone(UTC).hour == 9
    assert meetings_after(TUESDAYS, first)[0] == second


def test_a_body_without_a_rule_never_meets() -> None:
    assert meetings_after(None, datetime(2026, 3, 24, tzinfo=UTC)) == ()


def test_a_beginning_alone_is_one_meeting() -> None:
    once = "DTSTART;TZID=Europe/London:20261215T100000"
    assert [at.isoformat() for at in meetings_after(once, datetime(2026, 4, 27, tzinfo=UTC))] == [
        "2026-12-15T10:00:00+00:00"
    ]
    assert meetings_after(once, datetime(2026, 12, 15, 10, tzinfo=UTC)) == ()
    assert no_meeting_text(once) == "all of its meetings are past"


START = "DTSTART;TZID=Europe/London:20260106T100000"
NOT_TAKEN = {
    "every second": (
        f"{START} RRULE:FREQ=SECONDLY",
        "has “SECONDLY” as FREQ, where DAILY, WEEKLY, MONTHLY, YEARLY are",
    ),
    "every hour": (f"{START} RRULE:FREQ=HOURLY", "has “HOURLY” as FREQ"),
    "twice a day": (f"{START} RRULE:FREQ=DAILY;BYHOUR=9,10", "has more than 400 meetings in a year"),
    "all seconds of one day": (
        f"{START} RRULE:FREQ=YEARLY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}",
        "has more than 400 meetings in a year",
    ),
    "no step": (f"{START} RRULE:FREQ=DAILY;INTERVAL=0;BYMONTH=2", "has “INTERVAL=0”, which is not taken"),
    "a day that never comes": (f"{START} RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "has no meeting"),
    "another thirteenth month": (f"{START} RRULE:FREQ=YEARLY;BYMONTH=13", "has no meeting"),
    "over before it begins": (f"{START} RRULE:FREQ=DAILY;UNTIL=20250101T000000Z", "has no meeting"),
    "by no clock": ("DTSTART:20260106T100000", "has no time zone"),
    "on no day": ("DTSTART;TZID=Europe/London:20261399T100000", "cannot be read"),
    "in no place": (
        "DTSTART;TZID=Europe/Nowhere:20260106T100000",
        "is by the clock of “Europe/Nowhere”, which is not known",
    ),
    "in a folder": ("DTSTART;TZID=Europe:20260106T100000", "is by the clock of “Europe”, which is not known"),
    "with Easter": (f"{START} RRULE:FREQ=YEARLY;BYEASTER=900", "has “BYEASTER=900”, which is not taken"),
    "another age": ("DTSTART;TZID=Europe/London:02060106T100000", "does not begin in the years 1990 to 2099"),
    "but one in another age": (
        f"{START} RRULE:FREQ=DAILY EXDATE:99990101T100000Z",
        "names a day that is not in the years 1990 to 2099",
    ),
    "and one in another age": (f"{START} RDATE:02060106T100000Z", "names a day that is not in the years 1990 to 2099"),
    "a rule alone": ("RRULE:FREQ=WEEKLY", "cannot be read"),
    "endless": (f"{START} {'RDATE:20260106T100000Z ' * 100}", "is longer than 2,000 characters"),
}


@pytest.mark.parametrize("meets, said", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
def test_what_no_body_can_keep_to_is_refused_and_what_is_allowed_is_said(meets: str, said: str) -> None:
    with pytest.raises(WrongMeetings) as refused:
        recurrence(meets)
    assert str(refused.value).startswith(said)
    assert "; allowed is DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU" in str(refused.value)


@pytest.mark.parametrize("meets", [meets for meets, _ in NOT_TAKEN.values()], ids=NOT_TAKEN.keys())
def test_what_was_taken_of_old_plans_no_meeting_and_says_so(meets: str) -> None:
    assert meetings_after(meets, datetime(2026, 4, 27, tzinfo=UTC)) == ()
    assert no_meeting_text(meets) == f"its meetings cannot be read: {meets}"


LATE = ",".join(f"2099{month:02}{day:02}T100000Z" for month in range(1, 13) for day in (1, 8, 15, 22))
DAILY = "RRULE:FREQ=DAILY"


@pytest.mark.parametrize("meets", [
    f"{START} {DAILY} EXDATE:99990101T100000Z",
    f"{START} {DAILY} EXDATE:{LATE}",
    f"DTSTART;TZID=Europe/London:19900106T100000 {DAILY} EXDATE:{LATE}",
    f"{START} {DAILY};BYMONTH=2;BYMONTHDAY=30",
    f"DTSTART;TZID=Europe/London:20950106T100000 {DAILY};BYMONTH=2;BYMONTHDAY=30",
    f"DTSTART;TZID=Europe/London:20350106T100000 {DAILY};BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
])  # fmt: skip
def test_what_leaves_meetings_out_is_read_in_no_time_to_speak_of_however_far_ahead(meets: str) -> None:
    began = time.thread_time()
    with suppress(ValidationError):
        BodyShape(key="ops", name="Managers", meets=meets)
    assert time.thread_time() - began < 1  # of this thread; the year 9999 took eight


def test_a_meeting_is_left_out_by_whatever_clock_it_is_named() -> None:
    for left_out in ("EXDATE:20260630T090000Z", "EXDATE;TZID=Europe/London:20260630T100000"):
        assert BodyShape(key="ops", name="Managers", meets=f"{TUESDAYS} {left_out}").meets == f"{TUESDAYS} {left_out}"
    with pytest.raises(ValidationError, match="leaves out Tue 30 Jun 10:00 UTC; allowed is one of its meetings"):
        BodyShape(key="ops", name="Managers", meets=f"{TUESDAYS} EXDATE:20260630T100000Z")


@pytest.mark.parametrize("year", [1990, 1999, 2026, 2035, 2063, 2089])
def test_what_comes_true_in_the_ten_years_after_it_begins_is_taken(year: int) -> None:
    for other in (each for each in range(year, year + 10) if isleap(each)):
        weekday = f"{date(other, 2, 29):%a}"[:2].upper()
        rule = f"DTSTART;TZID=Europe/London:{year}0101T100000 {DAILY};BYMONTH=2;BYMONTHDAY=29;BYDAY={weekday}"
        assert meetings_after(rule, datetime(other, 1, 1, tzinfo=UTC), count=1)[0].date() == date(other, 2, 29)


_numbers = st.integers(-400, 400).map(str) | st.sampled_from(
    ["0", "999999999999999999", "٣", "1,2,3", "-1,-1", ",", ""]
)
_days = st.sampled_from(["MO", "TU", "1MO", "-5SU", "53TH", "MO,TU,WE,TH,FR,SA,SU", "XX", "0MO", "+TU"])
_values = _numbers | _days | st.sampled_from(["20260901T000000Z", "20260901", "99999999T999999Z", "{0}", "%s"])
_NAMES = "INTERVAL COUNT UNTIL WKST BYDAY BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYSETPOS BYHOUR BYMINUTE FREQ BYEASTER"
_parts = st.tuples(st.sampled_from(_NAMES.split()), _values).map("=".join)
_frequencies = st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "SECONDLY", "", "weekly"])
_rules = st.tuples(_frequencies, st.lists(_parts, max_size=5)).map(lambda said: ";".join([f"FREQ={said[0]}", *said[1]]))
_moments = st.sampled_from(
    ["20260106T100000", "20260329T013000", "19000101T000000", "20991231T235959Z", "20260230T100000", "20260106", "now"]
)
_zones = st.sampled_from([";TZID=Europe/London", ";TZID=Pacific/Apia", ";TZID=../../etc", ";TZID=GMT+3", "", ";TZID="])
_lines = st.one_of(
    st.tuples(st.sampled_from(["RDATE", "EXDATE", "DTSTART"]), _zones, _moments).map(
        lambda said: "{}{}:{}".format(*said)
    ),
    _rules.map("RRULE:{}".format),
    st.text(max_size=20),
)
_meets = st.tuples(_zones, _moments, st.lists(_lines, max_size=3)).map(
    lambda said: " ".join([f"DTSTART{said[0]}:{said[1]}", *said[2]])
) | st.text(max_size=60)


@settings(deadline=None)
@given(_meets)
def test_whatever_is_written_is_a_recurrence_or_is_refused_in_no_time_to_speak_of(meets: str) -> None:
    began = time.thread_time()
    try:
        year = recurrence(meets).between(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
        assert len(year) <= MOST_A_YEAR + len(meets)
    except WrongMeetings:
        assert no_meeting_text(meets) != "all of its meetings are past"
    meetings_after(meets, datetime(2026, 4, 27, tzinfo=UTC))
    assert time.thread_time() - began < 5  # of this thread; what does not end takes for ever
