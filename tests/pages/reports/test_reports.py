"""The pages of the reports, and the files beside them. It is 27 April 2026: the last whole quarter ended in March."""

import codecs
import csv
import io
import re
from datetime import date
from urllib.parse import urljoin
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from tests.exchange.history.histories import history, taken_in
from tests.issue_makers import doer, make_issue
from tests.site import Site
from tracker.actions import escalate, resolve
from tracker.actions.add_note import add_note
from tracker.actions.set_report_terms import keep_terms, partnership_for_change
from tracker.records.agreement import Theme
from tracker.records.partnership import Partnership
from tracker.rules.lifecycle import Cause
from tracker.rules.rings import Ring


def happen(site: Site, *days: date, **said: object) -> list[str]:
    """An issue about authority between Hospitals and Council on each day; their references."""
    with site.db.write() as session:
        told = {"theme": "authority", **said}
        return [make_issue(session, site.cast, occurred_on=day, **told).ref for day in days]  # type: ignore[arg-type]


LONG_AGO = date(2025, 6, 2)
"""With something on this day, months enough are recorded that the report says more than that it is young."""


def text(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition("<main")[2]))


COUNTED = "/reports/RIV/issues"
BEHIND = f"{COUNTED}/{{}}?theme=authority"


def links(page: str, to: str) -> list[str]:
    """Those that lead to addresses which begin so, from the page of a report."""
    led = (urljoin("/reports/RIV/themes", each) for each in re.findall(r'href="([^"]+)"', page))
    return [each for each in led if each.startswith(to)]


def row(page: str, label: str, name: str) -> list[str]:
    """The cells of the row of this name, in the table of this label."""
    table = page.partition(f'aria-label="{label}"')[2].partition("</table>")[0]
    found = next(each for each in table.split("<tr>") if name in each.partition("</th>")[0])
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", found, re.DOTALL)]


def test_the_theme_report_says_what_is_most_frequent_and_links_every_number(site: Site) -> None:
    happen(site, LONG_AGO, date(2026, 3, 3), date(2026, 3, 4))
    browser = site.guest("priya")
    page = browser.get("/reports/RIV/themes").text

    assert "April 2025 to March 2026" in text(page)
    between = "between Riverside Hospitals and Riverside Council"
    assert f"The most frequent is No authority at this level {between}: 3 occurrences of 3 issues." in text(page)
    assert BEHIND.format("2025-04..2026-03") in links(page, COUNTED)


def test_what_is_most_frequent_between_two_and_met_elsewhere_too_is_said_to_be_mostly_theirs(site: Site) -> None:
    happen(site, LONG_AGO, date(2026, 3, 3))
    happen(site, date(2026, 3, 4), by="kim", with_="community")
    page = text(site.guest("priya").get("/reports/RIV/themes").text)

    between = "mostly between Riverside Hospitals and Riverside Council"
    assert f"No authority at this level, {between}: 3 occurrences of 3 issues." in page


def test_a_partnership_whose_year_starts_in_april_reads_it_by_its_own_years(site: Site) -> None:
    happen(site, LONG_AGO, date(2026, 3, 3), date(2026, 4, 2))
    with site.db.write() as session:
        keep_terms(partnership_for_change(session, site.cast.partnership.id), "thresholds", {"year_starts": 4})
    priya = site.guest("priya")
    page = text(priya.get("/reports/RIV/themes").text)
    assert ("2025/26" in page, "2026/27" in page) == (True, True)
    for asked in ("2025/26", "FY2026"):
        report = priya.get(f"/reports/RIV/themes.json?period={asked}").json()
        assert (report["period"]["words"], report["occurrences"]) == ("2025/26", 2)
    assert priya.get("/reports/RIV/themes?period=2025/27").status_code == 422


def test_what_became_of_the_issues_of_a_period_names_the_period(site: Site) -> None:
    _, ref = happen(site, LONG_AGO, date(2026, 3, 3))
    with site.db.write() as session:
        resolve.propose(session, ref, doer(site.cast, "kim"), outcome="solved", done="A new form.")
        resolve.agree(session, ref, doer(site.cast, "sam"))
    page = text(site.guest("priya").get("/reports/RIV/themes?period=2026-Q1").text)

    assert "Nobody has been asked yet whether the issues of January to March 2026 stayed fixed." in page
    assert "1 of 1 of the period&#39;s issues that are resolved were solved by talking on the first tier." in page


def test_the_issues_behind_a_number_are_those_that_it_counts(site: Site) -> None:
    happen(site, LONG_AGO, date(2026, 3, 3))
    happen(site, date(2026, 3, 4), theme=None)
    browser = site.guest("priya")
    page = browser.get("/reports/RIV/themes").text
    behind = links(page, BEHIND.format("2025-04..2026-03"))
    listed = browser.get(behind[0].replace("&amp;", "&")).text

    assert set(re.findall(r"RIV-\d+", text(listed))) == {"RIV-1", "RIV-2"}


def test_what_is_recorded_only_this_month_is_shown_at_once(site: Site) -> None:
    happen(site, date(2026, 4, 2))
    browser = site.guest("priya")
    page = text(browser.get("/reports/RIV/themes").text)

    assert "April 2026, up to Mon 27 Apr" in page
    assert "1 so far; from November 2026 on this page tells what recurs." in page


def test_what_chance_does_not_explain_is_said_first_with_the_issues_behind_it(site: Site) -> None:
    happen(site, *[date(2025, month, 1) for month in range(4, 10)], *[date(2026, 2, 2)] * 12, *[date(2026, 3, 2)] * 8)
    browser = site.guest("priya")
    page = browser.get("/reports/RIV/themes").text

    told = "higher, in February alone 20 in the last 6 months, 3.3 a month; 1 a month before, some 3.3 times."
    assert f"No authority at this level {told}" in text(page)
    assert BEHIND.format("2025-10..2026-03") in links(page, COUNTED)
    assert "The last months are those up to March 2026." in text(page)
    assert "Something can be said of 1 theme and 1 theme between two organisations." in text(page)


def test_before_anything_was_recorded_the_page_says_what_will_be_there(site: Site) -> None:
    browser = site.guest("priya")
    assert "Here will stand what keeps getting in the way" in browser.get("/reports/RIV/themes").text
    assert "Here will stand how far issues climb" in browser.get("/reports/RIV/ladder").text


def test_front_line_staff_see_their_own_organisations_pairs_and_are_told_so(site: Site) -> None:
    happen(site, LONG_AGO)
    happen(site, date(2026, 3, 3), by="kim", with_="community")
    browser = site.guest("sam")
    page = text(browser.get("/reports/RIV/themes").text)

    assert "You see the issues of Riverside Hospitals, and the pairs it is part of." in page
    assert "1 occurrence of 1 issue" in page
    assert "Riverside Council ↔ Riverside Community Care" not in page


@pytest.mark.parametrize("name", ["themes", "ladder"])
def test_a_period_that_is_none_is_refused_with_what_is_allowed(site: Site, name: str) -> None:
    browser = site.guest("priya")
    answer = browser.get(f"/reports/RIV/{name}?period=banana")

    assert answer.status_code == 422
    assert "a year (2026), a quarter (2026-Q1), a month (2026-03) or months (2025-12..2026-11)" in answer.text


@pytest.mark.parametrize(
    "address", ["themes", "ladder", "themes.csv", "themes.pdf", "ladder.csv", "ladder.xlsx", "ladder.pdf"]
)
def test_the_reports_of_a_partnership_are_for_its_people(site: Site, address: str) -> None:
    browser = site.guest("stan")
    assert browser.get(f"/reports/RIV/{address}").status_code == 404


@pytest.mark.parametrize("period, found", [("2026-03", 1), ("2026", 2), ("all", 4), ("2025-Q4", 1)])
def test_another_period_is_shown_on_page_and_in_files_alike(site: Site, period: str, found: int) -> None:
    happen(site, LONG_AGO, date(2025, 12, 1), date(2026, 2, 2), date(2026, 3, 3))
    browser = site.guest("priya")
    page = text(browser.get(f"/reports/RIV/themes?period={period}").text)
    data = browser.get(f"/reports/RIV/themes.json?period={period}").json()
    lines = browser.get(f"/reports/RIV/themes.csv?period={period}").content.decode("utf-8-sig")
    sheet = list(csv.DictReader(io.StringIO(lines)))

    occurrences = "1 occurrence " if found == 1 else f"{found} occurrences "
    assert occurrences in page
    assert data["occurrences"] == sum(int(row["occurrences"]) for row in sheet) == found


def test_a_file_is_a_download_named_for_its_period(site: Site) -> None:
    browser = site.guest("priya")
    answer = browser.get("/reports/RIV/ladder.csv?period=2026-Q1")

    assert answer.headers["content-disposition"] == 'attachment; filename="RIV-2026-Q1-ladder.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_sheet_of_values_begins_with_the_mark_by_which_a_spreadsheet_knows_its_letters(site: Site) -> None:
    with site.db.write() as session:
        session.exec(update(Theme).where(Theme.key == "reliability").values(name="Überlastung"))  # type: ignore[arg-type]
        session.get_one(Partnership, site.cast.partnership.id).changed()
    browser = site.guest("priya")
    for name in ("themes", "ladder"):
        assert browser.get(f"/reports/RIV/{name}.csv").content.startswith(codecs.BOM_UTF8), name
    assert "Überlastung" in browser.get("/reports/RIV/themes.csv").content.decode("utf-8-sig")
    assert not browser.get("/reports/RIV/themes.json").content.startswith(codecs.BOM_UTF8)


def test_the_ladder_report_shows_how_issues_climbed_and_where_they_ended(site: Site) -> None:
    high, low = happen(site, date(2026, 4, 20), date(2026, 4, 20))
    with site.db.write() as session:
        escalate.by_holder(session, high, doer(site.cast, "kim"), cause=Cause.RISK)
        resolve.propose(session, low, doer(site.cast, "kim"), outcome="solved", done="a new form")
        resolve.agree(session, low, doer(site.cast, "sam"))
    browser = site.guest("priya")
    page = browser.get("/reports/RIV/ladder").text

    assert "1 of 1 resolved issue ended on the lowest tier, Front line, 1 of them solved." in text(page)
    assert "Most went up from Front line: 1 of the 2 that left it or passed its limit." in text(page)
    assert row(page, "Going up, by tier", "Front line") == ["2", "1", "2", "1 of 2", "1"]
    assert row(page, "Time on each tier", "Front line") == ["under an hour", "under an hour", "2 of 2", "–"]
    assert "Ended, solved or not, on Front line 1." in text(page)


def test_whose_turn_it_was_stands_in_the_partnerships_order_and_nobody_outside_is_named(site: Site) -> None:
    past = history(
        {"event": "raised", "to_organisation": "council"},
        {"event": "paused", "to_organisation": "County Court"},
        "resumed",
        {"event": "handed_over", "to_organisation": "acute"},
        {"event": "handed_over", "to_organisation": "council"},
        "resolved",
    )
    with site.db.write() as session:
        taken_in(session, site.cast, past)
    browser = site.guest("priya")
    page = browser.get("/reports/RIV/ladder?period=all").text

    turns = re.findall(r"<th scope=.row.>([^<]+)</th>", page.partition("Days an issue")[2].partition("</table>")[0])
    assert turns == ["Riverside Hospitals", "Riverside Council", "Riverside Community Care", "Outsiders"]
    assert row(page, "Whose turn it was", "Riverside Council")[:3] == ["60 %", "–", "3.0"]
    assert row(page, "Whose turn it was", "Outsiders")[:3] == ["–", "20 %", "1.0"]
    assert row(page, "From whom to whom the turn passed", "Riverside Council") == ["1", "–"]
    assert re.search(r'data-of="to Riverside Council"><a [^>]+>1</a></td>', page)  # on a phone it stands in the cell
    assert "County Court" not in page
    assert "The turn passed on 2 times, 1 of them to one that had had it before." in text(page)


def test_a_workbook_has_what_the_page_has(site: Site) -> None:
    happen(site, date(2026, 4, 20))
    browser = site.guest("priya")
    answer = browser.get("/reports/RIV/ladder.xlsx?period=all")
    book = ZipFile(io.BytesIO(answer.content))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())

    assert answer.headers["content-disposition"] == 'attachment; filename="RIV-all-ladder.xlsx"'
    assert names == ["Climbing", "Time on tiers", "Whose turn", "Hand-overs", "Measures", "Issues"]
    assert "RIV-1" in book.read("xl/sharedStrings.xml").decode()
    assert "/reports/RIV/ladder.xlsx?period=all" in links(
        browser.get("/reports/RIV/ladder?period=all").text, "/reports"
    )


def test_a_private_note_moves_nothing_on_the_ladder_report(site: Site) -> None:
    (ref,) = happen(site, date(2026, 4, 20))
    browser = site.guest("priya")
    before = browser.get("/reports/RIV/ladder.json?period=all").json()
    with site.db.write() as session:
        add_note(session, ref, doer(site.cast, "sam"), text="Between us.", ring=Ring.ORGANISATION)

    assert browser.get("/reports/RIV/ladder.json?period=all").json() == before


def test_the_ways_that_issues_went_are_shown_to_who_may_read_them(site: Site) -> None:
    happen(site, date(2026, 4, 20), title="Letters late again")
    happen(site, date(2026, 4, 20), title="Kept inside", ring=Ring.ORGANISATION)
    browser = site.guest("kim")
    page = browser.get("/reports/RIV/ladder").text
    browser = site.guest("mo")
    others = browser.get("/reports/RIV/ladder").text

    assert links(page, "/issues/RIV-") == ["/issues/RIV-1"]
    assert "Letters late again" in page
    assert "Kept inside" not in page
    assert "Letters late again" not in others
    assert "You see the issues that you may read." in text(others)


@pytest.mark.parametrize("report", ["themes", "ladder"])
def test_the_reports_lead_to_what_was_decided_and_to_the_packs(site: Site, report: str) -> None:
    browser = site.guest("sam")
    page = browser.get(f"/reports/RIV/{report}").text
    found = re.findall(r'href="([^"]*)"', page.partition('class="beside-links"')[2].partition("</nav>")[0])
    assert found[1:] == ["/decisions/RIV", "/packs/RIV"]
    assert [browser.get(each).status_code for each in found] == [200, 200, 200]


@pytest.mark.parametrize("face", ["themes", "ladder", "themes.json", "themes.xlsx", "ladder.pdf"])
def test_no_face_of_a_report_is_cut_by_a_service_area_or_a_team(site: Site, face: str) -> None:
    priya = site.guest("priya")
    for cut in ("area=discharge", "team=7", "period=2026-Q1&person=3"):
        answer = priya.get(f"/reports/RIV/{face}?{cut}")
        assert (answer.status_code, "A report is not cut by" in answer.text) == (422, True)
