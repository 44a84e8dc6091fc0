"""How issues climbed, as it is kept: which are to be counted anew, and the rows that are changed then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from tracker.queries.due import uncounted
from tracker.queries.ladder.climbs import CLIMB_COLUMNS, CROSSED, MeasuredClimb, ScopeKey
from tracker.records.climb import EVERY_MONTH, ClimbScope, ClimbTally, IssueClimb
from tracker.records.issue import Issue

LONGEST_KEPT = 60  # of a scope and a month; a report shows fifty, and some of these may have changed since

TallyKey = tuple[int, int]  # scope id, month


def next_partnership(session: Session, now: datetime) -> int | None:
    """Of the issue that has waited longest to be counted, and has rested since it changed."""
    waiting = select(col(Issue.partnership_id)).where(*uncounted(now))
    return session.execute(waiting.order_by(col(Issue.uncounted_at)).limit(1)).scalar()


def lock_uncounted(session: Session, partnership_id: int, now: datetime, most: int) -> list[int]:
    """The ids of at most so many of its issues that wait to be counted, locked, those that have waited longest first;
    what somebody else is changing comes up when they are done."""
    those = select(col(Issue.id)).where(col(Issue.partnership_id) == partnership_id, *uncounted(now))
    ordered = those.order_by(col(Issue.uncounted_at), col(Issue.id)).limit(most)
    return list(session.execute(ordered.with_for_update(of=Issue, skip_locked=True)).scalars())


def issues_by_id(session: Session, ids: Collection[int]) -> Sequence[Row[Any]]:
    """What is measured of these, as far as they crossed."""
    return session.execute(select(*CLIMB_COLUMNS).where(col(Issue.id).in_(ids), CROSSED)).all()


def how_many_uncounted(session: Session, partnership_id: int | None = None) -> int:
    """Of one partnership, or of all."""
    of_it = () if partnership_id is None else (col(Issue.partnership_id) == partnership_id,)
    asked = select(func.count()).select_from(Issue).where(col(Issue.uncounted_at).is_not(None), *of_it)
    return int(session.execute(asked).scalar_one())


def mark_every_climb(session: Session, partnership_id: int, at: datetime) -> None:
    """All are to be counted anew, as when working time became another."""
    session.flush()
    those = (col(Issue.partnership_id) == partnership_id, col(Issue.uncounted_at).is_(None), CROSSED)
    session.execute(update(Issue).where(*those).values(uncounted_at=at).execution_options(synchronize_session=False))


def rest(session: Session, issue_ids: Collection[int], until: datetime | None) -> None:
    """They are counted; or cannot be, and are left alone until then."""
    those = update(Issue).where(col(Issue.id).in_(issue_ids)).values(uncounted_at=until)
    session.execute(those.execution_options(synchronize_session="fetch"))


def climbs_of(session: Session, issue_ids: Collection[int]) -> dict[int, Row[Any]]:
    """What is kept of these: issue_id, scope_id, month, counts."""
    shown: tuple[Any, ...] = (IssueClimb.issue_id, IssueClimb.scope_id, IssueClimb.month, IssueClimb.counts)
    found = session.execute(select(*shown).where(col(IssueClimb.issue_id).in_(issue_ids)))
    return {row.issue_id: row for row in found}


def scope_ids(session: Session, partnership_id: int, keys: Iterable[ScopeKey]) -> Mapping[ScopeKey, int]:
    """The ids of these scopes; what is new gets a row. Two clocks may do so at once."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = [{"partnership_id": partnership_id, **key._asdict()} for key in wanted]
    session.execute(_insert(session)(ClimbScope).values(rows).on_conflict_do_nothing())
    return {key: number for number, key in scopes(session, partnership_id).items()}


def scopes(session: Session, partnership_id: int) -> dict[int, ScopeKey]:
    """By id."""
    shown: tuple[Any, ...] = (ClimbScope.id, ClimbScope.sides, ClimbScope.named, ClimbScope.body_id)
    found = session.execute(select(*shown).where(col(ClimbScope.partnership_id) == partnership_id))
    return {row.id: ScopeKey(row.sides, row.named, row.body_id) for row in found}


def lock_tallies(session: Session, keys: Collection[TallyKey]) -> dict[TallyKey, ClimbTally]:
    """The tallies of these, locked, always in the same order; what is new gets a row."""
    wanted = sorted(keys)
    rows = [{"scope_id": scope, "month": month, "counts": {}, "longest": []} for scope, month in wanted]
    session.execute(_insert(session)(ClimbTally).values(rows).on_conflict_do_nothing())
    those = select(ClimbTally).where(tuple_(col(ClimbTally.scope_id), col(ClimbTally.month)).in_(wanted))
    found = session.execute(those.order_by(col(ClimbTally.scope_id), col(ClimbTally.month)).with_for_update())
    return {(each.scope_id, each.month): each for each in found.scalars()}


def keep(session: Session, climbs: Sequence[MeasuredClimb], scope_of: Mapping[ScopeKey, int]) -> None:
    """In the place of what was kept of these issues."""
    session.execute(delete(IssueClimb).where(col(IssueClimb.issue_id).in_([each.id for each in climbs])))
    if climbs:
        session.connection().execute(insert(IssueClimb), [_row(each, scope_of[each.scope]) for each in climbs])


def _row(climb: MeasuredClimb, scope_id: int) -> dict[str, Any]:
    flow = climb.flow
    return {
        "issue_id": climb.id,
        "scope_id": scope_id,
        "month": climb.month,
        "raised_at": climb.raised_at,
        "steps": len(flow.path),
        "hand_overs": flow.hand_overs,
        "elapsed_seconds": flow.elapsed_seconds,
        "figures": flow.figures,
        "counts": {str(month): dict(counts) for month, counts in climb.counts.items()},
        "followed_from": climb.followed_from,
        "came_back": climb.came_back,
    }


def longest_of(session: Session, scope_id: int, month: int) -> list[list[int]]:
    """As `ClimbTally.longest` keeps them."""
    shown: tuple[Any, ...] = (
        col(IssueClimb.steps),
        col(IssueClimb.hand_overs),
        col(IssueClimb.elapsed_seconds),
        col(IssueClimb.raised_at),
        col(IssueClimb.issue_id),
    )
    of_month = () if month == EVERY_MONTH else (col(IssueClimb.month) == month,)
    *way, raised_at, issue_id = shown
    ordered = select(*shown).where(col(IssueClimb.scope_id) == scope_id, *of_month)
    found = session.execute(ordered.order_by(*(each.desc() for each in way), raised_at, issue_id).limit(LONGEST_KEPT))
    return [longest_entry(*row) for row in found]


def longest_entry(steps: int, hand_overs: int, seconds: int, raised_at: datetime, issue_id: int) -> list[int]:
    return [steps, hand_overs, seconds, -int(raised_at.timestamp() * 1_000_000), -issue_id]


def forget_climbs(session: Session, partnership_id: int) -> None:
    """All that is kept of a partnership."""
    mine = select(col(ClimbScope.id)).where(col(ClimbScope.partnership_id) == partnership_id)
    for table in (IssueClimb, ClimbTally):
        session.execute(delete(table).where(col(table.scope_id).in_(mine)))
    session.execute(delete(ClimbScope).where(col(ClimbScope.partnership_id) == partnership_id))


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
