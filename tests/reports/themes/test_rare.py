"""Rare themes: charted by what lay between one occurrence and the next."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import Session

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.reports.themes.test_request import MONTHS, TODAY, entered
from tracker.database import Database
from tracker.measures.chart_choice import ChosenChart
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport

FIRST = date(2025, 5, 1)
APART = (31, 60, 12, 45, 0, 80, 33)  # days
DAYS = tuple(FIRST + timedelta(days=sum(APART[:place])) for place in range(len(APART) + 1))


def rare(session: Session, cast: Cast) -> None:
    """Eight times in a year, twice on one day."""
    for day in DAYS:
        make_issue(session, cast, theme="authority", occurred_on=day)


def report(session: Session, cast: Cast, reader: str = "priya") -> ThemeReport:
    return theme_report(session, cast.arrangement(session), today=TODAY, viewer=cast.viewer(reader))


def charts(found: ThemeReport) -> Iterator[ChosenChart]:
    for line in found.themes.lines:
        if line.key == "authority" and line.verdict:
            yield line.verdict.evidence.chart


def test_less_than_one_a_month_is_charted_by_the_days_between(db: Database, cast: Cast) -> None:
    with db.write() as session:
        rare(session, cast)
        found = report(session, cast)
    (chosen,) = charts(found)

    assert chosen.words == "t-chart: days between one occurrence and the next"
    assert chosen.chart is not None
    assert list(chosen.chart.values) == list(APART)
    line = next(line for line in found.themes.lines if line.key == "authority")
    assert line.spark is not None
    assert line.spark.described.startswith("t-chart: days between one occurrence and the next")


def test_where_cases_are_known_it_is_charted_by_the_cases_between(db: Database, cast: Cast) -> None:
    with db.write() as session:
        rare(session, cast)
        entered(session, cast, {"acute": 31, "council": 0})
        (chosen,) = charts(report(session, cast))

    assert chosen.words == "g-chart: joint cases between one occurrence and the next"
    assert chosen.chart is not None
    assert chosen.chart.values[0] == 31
    assert sum(chosen.chart.values) < 31 * len(MONTHS)


def test_too_few_gaps_are_not_drawn(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for day in DAYS[::2]:
            make_issue(session, cast, theme="authority", occurred_on=day)
        (chosen,) = charts(report(session, cast))

    assert (chosen.words, chosen.chart) == ("too few to chart", None)
