"""What a theme costs, in words and figures: serious or critical, and hours lost, added up by theme alone."""

from dataclasses import replace

import pytest

from tests.reports.themes.test_words import SUBJECT
from tracker.queries.tallies.counts import IssueCounts
from tracker.reports.sentences import Count, plain
from tracker.reports.themes.harm import Harm
from tracker.reports.themes.subject import HOURS_SAID, SEVERE

ASKING = replace(SUBJECT, asks_hours=True)
MANY = IssueCounts(issues=31, severe=4, lost_said=20, lost_minutes=7195)


def harm(issues: IssueCounts, *, asks: bool = True) -> Harm:
    return Harm(ASKING if asks else SUBJECT, "pace", issues)


def test_the_share_that_is_serious_or_critical_and_the_hours_lost_are_said_in_words() -> None:
    assert plain(harm(MANY).text) == (
        "4 of 31 serious or critical (13 %). About 120 working hours lost, said for 20 of 31."
    )


def test_where_nobody_asks_only_the_share_is_said() -> None:
    told = harm(MANY, asks=False)
    assert plain(told.text) == "4 of 31 serious or critical (13 %)."
    assert (told.cells, told.values()["hours_lost"]) == ((4, None, None), None)


@pytest.mark.parametrize(
    "issues, said",
    [
        pytest.param(IssueCounts(), "", id="none"),
        pytest.param(IssueCounts(issues=1, severe=1), "1 of 1 serious or critical.", id="one"),
        pytest.param(IssueCounts(issues=9, severe=3), "3 of 9 serious or critical.", id="no percentage yet"),
        pytest.param(IssueCounts(issues=10), "0 of 10 serious or critical.", id="none of many"),
    ],
)
def test_few_issues_have_no_percentage(issues: IssueCounts, said: str) -> None:
    assert plain(harm(issues).text) == said


@pytest.mark.parametrize("said", [1, 4])
def test_hours_of_few_issues_are_not_added_up_for_they_would_tell_of_a_single_one(said: int) -> None:
    told = harm(replace(MANY, lost_said=said))
    assert plain(told.text).endswith(f" Working hours lost were said for {said} of 31, too few to add up.")
    assert told.cells == (4, None, said)
    assert told.values()["hours_lost"] == {"hours": None, "said_for": said, "of": 31}


@pytest.mark.parametrize(
    "minutes, said",
    [(0, "About 0 working hours"), (60, "About 1 working hour"), (150, "About 2.5 working hours"),
     (615, "About 10 working hours"), (75_045, "About 1,251 working hours")],
)  # fmt: skip
def test_hours_from_ten_on_are_said_in_whole_hours_and_kept_exactly_in_sheets(minutes: int, said: str) -> None:
    told = harm(replace(MANY, lost_minutes=minutes))
    assert f" {said} lost, said for 20 of 31." in plain(told.text)
    assert told.cells == (4, minutes / 60, 20)


def test_both_numbers_lead_to_the_issues_that_they_count() -> None:
    links = {each.text: each.issues for each in harm(MANY).text if isinstance(each, Count)}
    assert links == {
        "4 of 31 serious or critical (13 %)": SUBJECT.issues_at("pace", SEVERE),
        "20 of 31": SUBJECT.issues_at("pace", HOURS_SAID),
    }


def test_themes_of_two_counts_add_up_and_nothing_else_does() -> None:
    both = IssueCounts(issues=5, severe=1, lost_said=5, lost_minutes=600) + IssueCounts(issues=1, lost_minutes=0)
    assert harm(both).cells == (1, 10.0, 5)


@pytest.mark.parametrize(
    "issues, asks, said",
    [
        pytest.param(MANY, True, "13 % serious or critical; about 120 hours lost, said for 20", id="both"),
        pytest.param(MANY, False, "13 % serious or critical", id="nobody asks"),
        pytest.param(replace(MANY, lost_said=4), True, "13 % serious or critical", id="too few to add up"),
        pytest.param(IssueCounts(issues=8, severe=3), True, "3 of 8 serious or critical", id="few"),
        pytest.param(IssueCounts(issues=8), True, "none serious or critical", id="none"),
        pytest.param(IssueCounts(), True, "", id="nothing happened"),
    ],
)
def test_in_a_table_it_is_said_in_brief(issues: IssueCounts, asks: bool, said: str) -> None:
    assert harm(issues, asks=asks).brief == said
