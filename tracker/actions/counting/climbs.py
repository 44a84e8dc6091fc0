"""Counting anew how issues climbed: what is kept of each, and the sums that reports add up, as their events grow."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import Session

from tracker.database import Database, is_held, is_of_the_database
from tracker.measures.climb import folded, hour_number
from tracker.queries import arrangements
from tracker.queries.ladder.climbs import measured
from tracker.queries.ladder.kept import (
    TallyKey,
    climbs_of,
    forget_climbs,
    issues_by_id,
    keep,
    lock_tallies,
    lock_uncounted,
    longest_of,
    mark_every_climb,
    next_partnership,
    rest,
    scope_ids,
)
from tracker.records.climb import EVERY_MONTH
from tracker.rules.sweeps import AGAIN_AFTER, CLIMBS_COUNTED_AFTER, SweepResult
from tracker.rules.wording import say_count

_log = structlog.get_logger()
_A_SWEEP, _A_BATCH = 25, 500  # issues in one transaction: of the clock, for which others wait; of somebody who watches


def count_climbs(session: Session, *, now: datetime, most: int = _A_SWEEP) -> SweepResult | None:
    """Counts issues that have changed and rested since, those of one partnership; None when there are none. One that
    cannot be counted is left alone for an hour; reports count it themselves meanwhile."""
    key, count = _count_some(session, now, now, most)
    return SweepResult(key, f"{say_count(count, 'climb')} counted") if count else None


def _count_some(session: Session, rested: datetime, now: datetime, most: int) -> tuple[str, int]:
    """Of those that have rested by then; of which partnership, and how many."""
    partnership_id = next_partnership(session, rested)
    ids = lock_uncounted(session, partnership_id, rested, most) if partnership_id is not None else []
    if partnership_id is None or not ids:
        return "", 0
    if not _is_counted(session, partnership_id, ids, now):
        for issue_id in ids:
            if not _is_counted(session, partnership_id, [issue_id], now):
                rest(session, [issue_id], now + AGAIN_AFTER)
    return f"partnership {partnership_id}", len(ids)


def _is_counted(session: Session, partnership_id: int, ids: list[int], now: datetime) -> bool:
    """Counts them, all or none; whether that could be done. Nothing of them is read but here: any may be damaged."""
    try:
        with session.begin_nested():
            _count(session, partnership_id, ids, now)
    except Exception as error:
        if is_held(error) or is_of_the_database(error):
            raise
        _log.exception("climbs not counted", partnership_id=partnership_id, issues=len(ids))
        return False
    return True


def _count(session: Session, partnership_id: int, ids: list[int], now: datetime) -> None:
    """What each added to its months is taken away, and what it adds now is added."""
    arrangement = arrangements.arrangement(session, partnership_id)
    found, before = measured(session, arrangement, issues_by_id(session, ids)), climbs_of(session, ids)
    scope_of = scope_ids(session, partnership_id, (each.scope for each in found))
    changes: dict[TallyKey, Counter[str]] = {}
    for old in before.values():
        _change(changes, old.scope_id, {int(month): counts for month, counts in old.counts.items()}, -1)
    for new in found:
        _change(changes, scope_of[new.scope], new.counts, 1)
    keep(session, found, scope_of)
    raised = {(old.scope_id, old.month) for old in before.values()}
    raised |= {(scope_of[each.scope], each.month) for each in found}
    _apply(session, changes, raised | {(scope_id, EVERY_MONTH) for scope_id, _ in raised}, hour_number(now))
    rest(session, ids, None)


def _change(changes: dict[TallyKey, Counter[str]], scope_id: int, by_month: Any, sign: int) -> None:
    for month, counts in by_month.items():
        for key in ((scope_id, month), (scope_id, EVERY_MONTH)):
            sums = changes.setdefault(key, Counter())
            for name, count in counts.items():
                sums[name] += sign * count


def _apply(session: Session, changes: dict[TallyKey, Counter[str]], raised: set[TallyKey], hour: int) -> None:
    for key, tally in lock_tallies(session, changes).items():
        sums = Counter(tally.counts)
        sums.update(changes[key])
        tally.counts = dict(sorted(folded(sums, hour).items()))
        if key in raised:
            tally.longest = longest_of(session, *key)
        if not tally.counts:
            session.delete(tally)
    session.flush()


def count_all_climbs(db: Database, now: datetime) -> Iterator[int]:
    """Counts what waits, as `tracker migrate` and `recount` do; says of each batch that it is done. Broken off, it goes
    on where it was."""
    began = time.monotonic()
    while count := _count_batch(db, now):
        yield count
        db.let_others_write(time.monotonic() - began)
        began = time.monotonic()


def _count_batch(db: Database, now: datetime) -> int:
    with db.write() as session:
        return _count_some(session, now + CLIMBS_COUNTED_AFTER, now, _A_BATCH)[1]


def uncount_climbs(session: Session, partnership_id: int, now: datetime) -> None:
    """Takes away all that is kept of a partnership's climbs: it is to be made from the events alone."""
    forget_climbs(session, partnership_id)
    mark_every_climb(session, partnership_id, now)
