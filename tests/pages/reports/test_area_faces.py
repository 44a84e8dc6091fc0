"""Service areas on every face of the theme report: the same, and hidden alike where few people reported."""

import json
import re
from datetime import UTC, date

import pytest

from tests.issue_makers import make_issue
from tests.pages.reports.report_readers import paper_words
from tests.reports.workbook_rows import rows_of
from tests.site import Site
from tracker.measures.periods import period
from tracker.pages.reports.standalone import standalone_themes
from tracker.pages.web.moments import PageReader
from tracker.records.issue_parts import Occurrence
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.faces import FACES, values

MANY, FEW = ("sam", "kim", "mo", "jo", "lee"), ("kim", "sam")


@pytest.fixture
def reported(site: Site) -> Site:
    """Discharge by many, equipment by two, something else by many; and much of equipment long before."""
    told = (
        ("discharge", date(2026, 2, 2), MANY),
        ("equipment", date(2025, 2, 3), MANY),
        (None, date(2026, 2, 2), MANY),
    )
    with site.db.write() as session:
        for area, day, people in (*told, ("equipment", date(2026, 2, 2), FEW), (None, date(2024, 1, 8), FEW)):
            issue = make_issue(session, site.cast, occurred_on=day, service_area=area)
            session.flush()
            session.add_all(
                Occurrence(number=1, issue_id=issue.id, occurred_on=day, organisation_id=issue.raised_for_id,
                           person_id=site.cast.viewer(name).person_id, recorded_at=issue.raised_at)
                for name in people
            )  # fmt: skip
    return site


def test_service_areas_are_the_same_on_every_face_and_small_numbers_are_on_none(reported: Site) -> None:
    site = reported
    with site.db.read() as session:
        arrangement = site.cast.arrangement(session)
        found = theme_report(
            session, arrangement, today=date(2026, 4, 27), viewer=site.cast.viewer("priya"), period=period("2026-Q1")
        )
    made = {ending: make(found) for ending, make in FACES.items()}
    page = standalone_themes(found, "https://riverside.example", PageReader(UTC, site.now))
    lines = json.loads(str(made["json"]))["areas"]["lines"]
    rows = [(each["name"], *each["shown"], each["words"]) for each in lines]

    assert sorted(row[1] for row in rows) == ["6", "<5", "hidden"]
    assert [each["recent"] for each in lines if each["shown"][0] == "<5"] == [None]
    assert json.loads(str(made["json"])) == json.loads(json.dumps(values(found)))
    assert isinstance(made["xlsx"], bytes)
    sheet = rows_of(made["xlsx"])["Service areas"]
    assert [(row["name"], str(row["recent"]), str(row["before"]), row["in words"] or "") for row in sheet] == rows
    assert _table(page) == [row[:3] for row in rows]
    assert isinstance(made["pdf"], bytes)
    paper = paper_words(made["pdf"])
    for row in rows:
        assert " ".join(filter(None, row)) in paper


def _table(page: str) -> list[tuple[str, ...]]:
    table = page.partition('aria-label="Service areas"')[2].partition("</table>")[0]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)[:3] for row in table.split("<tr>")[2:]]
    return [tuple(re.sub(r"<.*?>", "", cell).replace("&lt;", "<") for cell in cells) for cells in found]
