"""The demonstration's words: true to the product, plain, and enough of everything for every screen."""

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from tracker.exchange.demonstration.earlier import FILE as EARLIER
from tracker.exchange.demonstration.earlier import FIRST, LAST
from tracker.exchange.demonstration.story import CHARTER, Story, StoryLine, read_line, stories
from tracker.rules.agreement import TOPICS
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.refusals import WrongFile
from tracker.rules.resolution import PROPOSABLE
from tracker.rules.rings import Ring, Role

AVOIDED = re.compile(
    r"\b(tickets?|agents?|customers?|clients?|breach\w*|violat\w*|blam\w*|die[ds]?|dead|deaths?)\b", re.IGNORECASE
)
IDENTIFIER = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}|\d{5,}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\S+@\S+")
SEASON = re.compile(
    r"\b(spring|summer|autumn|winter|christmas|easter|january|february|march|april|june|july|august|"
    r"september|october|november|december|20\d\d)\b",
    re.IGNORECASE,
)
SIX_MONTHS = 183  # days
CHARTER_READ: dict[str, Any] = tomllib.loads(CHARTER.read_text(encoding="utf-8"))
LISTED: list[dict[str, Any]] = tomllib.loads(EARLIER.read_text(encoding="utf-8"))["theme"]
MONTHS_LISTED = (FIRST - LAST) / 30.4
ORGANISATIONS = {each["key"] for each in CHARTER_READ["organisation"]}


def people() -> dict[str, dict[str, list[str]]]:
    """The roles of everybody, by what stands before the @, by organisation."""
    found: dict[str, dict[str, list[str]]] = {}
    for person in CHARTER_READ["person"]:
        one = {"key": person.get("organisation"), "roles": person.get("roles")}
        places = person.get("organisations", [one])
        found[person["email"].split("@")[0]] = {place["key"]: place["roles"] for place in places}
    return found


def raised_for(story: Story) -> str:
    return story.speaking_for or next(iter(people()[story.by]))


def all_lines() -> list[tuple[Story, StoryLine]]:
    return [(story, line) for story in stories() for line in story.course]


def all_texts(story: Story) -> str:
    return " ".join([story.title, story.detail, *(text for line in story.course for text in line.texts)])


def days_ago(story: Story) -> float:
    count, unit = story.ago.split(maxsplit=1)
    return int(count) * (1.4 if "working day" in unit else 0 if "hour" in unit else 1)


def times(theme: str) -> list[float]:
    """How many days ago each occurrence of a theme was, as near as the story's beginning says."""
    told = [story for story in stories() if story.theme == theme]
    return [days_ago(s) for s in told for _ in range(1 + sum(line.does == "occurrence" for line in s.course))]


def test_there_are_about_a_hundred_and_fifty_stories_with_keys_of_their_own() -> None:
    assert 145 <= len(stories()) <= 160
    assert len({story.key for story in stories()}) == len(stories())


def test_every_theme_that_ships_has_several_stories() -> None:
    told = Counter(story.theme for story in stories())
    assert len(told) == 14
    assert min(told.values()) >= 4


def test_every_month_of_the_year_has_stories() -> None:
    months = Counter(int(days_ago(story) // 31) for story in stories())
    assert set(range(12)) <= months.keys()
    assert min(months[each] for each in range(11)) >= 8


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.key)
def test_a_story_is_plain_short_and_names_nobody_by_number(story: Story) -> None:
    assert AVOIDED.findall(all_texts(story)) == []
    assert IDENTIFIER.findall(all_texts(story)) == []
    assert SEASON.findall(all_texts(story)) == []
    assert len(story.title) <= 80
    assert 60 <= len(story.detail) <= 330


@pytest.mark.parametrize("theme", LISTED, ids=lambda theme: theme["key"])
def test_the_lines_of_the_old_list_are_plain_and_short_and_stand_there_once(theme: dict[str, Any]) -> None:
    every = [line for each in LISTED for line in each["lines"]]
    for line in theme["lines"]:
        assert not any(wrong.search(line) for wrong in (AVOIDED, IDENTIFIER, SEASON)), line
        assert len(line) <= 80
        assert every.count(line) == 1


def test_the_old_list_has_every_theme_about_as_often_as_the_stories_had_it_at_first() -> None:
    assert {theme["key"] for theme in LISTED} == {story.theme for story in stories()}
    for theme in LISTED:
        earlier = sum(each > SIX_MONTHS for each in times(theme["key"]))
        assert abs(theme["count"] / MONTHS_LISTED - earlier / 6) <= 0.7, theme["key"]


def test_stories_are_told_by_front_line_people_and_a_few_managers_of_every_organisation() -> None:
    front = [s for s in stories() if Role.FRONT_LINE in people()[s.by][raised_for(s)]]
    assert {raised_for(story) for story in front} == ORGANISATIONS
    assert len({story.by for story in front}) >= 15
    assert 1 <= len(stories()) - len(front) <= 10


def test_every_pair_of_organisations_has_stories_in_both_directions() -> None:
    pairs = Counter((raised_for(story), story.with_) for story in stories())
    assert pairs.keys() == {(a, b) for a in ORGANISATIONS for b in ORGANISATIONS if a != b}
    assert min(pairs.values()) >= 10


def test_everybody_in_a_story_is_in_the_charter_and_every_area_too() -> None:
    named = {story.by for story in stories()} | {line.who for _, line in all_lines()}
    assert named <= people().keys()
    assert {story.area for story in stories()} == {area["key"] for area in CHARTER_READ["service_area"]}


def test_a_story_that_follows_another_begins_after_it() -> None:
    by_key = {story.key: story for story in stories()}
    followers = [
        (story, by_key[story.again_of or story.same_as or ""]) for story in stories() if story.again_of or story.same_as
    ]
    assert followers
    assert all(days_ago(story) < days_ago(first) for story, first in followers)


def test_many_say_how_many_hours_were_lost_and_nobody_says_fewer_in_all_than_before() -> None:
    said = [story for story in stories() if story.lost_minutes is not None]
    both = [story for story in said if story.lost_in_all is not None]
    assert len(stories()) / 3 < len(said) < len(stories())
    assert both
    assert all((story.lost_in_all or 0) > (story.lost_minutes or 0) for story in both)


def test_every_severity_kind_ring_and_outcome_occurs() -> None:
    outcomes = {line.keys[0] for _, line in all_lines() if line.does == "propose"}
    assert {story.severity for story in stories()} == set(Severity)
    assert {story.kind for story in stories()} == set(Kind)
    assert {story.ring for story in stories()} == {Ring.SHARED, Ring.ORGANISATION, Ring.NAMED}
    assert outcomes == set(PROPOSABLE)


def test_notes_stand_in_several_rings_and_everything_that_can_be_done_is_done() -> None:
    rings = {(*line.keys, "shared")[0] for _, line in all_lines() if line.does == "note"}
    done = {line.does for _, line in all_lines()}
    assert rings == {"shared", "organisation"}
    assert done >= {"acknowledge", "spoke", "escalate", "return", "reopen", "occurrence", "withdraw", "cross", "turn"}
    assert "quote" in done


def test_the_pace_of_decisions_becomes_a_matter_of_the_last_months() -> None:
    ago = times("decision_speed")
    assert sum(each > SIX_MONTHS for each in ago) <= 4
    assert sum(each <= SIX_MONTHS for each in ago) >= 30


def test_quality_eases_after_the_list_was_agreed() -> None:
    ago = times("quality_attitude")
    assert sum(each > SIX_MONTHS for each in ago) >= 15
    assert sum(each <= SIX_MONTHS for each in ago) <= 4


@pytest.mark.parametrize("theme", sorted({s.theme for s in stories()} - {"decision_speed", "quality_attitude"}))
def test_the_other_themes_are_as_frequent_in_both_halves(theme: str) -> None:
    ago = times(theme)
    assert abs(sum(each > SIX_MONTHS for each in ago) - sum(each <= SIX_MONTHS for each in ago)) <= 3


def test_the_letters_come_back_four_times() -> None:
    again = {story.again_of: story.key for story in stories() if story.again_of}
    chain = ["letters-1"]
    while chain[-1] in again:
        chain.append(again[chain[-1]])
    assert len(chain) == 5


def test_there_are_clauses_under_every_topic_and_a_lead_in_every_organisation() -> None:
    leads = {key for places in people().values() for key, roles in places.items() if Role.LEAD in roles}
    assert {clause["topic"] for clause in CHARTER_READ["clause"]} == set(TOPICS)
    assert leads == ORGANISATIONS


def test_a_line_is_read_with_its_keys_and_texts() -> None:
    line = read_line("2d nadia propose solved changes-agreement | What was done. | Why it was so.")
    assert line == StoryLine(
        "2d", "nadia", "propose", ("solved", "changes-agreement"), ("What was done.", "Why it was so.")
    )


@pytest.mark.parametrize(
    "wrong", ["nadia agree", "2d nadia dances", "2d nadia propose solved", "2d nadia agree | Yes."]
)
def test_a_line_that_says_too_little_or_too_much_is_refused(wrong: str) -> None:
    with pytest.raises(WrongFile, match=re.escape(wrong)):
        read_line(wrong)
