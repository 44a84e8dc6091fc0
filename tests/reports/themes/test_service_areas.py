"""Service areas: where it is reported, which have fallen silent, and what is not told of so few people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from tests.issue_makers import make_issue
from tests.makers import Cast
from tracker.database import Database
from tracker.measures.periods import month_number, period
from tracker.queries.tallies.counts import AreaMonth, Scope
from tracker.queries.tallies.tallies import CountedPartnership
from tracker.records.issue_parts import Occurrence
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.service_areas import AreaLine, Areas, area_quarters, areas_of
from tracker.rules.agreement import ServiceArea

TODAY = date(2026, 6, 20)
LONG_AGO = date(2023, 5, 5)
REPORTERS = ("sam", "kim", "mo", "jo", "lee", "bea")


def reported(session: Session, cast: Cast, area: str | None, day: date, *by: str) -> None:
    """One issue of the council with the hospitals, and so many times by these people."""
    issue = make_issue(session, cast, occurred_on=day, service_area=area)
    found = [cast.viewer(name).person_id for name in by]
    session.flush()
    rows = [Occurrence(number=1, issue_id=issue.id, occurred_on=day, organisation_id=issue.raised_for_id,
                       person_id=each, recorded_at=issue.raised_at) for each in found]  # fmt: skip
    session.add_all(rows)


def areas(db: Database, cast: Cast, reader: str = "priya", within: str = "2026-Q1") -> Areas | None:
    with db.read() as session:
        viewer, asked = cast.viewer(reader), period(within)
        found = theme_report(session, cast.arrangement(session), today=TODAY, viewer=viewer, period=asked)
    return found.service_areas.areas


def told(lines: Sequence[AreaLine]) -> dict[str, tuple[str, str, bool]]:
    return {each.key: (each.recent.text, each.before.text, each.is_silent) for each in lines}


@pytest.fixture
def silent_equipment(db: Database, cast: Cast) -> None:
    """Equipment was reported twelve times by many, long ago; now only Discharge is, by many, and something by one."""
    with db.write() as session:
        make_issue(session, cast, occurred_on=LONG_AGO)
        reported(session, cast, "equipment", date(2025, 2, 3), *REPORTERS, *REPORTERS)
        reported(session, cast, "discharge", date(2026, 2, 2), *REPORTERS)
        reported(session, cast, None, date(2026, 2, 2), *REPORTERS)


@pytest.mark.usefixtures("silent_equipment")
def test_an_area_that_was_reported_and_is_no_more_is_silent(db: Database, cast: Cast) -> None:
    found = areas(db, cast)

    assert found is not None
    assert (found.recent.name, found.before.name) == ("2025-10..2026-03", "2024-04..2025-09")
    assert told(found.lines) == {"discharge": ("7", "0", False), "equipment": ("0", "13", True), "": ("7", "0", False)}
    assert [each.expected for each in found.silent] == [pytest.approx(13 / 3)]


@pytest.mark.usefixtures("silent_equipment")
def test_it_is_the_same_whatever_period_is_asked_for_and_only_for_who_has_the_totals_of_all(
    db: Database, cast: Cast
) -> None:
    assert areas(db, cast, within="2025") == areas(db, cast) == areas(db, cast, reader="alex", within="2026-04")
    assert areas(db, cast, reader="sam") is None


def test_what_fewer_than_five_people_reported_is_hidden_and_so_is_what_would_give_it_away(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        make_issue(session, cast, occurred_on=LONG_AGO)
        reported(session, cast, "discharge", date(2026, 2, 2), *REPORTERS)
        reported(session, cast, "equipment", date(2026, 2, 2), "kim", "kim")
        reported(session, cast, None, date(2026, 2, 2), *REPORTERS, *REPORTERS)
    found = areas(db, cast)

    assert found is not None
    shown = [each.recent.text for each in found.lines]
    assert shown[1] == "<5"
    assert sorted(shown) == ["13", "<5", "hidden"]


@pytest.mark.parametrize("retired", [False, True])
def test_an_area_is_silent_whatever_it_is_called_but_not_one_that_is_retired(
    db: Database, cast: Cast, retired: bool
) -> None:
    with db.read() as session:
        in_use, other = ServiceArea("equipment", "Equipment"), ServiceArea("all", "All wards", retired=retired)
        arrangement = replace(cast.arrangement(session), service_areas=(in_use, other))
    months = [AreaMonth(month_number(date(2025, 2, 3)), key, 12, "1x2,2x2,3x2,4x2,5x4") for key in ("all", None)]
    found = areas_of(arrangement, area_quarters(Scope(CountedPartnership(1, "Europe/London")), LONG_AGO, TODAY), months)

    assert found is not None
    assert told(found.lines)["all"] == ("0", "12", not retired)


def test_that_an_area_is_silent_does_not_give_away_how_often_few_people_reported_it(db: Database, cast: Cast) -> None:
    """Silent is what was reported nine times or more: of ten in two areas that are hidden, it would be nine."""
    with db.write() as session:
        make_issue(session, cast, occurred_on=LONG_AGO)
        reported(session, cast, "equipment", date(2025, 2, 3), *["kim"] * 8)
        reported(session, cast, "discharge", date(2025, 2, 3))
        reported(session, cast, None, date(2025, 2, 3), *REPORTERS, *REPORTERS)
    found = areas(db, cast)

    assert found is not None
    assert sorted(each.before.text for each in found.lines) == ["<5", "<5", "hidden"]
    assert [each.key for each in found.silent] == ["equipment"]


@pytest.mark.parametrize(
    "today, first, found",
    [
        pytest.param(date(2026, 11, 20), LONG_AGO, ("2026-04..2026-09", "2024-10..2026-03"), id="two years"),
        pytest.param(date(2026, 10, 1), LONG_AGO, ("2026-04..2026-09", "2024-10..2026-03"), id="a new quarter"),
        pytest.param(date(2026, 9, 30), LONG_AGO, ("2026-01..2026-06", "2024-07..2025-12"), id="not over yet"),
        pytest.param(TODAY, date(2025, 4, 1), ("2025-10..2026-03", "2025-04..2025-09"), id="two quarters before"),
        pytest.param(TODAY, date(2025, 4, 2), ("2026-Q1", "2025-07..2025-12"), id="only one before two"),
        pytest.param(TODAY, date(2025, 7, 2), None, id="only one before one"),
        pytest.param(TODAY, None, None, id="nothing yet"),
    ],
)
def test_the_quarters_are_whole(today: date, first: date | None, found: tuple[str, str] | None) -> None:
    quarters = area_quarters(Scope(CountedPartnership(1, "Europe/London")), first, today)

    assert (tuple(each.name for each in quarters) if quarters else None) == found
