"""Whether what was decided is done."""

from datetime import date

from tracker.measures.effect import FollowThrough, follow_through

TODAY = date(2026, 4, 27)
DECIDED, DUE = date(2026, 1, 5), date(2026, 3, 5)


def test_past_due_is_what_is_not_done_by_its_date() -> None:
    every = [(DECIDED, DUE, None), (DECIDED, TODAY, None), (DECIDED, DUE, date(2026, 1, 15)), (DECIDED, DUE, TODAY)]
    assert follow_through(every, TODAY) == FollowThrough(decisions=4, past_due=1, done=2, median_days=61.0)


def test_where_nothing_is_done_there_is_no_median() -> None:
    assert follow_through([], TODAY) == FollowThrough(0, 0, 0, None)
