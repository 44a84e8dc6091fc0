"""The workbook of the theme report says by itself what it is of, what was decided, and how far to trust it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from tests.decision_makers import make_decision
from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.reports.workbook_rows import Cell, rows_of
from tracker.database import Database
from tracker.measures.agreement import SharedCalls
from tracker.measures.periods import period
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.faces import as_xlsx
from tracker.reports.themes.promises import Promise
from tracker.reports.themes.recurrence import Chain
from tracker.reports.themes.report import ThemeReport

TODAY = date(2026, 4, 27)


@pytest.fixture
def session(db: Database, cast: Cast) -> Iterator[Session]:
    """Authority in every month of a year, and one decision on it, whose words begin like a formula."""
    with db.write() as session:
        for month in range(4, 13):
            make_issue(session, cast, theme="authority", occurred_on=date(2025, month, 3))
        make_issue(session, cast, theme="authority", occurred_on=date(2026, 2, 3))
        make_decision(session, cast, what="=One form", decided_on=date(2026, 2, 9), themes=("authority", "reliability"))
        yield session


def report_for(session: Session, cast: Cast, name: str = "priya", within: str = "2026-Q1") -> ThemeReport:
    viewer, agreed = cast.viewer(name) if name else None, cast.arrangement(session)
    return theme_report(session, agreed, today=TODAY, viewer=viewer, period=period(within))


def sheets_of(report: ThemeReport) -> dict[str, list[dict[str, Cell]]]:
    return rows_of(as_xlsx(report))


def told_about(report: ThemeReport) -> dict[Any, Cell]:
    return {row["what"]: row["in words"] for row in sheets_of(report)["About"]}


def test_the_first_sheet_says_whose_report_it_is_over_which_months_and_of_whose_issues(
    session: Session, cast: Cast
) -> None:
    report = report_for(session, cast)
    assert next(iter(sheets_of(report))) == "About"
    assert told_about(report) == {
        "partnership": "Riverside Integrated Discharge (RIV)",
        "organisations": "Riverside Hospitals (acute), Riverside Council (council) and Riverside Community Care "
        "(community)",
        "period": "January to March 2026",
        "days of the period": "2026-01-01 to 2026-03-31",
        "compared with": "October to December 2025",
        "verdicts and charts look at": "11 whole months: May 2025 to March 2026",
        "of these, verdicts call recent": "October 2025 to March 2026",
        "issues counted": "all issues of the partnership",
        "counted in the period": "1 occurrence of 1 issue",
        "made on": "2026-04-27",
    }


def test_who_has_the_totals_of_their_own_organisations_only_is_told_so(session: Session, cast: Cast) -> None:
    said = told_about(report_for(session, cast, "sam", "2025-04"))
    assert said["issues counted"] == "the issues of Riverside Hospitals, and the pairs it is part of"
    assert said["compared with"] == "nothing: nothing was recorded before it"
    assert said["verdicts and charts look at"] == "none: not one whole month has been recorded"


def test_a_decision_has_a_row_for_each_of_its_themes_with_whether_it_helped(session: Session, cast: Cast) -> None:
    report = report_for(session, cast)
    rows = {row["theme"]: row for row in sheets_of(report)["Decided, did it help"]}
    assert {row["what"] for row in rows.values()} == {"'=One form"}
    assert rows["authority"]["name of theme"] == "No authority at this level"
    assert {key: row["did it help"] for key, row in rows.items() if row["did it help"]} == {
        key: each.words for key, each in report.decisions.decisions[0].effects.items()
    }
    assert sheets_of(report_for(session, cast, ""))["Decided, did it help"][0]["what"] is None


def test_chains_are_named_by_the_issues_that_the_reader_may_see(session: Session, cast: Cast) -> None:
    report = report_for(session, cast)
    chain = Chain("authority", 3, ("RIV-1", "RIV-9"))
    found = sheets_of(replace(report, recurrence=replace(report.recurrence, chains=(chain,))))["Chains"]
    assert [tuple(row.values()) for row in found] == [("authority", "No authority at this level", 3, "RIV-1, RIV-9")]


def test_what_each_side_calls_it_is_said_first_and_counted_after(session: Session, cast: Cast) -> None:
    counts = {("authority", "authority"): 2, ("authority", "reliability"): 1}
    report, views = report_for(session, cast), {("acute", "council"): SharedCalls(counts)}
    found = sheets_of(replace(report, views=replace(report.views, pairs=views)))
    rows = found["What each side calls it"]
    assert str(rows[0]["in words"]).startswith("Riverside Hospitals and Riverside Council: of 3 issues that both have")
    assert {row["theme"]: (row["one sees it"], row["other sees it"]) for row in rows[1:]} == {
        "authority": (3, 2), "reliability": (0, 1),
    }  # fmt: skip


def test_how_far_to_trust_it_and_what_stays_fixed_are_said_in_words(session: Session, cast: Cast) -> None:
    sheets = sheets_of(report_for(session, cast))
    assert {"No theme yet", "Recorded", "Exposure"} <= {row["what"] for row in sheets["How far to trust"]}
    assert sheets["Fixes in words"][0]["in words"] == "Nothing has been solved yet that could come back."


def test_names_stand_beside_keys(session: Session, cast: Cast) -> None:
    make_issue(session, cast, by="kim", with_="acute", theme="authority", occurred_on=date(2025, 6, 3))
    report, promise = (
        report_for(session, cast, within="2025"),
        Promise("GOV", "4.2", "Who decides", 3, {"authority": 3}),
    )
    sheets = sheets_of(replace(report, promises=replace(report.promises, promises=(promise,))))
    named, both, reporting = (sheets[name][0] for name in ("Promises", "Both ways", "Reporting"))
    assert [*named.values()] == ["GOV", "Governance and decisions", "4.2", "4.2 Who decides", 3]
    assert (both["one"], both["name of one"], both["name of other"]) == (
        "acute", "Riverside Hospitals", "Riverside Council",
    )  # fmt: skip
    assert (both["theme"], both["name of theme"]) == ("authority", "No authority at this level")
    assert (reporting["organisation"], reporting["name"]) == ("acute", "Riverside Hospitals")
