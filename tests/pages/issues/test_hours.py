"""Working hours lost on forms: asked for only where the partnership asks, refused in a sentence, told where said."""

import re
from html import unescape
from typing import Any

import pytest

from tests.issue_makers import doer, make_issue
from tests.makers import ask_for_hours
from tests.site import Site
from tracker.actions import resolve
from tracker.records.issue import Issue

SAID = {
    "title": "Letters arrive late",
    "severity": "serious",
    "with": "council",
    "detail": "Three of them.",
    "once": "a",
}
PROPOSED = {"outcome": "solved", "done": "A new form.", "cause": "No form.", "once": "b"}
TYPED = 'name="hours" value="{}"'


@pytest.fixture
def asking(site: Site) -> Site:
    """A partnership that asks how many working hours were lost."""
    with site.db.write() as session:
        ask_for_hours(session, site.cast)
    return site


def raised(site: Site, **said: Any) -> str:
    with site.db.write() as session:
        return make_issue(session, site.cast, **said).ref


def kept(site: Site, number: int = 1) -> int | None:
    with site.db.read() as session:
        return session.get_one(Issue, number).lost_minutes


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_nobody_is_asked_for_hours_where_the_partnership_does_not_ask(site: Site) -> None:
    ref = raised(site)
    for page in (site.guest("sam").get("/issues/new").text, site.guest("kim").get(f"/issues/{ref}").text):
        assert 'name="hours"' not in page


def test_where_it_asks_both_forms_have_one_small_field_that_may_stay_empty(asking: Site) -> None:
    ref = raised(asking)
    new, shown = asking.guest("sam").get("/issues/new").text, asking.guest("kim").get(f"/issues/{ref}").text
    assert "Working hours lost so far, about if you like Added up by theme, never by person." in words(new)
    assert "Working hours lost in all, about if you like Of all sides together; added up by theme" in words(shown)
    assert asking.guest("sam").post("/issues/new", SAID).status_code == 303
    assert kept(asking, 2) is None


def test_hours_that_were_typed_are_kept_and_stand_at_the_head_of_the_issue(asking: Site) -> None:
    answer = asking.guest("sam").post("/issues/new", {**SAID, "hours": "2.5"})
    assert (answer.status_code, kept(asking)) == (303, 150)
    assert "about 2.5 working hours lost" in words(asking.guest("kim").get("/issues/RIV-1").text)


@pytest.mark.parametrize(
    "typed, said",
    [("two", "Give hours as a number, in quarters at the finest, such as 2.5."), ("-2", "Give 0 hours or more."),
     ("2.1", "Give hours as a number, in quarters at the finest, such as 2.5."),
     ("20000", "Give 10,000 hours or less: one issue hardly costs more.")],
)  # fmt: skip
def test_wrong_hours_come_back_with_all_that_was_typed_and_the_reason(asking: Site, typed: str, said: str) -> None:
    ref = raised(asking)
    answers = (
        asking.guest("sam").post("/issues/new", {**SAID, "hours": typed}),
        asking.guest("kim").post(f"/issues/{ref}/proposal", {**PROPOSED, "hours": typed, "version": "99"}),
    )
    for answer, whole in zip(answers, ("Three of them.", "A new form."), strict=True):
        assert answer.status_code == 422
        assert said in unescape(answer.text)
        assert TYPED.format(typed) in answer.text
        assert whole in answer.text
    assert kept(asking) is None


def test_hours_that_are_not_asked_for_are_refused_in_a_sentence(site: Site) -> None:
    answer = site.guest("sam").post("/issues/new", {**SAID, "hours": "2"})
    assert answer.status_code == 422
    assert "Hours lost are not asked for here: leave this empty." in answer.text
    ref = raised(site)
    version = re.search(r'name="version" value="(\d+)"', site.guest("kim").get(f"/issues/{ref}").text)
    assert version
    sent = {**PROPOSED, "hours": "2", "version": version[1]}
    assert site.guest("kim").post(f"/issues/{ref}/proposal", sent).status_code == 422
    assert kept(site) is None


def test_the_other_side_reads_the_hours_before_it_agrees_and_both_numbers_after(asking: Site) -> None:
    ref = raised(asking, lost_minutes=150)
    kim, sam = asking.guest("kim"), asking.guest("sam")
    page = kim.get(f"/issues/{ref}").text
    assert "Left empty, it stays at 2.5." in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert kim.post(f"/issues/{ref}/proposal", {**PROPOSED, "hours": "6", "version": version[1]}).status_code == 303
    waiting = words(sam.get(f"/issues/{ref}").text)
    assert waiting.count("Working hours lost in all, about 6") == 2  # what is proposed, and the story
    assert "about 2.5 working hours lost" in waiting
    with asking.db.write() as session:
        resolve.agree(session, ref, doer(asking.cast, "sam"))
    assert "about 6 working hours lost, 2.5 when it was raised" in words(sam.get(f"/issues/{ref}").text)


def test_what_was_said_stays_told_when_nobody_is_asked_any_more(asking: Site) -> None:
    ref = raised(asking, lost_minutes=150)
    with asking.db.write() as session:
        ask_for_hours(session, asking.cast, asks="")
    page = asking.guest("kim").get(f"/issues/{ref}").text
    assert "about 2.5 working hours lost" in page
    assert 'name="hours"' not in page


def test_no_list_has_a_column_of_hours_from_which_they_could_be_added_up_by_person(asking: Site) -> None:
    raised(asking, lost_minutes=150)
    whole = asking.guest("jo").get("/issues/list.csv")
    assert (whole.status_code, "RIV-1" in whole.text) == (200, True)
    assert "hours" not in whole.text.partition("\n")[0]
    assert "2.5" not in whole.text
