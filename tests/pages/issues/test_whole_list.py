"""The whole list: by limit, counted, and as files for a sheet, as far as its reader may see it."""

import csv
import io
from datetime import timedelta

import pytest

from tests.issue_makers import doer, make_issue, shorten_pages
from tests.makers import MONDAY
from tests.reports.workbook_rows import rows_of
from tests.site import Guest, Site
from tracker.actions.resolve import agree, propose
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Ring


def raised(site: Site, count: int = 3) -> None:
    """Each with its limit a day before that of the one before it; the last is critical."""
    with site.db.write() as session:
        for place in range(count):
            severity = Severity.CRITICAL if place == count - 1 else Severity.MINOR
            make_issue(session, site.cast, title=f"Letter {place + 1}, late", severity=severity).due_at = (
                MONDAY + timedelta(days=9 - place)
            )


def refs(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('<a href="/issues/RIV-')[1:]]


def sheet(guest: Guest, asked: str = "") -> list[dict[str, str]]:
    content = guest.get(f"/issues/list.csv{asked}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_by_limit_what_is_due_first_stands_first_and_what_is_critical_before_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised(site, 4)
    kim = site.guest("kim")
    page = kim.get("/issues?sort=due").text
    assert refs(page) == ["4", "3", "2", "1"]
    assert "Issues, what is critical first, then by limit. 4 issues." in page
    shorten_pages(monkeypatch, 2, "issue_list", "issue_lines")
    first = kim.get("/issues?sort=due").text
    second = kim.get("/issues?sort=due&after=RIV-3").text
    assert (refs(first)[:2], refs(second)[:2]) == (["4", "3"], ["2", "1"])
    assert 'href="/issues?sort=due&amp;after=RIV-3"' in first


def test_how_many_there_are_in_all_is_counted_when_it_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pages(monkeypatch, 2, "issue_list")
    raised(site, 5)
    with site.db.write() as session:
        make_issue(session, site.cast, ring=Ring.ORGANISATION)
    kim = site.guest("kim")
    assert 'class="unprinted" href="/issues?total=yes">How many in all?' in kim.get("/issues").text
    assert "5 issues in all." in kim.get("/issues?total=yes").text
    assert "6 issues in all." in site.guest("sam").get("/issues?total=yes").text


def test_the_files_have_every_row_of_the_list_with_its_filters(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pages(monkeypatch, 2, "issue_list")
    raised(site, 3)
    with site.db.write() as session:
        propose(session, "RIV-1", doer(site.cast, "kim"), outcome="solved", done="Done.")
        agree(session, "RIV-1", doer(site.cast, "sam"))
    kim = site.guest("kim")
    rows = sheet(kim)
    assert [row["Issue"] for row in rows] == ["RIV-3", "RIV-2", "RIV-1"]
    assert [row["Issue"] for row in sheet(kim, "?state=resolved")] == ["RIV-1"]
    assert [row["Issue"] for row in sheet(kim, "?q=late&sort=due&state=unresolved")] == ["RIV-3", "RIV-2"]
    assert (rows[0]["Title"], rows[0]["Who"], rows[0]["Sides"]) == (
        "Letter 3, late",
        "Kim Tran",
        "Riverside Hospitals, Riverside Council",
    )
    assert (rows[2]["State"], rows[2]["Outcome"], rows[2]["Who"]) == ("resolved", "solved", "")
    assert 'href="/issues/list.xlsx?state=resolved"' in kim.get("/issues?state=resolved").text


def test_the_workbook_says_the_same(site: Site) -> None:
    raised(site, 2)
    answer = site.guest("kim").get("/issues/list.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="issues.xlsx"'
    assert [row["Issue"] for row in rows_of(answer.content)["Issues"]] == ["RIV-2", "RIV-1"]


def test_nobody_has_in_a_file_what_they_may_not_see(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, ring=Ring.ORGANISATION)
        make_issue(session, site.cast, ring=Ring.NAMED)
    assert {name: len(sheet(site.guest(name))) for name in ("sam", "jo", "kim", "lee", "mo")} == {
        "sam": 2,
        "jo": 1,
        "kim": 1,
        "lee": 0,
        "mo": 0,
    }
