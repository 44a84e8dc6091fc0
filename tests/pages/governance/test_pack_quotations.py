"""What a pack quotes: as it was when the pack was published, without references, for who sees its themes."""

import io
import zipfile
from datetime import date

import pytest
from sqlmodel import select

from tests.issue_makers import doer, make_issue
from tests.pages.desk.test_desk import said
from tests.pages.governance.test_packs import published
from tests.reports.pdf_words import words_on
from tests.site import Site
from tracker.actions.quote import let_quote, take_words_back
from tracker.records.pack import Pack

WORDS = "We wait for a letter that nobody can find."
PACK, REPORT = "/packs/RIV/1", "/reports/RIV/themes?period=2026-Q1"


@pytest.fixture
def frozen(site: Site) -> Site:
    """Pack 1, published, with words of Sam about RIV-1."""
    with site.db.write() as session:
        issue = make_issue(session, site.cast, theme="authority", occurred_on=date(2026, 3, 3))
        make_issue(session, site.cast, theme="authority", occurred_on=date(2025, 6, 3))  # so the report is not young
        let_quote(session, issue.ref, doer(site.cast, "sam"), text=WORDS, agrees=True, left_out=True)
    published(site)
    return site


def sheets(content: bytes) -> str:
    book = zipfile.ZipFile(io.BytesIO(content))
    return "".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.parametrize("who", ["priya", "dana", "ines"])
def test_a_pack_quotes_on_its_page_its_paper_and_in_its_workbook(frozen: Site, who: str) -> None:
    guest = frozen.guest(who)
    page, paper = guest.get(PACK).text, words_on(guest.get(f"{PACK}/pack.pdf").content)
    assert f"<blockquote>{WORDS}</blockquote>" in page
    assert "No authority at this level · one of the sides" in said(page)
    assert f"“{WORDS}” one of the sides" in paper
    assert WORDS in sheets(guest.get(f"{PACK}/pack.xlsx").content)
    assert "RIV-1" not in page
    assert "RIV-1" not in paper


def test_words_that_are_taken_back_stay_in_a_published_pack_and_leave_the_report(frozen: Site) -> None:
    guest = frozen.guest("priya")
    assert WORDS in guest.get(REPORT).text
    with frozen.db.write() as session:
        take_words_back(session, "RIV-1", doer(frozen.cast, "sam"))
    assert WORDS not in guest.get(REPORT).text
    assert WORDS in guest.get(PACK).text


def test_who_sees_no_totals_is_not_quoted_to_from_a_pack(frozen: Site) -> None:
    for address in (PACK, f"{PACK}/pack.pdf"):
        answer = frozen.guest("lee").get(address)
        assert WORDS not in (words_on(answer.content) if address.endswith("pdf") else answer.text)


def test_a_pack_from_before_anything_was_quoted_still_opens(frozen: Site) -> None:
    with frozen.db.write() as session:
        pack = session.exec(select(Pack)).one()
        assert pack.content
        themes = {name: value for name, value in pack.content["themes"].items() if name != "quotations"}
        pack.content = {**pack.content, "themes": themes}
    guest = frozen.guest("priya")
    assert [guest.get(f"{PACK}{end}").status_code for end in ("", "/pack.pdf", "/pack.xlsx")] == [200, 200, 200]
