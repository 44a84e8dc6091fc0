"""Did a decision help? Said when enough has passed to see it, counted from the day it was done, and not before."""

from datetime import date

import pytest

from tracker.measures.effect import Effect, EffectVerdict, effect

DONE = date(2026, 1, 20)
LONG_AGO = date(2020, 1, 1)


def months(before: int, after: int, in_its_own: int = 0) -> dict[date, int]:
    """So many each month of 2025, in January 2026, and each month from February 2026."""
    early = {date(2025, month, 1): before for month in range(1, 13)}
    late = {date(2026, month, 1): after for month in range(2, 13)}
    return {**early, date(2026, 1, 1): in_its_own, **late}


def found(before: int, after: int, today: date, *, own: int = 0, first: date | None = LONG_AGO) -> Effect:
    return effect(DONE, DONE, today, months(before, after, own), first)


@pytest.mark.parametrize(
    "after, verdict",
    [(1, EffectVerdict.LESS), (5, EffectVerdict.UNCLEAR), (4, EffectVerdict.UNCLEAR), (12, EffectVerdict.MORE)],
    ids=["a fall to a fifth", "as before", "a little less", "more than double"],
)
def test_enough_months_after_say_whether_it_happens_less(after: int, verdict: EffectVerdict) -> None:
    assert found(5, after, date(2026, 7, 1)).verdict is verdict


def test_the_words_hold_the_rates_that_were_held_against_each_other_and_what_they_come_from_stands_behind() -> None:
    told = found(5, 1, date(2026, 7, 1))
    assert told.words == "Helped: 5 a month before, 1 since."
    assert told.why == "0.2 times as often as before, 95 % interval 0.08 to 0.5."


def test_each_rate_of_the_words_knows_its_months() -> None:
    rates = [(text, months.start, months.end) for text, months in found(5, 1, date(2026, 7, 1)).parts if months]
    assert rates == [("5 a month", date(2025, 1, 1), date(2026, 1, 1)), ("1", date(2026, 2, 1), date(2026, 7, 1))]


def test_that_it_happens_more_is_said_from_the_third_month_on_though_a_fall_could_not_be_told_yet() -> None:
    assert found(2, 9, date(2026, 4, 30)).verdict is EffectVerdict.EARLY
    more = found(2, 9, date(2026, 5, 1))
    assert (more.verdict, more.words) == (EffectVerdict.MORE, "More since: 2 a month before, 9 since.")


def test_more_needs_more_than_chance_has_it_look_after_look() -> None:
    """By 95 % 24 in three months would be more than 60 in twelve; looked at so often, they are not."""
    assert found(5, 8, date(2026, 5, 1)).verdict is EffectVerdict.UNCLEAR
    assert found(5, 9, date(2026, 5, 1)).verdict is EffectVerdict.MORE


@pytest.mark.parametrize("a_month, needed", [(1, 13), (2, 6), (5, 3), (50, 3)])
def test_what_happens_seldom_takes_longer_to_tell(a_month: int, needed: int) -> None:
    early = found(a_month, a_month, DONE)
    assert early.verdict is EffectVerdict.EARLY
    assert early.sayable_on == date(2026 + (1 + needed) // 12, (1 + needed) % 12 + 1, 1)


def test_it_is_too_early_until_the_month_it_says_and_the_figures_so_far_are_told() -> None:
    assert found(5, 0, DONE).words == "Too early to call: 5 a month before; could be told by May 2026."
    early = found(5, 1, date(2026, 4, 30))
    assert early.words == "Too early to call: so far 1 a month, 5 a month before; could be told by May 2026."
    assert found(5, 0, date(2026, 5, 1)).verdict is EffectVerdict.LESS


def test_what_could_be_told_only_after_more_than_eighteen_months_is_too_rare() -> None:
    rare = effect(DONE, DONE, date(2026, 7, 1), {date(2025, 5, 1): 1, date(2026, 3, 1): 1}, LONG_AGO)
    assert rare.verdict is EffectVerdict.RARE
    assert rare.words == "Too rare to be told: so far 0.2 a month, 0.08 a month before."
    assert rare.sayable_on is None


def test_what_is_not_done_has_figures_since_it_was_decided_and_no_verdict() -> None:
    open_ = effect(DONE, None, date(2026, 7, 1), months(5, 1), LONG_AGO)
    assert open_.verdict is EffectVerdict.OPEN
    assert open_.words == "Not done yet: so far 1 a month, 5 a month before."
    assert (open_.ratio, open_.why) == (None, "")


def test_several_are_judged_from_before_the_first_was_done_to_after_the_last() -> None:
    told = effect(date(2025, 10, 5), date(2026, 2, 3), date(2026, 9, 1), months(5, 1), LONG_AGO)
    spans = [(months.start, months.end) for _, months in told.parts if months]
    assert spans == [(date(2024, 10, 1), date(2025, 10, 1)), (date(2026, 3, 1), date(2026, 9, 1))]


def test_the_month_it_was_done_in_counts_neither_before_nor_after() -> None:
    assert found(5, 5, date(2026, 7, 1), own=500) == found(5, 5, date(2026, 7, 1))


def test_a_month_that_is_not_over_does_not_count() -> None:
    assert found(5, 1, date(2026, 7, 31)) == found(5, 1, date(2026, 7, 1))


def test_what_was_recorded_first_within_a_month_begins_with_the_next() -> None:
    (first, _) = (months for _, months in found(5, 5, date(2026, 12, 1), first=date(2025, 10, 2)).parts if months)
    assert (first.start, first.end) == (date(2025, 11, 1), date(2026, 1, 1))


@pytest.mark.parametrize("first", [None, DONE], ids=["never", "since then"])
def test_without_a_before_there_is_nothing_to_hold_it_against(first: date | None) -> None:
    assert found(5, 5, date(2026, 7, 1), first=first).verdict is EffectVerdict.NOTHING_BEFORE


def test_what_was_done_in_december_is_held_against_the_year_it_is_in() -> None:
    late = effect(date(2025, 12, 31), date(2025, 12, 31), date(2026, 7, 1), months(5, 5), LONG_AGO)
    assert "4.6 a month before" in late.words
