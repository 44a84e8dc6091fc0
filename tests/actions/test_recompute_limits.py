"""A changed arrangement moves every clock that is set from what gave it, only then, and never without notice."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from tests.arrangement_makers import Change, write_ladder, write_tier
from tests.decision_makers import make_decision
from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, TUESDAYS, Cast
from tests.notice_makers import ring_one
from tracker.actions import resolve
from tracker.actions.acknowledge import acknowledge
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import State
from tracker.rules.meetings import without_meeting

FRIDAYS = "DTSTART;TZID=Europe/London:20260102T100000 RRULE:FREQ=WEEKLY;BYDAY=FR"


def london(day: str, hour: str) -> datetime:
    """A moment of 2026, in summer, by the clock in London: ("04-27", "09:00"); in UTC."""
    return datetime.fromisoformat(f"2026-{day}T{hour}:00+01:00").astimezone(UTC)


def due(issue: Issue, kind: TimerKind, side: str = "") -> datetime | None:
    """When a timer is set for; None where it is not set."""
    return next((each.due_at for each in issue.timers if (each.kind, each.side) == (kind, side)), None)


def propose(session: Session, cast: Cast, issue: Issue, day: str, hour: str) -> None:
    resolve.propose(session, issue.ref, doer(cast, "kim", london(day, hour)), outcome="solved", done="Sent again.")


def give_back(session: Session, cast: Cast, issue: Issue, day: str, hour: str) -> None:
    resolve.give_back(session, issue.ref, doer(cast, "sam", london(day, hour)), reason="Two are still missing.")


def sweep(session: Session, now: datetime) -> None:
    while ring_one(session, now):
        pass


def details(session: Session, issue: Issue) -> dict[str, Any]:
    return last_event(session, issue).details


def test_a_closed_day_moves_the_limit_by_a_day_and_is_said(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with Change(session, cast, MONDAY) as change:
            change.close("council", "2026-04-29")
        assert change.moved == 1
        assert issue.due_at == due(issue, TimerKind.LIMIT) == london("05-01", "17:00")
        assert due(issue, TimerKind.WARNING) == london("04-30", "17:00")
        event = last_event(session, issue).read()
        assert event.sentence("") == "The limit was worked out anew: the calendar of Riverside Council changed"


@pytest.mark.parametrize("organisation, day", [("council", "2026-08-03"), ("community", "2026-04-29")])
def test_what_changes_nothing_on_the_way_to_a_limit_is_no_event(
    db: Database, cast: Cast, organisation: str, day: str
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with Change(session, cast, MONDAY) as change:
            change.close(organisation, day)
        assert change.moved == 0
        assert kinds(session, issue) == ["raised", "routed"]


def test_a_limit_that_a_return_gave_stands_when_a_far_off_day_is_closed(db: Database, cast: Cast) -> None:
    """The case E1: the closing day in December touches no day before the limit."""
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        assert issue.due_at == london("04-30", "17:00")
        propose(session, cast, issue, "04-29", "16:00")
        give_back(session, cast, issue, "05-01", "11:00")
        assert issue.due_at == london("05-05", "17:00")
        with Change(session, cast, london("05-01", "11:10")) as change:
            change.close("council", "2026-12-24")
        sweep(session, london("05-01", "11:11"))
        assert (issue.due_at, issue.tier) == (london("05-05", "17:00"), 1)
        assert due(issue, TimerKind.LIMIT) == issue.due_at
        assert "limit_recomputed" not in kinds(session, issue)


def test_a_limit_that_a_return_gave_moves_from_the_return(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        propose(session, cast, issue, "04-29", "16:00")
        give_back(session, cast, issue, "05-01", "11:00")
        with Change(session, cast, london("05-01", "11:10")) as change:
            change.close("council", "2026-05-05")
        assert issue.due_at == london("05-06", "17:00")


def test_a_limit_follows_the_calendar_while_an_end_is_proposed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        propose(session, cast, issue, "04-27", "10:00")
        with Change(session, cast, london("04-27", "11:00")) as change:
            change.close("council", "2026-04-30")
        give_back(session, cast, issue, "04-27", "12:00")
        assert issue.due_at == due(issue, TimerKind.LIMIT) == london("05-01", "17:00")


def test_the_time_to_acknowledge_is_counted_in_its_own_days(db: Database, cast: Cast) -> None:
    """The case E2: a limit in calendar days stands, the acknowledgement moves."""
    with db.write() as session:
        write_tier(session, cast, 1, limit="10 days", warn=None)
        issue = make_issue(session, cast)
        assert due(issue, TimerKind.ACKNOWLEDGEMENT, "council") == london("04-28", "17:00")
        with Change(session, cast, london("04-27", "09:10")) as change:
            change.close("council", "2026-04-28", "2026-04-29")
        sweep(session, london("04-28", "17:01"))
        assert due(issue, TimerKind.ACKNOWLEDGEMENT, "council") == london("04-30", "17:00")
        assert issue.side(cast.council.id).acknowledge_by == london("04-30", "17:00")
        assert issue.due_at == london("05-08", "00:00")
        assert "acknowledgement_late" not in kinds(session, issue)
        assert last_event(session, issue).read().sentence("").startswith("The time to acknowledge was worked out anew")


def test_what_rang_stays_rung(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        sweep(session, london("04-28", "17:00"))
        assert kinds(session, issue)[-1] == "acknowledgement_late"
        with Change(session, cast, london("04-28", "17:30")) as change:
            change.close("council", "2026-04-28")
        assert due(issue, TimerKind.ACKNOWLEDGEMENT, "council") is None
        assert issue.due_at == london("05-01", "17:00")


def test_a_change_brings_a_limit_no_nearer_than_a_working_day_and_the_event_keeps_that(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        with Change(session, cast, MONDAY) as change:
            change.close("council", "2026-04-28", "2026-04-29", "2026-04-30", "2026-05-01")
        issue = make_issue(session, cast)
        assert issue.due_at == london("05-07", "17:00")
        with Change(session, cast, london("05-05", "10:00")) as change:
            change.close("council")
        assert issue.due_at == london("05-06", "17:00")
        assert details(session, issue)["floors"] == {"limit": london("05-06", "17:00").isoformat()}
        with Change(session, cast, london("05-05", "10:10")) as change:
            change.close("council", "2026-05-06")
        assert issue.due_at == london("05-07", "17:00")


def test_a_limit_nearer_than_a_working_day_stays_where_a_change_would_make_it_earlier(db: Database, cast: Cast) -> None:
    with db.write() as session:
        with Change(session, cast, MONDAY) as change:
            change.close("council", "2026-04-28")
        issue = make_issue(session, cast)
        assert issue.due_at == london("05-01", "17:00")
        with Change(session, cast, london("05-01", "10:00")) as change:
            change.close("council")
        assert (issue.due_at, change.moved) == (london("05-01", "17:00"), 0)
        with Change(session, cast, london("05-01", "10:10")) as change:
            change.close("council", "2026-12-24")
        assert issue.due_at == london("05-01", "17:00")


def on_top(session: Session, cast: Cast) -> Issue:
    """An issue that waits for the steering group's next meeting, on Tuesday 28 April."""
    write_tier(session, cast, 1, limit="next meeting", body_id=cast.bodies["steering"].id, warn=None)
    issue = make_issue(session, cast)
    assert issue.due_at == london("04-28", "10:00")
    return issue


def test_a_limit_by_meeting_follows_the_meetings_to_the_first_after_the_change(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = on_top(session, cast)
        with Change(session, cast, london("04-27", "10:00")) as change:
            change.meet("steering", FRIDAYS)
        assert issue.due_at == london("05-01", "10:00")
        assert last_event(session, issue).read().sentence("").endswith("the meetings of Steering group changed")
        earlier = FRIDAYS.replace("20260102T100000", "20260105T100000").replace("BYDAY=FR", "BYDAY=MO,TH")
        with Change(session, cast, london("04-28", "09:00")) as change:
            change.meet("steering", earlier)
        assert issue.due_at == london("04-30", "10:00")


def test_a_meeting_that_is_put_off_or_cancelled_takes_the_limit_along(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = on_top(session, cast)
        later = without_meeting(TUESDAYS, london("04-28", "10:00"), london("04-30", "14:00"))
        with Change(session, cast, london("04-27", "10:00")) as change:
            change.meet("steering", later)
        assert issue.due_at == london("04-30", "14:00")
        with Change(session, cast, london("04-27", "11:00")) as change:
            change.meet("steering", without_meeting(later, london("04-30", "14:00")))
        assert issue.due_at == london("05-05", "10:00")


def test_no_limit_becomes_earlier_because_a_single_meeting_was_cancelled(db: Database, cast: Cast) -> None:
    """The most that was agreed where none is scheduled would be nearer than the only meeting was."""
    only = "DTSTART;TZID=Europe/London:20260601T100000"
    with db.write() as session:
        write_tier(session, cast, 1, or_at_most="2 working days")
        issue = on_top(session, cast)
        with Change(session, cast, london("04-27", "10:00")) as change:
            change.meet("steering", only)
        assert issue.due_at == london("06-01", "10:00")
        with Change(session, cast, london("04-27", "11:00")) as change:
            change.meet("steering", without_meeting(only, london("06-01", "10:00")))
        assert issue.due_at == london("06-01", "10:00")


def test_where_no_meeting_is_left_the_limit_is_the_most_that_was_agreed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        write_tier(session, cast, 1, or_at_most="2 working days")
        issue = on_top(session, cast)
        with Change(session, cast, london("04-27", "10:00")) as change:
            change.meet("steering", None)
        assert issue.due_at == london("04-29", "17:00")


def test_silence_does_not_count_on_a_day_on_which_the_silent_side_is_closed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        write_ladder(session, cast, agree_silence="1 day")
        issue = make_issue(session, cast)
        propose(session, cast, issue, "05-01", "10:00")
        assert due(issue, TimerKind.SILENCE) == london("05-06", "00:00")  # Monday 4 May is a holiday
        with Change(session, cast, london("05-01", "11:00")) as change:
            change.close("acute", "2026-05-05")
        assert due(issue, TimerKind.SILENCE) == london("05-07", "00:00")
        sweep(session, london("05-06", "00:00"))
        assert issue.state is State.PROPOSED
        assert last_event(session, issue).read().sentence("").startswith("The time to answer the proposal was")


def test_no_acknowledgement_is_late_on_a_day_on_which_its_side_is_closed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        write_tier(session, cast, 1, acknowledge="1 day")
        issue = make_issue(session, cast, now=london("05-01", "10:00"))
        assert due(issue, TimerKind.ACKNOWLEDGEMENT, "council") == london("05-06", "00:00")


def test_a_limit_in_calendar_days_passes_as_it_is_written(db: Database, cast: Cast) -> None:
    with db.write() as session:
        write_tier(session, cast, 1, limit="1 day", warn=None)
        assert make_issue(session, cast, now=london("05-01", "10:00")).due_at == london("05-03", "00:00")


def test_by_another_zone_days_end_at_another_moment(db: Database, cast: Cast) -> None:
    with db.write() as session:
        write_tier(session, cast, 1, limit="10 days", warn=None)
        issue = make_issue(session, cast)
        with Change(session, cast, MONDAY) as change:
            change.count_by("America/New_York")
        assert issue.due_at == london("05-08", "05:00")
        assert last_event(session, issue).read().sentence("").endswith("the partnership's zone changed")


def test_other_clocks_follow_without_a_word(db: Database, cast: Cast) -> None:
    with db.write() as session:
        write_tier(session, cast, 1, limit="10 days", acknowledge=None, warn=None)
        issue = make_issue(session, cast)
        with Change(session, cast, MONDAY) as change:
            change.close("council", "2026-04-29")
        assert due(issue, TimerKind.LAPSE, "acute") == london("05-06", "17:00")
        assert kinds(session, issue) == ["raised", "routed"]


def test_reminders_of_a_decision_follow_the_calendar_of_who_took_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        decision = make_decision(session, cast)
        with Change(session, cast, MONDAY) as change:
            change.close("council", "2026-05-29")
        assert {each.kind: each.due_at for each in decision.timers} == {
            TimerKind.DECISION_NEAR: london("05-20", "09:00"),
            TimerKind.DECISION_DUE: london("05-28", "09:00"),
        }


def test_of_many_issues_only_what_moves_is_looked_at(db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.queries.open_clocks.BATCH", 3)
    monkeypatch.setattr("tracker.actions.recompute_limits._AT_ONCE", 2)
    with db.write() as session:
        early = [make_issue(session, cast) for _ in range(4)]
        late = [make_issue(session, cast, now=london("05-20", "09:00")) for _ in range(4)]
        with Change(session, cast, london("05-20", "09:00")) as change:
            change.close("council", "2026-05-21")
        assert change.moved == len(late)
        assert {each.due_at for each in early} == {london("04-30", "17:00")}
        assert {each.due_at for each in late} == {london("05-27", "17:00")}
