"""On the form of an issue what is known is added on purpose, no title is cut off, and worked round is one tap."""

import re

import pytest

from tests.issue_makers import make_issue
from tests.pages.issues.test_standing import said
from tests.site import Site

RAISED = {"severity": "serious", "with": "council", "detail": "The third this month."}


def test_that_it_happened_to_one_too_is_asked_once_and_what_was_typed_goes_along(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    jo = site.guest("jo")
    asked = jo.post(f"/issues/{ref}/occurrences", {**RAISED, "title": "No list again", "ask": "yes", "once": "word"})
    assert asked.status_code == 200
    assert "Did this happen to you too?" in asked.text
    assert "\nThe third this month.</textarea>" in asked.text
    assert "happened 2 times" not in jo.get(f"/issues/{ref}").text
    added = jo.post(f"/issues/{ref}/occurrences", {"detail": "The third this month.", "once": "another"})
    assert added.status_code == 303
    assert "happened 2 times" in jo.get(f"/issues/{ref}").text


def test_that_it_happened_is_taken_back_where_it_is_told_by_whoever_said_it(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    jo, address = site.guest("jo"), f"/issues/{ref}"
    jo.post(f"{address}/occurrences", {"detail": "The third this month."})
    offered, again = re.compile(r'/take-back">.*?name="entry" value="(\d+)"', re.DOTALL), site.guest("sam")
    assert not offered.search(again.get(address).text)
    entry = offered.search(jo.get(address).text)
    assert entry is not None
    assert again.post(f"{address}/take-back", {"entry": entry[1]}).status_code == 409
    assert site.guest("mo").post(f"{address}/take-back", {"entry": entry[1]}).status_code == 404
    site.later(minutes=60)
    assert jo.post(f"{address}/take-back", {"entry": entry[1]}).status_code == 303
    page = jo.get(address).text
    assert "took back that it happened to them too" in page
    assert "happened 2 times" not in page
    assert not offered.search(page)


@pytest.mark.parametrize("letters, status", [(160, 303), (161, 422), (400, 422)])
def test_a_title_that_is_too_long_says_how_long_and_loses_nothing(site: Site, letters: int, status: int) -> None:
    sam, title = site.guest("sam"), "x" * letters
    answer = sam.post("/issues/new", {**RAISED, "title": title})
    assert answer.status_code == status
    if status == 422:
        assert f"This has {letters} letters, and 160 fit." in answer.text
        assert f'value="{title}"' in answer.text
        assert "maxlength" not in answer.text.partition('id="raise-title"')[2].partition(">")[0]


def test_a_title_is_not_cut_off_where_it_is_edited_either(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    sam = site.guest("sam")
    answer = sam.post(f"/issues/{ref}/amendment", {"title": "y" * 201, "severity": "serious"})
    assert (answer.status_code, "This has 201 letters, and 200 fit." in answer.text) == (422, True)
    assert f'value="{"y" * 201}"' in answer.text


def test_that_it_was_worked_round_stands_on_top_unfolded(site: Site) -> None:
    page = site.guest("sam").get("/issues/new").text
    assert page.index('name="worked_round"') < page.index('name="with"') < page.index('<details class="step more"')
    assert "We worked round it already" in said(page)
