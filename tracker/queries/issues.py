"""What a person may see of issues, notes and events: the one visibility builder, and loading one to change it."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Exists,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    not_,
    or_,
    true,
)
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.database import straight
from tracker.records.columns import among
from tracker.records.event import Event, EventReader
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.records.note import Note
from tracker.records.timer import Timer
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Ring, Viewer

EVENT_COLUMNS: tuple[Any, ...] = tuple(
    getattr(Event, name)
    for name in ("issue_id", "position", "kind", "at", "person_id", "organisation_id", "details", "words", "hashes")
)
READERS = 256  # for so many people what is built to ask for them is kept: building it costs more than the answer


def one_of(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """`column IN (…)` with a parameter for each value, of which there are always as many in a statement that is kept.
    A list as SQLAlchemy takes it is written into the text whenever the statement is sent: another may be longer."""
    each = [bindparam(None, value, column.type, unique=True) for value in sorted(values)]
    return column.in_(each) if each else false()


@lru_cache(maxsize=READERS)
def visible_issues(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Issue` under which this person may read it; every query of issues stands on it.

    An issue is its sides'; one that concerns a person is its raiser's, its holders' and theirs who act for them; at a
    tier marked `whole_body` the people a third organisation has seated on that body read it too.
    """
    open_rings = one_of(Issue.ring, (Ring.SHARED, Ring.ORGANISATION))
    return or_(
        and_(_is_of_my_side(viewer), or_(open_rings, _is_mine(viewer))),
        one_of(Issue.whole_body_id, viewer.bodies),
    )


def is_seen(other: type[Issue], viewer: Viewer) -> ColumnElement[bool]:
    """Whether this person may read an issue that goes by another name (an alias) in the statement."""
    itself: SelectOfScalar[int] = select(Issue.id).where(col(Issue.id) == col(other.id), visible_issues(viewer))
    return itself.correlate(other).exists()


def open_issues_of(
    session: Session, organisation_id: int, viewer: Viewer | None, *, most: int
) -> tuple[int, tuple[str, ...]]:
    """How many issues that crossed an organisation is a side of and that are not over; and the references of the first
    that a person may read (None: the server, which reads references)."""
    theirs = select(IssueSide.issue_id).where(IssueSide.organisation_id == organisation_id)
    return _open_among(session, theirs, viewer, most)


def held_by(
    session: Session, person_id: int, organisation_id: int, viewer: Viewer | None, *, most: int
) -> tuple[int, tuple[str, ...]]:
    """The same of those that a person holds for an organisation."""
    theirs = (Holder.person_id == person_id, Holder.organisation_id == organisation_id, col(Holder.active))
    return _open_among(session, select(Holder.issue_id).where(*theirs), viewer, most)


def _open_among(
    session: Session, ids: SelectOfScalar[int], viewer: Viewer | None, most: int
) -> tuple[int, tuple[str, ...]]:
    those = (col(Issue.id).in_(ids), col(Issue.resolved_at).is_(None), col(Issue.number).is_not(None))
    count = session.exec(select(func.count()).select_from(Issue).where(*those)).one()
    seen = () if viewer is None else (visible_issues(viewer),)
    refs = session.exec(select(Issue.ref).where(*those, *seen).order_by(col(Issue.number)).limit(most))
    return count, tuple(refs)


@lru_cache(maxsize=READERS)
def readable_notes(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Note`, within issues the person may read."""
    return _readable(viewer, Note)


@lru_cache(maxsize=READERS)
def readable_events(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Event`, within issues the person may read."""
    return _readable(viewer, Event)


def load(session: Session, ref: str, viewer: Viewer, *, for_change: bool = False) -> Issue:
    """One issue with its sides and holders, and for a change, locked, with its timers.

    Refuses with `NotThere` what this person may not see.
    """
    found = session.exec(_one(viewer, for_change), params={"ref": ref}).one_or_none()
    if found is None:
        raise NotThere(f"There is no issue {ref}.")
    return with_parts(session, [found], *(() if for_change else ("sides", "holders")))[0]


@lru_cache(maxsize=2 * READERS)
def _one(viewer: Viewer, for_change: bool) -> SelectOfScalar[Issue]:
    statement = select(Issue).where(col(Issue.ref) == bindparam("ref"), visible_issues(viewer))
    if for_change:
        return statement.with_for_update(of=Issue).execution_options(populate_existing=True)
    return statement


def themes_of(session: Session, viewer: Viewer, refs: Collection[str]) -> set[str]:
    """The themes of those of these issues that this person may see."""
    asked = select(Issue.theme).where(col(Issue.ref).in_(refs), visible_issues(viewer))
    return {theme for theme in session.exec(asked) if theme}


def seen_among(session: Session, viewer: Viewer, partnership_id: int, refs: Collection[str]) -> frozenset[str]:
    """Those of these references that are of issues which this person may see."""
    if not refs:
        return frozenset()
    asked = select(Issue.ref).where(col(Issue.ref).in_(refs), Issue.partnership_id == partnership_id)
    return frozenset(session.exec(asked.where(visible_issues(viewer))))


def by_issue(session: Session, statement: Select[Any], issue_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The rows of a statement about the issues `ids`, in its order, by their `issue_id`."""
    rows: dict[int, list[Row[Any]]] = {}
    for row in straight(session).execute(statement, {"ids": list(issue_ids)}) if issue_ids else ():
        rows.setdefault(row.issue_id, []).append(row)
    return rows


def lock(session: Session, viewer: Viewer, refs: Collection[str]) -> None:
    """Several issues, each that this person may see, in one order: two who take them in turn do not wait for ever."""
    these = select(Issue.id).where(col(Issue.ref).in_(refs), visible_issues(viewer)).order_by(col(Issue.id))
    session.exec(these.with_for_update(of=Issue)).all()


def load_by_id(session: Session, issue_id: int) -> Issue:
    """One issue for the clock, which acts for nobody and shows nothing; locked until the transaction ends."""
    return load_by_ids(session, [issue_id])[0]


def load_by_ids(session: Session, issue_ids: Sequence[int]) -> list[Issue]:
    """The same of several, in their order; locked in one order, as by `lock`."""
    statement = select(Issue).where(col(Issue.id).in_(issue_ids)).order_by(col(Issue.id)).with_for_update(of=Issue)
    issues = with_parts(session, session.exec(statement.execution_options(populate_existing=True)).all())
    found = {issue.id: issue for issue in issues}
    return [found[each] for each in issue_ids]


def with_parts(session: Session, issues: Sequence[Issue], *parts: str) -> list[Issue]:
    """These issues with these of their parts, or with all, as the database has them now. One plain statement a part:
    SQLAlchemy's own way to load what hangs on a row takes five times as long, which was half of a step on an issue."""
    ids = [issue.id for issue in issues]
    for part in parts or _PARTS if ids else ():
        rows: dict[int, list[Any]] = {each: [] for each in ids}
        for row in session.exec(_PARTS[part], params={"ids": ids}):
            rows[row.issue_id].append(row)
        for issue in issues:
            set_committed_value(issue, part, rows[issue.id])
    return list(issues)


def _of_issues(table: type[IssueSide] | type[Holder] | type[Timer], *order: Any) -> SelectOfScalar[Any]:
    statement: SelectOfScalar[Any] = select(table).where(among(col(table.issue_id)))
    return statement.order_by(*order).execution_options(populate_existing=True)


_PARTS = {
    "sides": _of_issues(IssueSide, col(IssueSide.position), col(IssueSide.organisation_id)),
    "holders": _of_issues(Holder, col(Holder.id)),
    "timers": _of_issues(Timer, col(Timer.id)),
}


# Under names of their own, so that a statement that reads these tables itself does not get mixed up with them.
_Side = aliased(IssueSide, name="readers_side")
_Held = aliased(Holder, name="readers_holder")
_Present = aliased(Holder, name="holder_here")
_HeldIssue = aliased(Issue, name="holders_issue")
_At = aliased(Event, name="event_of_note")


def _is_of_my_side(viewer: Viewer) -> ColumnElement[bool]:
    return _one_at_a_time(col(_Side.issue_id) == col(Issue.id), one_of(_Side.organisation_id, viewer.organisation_ids))


def _is_mine(viewer: Viewer) -> ColumnElement[bool]:
    """Raised or held, now or before, for an organisation of theirs; or they act today for who holds it."""
    held = col(_Held.issue_id) == col(Issue.id)
    of_mine = one_of(_Held.organisation_id, viewer.organisation_ids)
    holds = _one_at_a_time(held, col(_Held.person_id) == viewer.person_id, of_mine)
    acts = [_one_at_a_time(held, each) for each in acts_for(viewer, _Held, Issue)]
    raised = and_(col(Issue.raised_by_id) == viewer.person_id, one_of(Issue.raised_for_id, viewer.organisation_ids))
    return or_(raised, holds, *acts)


def acts_for(viewer: Viewer, held: type[Holder], issue: type[Issue]) -> Iterator[ColumnElement[bool]]:
    """The conditions on an issue and one of its holders under which this person acts for that holder today, because
    they are away: `ladder.acting.who_acts`, asked of rows. Most people act for nobody, and no condition is added."""
    on_its_tier = and_(col(held.tier) == col(issue.tier), col(issue.resolved_at).is_not(None), not_(col(held.acted)))
    for each in sorted(viewer.duty.stands_in, key=attrgetter("organisation_id", "body_id", "person_id")):
        yield and_(
            col(held.person_id) == each.person_id,
            col(held.organisation_id) == each.organisation_id,
            col(issue.body_id) == each.body_id,
            or_(col(held.active), on_its_tier),
        )
    for reserve in sorted(viewer.duty.reserves, key=attrgetter("organisation_id", "ladder_version_id", "tier")):
        yield and_(
            col(held.person_id).in_(sorted(reserve.absent)),
            col(held.organisation_id) == reserve.organisation_id,
            col(held.active),
            col(issue.ladder_version_id) == reserve.ladder_version_id,
            col(issue.tier) == reserve.tier,
            true() if reserve.own else col(issue.ring) != Ring.NAMED,
            not_(
                _one_at_a_time(
                    col(_Present.issue_id) == col(issue.id),
                    col(_Present.organisation_id) == reserve.organisation_id,
                    col(_Present.active),
                    col(_Present.person_id).not_in(sorted(reserve.absent)),
                )
            ),
        )


def _readable(viewer: Viewer, said: type[Note] | type[Event]) -> ColumnElement[bool]:
    """By its ring. Of a tier: who holds or held it there or above for a side of theirs, and who acts for them today;
    of those two narrow rings whoever said it, too."""
    position = col(Event.position if said is Event else Note.event_position)
    tier = col(Event.tier) if said is Event else _tier_of_note()
    held = (col(_Held.issue_id) == col(said.issue_id), col(_Held.tier) >= tier)
    mine = (col(_Held.person_id) == viewer.person_id, one_of(_Held.organisation_id, viewer.organisation_ids))
    holds = _one_at_a_time(*held, *mine, not_(col(_Held.acted)))
    is_held = (*held, col(_HeldIssue.id) == col(_Held.issue_id))
    acts = [_one_at_a_time(*is_held, each) for each in acts_for(viewer, _Held, _HeldIssue)]
    named = _one_at_a_time(
        col(EventReader.issue_id) == col(said.issue_id),
        col(EventReader.position) == position,
        col(EventReader.person_id) == viewer.person_id,
    )
    ring, said_it = col(said.ring), col(said.person_id) == viewer.person_id
    return or_(
        ring == Ring.SHARED,
        and_(ring == Ring.ORGANISATION, _is_of_mine(viewer, said)),
        and_(ring == Ring.TIER, or_(said_it, holds, *acts)),
        and_(ring == Ring.NAMED, or_(said_it, named)),
    )


def _tier_of_note() -> Any:
    """On which tier an issue was when a note was written."""
    of_note = (col(_At.issue_id) == col(Note.issue_id), col(_At.position) == col(Note.event_position))
    return select(_At.tier).where(*of_note).correlate(Note).scalar_subquery()


def _is_of_mine(viewer: Viewer, said: type[Note] | type[Event]) -> ColumnElement[bool]:
    """What the clock does to an issue that has not crossed is its organisation's, as its chain says."""
    mine = one_of(said.organisation_id, viewer.organisation_ids)
    if said is not Event:
        return mine
    chains = one_of(Event.readers, [str(each) for each in viewer.organisation_ids])
    return or_(mine, and_(col(Event.organisation_id).is_(None), chains))


def _one_at_a_time(*conditions: ColumnExpressionArgument[bool]) -> Exists:
    """Whether there is such a row, by an index, for each issue that is looked at. Without the OFFSET PostgreSQL reads
    every row of an organisation first (5 ms of a page at 100,000 issues, and growing with them)."""
    return select(literal_column("1")).where(*conditions).offset(0).exists()
