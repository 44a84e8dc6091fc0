"""What is new since one looked, on pages: seen as new, then not; reading alone changes nothing."""

import re

import pytest

from tests.issue_makers import doer, make_issue, shorten_pages
from tests.site import Guest, Site, went_to
from tracker.actions.add_note import add_note
from tracker.queries.issue_list.news import _page
from tracker.rules.rings import Ring

REF = "RIV-1"
PAGE = f"/issues/{REF}"


def raised(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)


def noted(site: Site, who: str = "sam", ring: Ring = Ring.SHARED) -> None:
    site.later(minutes=5)
    with site.db.write() as session:
        add_note(session, REF, doer(site.cast, who, site.now), text="It is on its way.", ring=ring)
    site.later(minutes=5)


def looked(guest: Guest) -> Guest:
    """They open the page, and its script says so."""
    entries = re.search(r'name="entries" value="(\d+)"', guest.get(PAGE).text)
    assert entries
    answer = guest.send_htmx(f"{PAGE}/look", "main", {"entries": entries[1]})
    assert answer.status_code == 204
    return guest


def marks(page: str) -> list[str]:
    return re.findall(r'class="news"[^>]*>([^<]+)<', page)


def test_a_new_note_is_marked_in_list_desk_and_page_until_the_page_was_seen(site: Site) -> None:
    raised(site)
    kim = looked(site.guest("kim"))
    assert marks(kim.get(PAGE).text) == []
    for _ in range(2):
        noted(site)
    for address in ("/issues", "/issues?new=yes", "/bodies/RIV/front"):
        assert marks(kim.get(address).text) == ["2 new"], address
    assert marks(kim.get("/").text) == ["One issue has something new since you looked", "2 new"]
    page = kim.get(PAGE).text
    assert marks(page) == ["2 new since you looked"]
    assert page.index('id="new">New since you looked') < page.index("It is on its way.")
    looked(kim)
    for address in ("/", "/issues", "/bodies/RIV/front", PAGE):
        assert marks(kim.get(address).text) == [], address


def test_reading_alone_changes_nothing(site: Site) -> None:
    raised(site)
    kim = looked(site.guest("kim"))
    noted(site)
    for _ in range(2):
        assert marks(kim.get(PAGE).text) == ["1 new since you looked"]


def test_where_nothing_is_new_nothing_is_sent(site: Site) -> None:
    raised(site)
    sam, kim = site.guest("sam"), looked(site.guest("kim"))
    assert f'action="{PAGE}/look"' not in sam.get(PAGE).text
    assert f'action="{PAGE}/look"' not in kim.get(PAGE).text


def test_without_scripts_the_next_step_says_that_the_page_was_seen(site: Site) -> None:
    raised(site)
    noted(site)
    kim = site.guest("kim")
    entries = re.search(r'name="entries" value="(\d+)"', kim.get(PAGE).text)
    assert entries
    kim.post(f"{PAGE}/acknowledgement", {"once": "a", "entries": entries[1]})
    assert marks(kim.get("/issues").text) == []


def test_without_scripts_a_button_says_it_and_another_marks_all(site: Site) -> None:
    raised(site)
    kim = site.guest("kim")
    kim.get("/")
    assert went_to(kim.post("/looks", {"until": site.now.isoformat(), "back": "/issues"})) == "/issues"
    assert marks(kim.get("/issues").text) == []
    noted(site)
    answer = kim.post(f"{PAGE}/look", {"entries": "9"})
    assert (answer.status_code, went_to(answer)) == (303, PAGE)


def test_some_of_a_list_are_marked_and_nothing_that_is_not_theirs(site: Site) -> None:
    raised(site)
    raised(site)
    kim, mo = site.guest("kim"), site.guest("mo")
    kim.post("/looks", {"ref": ["RIV-2"], "back": "//elsewhere.example"})
    assert marks(kim.get("/issues").text) == ["1 new"]
    assert mo.post("/looks", {"ref": ["RIV-1"]}).status_code == 303
    assert mo.post(f"{PAGE}/look", {"entries": "1"}).status_code == 404


def test_what_is_new_can_stand_first_on_the_desk(site: Site) -> None:
    raised(site)
    raised(site)
    kim = looked(site.guest("kim"))
    by_due, by_news = (kim.get(address).text for address in ("/", "/?order=new"))
    assert by_due.index("RIV-1") < by_due.index("RIV-2")
    assert by_news.index("RIV-2") < by_news.index("RIV-1")
    assert 'href="/?order=new"' in by_due
    assert 'href="/">By what is due first' in by_news


def test_a_private_note_moves_no_page_of_who_may_not_read_it(site: Site) -> None:
    raised(site)
    kim = looked(site.guest("kim"))
    noted(site, "sam", Ring.ORGANISATION)
    assert [marks(kim.get(address).text) for address in ("/", "/issues", PAGE)] == [[], [], []]


def test_what_is_new_can_stand_first_in_the_list(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        raised(site)
        site.later(minutes=5)
    kim = site.guest("kim")
    kim.post("/looks", {"ref": ["RIV-4", "RIV-1"]})
    page = kim.get("/issues?sort=new").text
    assert re.findall(r'href="/issues/RIV-(\d)"', page) == ["3", "2", "4", "1"]
    assert "Issues, what is new to you first, then the newest. 4 issues." in page
    assert '<option value="new" selected>what is new to you first</option>' in page
    shorten_pages(monkeypatch, 1, "issue_list.news")
    _page.cache_clear()
    assert 'href="/issues?sort=new&amp;after=RIV-3~"' in kim.get("/issues?sort=new").text
    second = kim.get("/issues?sort=new&after=RIV-3~").text
    assert re.findall(r'href="/issues/RIV-(\d)"', second) == ["2"]
    assert re.findall(r'href="/issues/RIV-(\d)"', kim.get("/issues?sort=new&after=RIV-4").text) == ["1"]
    _page.cache_clear()
    sheet = kim.get("/issues/list.csv?sort=new").content.decode("utf-8-sig")
    assert re.findall(r"^RIV-(\d)", sheet, re.MULTILINE) == ["3", "2", "4", "1"]
