"""The page of an issue, whatever state it is in and whoever reads it."""

import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pages.view_makers import COUNCIL, HOSPITALS, NOW, OWN, an_issue, draw, steps
from tracker.pages.issues.standing import StandingView
from tracker.pages.issues.steps import ASKED, STEPS
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.theme_suggestions import SuggestedTheme
from tracker.rules.agreement import Theme
from tracker.rules.arrangement import Ladder, Tier
from tracker.rules.routing import Routing

SOMETHING = (Choice("one", "One"), Choice("two", "Two"))
PACE = Theme("pace", "deciding", "GOV", "Pace of decisions", "One side waits", ())
LIKE: Any = SimpleNamespace(ref="RIV-4", title="No answer for a week")
AGAIN = SuggestedTheme("pace", ("still no answer",), (LIKE,))
LADDER = Ladder(1, "operational", 1, "Operational", True, (Tier(1, "Directors", "directors", None),))
DIRECTORS = Routing(LADDER, 1, "council", "No route")
EVERYTHING = steps(
    *STEPS, best="proposal", papers_until=NOW,
    speaking_for=SOMETHING, tiers=SOMETHING, tiers_below=SOMETHING, sides_to_remove=SOMETHING,
    causes=SOMETHING, outcomes=SOMETHING,
    severities=SOMETHING, themes=(("Deciding", SOMETHING),),
    suggestions=((PACE, AGAIN),),
    crossing_readers=OWN, goes_to={"routing": DIRECTORS, "answers": COUNCIL, "joins": False}, quoted="We wait.",
    hours="Of all sides together.",
)  # fmt: skip
PROPOSED = {
    "by": "Lee Park",
    "organisation": "Riverside Council",
    "side": "side-b",
    "at": NOW,
    "outcome": "solved",
    "done": "Done",
    "cause": "",
    "changes_agreement": False,
    "hours": "6",
    "waits_for": [HOSPITALS],
    "silence_at": NOW,
    "mine_to_answer": True,
    "confirms": "Steering group",
}


def test_every_step_posts_to_its_own_address_with_token_version_and_once() -> None:
    drawn = draw("issues/show.html", issue=an_issue(), steps=EVERYTHING)
    forms = re.findall(r'<form method="post" action="/issues/RIV-41/([\w-]+)".*?>(.*?)</form>', drawn, re.DOTALL)
    assert {name for name, _ in forms} == {"asks" if name in ASKED else name for name in STEPS}
    for address, form in forms:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', form))
        name = f"asks-{hidden.pop('kind')}" if address == "asks" else address
        assert hidden.pop("suggested", "") == ("pace" if name == "theme" else "")
        assert hidden == {"csrf": "token", "once": f"word-{name}", "version": "7", "entries": "2"}


def test_only_the_steps_that_are_allowed_are_offered() -> None:
    drawn = draw("issues/show.html", issue=an_issue(), steps=steps("notes"))
    assert re.findall(r'action="/issues/RIV-41/([\w-]+)"', drawn) == ["notes", "attention"]


def test_who_will_read_a_note_is_said_beside_each_choice() -> None:
    drawn = draw("issues/show.html", issue=an_issue(), steps=steps("notes"))
    shared, own = re.findall(r'name="ring".*?</label>', drawn, re.DOTALL)
    assert "Riverside Hospitals" in shared
    assert "Riverside Council" in shared
    assert "Riverside Council" not in own


def test_a_stale_form_says_what_changed_and_keeps_what_was_typed() -> None:
    typed = {"notes": FormState({"text": "Pharmacy can run both"})}
    given = steps(forms=typed, changed=("Lee Park took it up to the Directors",))
    drawn = draw("issues/show.html", issue=an_issue(), steps=given)
    assert "Lee Park took it up to the Directors" in drawn
    assert "Pharmacy can run both</textarea>" in drawn


def test_a_theme_is_suggested_with_the_words_that_matched_and_the_issues_it_is_like() -> None:
    drawn = draw("issues/show.html", issue=an_issue(), steps=EVERYTHING)
    assert 'Because of: “still no answer”; like <a href="/issues/RIV-4">RIV-4 No answer for a week</a>' in drawn


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "raised"},
        {"state": "proposed", "proposal": PROPOSED},
        {"state": "resolved"},
        {"kind": "early_warning", "ladder": None, "standing": StandingView(None), "no_ladder": "No clock."},
        {
            "ring": "organisation",
            "ladder": None,
            "standing": StandingView(None),
            "readers": OWN,
            "story": (),
        },
    ],
    ids=["raised", "proposed", "resolved", "early warning", "private"],
)
def test_no_id_stands_twice_on_the_page(changed: dict[str, Any]) -> None:
    drawn = draw("issues/show.html", issue=an_issue(**changed), steps=EVERYTHING)
    assert [mark for mark, times in Counter(re.findall(r'\bid="([^"]+)"', drawn)).items() if times > 1] == []


def test_the_story_says_that_the_issue_moved_on() -> None:
    fresh = draw("issues/show.html", issue=an_issue(version=8), steps=steps(version=7))
    assert "This moved on while you were reading." in fresh


def test_a_step_that_is_possible_no_more_says_why_and_keeps_what_was_typed() -> None:
    refused = FormState({"reason": "The list is missing"}, problem="This issue is resolved.")
    drawn = draw("issues/show.html", issue=an_issue(), steps=steps("notes", refused=refused))
    assert "This issue is resolved." in drawn
    assert "<q>The list is missing</q>" in drawn
