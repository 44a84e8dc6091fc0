"""Which chart counts deserve, and what it is called."""

import pytest

from tracker.measures.chart_choice import ChartExposure, Gaps, chosen_chart
from tracker.measures.control_charts import c_chart, g_chart, t_chart, u_chart

CASES = ChartExposure((200.0,) * 24, "joint cases")
DAYS = Gaps(days=(40, 12, 0, 61, 33, 20))
HAND_OVERS = Gaps(cases=(400, 120, 0, 610, 330, 200), what="hand-overs")


@pytest.mark.parametrize(
    "counts, exposure, between, words",
    [
        pytest.param((5,) * 24, None, None, "c-chart: counts, equal months", id="five a month"),
        pytest.param(
            (5,) * 24, CASES, None, "u-chart: occurrences per 100 joint cases", id="five a month of many cases"
        ),
        pytest.param((1,) * 24, None, None, "c-chart on quarters: counts, equal quarters", id="one a month"),
        pytest.param(
            (4,) * 24,
            CASES,
            DAYS,
            "u-chart on quarters: occurrences per 100 joint cases",
            id="four a month of many cases",
        ),
        pytest.param(
            (1, 0) * 12, None, DAYS, "t-chart: days between one occurrence and the next", id="less than one a month"
        ),
        pytest.param(
            (1, 0) * 12,
            None,
            HAND_OVERS,
            "g-chart: hand-overs between one occurrence and the next",
            id="less than one, cases counted",
        ),
        pytest.param((1, 0) * 12, None, Gaps(days=(40, 12, 0, 61, 33)), "too few to chart", id="five gaps say nothing"),
        pytest.param(
            (1, 0) * 12,
            None,
            Gaps(days=(5,) * 15 + (6,)),
            "too alike to chart: the days between one occurrence and the next",
            id="one step, which the screen leaves out",
        ),
        pytest.param(
            (1, 0) * 12,
            None,
            Gaps(cases=(0,) * 8),
            "too alike to chart: the joint cases between one occurrence and the next",
            id="nothing between them",
        ),
        pytest.param((0,) * 24, None, None, "too few to chart", id="never"),
        pytest.param((3, 3), None, None, "too few to chart", id="two months are no quarter"),
    ],
)
def test_the_chart_goes_by_how_often_it_happens(
    counts: tuple[int, ...], exposure: ChartExposure | None, between: Gaps | None, words: str
) -> None:
    chosen = chosen_chart(counts, exposure, between)

    assert chosen.words == words
    assert (chosen.chart is None) == words.startswith("too ")


def test_the_first_twelve_months_are_the_baseline_unless_others_are_named() -> None:
    counts = (5,) * 12 + (20,) * 12

    assert chosen_chart(counts).chart == c_chart(counts, baseline=12)
    assert chosen_chart(counts, baseline=18).chart == c_chart(counts, baseline=18)
    assert chosen_chart(counts[:7]).chart == c_chart(counts[:7])


def test_what_was_frozen_stays_the_centre_whatever_is_charted() -> None:
    assert chosen_chart((9,) * 24, frozen=6.5).chart == c_chart((9,) * 24, centre=6.5)
    assert chosen_chart((3,) * 24, frozen=2.5).chart == c_chart((9,) * 8, centre=7.5)
    assert chosen_chart((9,) * 24, CASES, frozen=4.0).chart == u_chart((9,) * 24, (2,) * 24, centre=4.0)


def test_quarters_end_with_the_last_month_and_have_the_baseline_of_their_months() -> None:
    chosen = chosen_chart((9, 9, *(1, 2, 3) * 4, *(2, 2, 4) * 2), baseline=14)

    assert chosen.chart == c_chart((6, 6, 6, 6, 8, 8), baseline=4)
    assert chosen.months == 3


def test_gaps_are_charted_as_they_are() -> None:
    assert chosen_chart((0,) * 24, None, DAYS).chart == t_chart(DAYS.days)
    assert chosen_chart((0,) * 24, None, HAND_OVERS).chart == g_chart(HAND_OVERS.cases)


def test_a_month_without_its_exposure_is_refused() -> None:
    with pytest.raises(ValueError, match="23 months of counts need as many of exposure, not 24"):
        chosen_chart((5,) * 23, CASES)
