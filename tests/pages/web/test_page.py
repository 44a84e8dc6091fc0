"""A page, or the one block of it that htmx wants replaced."""

from tests.site import Site
from tracker.pages.web.page import environment


def test_a_page_is_drawn_whole(site: Site) -> None:
    text = site.guest("sam").get("/account").text
    assert text.startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")


def test_htmx_gets_only_the_block_it_will_replace(site: Site) -> None:
    text = site.guest("sam").htmx("/account", "main").text
    assert "Where you are signed in" in text
    assert "<html" not in text
    assert "Main" not in text


def test_a_block_has_what_the_top_of_its_template_brought_in(site: Site) -> None:
    assert '<input type="hidden" name="csrf" value="' in site.guest("sam").htmx("/account", "main").text


def test_htmx_gets_the_whole_page_for_an_element_that_is_no_block(site: Site) -> None:
    assert "<html" in site.guest("sam").htmx("/account", "somewhere").text


def test_going_back_in_the_browser_gets_the_whole_page(site: Site) -> None:
    back = {"HX-Request": "true", "HX-Target": "main#main", "HX-History-Restore-Request": "true"}
    assert "<html" in site.guest("sam").get("/account", headers=back).text


def test_what_people_wrote_is_never_taken_for_markup(site: Site) -> None:
    text = site.stranger().get("/sign-in", params={"next": '/"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text


def test_the_frame_says_who_is_here_for_whom_and_where(site: Site) -> None:
    text = site.guest("kim").get("/account").text
    assert "Kim Tran<small>Riverside Council</small>" in text
    assert 'class="who side-b"' in text
    assert '<a href="/account" aria-current="page">' in text


def test_leads_find_the_arrangements(site: Site) -> None:
    assert "/arrangements/RIV" in site.guest("alex").get("/account").text
    assert "/arrangements/RIV" not in site.guest("sam").get("/account").text


def test_a_stranger_sees_neither_navigation_nor_search(site: Site) -> None:
    text = site.stranger().get("/sign-in").text
    assert "<nav" not in text
    assert 'role="search"' not in text


def test_paper_leads_back_to_the_same_list_and_period(site: Site) -> None:
    page = site.guest("priya").get("/reports/RIV/ladder?period=all").text
    assert page.count("http://127.0.0.1:8000/reports/RIV/ladder?period=all</p>") == 1


def test_what_is_asked_of_a_view_is_its_key_and_else_what_any_dictionary_can_do() -> None:
    drawn = environment().from_string("{{ view.items }}, {{ view.values()|list|length }}, {{ view.title is defined }}")
    assert drawn.render(view={"items": "three"}) == "three, 1, False"
