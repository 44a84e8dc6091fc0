"""When a notice goes out, and how often a letter is tried."""

from datetime import datetime, timedelta

import pytest

from tests.rules.calendars import at, calendar, night_shift
from tracker.rules.notices import PAUSES, TOO_OLD, NoticeState, is_near, is_too_old, next_attempt, next_digest, timing

MONDAY, TUESDAY = "2026-04-27", "2026-04-28"
OFFICE = calendar("09:00-12:30 13:30-17:00", "Riverside Council", closed=["2026-05-04"])


@pytest.mark.parametrize(
    "now, due",
    [
        pytest.param(f"{MONDAY} 10:00", f"{MONDAY} 10:00", id="open"),
        pytest.param(f"{MONDAY} 09:00", f"{MONDAY} 09:00", id="just-opened"),
        pytest.param(f"{MONDAY} 12:45", f"{MONDAY} 13:30", id="lunch"),
        pytest.param(f"{MONDAY} 17:00", f"{TUESDAY} 09:00", id="just-closed"),
        pytest.param("2026-05-01 20:00", "2026-05-05 09:00", id="before-a-weekend-and-a-holiday"),
    ],
)
def test_what_is_not_urgent_goes_out_in_open_hours(now: str, due: str) -> None:
    settled = timing(urgent=False, digest=False, calendar=OFFICE, now=at(now))
    assert settled.due_at == at(due)
    assert settled.state is (NoticeState.WAITING if due == now else NoticeState.HELD)
    assert bool(settled.why) == (settled.state is NoticeState.HELD)


@pytest.mark.parametrize("digest", [False, True], ids=["at-once", "by-digest"])
def test_what_is_urgent_goes_out_at_any_hour_whatever_its_reader_chose(*, digest: bool) -> None:
    night = at(f"{MONDAY} 03:00")
    settled = timing(urgent=True, digest=digest, calendar=OFFICE, now=night)
    assert (settled.state, settled.due_at, settled.digest) == (NoticeState.WAITING, night, False)


@pytest.mark.parametrize(
    "now, due",
    [
        pytest.param(f"{MONDAY} 08:59", f"{MONDAY} 09:00", id="before-opening"),
        pytest.param(f"{MONDAY} 09:00", f"{TUESDAY} 09:00", id="at-opening"),
        pytest.param(f"{MONDAY} 13:00", f"{TUESDAY} 09:00", id="not-after-lunch"),
        pytest.param("2026-05-01 10:00", "2026-05-05 09:00", id="over-a-weekend-and-a-holiday"),
    ],
)
def test_a_digest_goes_out_once_a_working_day_at_its_first_opening(now: str, due: str) -> None:
    assert next_digest(OFFICE, at(now)) == at(due)


def test_a_night_shift_has_its_digest_when_its_day_begins() -> None:
    assert next_digest(night_shift(), at("2026-05-01 12:00")) == at("2026-05-02 20:00")


@pytest.mark.parametrize(
    "due, near",
    [
        pytest.param(f"{TUESDAY} 17:00", True, id="the-next-close"),
        pytest.param("2026-04-29 09:00", False, id="the-day-after"),
        pytest.param(f"{MONDAY} 11:00", True, id="today"),
        pytest.param(f"{MONDAY} 10:00", False, id="now"),
        pytest.param(f"{MONDAY} 09:00", False, id="passed"),
        pytest.param("2027-04-27 09:00", False, id="next-year"),
        pytest.param(None, False, id="none"),
    ],
)
def test_a_limit_is_near_within_a_working_day(due: str | None, *, near: bool) -> None:
    assert is_near(at(due) if due else None, at(f"{MONDAY} 10:00"), OFFICE) is near


def test_a_letter_is_tried_later_and_later_and_then_no_more() -> None:
    now = datetime.fromisoformat("2026-04-27T10:00:00+00:00")
    assert [next_attempt(each, now) for each in (1, 2)] == [now + PAUSES[0], now + PAUSES[1]]
    assert next_attempt(len(PAUSES) + 1, now) is None
    assert list(PAUSES) == sorted(PAUSES)


def test_word_that_comes_over_a_week_late_comes_too_late() -> None:
    now = at(f"{MONDAY} 10:00")
    assert not is_too_old(now - TOO_OLD, now)
    assert is_too_old(now - TOO_OLD - timedelta(seconds=1), now)
