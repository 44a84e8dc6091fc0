"""What a change of the arrangement does to issues that are on their way."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from tests.arrangement_makers import write_tier
from tests.issue_makers import kinds, make_issue
from tests.makers import MONDAY, Cast, agree_waiting
from tracker.actions.count_months import recount
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load
from tracker.measures.periods import month_number
from tracker.records.tally import Uncounted

pytestmark = pytest.mark.both_databases


def test_a_closed_day_in_the_charter_moves_open_limits_and_says_why(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        text = export(session, "RIV").replace('holidays = "GB-ENG"', 'holidays = "GB-ENG", closed = [2026-04-29]', 1)
        load(session, check(text, today=MONDAY.date()), now=MONDAY)
        assert issue.due_at == datetime(2026, 5, 1, 16, tzinfo=UTC)
        assert kinds(session, issue)[-1] == "limit_recomputed"


@pytest.mark.parametrize(
    "limit, before, after, passes",
    [
        pytest.param("5 working days", '"09:00-17:00"', '"09:00-16:00"', "2026-05-05T15:00", id="hours"),
        pytest.param("3 working days", "GB-ENG", "GB-SCT", "2026-04-30T16:00", id="a holiday after it"),
    ],
)
def test_clocks_follow_the_hours_and_holidays_of_a_charter(
    db: Database, cast: Cast, limit: str, before: str, after: str, passes: str
) -> None:
    with db.write() as session:
        write_tier(session, cast, 1, limit=limit, body_id=cast.bodies["steering"].id, acknowledge=None, warn=None)
        issue = make_issue(session, cast)
        text = export(session, "RIV").replace(before, after, 1)
        load(session, check(text, today=MONDAY.date()), now=MONDAY)
        assert issue.due_at == datetime.fromisoformat(f"{passes}:00+00:00")
        assert ("limit_recomputed" in kinds(session, issue)) == (limit != "3 working days")


def test_the_cast_itself_is_a_charter_that_is_in_order(db: Database, cast: Cast) -> None:
    with db.read() as session:
        assert check(export(session, "RIV"), today=MONDAY.date()).partnership.key == "RIV"


def test_an_issue_keeps_the_ladder_it_started_on_when_a_new_version_is_proposed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = (issue.ladder_version_id, issue.due_at)
        text = export(session, "RIV").replace('limit = "3 working days"', 'limit = "1 working day"')
        load(session, check(text, today=MONDAY.date()), now=MONDAY)
        assert (issue.ladder_version_id, issue.due_at) == before


def test_another_zone_has_every_month_counted_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for day in (date(2026, 2, 3), date(2026, 4, 20)):
            make_issue(session, cast, occurred_on=day)
        recount(session, cast.partnership.id)
        text = export(session, "RIV").replace('zone = "Europe/London"', 'zone = "America/New_York"', 1)
        load(session, check(text, today=MONDAY.date()), now=MONDAY)
        agree_waiting(session, cast)
        marked = session.exec(select(Uncounted.month).order_by(col(Uncounted.month))).all()

    assert list(marked) == [month_number(date(2026, month, 1)) for month in (2, 3, 4)]
