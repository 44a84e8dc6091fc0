"""Pausing: the clock stands still once all agree, and goes on by a side, on the day or at the most allowed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import ring_one
from tracker.actions import escalate
from tracker.actions.asking.ask import agree_to_ask, ask
from tracker.actions.asking.pausing import resume
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.events.moving import Paused
from tracker.rules.lifecycle import State
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.refusals import MayNot, MoveNotAllowed, WrongInput

LIMIT = datetime(2026, 4, 30, 16, tzinfo=UTC)  # Thursday 17:00 in London: three working days from Monday
TUESDAY_NOON = datetime(2026, 4, 28, 11, tzinfo=UTC)


def paused(
    session: Session,
    cast: Cast,
    issue: Issue,
    until: date = date(2026, 5, 22),
    now: datetime = MONDAY,
    by: tuple[str, str] = ("sam", "kim"),
) -> Issue:
    """Agreed by both sides at a moment."""
    choice = AskChoice(outsider="County Court", until=until)
    ask(session, issue.ref, doer(cast, by[0], now), kind=AskKind.PAUSE, reason="Their ruling.", choice=choice)
    return agree_to_ask(session, issue.ref, doer(cast, by[1], now), number=len(issue.asks()))


def due(issue: Issue, kind: TimerKind) -> datetime | None:
    return next((each.due_at for each in issue.timers if each.kind is kind), None)


def test_paused_the_limit_is_still_there_and_does_not_ring(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        assert (issue.state, issue.due_at) == (State.PAUSED, LIMIT)
        assert not {TimerKind.LIMIT, TimerKind.WARNING} & {each.kind for each in issue.timers}
        event = last_event(session, issue).read()
        assert isinstance(event, Paused)
        assert (event.waits_for, event.reason, event.until) == ("County Court", "Their ruling.", "2026-05-22")


def test_either_side_ends_it_and_the_limit_moves_by_the_time_both_worked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        resume(session, issue.ref, doer(cast, "kim", TUESDAY_NOON), reason="It ruled.")
        assert issue.state is State.OPEN
        moved = datetime(2026, 5, 5, 11, tzinfo=UTC)  # 1 day and 3 hours on; Monday 4 May is a holiday
        assert (issue.due_at, due(issue, TimerKind.LIMIT)) == (moved, moved)
        assert due(issue, TimerKind.WARNING) == datetime(2026, 5, 1, 16, tzinfo=UTC)


def test_a_second_pause_moves_it_again_and_what_was_paused_before_counts_to_the_most(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        most = due(issue, TimerKind.PAUSE)
        resume(session, issue.ref, doer(cast, "kim", TUESDAY_NOON))
        paused(session, cast, issue, now=TUESDAY_NOON)
        again = due(issue, TimerKind.PAUSE)
        assert most
        assert again
        calendar = cast.arrangement(session).joint_calendar(issue.side_ids)
        assert calendar.between(TUESDAY_NOON, again) < calendar.between(MONDAY, most)


def test_it_ends_by_itself_when_its_last_day_is_over(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = paused(session, cast, make_issue(session, cast), until=date(2026, 4, 28)).ref
    end = datetime(2026, 4, 28, 23, tzinfo=UTC)  # midnight in London
    with db.write() as session:
        assert not ring_one(session, now=end - timedelta(seconds=1))
        assert ring_one(session, now=end)
        issue = session.exec(select(Issue).where(Issue.ref == ref)).one()
        event = last_event(session, issue)
        assert (issue.state, event.kind, event.details["ended"]) == (State.OPEN, "resumed", "day")
        assert issue.due_at == datetime(2026, 5, 5, 16, tzinfo=UTC)  # two whole days on


def test_it_ends_by_itself_when_the_ladder_allows_no_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        end = due(issue, TimerKind.PAUSE)
        assert end == datetime(2026, 5, 12, 16, tzinfo=UTC)  # ten working days from Monday
    with db.write() as session:
        ring_one(session, now=end)
        found = session.exec(select(Issue).where(Issue.id == issue.id)).one()
        assert last_event(session, found).details["ended"] == "cap"


def test_once_all_of_it_is_used_no_more_is_asked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        end = due(issue, TimerKind.PAUSE)
        assert end
        resume(session, issue.ref, doer(cast, "sam", end))
        with pytest.raises(MoveNotAllowed, match="10 working days in all, and those are used up"):
            paused(session, cast, issue, now=end + timedelta(hours=16))


def test_a_tier_above_has_pauses_of_its_own(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        end = due(issue, TimerKind.PAUSE)
        assert end
        resume(session, issue.ref, doer(cast, "sam", end))
        escalate.by_clock(issue, cast.arrangement(session), end)
        assert paused(session, cast, issue, now=end, by=("jo", "lee")).state is State.PAUSED


def test_a_meeting_does_not_move(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(3):
            escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        meeting = issue.due_at
        paused(session, cast, issue, by=("priya", "dana"))
        resume(session, issue.ref, doer(cast, "dana", MONDAY + timedelta(hours=3)))
        assert issue.due_at == meeting


def test_paused_nothing_goes_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        with pytest.raises(MoveNotAllowed, match="paused"):
            escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline")
    with db.write() as session:
        ring_one(session, now=LIMIT)
        assert session.exec(select(Issue.tier).where(Issue.id == issue.id)).one() == 1


@pytest.mark.parametrize(
    "choice, field",
    [
        (AskChoice(until=date(2026, 5, 1)), "outsider"),
        (AskChoice(outsider="The court"), "until"),
        (AskChoice(outsider="The court", until=date(2026, 4, 26)), "until"),
        (AskChoice(side="north", until=date(2026, 5, 1)), "side"),
    ],
)
def test_a_pause_names_whom_one_waits_for_and_a_day_to_come(
    db: Database, cast: Cast, choice: AskChoice, field: str
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput) as refusal:
            ask(session, issue.ref, doer(cast, "sam"), kind=AskKind.PAUSE, reason="So.", choice=choice)
        assert [each.field for each in refusal.value.errors] == [field]


def test_agreed_after_its_day_it_is_not_carried_out(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        choice = AskChoice(side="council", until=date(2026, 4, 27))
        ask(session, issue.ref, doer(cast, "sam"), kind=AskKind.PAUSE, reason="So.", choice=choice)
        with pytest.raises(WrongInput, match="Mon 27 Apr is over"):
            agree_to_ask(session, issue.ref, doer(cast, "kim", TUESDAY_NOON), number=1)


def test_who_ends_a_pause_after_a_long_silence_has_it_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        issue.lapse(cast.arrangement(session).organisation("council"), MONDAY)
        resume(session, issue.ref, doer(cast, "kim", TUESDAY_NOON))
        assert kinds(session, issue)[-2:] == ["acknowledged_by_writing", "resumed"]


def test_who_holds_nothing_ends_no_pause(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = paused(session, cast, make_issue(session, cast))
        with pytest.raises(MayNot):
            resume(session, issue.ref, doer(cast, "chris"))


def test_ending_a_pause_that_is_none_is_refused(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(MoveNotAllowed, match="to end the pause is not possible now"):
            resume(session, issue.ref, doer(cast, "sam"))
        assert "resumed" not in kinds(session, issue)
