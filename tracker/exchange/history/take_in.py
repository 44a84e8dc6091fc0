"""The history file, taken in: what is new is added, what has grown is continued; all else is left, and said."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.exchange.history.cases import Case
from tracker.exchange.history.cells import Names
from tracker.exchange.history.clocks import settle
from tracker.exchange.history.events import HistoryPlace, past_events
from tracker.exchange.history.issues import add_issues, continue_issues, take_numbers
from tracker.exchange.history.plan import HistoryPlan, plan
from tracker.exchange.history.records import CaseEvents, append
from tracker.exchange.history.rows import read
from tracker.queries.issues import whole
from tracker.records.issue import Issue
from tracker.records.partnership_chain import record
from tracker.records.tally import mark_months
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.arrangement import HistoryLoaded
from tracker.rules.events.kinds import SERVER

BATCH = 250  # cases written between two signs of progress


def planned(session: Session, content: bytes, arrangement: Arrangement) -> HistoryPlan:
    """What taking in the file would do. Refuses a file that cannot be read with `WrongFile`."""
    return plan(session, read(content, Names.of(arrangement)), HistoryPlace(arrangement))


def take_in(
    session: Session, content: bytes, arrangement: Arrangement, *, now: datetime, progress: Callable[[int, int], None]
) -> HistoryPlan:
    """Takes the file in, in the caller's one transaction, and says what was done. Refuses as `planned`.

    Nobody is told of it; it is recorded for the leads, unless it changed nothing. `progress` hears how many cases
    are written, of how many. Open issues get their limits from `now`.
    """
    found, place = planned(session, content, arrangement), HistoryPlace(arrangement)
    total, done = len(found.new) + len(found.grown), 0
    number = take_numbers(session, arrangement.id, len(found.new)) if found.new else 0
    for start in range(0, len(found.new), BATCH):
        cases = found.new[start : start + BATCH]
        _add(session, cases, place, first_number=number + start, now=now)
        progress(done := done + len(cases), total)
    for start in range(0, len(found.grown), BATCH):
        grown = found.grown[start : start + BATCH]
        _count_anew(session, grown, place, now)  # the months they were resolved in, while those are known
        continue_issues(session, {each.issue_id: each.case for each in grown}, place)
        _append(session, grown, place, now)
        progress(done := done + len(grown), total)
    if total:
        _record(session, found, arrangement, now)
    return found


def _add(session: Session, cases: Sequence[Case], place: HistoryPlace, *, first_number: int, now: datetime) -> None:
    ids = add_issues(session, cases, place, first_number=first_number)
    growths = [CaseEvents(of, case, tuple(past_events(case, place))) for of, case in zip(ids, cases, strict=True)]
    _append(session, growths, place, now)


def _append(session: Session, growths: Sequence[CaseEvents], place: HistoryPlace, now: datetime) -> None:
    """The events, and then the clocks of the issues whose tier or state they left other than over."""
    append(session, growths, place)
    moved = {each.issue_id: each.case for each in growths if each.moves}
    issues = select(Issue).where(col(Issue.id).in_(moved)).options(*whole())
    for issue in session.exec(issues.execution_options(populate_existing=True)):
        settle(issue, moved[issue.id], place, now)
    _count_anew(session, growths, place, now)


def _count_anew(session: Session, growths: Sequence[CaseEvents], place: HistoryPlace, now: datetime) -> None:
    mark_months(session, place.arrangement.id, [each.issue_id for each in growths], now)


def _record(session: Session, found: HistoryPlan, arrangement: Arrangement, now: datetime) -> None:
    loaded = HistoryLoaded(
        loaded=len(found.new) + len(found.grown),
        set_aside=len(found.set_aside) + len(found.left),
        unchanged=len(found.unchanged),
    )
    record(session, partnership_id=arrangement.id, kind=loaded, actor=SERVER, now=now).announced = True
