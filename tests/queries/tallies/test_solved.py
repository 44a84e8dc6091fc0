"""What was solved, and what came after: as the database counts it, and as the measure has it."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.measures.recurrences import Closure, LinkedOccurrence, recurrences
from tracker.database import Database
from tracker.measures.periods import month_number
from tracker.queries.tallies.fixes import MOST_FIXES, count_fixes, months_followed
from tracker.queries.tallies.tallies import CountedPartnership, counted_columns, number_of
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.records.tally import Fix
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.rings import Ring

FIX = counted_columns(Fix)
MARCH, APRIL = month_number(date(2026, 3, 1)), month_number(date(2026, 4, 1))
NEW_YEAR = date(2026, 1, 1)


LONDON = ZoneInfo("Europe/London")
ZONES = tuple(ZoneInfo(name) for name in ("Europe/London", "America/Los_Angeles", "Pacific/Auckland"))


def home(cast: Cast, zone: ZoneInfo = LONDON) -> CountedPartnership:
    return CountedPartnership(cast.partnership.id, zone.key)


def solve(issue: Issue, on: date, at: time = time(12), zone: ZoneInfo = LONDON) -> None:
    issue.state, issue.outcome = State.RESOLVED, Outcome.SOLVED
    issue.resolved_at = datetime.combine(on, at, zone).astimezone(UTC)


def solved_on(issue: Issue, zone: ZoneInfo) -> date | None:
    return issue.resolved_at.astimezone(zone).date() if issue.resolved_at else None


def any_life(session: Session, cast: Cast, chance: Random, zone: ZoneInfo = LONDON) -> None:
    """Issues alike and not, solved or not at any time of day, some of them others again."""
    made: list[Issue] = []
    for _ in range(30):
        day = NEW_YEAR + timedelta(days=chance.randrange(100))
        issue = make_issue(session, cast, occurred_on=day, with_=chance.choice(["council", "community"]))
        issue.theme = chance.choice(["authority", "authority", None])
        issue.topic = chance.choice(["GOV", "GOV", "STANDARD", None])
        issue.service_area = chance.choice(["discharge", "discharge", None])
        over = [each for each in made if (solved_on(each, zone) or day) < day]
        if over and chance.random() < 0.3:
            issue.again_of_id = chance.choice(over).id
        if chance.random() < 0.6:
            solve(issue, day + timedelta(days=chance.randrange(30)), time(len(made) * 7 % 24, 30), zone)
        made.append(issue)
    session.flush()


def as_measured(session: Session, zone: ZoneInfo) -> dict[object, tuple[int | None, int | None]]:
    """By the day and issue: (days until a linked one, days until an alike one), from the measure."""
    issues = {each.id: each for each in session.exec(select(Issue))}
    sides = {
        each: frozenset(s.organisation_id for s in session.exec(select(IssueSide)) if s.issue_id == each)
        for each in issues
    }

    def alike(issue: Issue) -> tuple[object, ...] | None:
        key = (issue.theme, issue.topic, issue.service_area)
        return None if None in key else (*key, sides[issue.id])

    closures = [Closure(each.id, on, alike(each)) for each in issues.values() if (on := solved_on(each, zone))]
    happenings = [
        LinkedOccurrence(
            each.issue_id, each.occurred_on, issues[each.issue_id].again_of_id, alike(issues[each.issue_id])
        )
        for each in session.exec(select(Occurrence))
    ]
    linked = recurrences(closures, happenings, timedelta(days=1000)).linked
    inferred = recurrences(closures, happenings).inferred
    days = [{each.closure.issue: each.after.days for each in found} for found in (linked, inferred)]
    return {each.issue: (days[0].get(each.issue), days[1].get(each.issue)) for each in closures}


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_what_came_after_is_what_the_measure_says(db: Database, cast: Cast, seed: int, zone: ZoneInfo) -> None:
    with db.write() as session:
        any_life(session, cast, Random(seed), zone)
        months = range(month_number(NEW_YEAR), APRIL + 2)
        rows = session.execute(count_fixes(home(cast, zone), months)).all()
        expected = as_measured(session, zone)
        on: dict[object, date] = {
            each.id: day for each in session.exec(select(Issue)) if (day := solved_on(each, zone))
        }

    found = sorted((row[1], row[4], row[5] or 0, row[6] or 0) for row in rows)
    wanted = ((on[key], again or 0, alike or 0) for key, (again, alike) in expected.items())
    assert found == sorted((month_number(day), number_of(day), *after) for day, *after in wanted)
    assert any(row[5] for row in rows)
    assert any(row[6] for row in rows)


def test_what_happens_after_another_was_solved_in_the_next_month_says_nothing_of_the_first(
    db: Database, cast: Cast
) -> None:
    alike: dict[str, Any] = {"theme": "authority", "service_area": "discharge"}
    with db.write() as session:
        issues = [
            make_issue(session, cast, occurred_on=day, **alike) for day in (NEW_YEAR, NEW_YEAR, date(2026, 4, 20))
        ]
        for each in issues:
            each.topic = "GOV"
        for each, day in zip(issues, (date(2026, 3, 20), date(2026, 4, 10)), strict=False):
            solve(each, day)
        session.flush()
        found = [session.execute(count_fixes(home(cast), [month])).one() for month in (MARCH, APRIL)]

    assert [row[FIX.index("alike_after")] for row in found] == [None, 10]


def test_days_have_numbers_also_after_the_seconds_since_1970_leave_a_whole_number(db: Database, cast: Cast) -> None:
    day = date(2040, 3, 2)
    with db.write() as session:
        solve(make_issue(session, cast, occurred_on=NEW_YEAR), day)
        session.flush()
        rows = session.execute(count_fixes(home(cast), [month_number(day)])).all()

    assert [row[FIX.index("on_day")] for row in rows] == [number_of(day)]


def test_of_a_month_with_very_many_some_are_followed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for day in [date(2026, 3, 2)] * (MOST_FIXES + 5) + [date(2026, 4, 2)] * 3:
            issue = make_issue(session, cast, occurred_on=day)
            solve(issue, day)
        session.flush()
        rows = session.execute(count_fixes(home(cast), [MARCH, APRIL])).all()

    months = [row[FIX.index("month")] for row in rows]
    assert [months.count(month) for month in (MARCH, APRIL)] == [MOST_FIXES, 3]


@pytest.mark.parametrize(
    "month, first",
    [
        pytest.param(date(2026, 4, 1), date(2026, 1, 1), id="three months before"),
        pytest.param(date(2026, 5, 1), date(2026, 1, 31), id="four: 1 May is 90 days after 31 January"),
        pytest.param(date(2024, 5, 1), date(2024, 2, 1), id="not in a leap year"),
        pytest.param(date(1, 1, 1), date(1, 1, 1), id="no further than the calendar"),
    ],
)
def test_what_happens_in_a_month_may_tell_of_fixes_ninety_days_before(month: date, first: date) -> None:
    assert months_followed([month_number(month)]) == [*range(month_number(first), month_number(month) + 1)]
    assert months_followed([]) == []


def test_that_a_fix_came_back_inside_one_organisation_is_counted_for_nobody(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first = make_issue(session, cast, occurred_on=NEW_YEAR)
        solve(first, date(2026, 3, 2))
        make_issue(session, cast, occurred_on=date(2026, 3, 9), again_of_id=first.id, ring=Ring.ORGANISATION)
        kept_inside = session.execute(count_fixes(home(cast), [MARCH])).one()
        make_issue(session, cast, occurred_on=date(2026, 3, 12), again_of_id=first.id)
        crossed = session.execute(count_fixes(home(cast), [MARCH])).one()

    assert [row[FIX.index("again_after")] for row in (kept_inside, crossed)] == [None, 10]
