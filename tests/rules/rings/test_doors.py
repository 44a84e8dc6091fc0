"""What counts in a session follows from what an organisation demands and the doors it came through."""

from datetime import timedelta

import pytest

from tests.makers import MONDAY
from tracker.rules.rings.doors import (
    ANEW_FOR,
    Demand,
    Door,
    is_confirmed_anew,
    is_of_others_alone,
    is_own,
    is_passed,
    joined,
    sso_door,
)

ACUTE, COUNCIL = 1, 2


@pytest.mark.parametrize("doors", [(), (Door.LINK,), (Door.DEMONSTRATION,)])
def test_where_nothing_is_demanded_every_door_will_do(doors: tuple[str, ...]) -> None:
    assert is_passed(None, ACUTE, doors)


@pytest.mark.parametrize("doors", [(Door.PASSKEY,), (Door.LINK, Door.CODE)])
def test_a_passkey_or_a_code_is_a_second_factor(doors: tuple[str, ...]) -> None:
    assert is_passed(Demand.SECOND_FACTOR, ACUTE, doors)


@pytest.mark.parametrize("doors", [(), (Door.LINK,), (Door.DEMONSTRATION,), (sso_door(ACUTE),)])
def test_a_link_or_another_organisations_word_is_no_second_factor(doors: tuple[str, ...]) -> None:
    assert not is_passed(Demand.SECOND_FACTOR, ACUTE, doors)


def test_an_organisations_own_door_opens_it_and_no_other() -> None:
    doors = (Door.LINK, Door.CODE, sso_door(ACUTE))
    assert is_passed(Demand.SSO, ACUTE, doors)
    assert not is_passed(Demand.SSO, COUNCIL, doors)


def test_what_was_confirmed_counts_for_a_quarter_of_an_hour() -> None:
    last = MONDAY + ANEW_FOR - timedelta(seconds=1)
    assert is_confirmed_anew((Door.LINK,), MONDAY, last)
    assert not is_confirmed_anew((Door.LINK,), MONDAY, MONDAY + ANEW_FOR)


def test_a_demonstration_asks_nobody_to_confirm() -> None:
    assert is_confirmed_anew((Door.DEMONSTRATION,), MONDAY, MONDAY + timedelta(days=3))


def test_a_door_that_is_passed_twice_is_one() -> None:
    assert joined((Door.LINK, Door.CODE), Door.LINK) == (Door.LINK, Door.CODE)


def test_a_code_behind_another_organisations_door_makes_it_nobodys_own() -> None:
    doors = (sso_door(COUNCIL), Door.CODE)
    assert not is_own(doors)
    assert is_of_others_alone(ACUTE, doors)
    assert not is_passed(None, ACUTE, doors)
    assert not is_passed(Demand.SECOND_FACTOR, ACUTE, doors)
    assert is_passed(Demand.SECOND_FACTOR, COUNCIL, doors)
    assert is_own((Door.LINK, *doors))
