"""A verdict and its numbers in plain words."""

import pytest

from tracker.measures.breadth import Breadth
from tracker.measures.chart_choice import ChartExposure
from tracker.measures.verdicts import Fixes, Series, Verdict, verdicts
from tracker.reports.themes.verdicts import label, numbers_in_words

CALM = (4, 5, 3) * 8
DOUBLED, HALVED = (5,) * 18 + (10,) * 6, (5,) * 18 + (2,) * 6
CASES = ChartExposure((100.0,) * 18 + (150.0,) * 6, "joint cases")


def judged(series: Series) -> Verdict:
    return verdicts({"it": series})["it"]


@pytest.mark.parametrize(
    "series, words",
    [
        pytest.param(Series((0,) * 24), "too few to say", id="too few"),
        pytest.param(Series(DOUBLED), "rising", id="rising"),
        pytest.param(Series(HALVED, breadth=Breadth(9, 9)), "easing", id="easing"),
        pytest.param(Series(HALVED), "quieter, check reporting", id="quieter"),
        pytest.param(Series(CALM[:9]), "steady", id="steady"),
        pytest.param(Series(CALM), "stable", id="stable"),
        pytest.param(Series(CALM, linked=3), "recurring", id="recurring without a trend"),
        pytest.param(Series(DOUBLED, linked=3), "recurring, rising", id="both"),
    ],
)
def test_a_verdict_is_a_word_or_two(series: Series, words: str) -> None:
    assert label(judged(series)) == words


@pytest.mark.parametrize(
    "series, sentences",
    [
        pytest.param(Series((0,) * 20 + (1,) * 4), ["4 in the last 12 months: fewer than 6 are too few to say."],
                     id="too few"),
        pytest.param(Series((9,)), ["1 month: fewer than 6 are too few to say."], id="too short"),
        pytest.param(Series((3,) * 6), ["18 in 6 months, and none before to compare."], id="nothing before"),
        pytest.param(
            Series(DOUBLED),
            ["60 in the last 6 months against 90 in the 18 before: 2.00 times the rate (95 % interval 1.44 to 2.77).",
             "Were nothing changed, so many or more would have a chance of under 0.1 %; it stands out."],
            id="rising",
        ),
        pytest.param(
            Series((2,) * 22 + (2, 9)),
            ["19 in the last 6 months against 36 in the 18 before: 1.58 times the rate (95 % interval 0.91 to 2.76).",
             "Were nothing changed, so many or more would have a chance of 7.3 %.",
             "A point of the last 3 months lies above the limits."],
            id="a point outside",
        ),
        pytest.param(
            Series(DOUBLED, exposure=CASES),
            [("60 in the last 6 months against 90 in the 18 before, 6.67 against 5 per 100 joint cases: "
              "1.33 times the rate (95 % interval 0.96 to 1.85)."),
             "Were nothing changed, so many or more would have a chance of 5.1 %.",
             ("No signal in 12 months: a steady 6 per 100 joint cases needs a change of the system, "
              "not a hunt for last month’s cause.")],
            id="per case",
        ),
        pytest.param(
            Series(HALVED, breadth=Breadth(12, 19.5, 0.4, 0.75, gone=40, circle=20, silent=6)),
            ["12 in the last 6 months against 90 in the 18 before: 0.40 times the rate (95 % interval 0.22 to 0.73).",
             "Were nothing changed, so few or fewer would have a chance of under 0.1 %; it stands out.",
             "Reporters: 12 now, 19.5 before.", "Of those who reported this 40 % have reported since, 75 % before.",
             "40 of the 90 before came from people who have fallen silent."],
            id="quieter",
        ),
        pytest.param(
            Series(HALVED, breadth=Breadth(3, 7, 0.5, 0.8, gone=40, circle=8, silent=4)),
            ["12 in the last 6 months against 90 in the 18 before: 0.40 times the rate (95 % interval 0.22 to 0.73).",
             "Were nothing changed, so few or fewer would have a chance of under 0.1 %; it stands out.",
             "Reporters: fewer than 5 now, 7 before.",
             "Some of the 90 before came from people who have fallen silent."],
            id="quieter, of so few people that they could be told",
        ),
        pytest.param(
            Series(CALM, linked=1, fixes=Fixes((10,) * 6 + (200,) * 2, (True,) * 6 + (False,) * 2, alike=3)),
            ["24 in the last 6 months against 72 in the 18 before: 1.00 times the rate (95 % interval 0.63 to 1.59).",
             "Were nothing changed, so few or fewer would have a chance of 55 %.",
             "1 linked recurrence in 12 months.", "Of 8 fixes 25 % lasted 90 days (95 % interval 3.7 % to 56 %).",
             "After 3 of 8 solved issues something alike happened, which nobody has linked.",
             ("No signal in 12 months: a steady 4.0 a month needs a change of the system, "
              "not a hunt for last month’s cause.")],
            id="stable, and recurring",
        ),
    ],
)  # fmt: skip
def test_a_verdict_says_every_number_it_used(series: Series, sentences: list[str]) -> None:
    assert numbers_in_words(judged(series)) == " ".join(sentences)


def test_who_reports_is_said_to_be_unknown() -> None:
    assert numbers_in_words(judged(Series(HALVED))).endswith("Who reports is not known.")
