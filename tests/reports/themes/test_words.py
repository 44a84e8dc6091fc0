"""What the theme report says in words of how late something was recorded, and of what came after fixes."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.measures.periods import period
from tracker.measures.rates import Share
from tracker.measures.recurrence import FixAnswers
from tracker.reports.sentences import plain
from tracker.reports.themes.recurrence import FixOutcomes
from tracker.reports.themes.reporters import ReporterCounts, people_text
from tracker.reports.themes.subject import ReportSubject
from tracker.reports.themes.trust import EntryLag

SUBJECT = ReportSubject(
    partnership="RIV", name="Riverside", organisations={"acute": "A", "council": "B"},
    theme_names={"pace": "Pace of decisions"}, period=period("2026-Q1"), before=None, first=None, so_far=None,
    chart=period("2025").months(), scope=(), made_on=date(2026, 4, 27),
)  # fmt: skip
FIXES = FixOutcomes(
    SUBJECT, fixes=12, back=3, alike=2, survival=(), share=(0.75, 0.41, 0.91),
    share_or_alike=(0.58, 0.27, 0.8), chains=(), within=90, least=8, answers=FixAnswers(0, 0, 0),
    talked=Share(0, 0),
)  # fmt: skip


@pytest.mark.parametrize(
    "within, words",
    [
        ((5, 6, 7, 8, 9), "on the day"),
        ((4, 5, 7, 8, 9), "1 day later"),
        ((1, 2, 6, 8, 9), "2 days later"),
        ((1, 2, 3, 8, 9), "3 to 7 days later"),
        ((0, 0, 0, 1, 5), "8 to 28 days later"),
        ((0, 0, 0, 1, 4), "more than 28 days later"),
    ],
)
def test_how_late_half_of_it_was_recorded(within: tuple[int, ...], words: str) -> None:
    assert EntryLag(within, 10).text == words


def test_of_nothing_it_is_not_said_how_late_it_was_recorded() -> None:
    assert EntryLag((), 0).text == EntryLag((0, 0, 0, 0, 0), 0).text == ""


def test_what_is_recorded_within_two_days_is_in_time() -> None:
    assert (EntryLag((1, 2, 6, 8, 9), 10).prompt.k, EntryLag((), 0).prompt.n) == (6, 0)


def test_what_is_only_alike_is_told_apart_from_what_came_back() -> None:
    assert plain(FIXES.lasting) == (
        "12 fixes followed up; 3 came back within 90 days. After 2 something alike happened, which nobody has linked. "
        "It stays solved between 58 % and 75 % for 90 days: the more by what was linked, the less with what is only "
        "alike."
    )


def test_for_how_long_fixes_are_followed_and_how_many_say_something_is_as_a_partnership_has_set_it() -> None:
    asked = replace(FIXES, within=180, least=20, survival=((100.0, 0.75),))

    assert "3 came back within 180 days" in plain(asked.lasting)
    assert "between 58 % and 75 % for 180 days" in plain(asked.lasting)
    too_few = plain(replace(asked, share=None).lasting)
    assert too_few.endswith("Fewer than 20 are too few to say how long fixes last.")
    curve = replace(asked, back=10).curve
    assert curve is not None
    assert curve.points == ((0.0, 1.0), (100.0, 1.0), (100.0, 0.75), (180.0, 0.75))
    assert curve.steps[-2:] == (("90", "100 %"), ("180", "75 %"))


def test_of_fewer_than_ten_returns_no_curve_is_drawn() -> None:
    assert replace(FIXES, survival=((100.0, 0.75),), back=9).curve is None


def test_where_nothing_alike_happened_one_share_is_told() -> None:
    same = replace(FIXES, alike=0, share_or_alike=FIXES.share)
    assert same.summary == "75 % for 90 days"


@pytest.mark.parametrize("people, shown", [(0, "0"), (1, "<5"), (4, "<5"), (5, "5")])
def test_one_to_four_people_are_not_counted_out(people: int, shown: str) -> None:
    assert people_text(people) == shown


@pytest.mark.parametrize(
    "recent, before, words",
    [(3, 4, "too few to compare"), (0, 3, "too few to compare"), (6, 4, "more people than before"),
     (4, 6, "fewer people than before"), (5, 5, "as many as before"), (0, 0, "as many as before")],
)  # fmt: skip
def test_so_few_people_are_not_compared_either(recent: int, before: int, words: str) -> None:
    assert ReporterCounts("acute", recent, before, people=9, reports=recent, expected=0.0).text == words
