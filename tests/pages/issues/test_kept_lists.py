"""Lists that somebody keeps under a name of their own."""

import pytest
from httpx import Response

from tests.pages.forms_on_pages import forms_on
from tests.site import Site, went_to
from tracker.actions.people.keep_account import MOST_LISTS


def test_a_list_is_kept_under_a_name_and_found_again_until_it_is_let_go(site: Site) -> None:
    kim = site.guest("kim")
    assert 'name="asked" value="state=open&amp;due=soon"' in kim.get("/issues?state=open&due=soon").text
    answer = kim.post("/lists", {"name": "Mine soon", "asked": "state=open&due=soon"})
    assert went_to(answer) == "/issues?state=open&due=soon"
    assert '<a href="/issues?state=open&amp;due=soon">Mine soon</a>' in kim.get("/issues").text
    assert "Keep “Mine soon” no longer" in kim.get("/issues?state=open&due=soon").text
    assert "Mine soon" not in site.guest("lee").get("/issues").text
    kim.post("/lists/removal", {"name": "Mine soon"})
    assert "Mine soon" not in kim.get("/issues").text


def test_the_same_name_again_is_the_new_list(site: Site) -> None:
    kim = site.guest("kim")
    for asked in ("state=open", "q=beds"):
        kim.post("/lists", {"name": "Mine", "asked": asked})
    page = kim.get("/issues").text
    assert page.count(">Mine</a>") == 1
    assert '<a href="/issues?q=beds">Mine</a>' in page


def test_what_no_list_asks_for_is_left_out(site: Site) -> None:
    answer = site.guest("kim").post("/lists", {"name": "Odd", "asked": "state=odd&side=council&javascript=1"})
    assert went_to(answer) == "/issues?side=council"


def test_without_a_name_or_beyond_what_one_can_keep_it_is_refused(site: Site) -> None:
    kim = site.guest("kim")
    assert "Give the list a name." in kim.post("/lists", {"name": " ", "asked": "state=open"}).text
    for number in range(MOST_LISTS):
        assert kim.post("/lists", {"name": f"List {number}", "asked": "state=open"}).status_code == 303
    answer = kim.post("/lists", {"name": "One more", "asked": "state=open"})
    assert answer.status_code == 422
    assert "You keep 20 lists already: let go of one first." in answer.text
    assert_is_the_list_with(answer, "One more", "state=open")


@pytest.mark.parametrize(
    "fields, reason",
    [({"name": "A" * 61}, "Keep this to 60 characters."), ({"name": "Mine", "unsent": "yes"}, "This is not sent yet.")],
    ids=["too long", "only to be shown"],
)
def test_what_is_not_kept_comes_back_on_its_list_as_it_was_typed(
    site: Site, fields: dict[str, str], reason: str
) -> None:
    kim = site.guest("kim")
    answer = kim.post("/lists", {**fields, "asked": "side=council&state=open"})
    assert answer.status_code == 422
    assert reason in answer.text
    assert_is_the_list_with(answer, fields["name"], "side=council&state=open")
    assert fields["name"] not in kim.get("/issues").text


def assert_is_the_list_with(answer: Response, name: str, asked: str) -> None:
    """The page of the list that was to be kept, with the form as it was filled in."""
    (form,) = [each for each in forms_on(answer.text) if each.action == "/lists"]
    assert (form.fields["name"], form.fields["asked"]) == (name, asked)
