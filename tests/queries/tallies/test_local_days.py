"""The days of moments by the clock of a zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import literal, select

from tests.makers import MONDAY
from tracker.database import Database
from tracker.queries.tallies.tallies import day_number, day_number_in, number_of
from tracker.records.columns import moment

ZONES = ("Europe/London", "America/Los_Angeles", "Australia/Sydney", "Asia/Kolkata", "Pacific/Kiritimati", "UTC")


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_of_a_moment_is_that_of_the_clock_on_the_wall(db: Database, zone: str) -> None:
    first, until = date(2026, 3, 1), date(2026, 12, 1)
    moments = [datetime(2026, 2, 27, 23, 59, 59, tzinfo=UTC) + timedelta(minutes=437) * step for step in range(950)]
    with db.read() as session:
        asked = (select(day_number_in(zone, first, until, literal(each, type_=moment()))) for each in moments)
        found = [session.execute(each).scalar_one() for each in asked]

    assert found == [number_of(each.astimezone(ZoneInfo(zone)).date()) for each in moments]


def test_a_day_has_the_number_of_its_date(db: Database) -> None:
    with db.read() as session:
        for day in (date(1969, 12, 31), date(1970, 1, 1), MONDAY.date(), date(2040, 3, 2)):
            assert session.execute(select(day_number(literal(day)))).scalar_one() == number_of(day)


def test_the_ends_of_the_calendar_are_no_hindrance(db: Database) -> None:
    with db.read() as session:
        for first, until in ((date.min, date(2, 1, 1)), (date(9999, 1, 1), date.max)):
            at = literal(datetime(2026, 7, 1, tzinfo=UTC), type_=moment())
            session.execute(select(day_number_in("Europe/London", first, until, at))).scalar_one()
