"""The history file, taken in: what is new is added, what has grown is continued; all else is left, and said."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from tracker.exchange.history.cases import Case
from tracker.exchange.history.cells import Names
from tracker.exchange.history.clocks import settle
from tracker.exchange.history.events import HistoryPlace, past_events
from tracker.exchange.history.issues import add_issues, continue_issues, take_numbers
from tracker.exchange.history.plan import HistoryPlan, plan, plan_cases
from tracker.exchange.history.records import CaseEvents, append
from tracker.exchange.history.rows import read
from tracker.queries.arrangements import by_key
from tracker.queries.issues import with_parts
from tracker.records.issue import Issue
from tracker.records.partnership_chain import record
from tracker.records.tally import mark_months
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.arrangement import HistoryLoaded
from tracker.rules.events.kinds import SERVER
from tracker.rules.refusals import Refused

BATCH = 250  # cases written in one transaction, and then others have their turn
TRIES = 3  # of a batch that somebody else takes in at the same moment


class BrokenOff(Refused):
    """Taking in ended before the file did; what was taken in stays, each case whole."""

    def __init__(self, done: int, total: int, why: str) -> None:
        how_far = f"{done} of {total} issues are taken in, each whole"
        super().__init__(f"Broken off ({why}): {how_far}. Run it again: it takes in the rest.")


class Sessions(Protocol):
    """Where sessions come from; a writing one is a transaction."""

    def read(self) -> AbstractContextManager[Session]: ...

    def write(self) -> AbstractContextManager[Session]: ...


def planned(session: Session, content: bytes, arrangement: Arrangement, *, now: datetime) -> HistoryPlan:
    """What taking in the file would do. Refuses a file that cannot be read with `WrongFile`."""
    return plan(session, read(content, Names.of(arrangement, now)), HistoryPlace(arrangement))


def take_in(
    sessions: Sessions, content: bytes, key: str, *, now: datetime, progress: Callable[[int, int], None]
) -> HistoryPlan:
    """Takes the file in, some cases at a time, and says what was done. Refuses as `planned`, and with BrokenOff.

    Nobody is told of it; each time it is recorded for the leads, unless it changed nothing. `progress` hears between
    two transactions how many cases are written, of how many. Open issues get their limits from `now`.
    """
    with sessions.read() as session:
        found = planned(session, content, by_key(session, key), now=now)
    cases, grown = [*found.new, *(each.case for each in found.grown)], {each.case.ref for each in found.grown}
    done = HistoryPlan(found.file, found.set_aside, unchanged=found.unchanged, left=found.left)
    try:
        for start in range(0, len(cases), BATCH):
            rest = len(cases) - start - BATCH
            some = cases[start : start + BATCH]
            _take_in_some(sessions, some, key, done, now, grown=grown, is_last=rest <= 0)
            progress(min(start + BATCH, len(cases)), len(cases))
    except (KeyboardInterrupt, OperationalError) as fault:
        why = "the database does not answer" if isinstance(fault, OperationalError) else "stopped"
        raise BrokenOff(len(done.new) + len(done.grown), len(cases), why) from fault
    return done


def _take_in_some(
    sessions: Sessions,
    cases: Sequence[Case],
    key: str,
    done: HistoryPlan,
    now: datetime,
    *,
    grown: Collection[str],
    is_last: bool,
) -> None:
    """One transaction, and before it one for the numbers: so it holds no row that who raises an issue waits for.

    Somebody else may have taken in the same meanwhile: what is new is looked at anew.
    """
    for more in reversed(range(TRIES)):
        try:
            number = _numbers(sessions, key, count=len(cases) - sum(case.ref in grown for case in cases))
            with sessions.write() as session:
                place = HistoryPlace(by_key(session, key))
                found = plan_cases(session, cases, place, done.file)
                _write(session, found, place, first_number=number, now=now)
                if found.new or found.grown:
                    _record(session, found, done if is_last else None, place.arrangement, now)
        except IntegrityError:
            if not more:
                raise
        else:
            done.add(found)
            return


def _numbers(sessions: Sessions, key: str, *, count: int) -> int:
    if not count:
        return 0
    with sessions.write() as session:
        return take_numbers(session, by_key(session, key).id, count)


def _write(session: Session, found: HistoryPlan, place: HistoryPlace, *, first_number: int, now: datetime) -> None:
    if found.new:
        _add(session, found.new, place, first_number=first_number, now=now)
    if found.grown:
        _count_anew(session, found.grown, place, now)  # the months they were resolved in, while those are known
        continue_issues(session, {each.issue_id: each.case for each in found.grown}, place)
        _append(session, found.grown, place, now)


def _add(session: Session, cases: Sequence[Case], place: HistoryPlace, *, first_number: int, now: datetime) -> None:
    ids = add_issues(session, cases, place, first_number=first_number)
    growths = [CaseEvents(of, case, tuple(past_events(case, place))) for of, case in zip(ids, cases, strict=True)]
    _append(session, growths, place, now)


def _append(session: Session, growths: Sequence[CaseEvents], place: HistoryPlace, now: datetime) -> None:
    """The events, and then the clocks of the issues whose tier or state they left other than over."""
    append(session, growths, place)
    moved = {each.issue_id: each.case for each in growths if each.moves}
    issues = select(Issue).where(col(Issue.id).in_(moved)).execution_options(populate_existing=True)
    for issue in with_parts(session, session.exec(issues).all()):
        settle(issue, moved[issue.id], place, now)
    _count_anew(session, growths, place, now)


def _count_anew(session: Session, growths: Sequence[CaseEvents], place: HistoryPlace, now: datetime) -> None:
    mark_months(session, place.arrangement.id, [each.issue_id for each in growths], now)


def _record(
    session: Session, found: HistoryPlan, before: HistoryPlan | None, arrangement: Arrangement, now: datetime
) -> None:
    """What these cases became; with the last of a file, also how many of it were not taken in."""
    plans = [found, before] if before else [found]
    loaded = HistoryLoaded(
        loaded=len(found.new) + len(found.grown),
        set_aside=sum(len(each.set_aside) + len(each.left) for each in plans),
        unchanged=sum(len(each.unchanged) for each in plans),
    )
    record(session, partnership_id=arrangement.id, kind=loaded, actor=SERVER, now=now).announced = True
