"""What a change of the arrangement does to issues that are on their way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from tests.arrangement_makers import write_tier
from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY, Cast, agree_waiting
from tracker.actions import resolve
from tracker.actions.counting.climbs import count_climbs
from tracker.actions.counting.months import recount
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.leaving import leaver_remarks
from tracker.exchange.charter.loading import export, load
from tracker.exchange.charter.revisions import with_leaver
from tracker.measures.periods import month_number
from tracker.records.issue import Issue
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


@pytest.mark.parametrize(
    "before, after, waiting",
    [
        pytest.param('holidays = "GB-ENG"', 'holidays = "GB-ENG", closed = [2026-04-29]', 1, id="working time"),
        pytest.param('name = "Discharge"', 'name = "Going home"', 0, id="what no climb is measured by"),
    ],
)
def test_by_other_working_time_how_issues_climbed_is_counted_anew(
    db: Database, cast: Cast, before: str, after: str, waiting: int
) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        resolve.propose(session, ref, doer(cast, "lee"), outcome="solved", done="a new form")
        resolve.agree(session, ref, doer(cast, "jo"))
        count_climbs(session, now=MONDAY + timedelta(minutes=2))
        text = export(session, "RIV").replace(before, after, 1)
        load(session, check(text, today=MONDAY.date()), now=MONDAY)
        agree_waiting(session, cast)
        marked = session.exec(select(Issue.ref).where(col(Issue.uncounted_at).is_not(None))).all()

    assert len(marked) == waiting


def test_a_file_that_leaves_out_who_holds_open_issues_is_worth_a_look(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        after = with_leaver("sam@acute.example", "acute")(kept(session, cast.partnership.id))
        text = f"Sam Okafor leaves Riverside Hospitals with 1 open issue, which they hold: {issue.ref}"
        assert list(leaver_remarks(session, after)) == [
            f"[[person]] sam@acute.example: {text}; they go to whoever has that place then"
        ]
        assert list(leaver_remarks(session, kept(session, cast.partnership.id))) == []
