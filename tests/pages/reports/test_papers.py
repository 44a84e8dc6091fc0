"""The theme report, the ladder report and packs on paper: their size, their first page, their heads, their words."""

import re
from itertools import pairwise

import pytest

from tests.pages.governance.test_packs import drafted
from tests.pages.reports.conftest import Demonstration
from tests.pages.reports.test_reports import LONG_AGO, happen
from tests.reports.pdf_tags import tags_of
from tests.reports.pdf_words import page_sizes, pages_of
from tests.site import Site
from tracker.records.partnership import Partnership
from tracker.rules.arrangement import PaperSize

SIZES = {PaperSize.A4: (595.28, 841.89), PaperSize.US_LETTER: (612.0, 792.0)}
FIRST_SCREEN = ("To decide on", "Since last month", "What stands out", "What helped and what did not")


@pytest.mark.parametrize("size", PaperSize)
def test_papers_are_of_the_size_that_the_partnership_uses(site: Site, size: PaperSize) -> None:
    happen(site, LONG_AGO)
    with site.db.write() as session:
        partnership = session.get_one(Partnership, site.cast.partnership.id)
        partnership.keep_paper(size)
        partnership.changed()
    guest = drafted(site)
    for at in ("/reports/RIV/themes.pdf", "/reports/RIV/ladder.pdf", "/packs/RIV/1/pack.pdf"):
        assert set(page_sizes(guest.get(at).content)) == {SIZES[size]}, at


@pytest.fixture(scope="module", params=["themes", "ladder"])
def paper(request: pytest.FixtureRequest, shown: Demonstration) -> bytes:
    return shown.visitor("steering group").get(f"/reports/RIV/{request.param}.pdf").content


@pytest.fixture(scope="module")
def themes(shown: Demonstration) -> list[str]:
    return pages_of(shown.visitor("steering group").get("/reports/RIV/themes.pdf").content)


def test_the_first_page_of_the_theme_report_is_the_first_screen(themes: list[str]) -> None:
    first, *others = themes
    assert [each for each in FIRST_SCREEN if each not in first] == []
    assert "Theme by theme" not in first
    assert others[0].startswith("Theme by theme")


def test_no_heading_stands_at_the_foot_of_a_page_without_what_it_heads(paper: bytes) -> None:
    parts = tags_of(paper).children
    heads = [(each, next_) for each, next_ in pairwise(parts) if each.is_heading]
    assert len(heads) > 4
    assert [each for each, next_ in heads if each.first_page != next_.first_page] == []
    assert not parts[-1].is_heading


def test_every_row_of_a_table_has_its_name_as_its_head(paper: bytes) -> None:
    rows = [row for body in tags_of(paper).all_of("TBody") for row in body.children]
    assert len(rows) > 20
    assert {tuple((cell.kind, cell.scope) for cell in row.children[:1]) for row in rows} == {(("TH", "Row"),)}
    assert {cell.kind for row in rows for cell in row.children[1:]} == {"TD"}


def test_words_of_statistics_stand_in_why_and_in_how_far_to_trust_this_alone(themes: list[str]) -> None:
    body = re.split(r"\bWhy ", " ".join(themes))[0]
    assert not re.search(r"kappa|[ct]-chart|g-chart|by chance alone", body)
    assert "kappa" in " ".join(themes)
