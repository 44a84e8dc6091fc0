"""The verdict on each theme, by the numbers it uses."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.breadth import Breadth
from tracker.measures.chart_choice import ChartExposure
from tracker.measures.verdicts import ChangeShape, Fixes, Series, Thresholds, Trend, Verdict, may_be_fewer, verdicts

HEARD = Breadth(recent=20, before=20)
FIVE = (5,) * 18
DOUBLED, HALVED = FIVE + (10,) * 6, FIVE + (2,) * 6
CALM = (4, 5, 3) * 8

SERIES = st.builds(
    Series,
    counts=st.lists(st.integers(0, 15), min_size=1, max_size=24).map(tuple),
    linked=st.integers(0, 5),
    breadth=st.none() | st.builds(Breadth, st.integers(0, 20), st.integers(0, 20), st.integers(0, 40)),
)


def judged(series: Series, thresholds: Thresholds | None = None) -> Verdict:
    return verdicts({"it": series}, thresholds or Thresholds())["it"]


@pytest.mark.parametrize(
    "series, trend, headline",
    [
        pytest.param(Series((1,) * 5 + (0,) * 19), Trend.TOO_FEW, False, id="none in the last twelve months"),
        pytest.param(Series((9,) * 5), Trend.TOO_FEW, False, id="five months"),
        pytest.param(Series(DOUBLED), Trend.RISING, True, id="twice as many"),
        pytest.param(Series(HALVED, breadth=HEARD), Trend.EASING, True, id="less than half, all still report"),
        pytest.param(Series(HALVED), Trend.QUIETER, False, id="less than half, who reports is not known"),
        pytest.param(Series(HALVED, breadth=Breadth(15, 20)), Trend.QUIETER, False, id="fewer people report"),
        pytest.param(Series(HALVED, breadth=Breadth(20, 20, gone=19)), Trend.QUIETER, False,
                     id="who reported a fifth is silent"),
        pytest.param(Series(HALVED, breadth=Breadth(20, 20, back=0.5, back_before=0.7)), Trend.QUIETER, False,
                     id="who reported it does not come back"),
        pytest.param(Series((2,) * 18 + (1, 1, 1, 1, 0, 7)), Trend.STEADY, False,
                     id="a point outside, but no rate that is surely higher"),
        pytest.param(Series(CALM), Trend.STABLE, False, id="nothing for a year"),
        pytest.param(Series(CALM[:11]), Trend.STEADY, False, id="not yet a year"),
        pytest.param(Series((*FIVE, 14, 1, 4, 3, 4, 4)), Trend.STEADY, False, id="a signal half a year ago"),
        pytest.param(Series((3,) * 6), Trend.STEADY, False, id="nothing before to compare"),
    ],
)  # fmt: skip
def test_the_trend_of_one_theme(series: Series, trend: Trend, headline: bool) -> None:
    verdict = judged(series)

    assert (verdict.trend, verdict.is_headline) == (trend, headline)


@pytest.mark.parametrize(
    "changes, recurring",
    [
        pytest.param({"linked": 3}, True, id="three linked recurrences"),
        pytest.param({"linked": 2}, False, id="two"),
        pytest.param({"fixes": Fixes((10,) * 5 + (200,) * 3, (True,) * 5 + (False,) * 3)}, True, id="five of eight"),
        pytest.param({"fixes": Fixes((10,) * 7, (True,) * 7)}, False, id="seven fixes say nothing"),
        pytest.param({"fixes": Fixes((10,) * 2 + (200,) * 6, (True,) * 2 + (False,) * 6)}, False, id="two of eight"),
        pytest.param({"fixes": Fixes((10,) * 8, (False,) * 8)}, False, id="not yet followed so long"),
        pytest.param({"fixes": Fixes((120,) * 8, (True,) * 8)}, False, id="all came back, but later"),
    ],
)  # fmt: skip
def test_what_keeps_coming_back_is_a_headline_whatever_its_trend(
    changes: Mapping[str, object], recurring: bool
) -> None:
    verdict = judged(Series(CALM, **changes))  # type: ignore[arg-type]

    assert (verdict.trend, verdict.is_recurring, verdict.is_headline) == (Trend.STABLE, recurring, recurring)


def test_too_few_stops_before_anything_recurs() -> None:
    verdict = judged(Series((0,) * 19 + (1,) * 5, linked=5))

    assert (verdict.trend, verdict.is_recurring, verdict.is_headline) == (Trend.TOO_FEW, False, False)


def test_a_verdict_carries_the_numbers_it_used() -> None:
    evidence = judged(Series(DOUBLED)).evidence
    change = evidence.comparison

    assert change
    assert (change.recent, change.before, change.recent_exposure, change.before_exposure) == (60, 90, 6, 18)
    assert (change.ratio, change.low, change.high) == pytest.approx((2.0, 1.4426, 2.7727), abs=1e-4)
    assert change.p_more < 1e-4
    assert (evidence.last_year, evidence.chart.words) == (90, "c-chart: counts, equal months")


def test_one_point_above_the_limits_is_enough_where_the_rate_is_surely_higher() -> None:
    series = {number: Series((2,) * 24) for number in range(40)}
    verdict = verdicts({**series, "it": Series((2,) * 18 + (2, 2, 2, 2, 7, 7))})["it"]

    assert (verdict.trend, verdict.evidence.above, verdict.is_flagged) == (Trend.RISING, True, False)


def test_among_many_themes_the_same_numbers_say_less() -> None:
    one, others = Series((*FIVE, 7, 8, 7, 8, 7, 7)), {number: Series(CALM) for number in range(30)}

    assert judged(one).trend is Trend.RISING
    assert verdicts({**others, "it": one})["it"].trend is Trend.STABLE


def test_more_of_it_with_as_much_more_of_what_may_go_wrong_is_no_rise() -> None:
    cases = ChartExposure((100.0,) * 18 + (200.0,) * 6, "joint cases")

    assert judged(Series(DOUBLED, exposure=cases)).trend is Trend.STABLE


def test_the_months_of_a_baseline_or_a_frozen_centre_say_what_is_outside() -> None:
    jump = Series((5,) * 12 + (20,) * 12)

    assert judged(jump).evidence.above
    assert not verdicts({"it": jump}, Thresholds(baseline_months=24))["it"].evidence.above
    assert not judged(replace(jump, frozen=19)).evidence.above
    assert judged(replace(jump, frozen=40)).evidence.below


@given(st.lists(SERIES, min_size=1, max_size=15))
def test_who_reports_matters_only_where_there_may_be_fewer(several: list[Series]) -> None:
    known = dict(enumerate(several))
    asked = {
        key: each if may_be_fewer(each, Thresholds()) else replace(each, breadth=None) for key, each in known.items()
    }

    found = [{key: (each.trend, each.flags) for key, each in verdicts(series).items()} for series in (known, asked)]
    assert found[0] == found[1]


def test_only_the_last_two_years_are_used() -> None:
    assert judged(Series((90,) * 12 + CALM)).evidence.series.counts == CALM


def test_a_partnership_may_set_every_number() -> None:
    assert judged(Series(DOUBLED), Thresholds(least_occurrences=100)).trend is Trend.TOO_FEW
    assert judged(Series(HALVED, breadth=Breadth(15, 20)), Thresholds(breadth_kept=0.7)).trend is Trend.EASING
    assert judged(Series(CALM, linked=3), Thresholds(recurrences=4)).is_recurring is False


@pytest.mark.parametrize(
    "wrong, why",
    [
        pytest.param({"recent_months": 0}, "recent_months is 1 or more, not 0", id="no recent month"),
        pytest.param(
            {"share_by_chance": 0.0}, "share_by_chance is above 0 and at most 1, not 0", id="nothing by chance"
        ),
        pytest.param({"breadth_kept": 1.2}, "breadth_kept is above 0 and at most 1, not 1.2", id="more than all"),
    ],
)
def test_a_number_that_makes_no_rule_is_refused_by_its_name(wrong: Mapping[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Thresholds(**wrong)  # type: ignore[arg-type]


def test_a_theme_without_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="no counts to chart"):
        judged(Series(()))


def test_no_theme_no_verdict() -> None:
    assert verdicts({}) == {}


@given(st.dictionaries(st.integers(), SERIES, max_size=6))
def test_what_is_easing_is_heard_and_surely_lower_and_what_is_rising_is_surely_higher(
    series: dict[int, Series],
) -> None:
    for verdict in verdicts(series).values():
        evidence = verdict.evidence
        if verdict.trend is Trend.EASING:
            assert evidence.is_heard
            assert evidence.like_for_like
            assert evidence.like_for_like.high < 1
        if verdict.trend is Trend.RISING:
            assert evidence.comparison
            assert evidence.comparison.low > 1


@given(st.lists(SERIES, max_size=6))
def test_the_order_of_themes_decides_nothing(series: list[Series]) -> None:
    there = dict(enumerate(series))

    assert verdicts(dict(reversed(there.items()))) == verdicts(there)


@pytest.mark.parametrize(
    "recent, shape, back",
    [
        ((9, 9, 9, 9, 9, 9), ChangeShape.LEVEL, 6),
        ((4, 4, 5, 9, 12, 14), ChangeShape.STILL_MOVING, 6),
        ((4, 4, 30, 4, 5, 4), ChangeShape.ONE_MONTH, 4),
        ((4, 4, 4, 4, 4, 30), ChangeShape.ONE_MONTH, 1),
    ],
    ids=["as often in each", "more and more", "one month in the middle", "the last month alone"],
)
def test_what_a_rise_looks_like(recent: tuple[int, ...], shape: ChangeShape, back: int) -> None:
    found = verdicts({"pace": Series((4,) * 18 + recent)})["pace"]
    assert (found.trend, found.shape) == (Trend.RISING, (shape, back))


@pytest.mark.parametrize(
    "recent, shape", [((1, 1, 1, 1, 1, 1), ChangeShape.LEVEL), ((8, 6, 6, 0, 0, 0), ChangeShape.STILL_MOVING)]
)
def test_what_a_fall_looks_like(recent: tuple[int, ...], shape: ChangeShape) -> None:
    heard = Breadth(9, 9)
    found = verdicts({"pace": Series((10,) * 18 + recent, breadth=heard)})["pace"]
    assert (found.trend, found.shape[0]) == (Trend.EASING, shape)


def test_by_how_much_it_is_more_a_month_is_what_is_above_the_earlier_rate() -> None:
    found = verdicts({"pace": Series((4,) * 18 + (9,) * 6)})["pace"]
    assert found.excess == pytest.approx(5.0)
