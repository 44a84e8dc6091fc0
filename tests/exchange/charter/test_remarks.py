"""What in a charter is taken, and worth a look: holidays of a country whose parts keep more, meetings that all were."""

from datetime import UTC, datetime

import pytest

from tests.exchange.charter.charter_text import spoilt
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.remarks import holidays_remark, remarks

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


def remarked(**spoils: str) -> list[str]:
    return list(remarks(check(spoilt(**spoils), today=NOW.date()), NOW))


def test_nothing_is_remarked_of_a_charter_in_which_everything_is_meant() -> None:
    assert remarked() == []


@pytest.mark.parametrize("country, part", [("GB", "GB-ENG"), ("AU", "AU-NSW"), ("CA", "CA-ON"), ("DE", "DE-BY")])
def test_the_holidays_of_a_country_are_remarked_with_the_parts_that_keep_more(country: str, part: str) -> None:
    (remark,) = remarked(**{'holidays = "GB-ENG"': f'holidays = "{country}"'})[:1]
    assert remark.startswith(f"[[organisation]] acute, calendar, holidays: “{country}” leaves out the public holidays")
    assert part in remark


@pytest.mark.parametrize("code", ["GB-ENG", "AU-NSW", "IE", "NL", None])
def test_a_part_or_a_country_that_keeps_one_list_is_not_remarked(code: str | None) -> None:
    assert holidays_remark(code) == ""


def test_meetings_that_are_all_past_are_remarked() -> None:
    once = {"DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU": "DTSTART:20260106T100000Z"}
    assert remarked(**once) == ["[[body]] ops, meets: all of its meetings are past"]
