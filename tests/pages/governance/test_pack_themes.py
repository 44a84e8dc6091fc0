"""What a pack says of themes: headlines first, verdicts and what helped, the same on page, paper and in sheets."""

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest
from sqlmodel import select

from tests.decision_makers import make_decision
from tests.issue_makers import make_issue
from tests.pages.governance.test_packs import everywhere, published
from tests.reports.pdf_words import words_on
from tests.site import Site
from tracker.records.pack import Pack

DECIDED = "Funding is answered within two days"


@pytest.fixture
def frozen(site: Site) -> Site:
    """Pack 1, published, with a theme that is rising, and a decision on it that Hospitals and Council took."""
    days = [date(2025, month, 3) for month in range(4, 10)] + [date(2026, 2, 2)] * 12 + [date(2026, 3, 2)] * 8
    with site.db.write() as session:
        for day in days:
            make_issue(session, site.cast, occurred_on=day, theme="authority")
        make_decision(session, site.cast, decided_on=date(2026, 2, 12), themes=("authority",))
    published(site)
    return site


def test_a_pack_says_first_what_stands_out_and_how_far_chance_goes(frozen: Site) -> None:
    for words in everywhere(frozen.guest("priya")):
        read = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", words))
        assert re.search("No authority at this level (is )?higher, in February alone:? 20 in the last 6 months", read)
        assert "by chance" in read
    page = frozen.guest("priya").get("/packs/RIV/1").text
    assert page.index("20 in the last 6 months") < page.index('aria-label="Themes"')


def test_each_theme_has_its_verdict_on_the_page_and_in_the_workbook(frozen: Site) -> None:
    page, _, cells = everywhere(frozen.guest("priya"))
    assert '<span class="verdict up">higher, in February alone</span>' in page
    assert all(f"<t>{words}</t>" in cells for words in ("Verdict", "higher, in February alone"))


def test_a_pack_without_a_headline_says_so(site: Site) -> None:
    for words in everywhere(published(site)):
        assert "No theme stands out" in words


@pytest.mark.parametrize("who, reads", [("priya", True), ("dana", True), ("ines", True), ("tess", False)])
def test_what_was_decided_about_themes_is_named_for_who_may_read_it(frozen: Site, who: str, reads: bool) -> None:
    guest = frozen.guest(who)
    paper = words_on(guest.get("/packs/RIV/1/pack.pdf").content)
    page = unescape(guest.get("/packs/RIV/1").text)
    assert (f"{DECIDED}, Thu 12 Feb 2026" in paper, f">{DECIDED}, Thu 12 Feb 2026</a>" in page) == (reads, reads)
    assert "Decision 1, Thu" not in paper


@pytest.mark.parametrize(
    "gone", [{"headlines", "chance", "decisions", "opening"}, {"chance"}, {"decisions", "most_frequent"}]
)
def test_a_pack_from_before_any_of_it_still_opens(frozen: Site, gone: set[str]) -> None:
    with frozen.db.write() as session:
        pack = session.exec(select(Pack)).one()
        assert pack.content
        themes = {name: value for name, value in pack.content["themes"].items() if name not in gone}
        lines = [{name: value for name, value in each.items() if name != "verdict"} for each in themes["themes"]]
        pack.content = {**pack.content, "themes": {**themes, "themes": lines}}
    guest = frozen.guest("priya")
    assert [guest.get(f"/packs/RIV/1{end}").status_code for end in ("", "/pack.pdf", "/pack.xlsx")] == [200, 200, 200]
    book = zipfile.ZipFile(io.BytesIO(guest.get("/packs/RIV/1/pack.xlsx").content)).read("xl/workbook.xml")
    assert (b'name="Headlines"' in book) is ("headlines" not in gone)
    assert (b'name="New"' in book) is ("opening" not in gone)
