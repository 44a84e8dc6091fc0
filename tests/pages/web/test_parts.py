"""The parts of pages say what they must, to eyes and to screen readers."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.pages.view_makers import (
    CARE,
    COUNCIL,
    HOSPITALS,
    NOW,
    OWN,
    a_ladder,
    a_note,
    a_row,
    an_issue,
    part,
)
from tracker.pages.issues.standing import StandingView
from tracker.pages.issues.view import StoryItem
from tracker.pages.web.parts import FormState
from tracker.reports.themes.charts import Spark
from tracker.rules.events.issue import Acknowledged

ORDINARY = an_issue()["standing"]
NOBODY = StandingView(None)
UNSOLVED = {
    "at": NOW,
    "outcome": "nothing could be done",
    "solved": False,
    "agreed": "",
    "stayed_fixed": None,
    "done": "",
}


def test_opposite_numbers_face_each_other_on_every_rung() -> None:
    rungs = part("ladder", "ladder", a_ladder(HOSPITALS, COUNCIL)).split("<li")[1:]
    faces = [re.findall(r"seat-(\d) side-(\w).*?<span>(.*?)</span>", rung, re.DOTALL) for rung in rungs]
    assert faces == [[("1", "a", "Jo Bell"), ("2", "b", "Lee Park")]] * 2


def test_the_ball_is_on_the_side_that_has_it_and_only_on_the_rung_it_is_on() -> None:
    above, now = part("ladder", "ladder", a_ladder(HOSPITALS, COUNCIL)).split("<li")[1:]
    assert "their turn" not in above
    assert now.count("their turn") == 1
    assert re.search(r'side-b ball">\s*<span>Lee Park', now)


def test_a_rung_above_says_when_it_is_reached() -> None:
    drawn = part("ladder", "ladder", a_ladder(HOSPITALS, COUNCIL))
    assert 'from <time datetime="2026-05-12">Tue 12 May</time>' in drawn


def test_the_rung_it_is_on_is_told_to_screen_readers_too() -> None:
    assert part("ladder", "ladder", a_ladder(HOSPITALS, COUNCIL)).count('aria-current="step"') == 1


def test_three_sides_have_a_column_each() -> None:
    drawn = part("ladder", "ladder", a_ladder(HOSPITALS, COUNCIL, CARE))
    assert "many of-3" in drawn
    assert drawn.count("Nadia Amin") == 2


def test_a_vacant_seat_is_said_loudly() -> None:
    rung = a_ladder(HOSPITALS, COUNCIL)["rungs"][1]
    empty = replace(rung, seats=(rung.seats[0], replace(rung.seats[1], name=None)))
    assert "nobody yet" in part("ladder", "rung", empty)


@pytest.mark.parametrize(
    "changed, said",
    [
        ({}, "It is the turn of Riverside Council. Lee Park answers by Tue 12 May, 16:30, 2 working days from now."),
        ({}, "If nothing happens, it goes to the Directors."),
        ({"standing": replace(ORDINARY, ball_is_mine=True)}, "of your side, Riverside Council."),
        ({"standing": replace(ORDINARY, holder_is_me=True)}, "It is your turn. You answer by"),
        ({"standing": replace(ORDINARY, holder="")}, "Nobody holds this tier there"),
        ({"standing": replace(ORDINARY, late=True, at_top=True)}, "The limit passed Tue 12 May, 16:30"),
        (
            {"state": "resolved", "resolution": UNSOLVED},
            "Resolved, nothing could be done, Fri 8 May, 10:00. It counts as resolved, not solved.",
        ),
        (
            {"ring": "organisation", "readers": OWN, "standing": NOBODY},
            "Only Riverside Hospitals sees this.",
        ),
        ({"kind": "early_warning", "standing": NOBODY}, "An early warning."),
    ],
    ids=[
        "turn",
        "then",
        "our-turn",
        "my-turn",
        "vacant",
        "past-the-top",
        "not-solved",
        "private",
        "early-warning",
    ],
)
def test_the_sentence_that_opens_the_page(changed: dict[str, object], said: str) -> None:
    assert said in in_words(part("standing", "standing", an_issue(**changed)))


def test_a_private_note_says_who_reads_it() -> None:
    assert "only Riverside Council reads this" in part("story", "story", (a_note(readers="only Riverside Council"),))


def test_a_note_is_shown_as_it_was_typed() -> None:
    assert "2 &lt; 3 &amp; so on" in part("story", "story", (a_note("2 < 3 & so on"),))


def test_a_long_story_folds_its_beginning_away() -> None:
    notes = tuple(a_note(f"Note {day}", at=NOW + timedelta(days=day), mark=f"n{day}") for day in range(40))
    folded, open_ = part("story", "story", notes).split("</details>")
    assert "16 earlier entries" in folded
    assert (folded.count("<article"), open_.count("<article")) == (16, 24)


def test_what_moves_nothing_is_folded_where_several_follow_each_other_and_says_what_it_was() -> None:
    near = [an_event(f"Kim acknowledged it {number}", "acknowledged") for number in (1, 2)]
    drawn = part("story", "story", (*near, an_event("The limit is near", "limit near"), a_note(), *near[:1]))
    folded, open_ = drawn.split("</details>")
    assert in_words(folded.partition("</summary>")[0]).startswith("Acknowledged, limit near")
    assert (folded.count('class="event'), open_.count('class="event'), open_.count("<details")) == (3, 1, 0)


def test_words_of_somebodys_own_are_never_folded() -> None:
    assert Acknowledged().folded_text() == "acknowledged"
    assert Acknowledged(remark="We look at it tomorrow.").folded_text() == ""


def an_event(sentence: str, routine: str) -> StoryItem:
    return StoryItem("event-1", NOW, sentence=sentence, routine=routine)


def test_a_wrong_field_says_why_beside_it_and_keeps_what_was_typed() -> None:
    form = FormState({"reason": "becau"}, {"reason": "Say a little more."})
    drawn = part("forms", "area", form, "return", "reason", "Why")
    assert 'aria-describedby="return-reason-error" aria-invalid="true"' in drawn
    assert 'id="return-reason-error"><span class="unseen">Mistake: </span>Say a little more.' in drawn
    assert "becau</textarea>" in drawn


def test_the_summary_of_mistakes_leads_to_each_field() -> None:
    drawn = part("forms", "problems", FormState(errors={"reason": "Say a little more."}), "return")
    assert '<a href="#return-reason">Say a little more.</a>' in drawn


def test_what_may_identify_a_person_stands_in_the_summary_and_is_sent_only_on_purpose() -> None:
    drawn = part("forms", "problems", FormState(warnings=(("text", "a phone number: 07700 900123"),)), "notes")
    assert '<a href="#notes-text">a phone number: 07700 900123</a>' in drawn
    assert 'role="alert" tabindex="-1" autofocus' in drawn
    buttons = re.findall(r"<button[^>]*>", drawn)
    assert "as_it_is" not in buttons[0], "Enter would send it"
    assert 'name="as_it_is" value="yes"' in buttons[1]


def test_a_small_chart_says_its_numbers_in_words_and_marks_what_is_outside() -> None:
    view = Spark(
        "Pace by month",
        "Between 1 and 9 a month",
        (1.0, 2.0, 9.0),
        (2.0,) * 3,
        (6.0, 6.5, 6.0),
        (0.0,) * 3,
        frozenset({2}),
    )
    drawn = part("charts", "spark", view, "pace")
    assert '<desc id="pace-desc">Between 1 and 9 a month</desc>' in drawn
    assert drawn.count("<circle") == 1


def test_fifty_issues_are_a_small_page() -> None:
    assert len(part("rows", "rows", [a_row(number) for number in range(50)], "Issues").encode()) < 40_000


def in_words(drawn: str) -> str:
    """What is read, without the marks of the page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", drawn)).strip()


def test_a_chart_of_small_rates_is_as_high_as_its_limits() -> None:
    view = Spark(
        title="Pace", described="rates", values=(0.1, 0.2), centre=(0.15, 0.15), upper=(0.4, 0.4), lower=(0.0, 0.0)
    )
    assert 'points="4.0,31.5 236.0,22.0 "' in part("charts", "spark", view, "pace")
