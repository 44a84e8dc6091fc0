"""What changed since the last pack: the same words on the page, on paper, in the workbook and for programs."""

import re
from datetime import date
from html import unescape

import pytest

from tests.decision_makers import make_decision
from tests.issue_makers import doer
from tests.makers import MONDAY
from tests.pages.governance.test_packs import climbed, published
from tests.reports.pdf_words import words_on
from tests.reports.workbook_rows import rows_of
from tests.site import Guest, Site
from tracker.actions.resolve import agree, propose

FIRST_DAY = date(1899, 12, 30)  # from which spreadsheets count days
AT, NEXT = "/packs/RIV/2", {"body": "steering", "meets_at": "2026-05-26T10:00:00+01:00"}
CHANGED = [
    "RIV-1: resolved since, solved",
    "Decision 1: done since",
    "RIV-3 Came later: reached this body since",
]


@pytest.fixture
def second(site: Site) -> Site:
    """After the meeting of the first pack one of its issues was solved, its decision done, and another issue came."""
    first = climbed(site)
    climbed(site, title="As it was")
    with site.db.write() as session:
        make_decision(session, site.cast)
    guest = published(site)
    site.later(days=2)
    with site.db.write() as session:
        propose(session, first, doer(site.cast, "dana"), outcome="solved", done="Done.")
        agree(session, first, doer(site.cast, "priya"))
    assert site.guest("jo").post("/decisions/RIV/1/completion", {}).status_code == 303
    climbed(site, title="Came later")
    assert guest.post("/packs/RIV", NEXT).status_code == 303
    return site


def on_page(guest: Guest) -> list[str]:
    section = guest.get(AT).text.partition("Changed since the last pack</h2>")[2].partition("</section>")[0]
    return [unescape(re.sub("<[^>]+>", "", each)) for each in re.findall("<li>(.*?)</li>", section)]


@pytest.mark.parametrize("publish", [False, True], ids=["draft", "published"])
def test_every_face_of_a_pack_says_what_changed_since_the_last_one_in_the_same_words(
    second: Site, publish: bool
) -> None:
    guest = second.guest("priya")
    if publish:
        assert guest.post(f"{AT}/publication").status_code == 303
    sheet = rows_of(guest.get(f"{AT}/pack.xlsx").content)["Since the last pack"]
    paper = words_on(guest.get(f"{AT}/pack.pdf").content)
    assert on_page(guest) == CHANGED
    assert guest.get(f"{AT}/pack.json").json()["changed_since_last"] == CHANGED
    assert [value for row in sheet for value in row.values()] == CHANGED
    assert [each for each in CHANGED if each not in paper] == []
    assert "Changed since the last pack Steering group, Tue 28 Apr 2026" in paper


def test_what_changed_is_told_to_each_reader_as_far_as_they_may_see_it(second: Site) -> None:
    assert second.guest("priya").post(f"{AT}/publication").status_code == 303
    tess = second.guest("tess")  # of the third organisation
    for said in (tess.get(AT).text, tess.get(f"{AT}/pack.json").text, words_on(tess.get(f"{AT}/pack.pdf").content)):
        assert "RIV-1" not in said
        assert "Came later" not in said
    assert on_page(tess) == []


def test_since_when_an_issue_is_there_is_a_day_in_the_workbook(second: Site) -> None:
    agenda = rows_of(second.guest("priya").get(f"{AT}/pack.xlsx").content)["Agenda"]
    assert {row["Here since"] for row in agenda} == {(MONDAY.date() - FIRST_DAY).days}


def test_a_first_pack_has_nothing_to_be_held_against(site: Site) -> None:
    guest = published(site)
    assert "Changed since the last pack" not in guest.get("/packs/RIV/1").text
    assert guest.get("/packs/RIV/1/pack.json").json()["since_last"] is None


def test_an_agenda_leads_to_the_report_as_its_body_reads_it_and_that_leads_back(second: Site) -> None:
    priya = second.guest("priya")
    assert 'href="/reports/RIV/themes?body=steering"' in priya.get("/bodies/RIV/steering").text
    assert 'href="/reports/RIV/themes"' in second.guest("sam").get("/bodies/RIV/steering").text
