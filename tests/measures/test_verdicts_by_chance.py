"""How right the verdicts are where it is known what happened: a small `python3 go.py simulate`."""

from itertools import pairwise

import pytest

from tests.simulation.trials import tried
from tests.simulation.worlds import World
from tracker.measures.verdicts import EXPECTED, Trend, by_chance_in_words, expected_by_chance

SEED = 20261125


@pytest.mark.parametrize("rate", [1, 2, 5])
def test_where_nothing_changed_few_headlines_are_told(rate: int) -> None:
    assert tried(World(rate), reports=200, seed=SEED).headlines <= 0.30


def test_a_doubling_from_five_a_month_is_found() -> None:
    assert tried(World(5, factor=2), reports=100, seed=SEED).first[Trend.RISING] >= 0.90


@pytest.mark.parametrize(
    "people, least", [pytest.param(24, 0.5, id="few who often report"), pytest.param(500, 0.4, id="many who seldom do")]
)
def test_a_halving_from_five_a_month_is_found_about_as_often_as_not(people: int, least: float) -> None:
    assert tried(World(5, factor=0.5, people=people), reports=200, seed=SEED).first[Trend.EASING] >= least


@pytest.mark.parametrize(
    "world",
    [
        pytest.param(World(5, silent=12), id="half of all people"),
        pytest.param(World(5, circle=6, silent=3), id="half of six reporters"),
        pytest.param(World(5, people=500, silent=250), id="half of many who seldom report"),
        pytest.param(World(2, circle=1, silent=1), id="the only reporter"),
    ],
)
def test_silence_is_never_called_easing(world: World) -> None:
    first = tried(world, reports=60, seed=SEED).first

    assert first[Trend.EASING] == 0
    assert first[Trend.QUIETER] > 0.5


def test_the_same_seed_tells_the_same() -> None:
    assert tried(World(2), reports=5, seed=SEED) == tried(World(2), reports=5, seed=SEED)


def test_more_themes_have_more_headlines_by_chance() -> None:
    expected = [expected_by_chance(themes) for themes in range(200)]

    assert all(least <= most for least, most in expected)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(expected))
    assert expected[14] == EXPECTED[14]
    assert 0.1 < expected[14][0] < expected[14][1] < 0.3


def test_between_the_numbers_tried_the_expectation_is_in_proportion() -> None:
    (before, after), beyond = (EXPECTED[8], EXPECTED[14]), [*EXPECTED][-1]

    assert expected_by_chance(11) == pytest.approx([(a + b) / 2 for a, b in zip(before, after, strict=True)])
    assert expected_by_chance(2 * beyond) == pytest.approx([2 * each for each in EXPECTED[beyond]])


def test_a_report_says_how_many_headlines_are_chance() -> None:
    assert by_chance_in_words(*expected_by_chance(14)) == (
        "Even if nothing had changed, about one report in 5 would call a theme rising or easing: "
        "0.2 to 0.24 headlines a report, by chance alone."
    )
    one, many = (by_chance_in_words(*expected_by_chance(themes)) for themes in (1, 100))
    assert "about one report in 33 would call a theme rising or easing: 0.03 headlines a report" in one
    assert "about every report would call a theme rising or easing: 0.63 to 1.2 headlines a report" in many


def test_less_than_no_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="not -1"):
        expected_by_chance(-1)
