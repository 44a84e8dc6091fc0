"""The issues that a number of the theme report counts, and the addresses of the list that once told of them."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.issue_makers import make_issue
from tests.makers import MONDAY
from tests.pages.issues.test_list import link_to, refs, stories
from tests.pages.reports.test_reports import text
from tests.site import Site
from tracker.pages.issues.filters import COUNTED
from tracker.records.person import Membership

HERE = "/reports/RIV/issues"
SOLVED_IN_APRIL = "resolved_from=2026-04-01&resolved_until=2026-04-30"
ALL = ["RIV-4", "RIV-3", "RIV-2", "RIV-1"]
# Of each filter by which the theme report counts: an address of the list with it, and what it holds of `stories`.
HELD = {
    "by": ("by=acute", ALL),
    "named": ("named=acute,council", ["RIV-1"]),
    "alike": ("named=any&alike=no&theme=tagged", ["RIV-1"]),
    "view": ("view=council:authority&q=medication", ["RIV-1"]),
    "fix": (f"fix=followed&{SOLVED_IN_APRIL}", []),
    "stayed": ("stayed=any&side=council&outcome=unsolved", ["RIV-3"]),
    "again": ("again=yes&kind=issue", []),
    "entered": ("entered=prompt&from=2026-04-27&until=2026-04-27", ALL),
    "severity": ("severity=severe&side=community", ["RIV-2"]),
    "lost": ("lost=said&side=council", []),
    "crossed": ("crossed=yes&report=2026-Q2&tier=1&utm_source=mail", ALL),
}


def test_the_old_address_of_every_filter_is_tried() -> None:
    assert set(HELD) == set(COUNTED)


@pytest.mark.parametrize("name", HELD)
def test_an_old_address_leads_on_with_all_that_it_asks_to_the_same_issues(site: Site, name: str) -> None:
    stories(site)
    guest, (query, held) = site.guest("sam"), HELD[name]
    led = urlsplit(guest.get(f"/issues?partnership=RIV&{query}").headers["location"])
    assert (led.path, parse_qs(led.query)) == (HERE, parse_qs(query))
    assert refs(guest.get(led.geturl()).text) == held


@pytest.mark.parametrize(
    "query", ["by=acute", "by=nobody", "crossed=yes&after=1-1", "alike=%F0%9F%99%82%FF&name=x&asked=y"]
)
@pytest.mark.parametrize("partnership, status", [("", 200), ("partnership=&", 200), ("partnership=NONE&", 404),
                                                 ("partnership=ELS&", 404), ("partnership=..%2F..&", 404)])  # fmt: skip
def test_an_old_address_leads_on_to_the_only_partnership_or_there_is_none(
    site: Site, partnership: str, status: int, query: str
) -> None:
    assert site.guest("sam").follow(f"/issues?{partnership}{query}").status_code == status


def test_whoever_has_two_partnerships_has_to_say_of_which(site: Site) -> None:
    with site.db.write() as session:
        session.add(Membership(person_id=site.cast.sam.id, organisation_id=site.cast.north.id, front_line=True))
        session.merge(site.cast.elsewhere).changed()
    guest = site.guest("sam")
    answer = guest.get("/issues?crossed=yes")
    assert (answer.status_code, "Say of which partnership: ELS, RIV." in text(answer.text)) == (422, True)
    assert guest.follow("/issues?partnership=ELS&crossed=yes").status_code == 200


def test_an_old_page_further_on_leads_on_to_the_same_page(site: Site) -> None:
    with site.db.write() as session:
        for minute in range(53):
            make_issue(session, site.cast, now=MONDAY + timedelta(minutes=minute))
    guest, asked = site.guest("sam"), "crossed=yes&report=2026-Q2"
    first = guest.get(f"{HERE}?{asked}").text
    onward = link_to(first, "next")
    second = guest.get(onward).text
    old = onward.replace(f"{HERE}?", "/issues?partnership=RIV&")
    assert refs(guest.follow(old).text) == refs(second) == ["RIV-3", "RIV-2", "RIV-1"]
    assert refs(guest.get(link_to(second, "prev")).text) == refs(first)
    assert '<a href="/reports/RIV/themes?period=2026-Q2">What keeps getting in the way</a>' in second
    assert ("The newest 50." in text(first), "The oldest 3." in text(second)) == (True, True)


@pytest.mark.parametrize("name", ["stan", "nils"])
def test_a_stranger_to_the_partnership_finds_no_list(site: Site, name: str) -> None:
    stories(site)
    for address in (f"{HERE}?crossed=yes", "/issues?partnership=RIV&crossed=yes"):
        assert site.guest(name).follow(address).status_code == 404


def test_the_list_has_no_filter_of_what_a_number_counts(site: Site) -> None:
    stories(site)
    page = unescape(site.guest("sam").get("/issues?state=open&report=2026-Q2&crossed=").text)
    assert "report" not in page.partition("<main")[2].partition("<table")[0]
