"""What holds for all limits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.calendars import KOLKATA, LONDON, calendar
from tracker.rules.deadlines import counted_from, limit, moved_by, warning_before, working_days_left
from tracker.rules.working_time import WorkingTime, joint

CALENDARS: tuple[WorkingTime, ...] = (
    joint(
        calendar("09:00-12:30 13:00-17:00", closed=["2026-04-03", "2026-04-06", "2026-05-04", "2026-12-25"]),
        calendar("08:00-16:30", closed=["2026-05-25"], opened={"2026-05-30": "09:00-11:00"}),
    ),
    joint(calendar(), calendar("10:00-18:00", zone=KOLKATA, days=range(6)), zone=LONDON),
    calendar("00:00-24:00", days=range(7)),
    calendar("20:00-24:00", days=[1, 5]),
)
calendars = st.sampled_from(CALENDARS)
moments = st.integers(0, 366 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
counts = st.integers(1, 30)
units = st.sampled_from(("working days", "working hours", "days"))
lengths = st.integers(0, 40 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(calendars, moments, lengths, counts, units)
def test_what_is_received_later_never_passes_sooner(
    ours: WorkingTime, received: datetime, later: timedelta, count: int, unit: str
) -> None:
    text = f"{count} {unit}"
    assert received < limit(text, received, ours).at <= limit(text, received + later, ours).at


@given(calendars, moments, counts, units)
def test_a_longer_limit_passes_later(ours: WorkingTime, received: datetime, count: int, unit: str) -> None:
    assert limit(f"{count} {unit}", received, ours).at < limit(f"{count + 1} {unit}", received, ours).at


@given(calendars, moments, counts)
def test_working_days_end_at_the_close_of_as_many_working_days_later(
    ours: WorkingTime, received: datetime, count: int
) -> None:
    passes, counted = limit(f"{count} working days", received, ours).at, counted_from(received, ours)
    dates = [counted + timedelta(days=passed) for passed in range(1, 400)]
    closes = [ours.close_of(day) for day in dates if ours.is_working_day(day)]
    assert closes[count - 1] == passes


@given(calendars, moments, counts)
def test_working_hours_are_so_much_working_time(ours: WorkingTime, received: datetime, count: int) -> None:
    passes = limit(f"{count} working hours", received, ours).at
    assert ours.between(received, passes) == timedelta(hours=count)


@given(calendars, moments, counts)
def test_a_warning_as_long_as_the_limit_stands_at_the_close_of_the_day_of_receipt(
    ours: WorkingTime, received: datetime, count: int
) -> None:
    text = f"{count} working days"
    warned = warning_before(text, limit(text, received, ours).at, ours)
    assert warned == ours.close_of(counted_from(received, ours))


@given(calendars, moments, counts)
def test_as_many_working_days_are_left_as_the_limit_has(ours: WorkingTime, received: datetime, count: int) -> None:
    assert working_days_left(received, limit(f"{count} working days", received, ours).at, ours) == count


@given(calendars, moments, counts, lengths)
def test_a_pause_lengthens_a_limit_by_the_joint_time_paused(
    ours: WorkingTime, received: datetime, count: int, paused: timedelta
) -> None:
    before = limit(f"{count} working days", received, ours).at
    after = moved_by(before, paused, ours)
    assert ours.between(received, after) - ours.between(received, before) == paused


@given(calendars, moments, counts, units)
def test_every_limit_says_when_it_was_received_and_when_it_passes(
    ours: WorkingTime, received: datetime, count: int, unit: str
) -> None:
    why = limit(f"{count} {unit}", received, ours).why
    assert why[0].startswith("received ")
    assert why[-1].startswith("limit ")
