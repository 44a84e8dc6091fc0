"""From the issues behind a number of the theme report back to it."""

import pytest

from tests.pages.issues.test_list import listed, refs, stories
from tests.pages.reports.test_reports import text
from tests.site import Site


def test_a_list_behind_a_number_tells_which_report_led_there_and_the_way_back(site: Site) -> None:
    stories(site)
    page = listed(site, "?partnership=RIV&state=resolved&crossed=yes&report=2026-Q1")
    assert "Riverside Integrated Discharge · January to March 2026 · What keeps getting in the way Issues" in text(page)
    assert '<a href="/reports/RIV/themes?period=2026-Q1">What keeps getting in the way</a>' in page
    assert "Here each issue that you may read stands once" in text(page)
    assert (refs(page), "left out" in text(page)) == (["RIV-3"], False)


def test_an_empty_list_behind_a_number_says_that_others_may_be_counted_and_leads_back(site: Site) -> None:
    stories(site)
    page = listed(site, "?partnership=RIV&by=council&crossed=yes&report=all")
    assert "No issue that you may read. The report counts those that others alone may read, too." in text(page)
    assert '<a class="button quiet" href="/reports/RIV/themes?period=all">Back to the report</a>' in page


def test_the_list_itself_leads_back_to_no_report(site: Site) -> None:
    stories(site)
    assert "What keeps getting in the way" not in listed(site, "?partnership=RIV&report=2026")


@pytest.mark.parametrize("query", ["?crossed=yes", "?crossed=yes&report=x", "?crossed=yes&report=2026-Q9"])
def test_without_a_period_that_can_be_read_it_leads_back_to_the_report_as_it_shows_itself(
    site: Site, query: str
) -> None:
    stories(site)
    assert '<a href="/reports/RIV/themes">What keeps getting in the way</a>' in listed(site, query)


def test_days_to_take_away_are_told_in_words(site: Site) -> None:
    stories(site)
    assert "happened from Wed 1 Apr 2026" in text(listed(site, "?from=2026-04-01"))
