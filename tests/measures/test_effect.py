"""Did a decision help? Said when enough has passed to see a fall, and not before."""

from datetime import date

import pytest

from tracker.measures.effect import Effect, EffectVerdict, effect

DECIDED = date(2026, 1, 20)
LONG_AGO = date(2020, 1, 1)


def months(before: int, after: int, in_its_own: int = 0) -> dict[date, int]:
    """So many each month of 2025, in January 2026, and each month from February 2026."""
    early = {date(2025, month, 1): before for month in range(1, 13)}
    late = {date(2026, month, 1): after for month in range(2, 13)}
    return {**early, date(2026, 1, 1): in_its_own, **late}


def found(before: int, after: int, today: date, *, own: int = 0, first: date | None = LONG_AGO) -> Effect:
    return effect(DECIDED, today, months(before, after, own), first)


@pytest.mark.parametrize(
    "after, verdict",
    [(1, EffectVerdict.LESS), (5, EffectVerdict.UNCLEAR), (4, EffectVerdict.UNCLEAR), (12, EffectVerdict.MORE)],
    ids=["a fall to a fifth", "as before", "a little less", "more than double"],
)
def test_enough_months_after_say_whether_it_happens_less(after: int, verdict: EffectVerdict) -> None:
    assert found(5, after, date(2026, 7, 1)).verdict is verdict


def test_the_words_hold_the_numbers_that_were_used() -> None:
    assert found(5, 1, date(2026, 7, 1)).words == (
        "It happens less often: 5 in the 5 months after, 60 in the 12 months before; 0.2 times as often (0.08 to 0.5)."
    )


def test_each_count_of_the_words_knows_its_months() -> None:
    counts = [(text, months.start, months.end) for text, months in found(5, 1, date(2026, 7, 1)).parts if months]
    assert counts == [("5", date(2026, 2, 1), date(2026, 7, 1)), ("60", date(2025, 1, 1), date(2026, 1, 1))]


@pytest.mark.parametrize("a_month, needed", [(1, 13), (2, 6), (5, 3), (50, 3)])
def test_what_happens_seldom_takes_longer_to_tell(a_month: int, needed: int) -> None:
    early = found(a_month, a_month, DECIDED)
    assert early.verdict is EffectVerdict.EARLY
    assert early.sayable_on == date(2026 + (1 + needed) // 12, (1 + needed) % 12 + 1, 1)


def test_it_is_too_early_until_the_day_it_says() -> None:
    early = found(5, 0, date(2026, 4, 30))
    assert early.words == (
        "It is too early to say: with 60 in the 12 months before, from 1 May 2026 on a fall would show."
    )
    assert found(5, 0, date(2026, 5, 1)).verdict is EffectVerdict.LESS


def test_the_month_of_the_decision_counts_neither_before_nor_after() -> None:
    assert found(5, 5, date(2026, 7, 1), own=500) == found(5, 5, date(2026, 7, 1))


def test_a_month_that_is_not_over_does_not_count() -> None:
    assert found(5, 1, date(2026, 7, 31)) == found(5, 1, date(2026, 7, 1))


def test_what_was_recorded_first_within_a_month_begins_with_the_next() -> None:
    assert "10 in the 2 months before" in found(5, 5, date(2026, 12, 1), first=date(2025, 10, 2)).words


@pytest.mark.parametrize("first", [None, DECIDED], ids=["never", "since then"])
def test_without_a_before_there_is_nothing_to_hold_it_against(first: date | None) -> None:
    assert found(5, 5, date(2026, 7, 1), first=first).verdict is EffectVerdict.NOTHING_BEFORE


def test_what_is_too_rare_for_years_of_counting_is_said_to_be() -> None:
    assert effect(DECIDED, date(2026, 7, 1), {date(2025, 5, 1): 1}, LONG_AGO).verdict is EffectVerdict.RARE


def test_a_decision_of_december_is_held_against_the_year_it_is_in() -> None:
    late = effect(date(2025, 12, 31), date(2026, 7, 1), months(5, 5), LONG_AGO)
    assert "55 in the 12 months before" in late.words
