"""What is due: the clock's questions, each answered by an index, and what its sweeps leave behind.

What it takes is locked until it is done. Several clocks may ask at once: on PostgreSQL each takes a row that nobody
else holds, on SQLite writers take turns.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Row, Select, String, TextClause, and_, case, cast, exists, func, or_, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, delete, select

from tracker.queries.issues import readable_events, visible_issues
from tracker.queries.partnership_events import readable_apart
from tracker.queries.tallies.fixes import months_followed
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.notice import Notice, Unannounced
from tracker.records.partnership import Partnership
from tracker.records.proofs.log import Log
from tracker.records.proofs.witness import Witness
from tracker.records.session import Session as SignedIn
from tracker.records.session import SignInLink
from tracker.records.tally import Uncounted
from tracker.records.timer import Erasure, Sweep, Timer
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Viewer
from tracker.rules.sweeps import AGAIN_AFTER, CLIMBS_COUNTED_AFTER, COUNTED_AFTER, EVERY, LATE_AFTER

# As the partial indexes have them: a database that gets such a condition with parameters does not see that it fits.
_UNSENT = text("notice.state IN ('waiting', 'held')")
_UNANNOUNCED = text("NOT event.announced")
_URGENT = (text("notice.urgent"),)
_CRITICAL = (*_URGENT, exists().where(col(Issue.id) == col(Notice.issue_id), col(Issue.severity) == Severity.CRITICAL))
_UNPOSTED = (col(SignInLink.mail_sent_at).is_(None), col(SignInLink.mail_failed).is_(None))

MOST = 50  # lines; the rest comes up when these are mended
_LOOKED_AT = 400  # notices, to find some that nobody else is writing about
_PLACED = sqlalchemy.select(
    *(col(getattr(Notice, name)) for name in ("id", "letter_id", "person_id", "partnership_id", "digest", "issue_id"))
)
_NOTICES = _PLACED.add_columns(
    *(col(getattr(Notice, name)) for name in ("event_id", "attempts", "message_id", "due_at"))
)
_ASIDE_IN_PLACE = (Timer, Uncounted)  # with the moment and the reason in the row itself


def now_of(session: Session) -> datetime:
    """The one clock that every process reads: on PostgreSQL the database's, else this machine's."""
    if session.get_bind().dialect.name != "postgresql":
        return datetime.now(UTC)
    now: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


def is_anything_to_ring(session: Session, now: datetime) -> bool:
    """Whether a timer, an event, a month, an issue that climbed, a checkpoint or what is to be erased waits, in one
    statement."""
    waiting = (exists().where(*_ringing(now)), exists(select(Event.id).where(_UNANNOUNCED)))
    counts = (exists().where(*_countable(now)), exists().where(*uncounted(now)))
    begun = exists().where(col(Log.partnership_id) == col(Partnership.id))
    checkpoints = (exists().where(col(Log.due_at) <= now), exists(select(Partnership.id).where(~begun)))
    erasures = (exists(select(Erasure.id)),)
    return bool(session.scalar(select(or_(*waiting, *counts, *checkpoints, *erasures))))


def is_anything_to_send(session: Session, now: datetime) -> bool:
    """Whether a letter or a sign-in link waits, in one statement."""
    return bool(session.scalar(select(or_(exists().where(*_sendable(now)), exists().where(*_link_wanted(now))))))


def is_any_witness_to_ask(session: Session, now: datetime) -> bool:
    return bool(session.scalar(select(exists().where(col(Witness.due_at) <= now))))


# What is due is named by its id, and read only where a bad row can be set aside. `but` are ids to leave for now.


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer, by its id, and the issue or the decision that it is of, by its."""

    id: int
    of: int


def next_timers(session: Session, now: datetime, but: Collection[int] = (), *, most: int = 1) -> list[DueTimer]:
    """The timers of issues that have been due longest, one of each issue; the issues are locked: the timers are looked
    at under the lock."""
    return _next_timers(session, Issue, col(Timer.issue_id), now, but, most)


def next_reminders(session: Session, now: datetime, but: Collection[int] = (), *, most: int = 1) -> list[DueTimer]:
    """The timers of decisions that have been due longest, one of each; the decisions are locked."""
    return _next_timers(session, Decision, col(Timer.decision_id), now, but, most)


def _next_timers(
    session: Session, table: type[Issue] | type[Decision], of: Any, now: datetime, but: Collection[int], most: int
) -> list[DueTimer]:
    statement = (
        select(Timer.id, table.id)
        .join(table, col(table.id) == of)
        .where(*_ringing(now), *_but(col(Timer.id), but))
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(most)
        .with_for_update(of=table, skip_locked=True)
    )
    first: dict[int, DueTimer] = {}
    for row in session.exec(statement):
        first.setdefault(row[1], DueTimer(*row))
    return list(first.values())


def load_decision(session: Session, decision_id: int) -> Decision:
    """One decision for the clock, with its parts."""
    statement = select(Decision).where(Decision.id == decision_id)
    whole = (selectinload(Decision.sides), selectinload(Decision.timers))  # type: ignore[arg-type]
    return session.exec(statement.options(*whole).execution_options(populate_existing=True)).one()


@dataclass(frozen=True, slots=True)
class DueEvent:
    """An event that nobody has been told of, by its id."""

    id: int


def next_events(session: Session, but: Collection[int] = (), *, most: int = 1) -> list[DueEvent]:
    """The first events nobody has been told of, locked."""
    statement = select(Event.id).where(_UNANNOUNCED, *_but(col(Event.id), but)).order_by(col(Event.id)).limit(most)
    return [DueEvent(each) for each in session.exec(statement.with_for_update(skip_locked=True))]


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice to send, by its id."""

    id: int


def next_notices(session: Session, now: datetime, but: Collection[int] = (), *, most: int = 1) -> list[DueNotice]:
    """The notices to send next: of critical issues first, then what is urgent, then the rest; of each what has been due
    longest. What goes in one letter with each is ours until the transaction ends: nobody else writes it meanwhile."""
    found: list[int] = []
    for first in (_CRITICAL, _URGENT, ()):
        if len(found) < most:
            waiting = (*_sendable(now), *_but(col(Notice.id), [*but, *found]), *first)
            found += session.execute(_first_notices(session, waiting, most - len(found))).scalars()
    return [DueNotice(each) for each in found]


def _first_notices(session: Session, waiting: Sequence[Any], most: int) -> Select[int]:
    of_letter = case((col(Notice.digest), 0), else_=func.coalesce(col(Notice.issue_id), 0)).label("of_letter")
    ordered = sqlalchemy.select(col(Notice.id), col(Notice.person_id), of_letter).where(*waiting)
    ordered = ordered.order_by(col(Notice.due_at), col(Notice.id))
    if session.get_bind().dialect.name == "sqlite":
        return ordered.limit(most).with_only_columns(col(Notice.id))
    first = ordered.limit(_LOOKED_AT).subquery()
    ours = func.pg_try_advisory_xact_lock(first.c.person_id, first.c.of_letter)
    return sqlalchemy.select(first.c.id).where(ours).limit(most)


def letters_of(session: Session, notice_ids: Collection[int], now: datetime) -> list[tuple[Row[Any], ...]]:
    """The notices that go in one letter with each of these, it among them, oldest event first; a letter that somebody
    else has sent meanwhile is none.

    A letter that was tried before has the notices it had then. A new one has what else is due for the person: of the
    issue, or of everything in the partnership when it is a digest.
    """
    firsts = session.execute(_PLACED.where(col(Notice.id).in_(notice_ids)))
    places = {row.id: _place_of(row) for row in firsts}
    wanted = dict.fromkeys(places[each] for each in notice_ids)
    letters: dict[Any, list[Row[Any]]] = {place: [] for place in wanted}
    for which in _which(wanted):
        asked = _NOTICES.where(*_sendable(now), *which).order_by(col(Notice.event_id))
        for row in session.execute(asked):
            if (place := _place_of(row)) in letters:
                letters[place].append(row)
    return [tuple(rows) for rows in letters.values() if rows]


def _place_of(row: Row[Any]) -> tuple[Any, ...]:
    """What a notice has in common with the others of its letter: a letter that was tried before, or what a new one is
    about."""
    if row.letter_id is not None:
        return (row.letter_id,)
    return row.person_id, row.partnership_id, row.digest, None if row.digest else row.issue_id


def _which(places: Iterable[tuple[Any, ...]]) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """The conditions under which notices may belong to these letters, each answered by an index."""
    tried = [place[0] for place in places if len(place) == 1]
    new = [place for place in places if len(place) > 1]
    if tried:
        yield (col(Notice.letter_id).in_(tried),)
    fresh = col(Notice.letter_id).is_(None)
    issues = {issue for *_, issue in new if issue is not None}
    if issues:
        people = col(Notice.person_id).in_({person for person, *_, issue in new if issue is not None})
        events = select(Event.id).where(col(Event.issue_id).in_(issues))  # an issue has few, a person many notices
        yield fresh, people, ~col(Notice.digest), col(Notice.event_id).in_(events)
    digests = {person for person, _, digest, _ in new if digest}
    if digests:
        yield fresh, col(Notice.person_id).in_(digests), col(Notice.digest).is_(True)
    apart = {person for person, _, digest, issue in new if issue is None and not digest}
    if apart:
        yield fresh, col(Notice.person_id).in_(apart), col(Notice.issue_id).is_(None), ~col(Notice.digest)


def next_link(session: Session, now: datetime, but: Collection[int] = ()) -> int | None:
    """The sign-in link that has waited longest for the post, locked."""
    waiting = (*_link_wanted(now), *_but(col(SignInLink.id), but))
    statement = select(SignInLink.id).where(*waiting).order_by(col(SignInLink.mail_wanted_at)).limit(1)
    return session.exec(statement.with_for_update(skip_locked=True)).first()


@dataclass(frozen=True, slots=True)
class MarkedMonth:
    """A mark, by its id: this month of the partnership is to be counted anew."""

    id: int
    partnership_id: int
    month: int


def next_uncounted(session: Session, now: datetime, but: Collection[int] = ()) -> MarkedMonth | None:
    """The month that has been out of date longest."""
    waiting = (*_countable(now), *_but(col(Uncounted.id), but))
    statement = select(Uncounted.id, Uncounted.partnership_id, Uncounted.month).where(*waiting)
    found = session.exec(statement.order_by(col(Uncounted.id)).limit(1)).first()
    return MarkedMonth(*found) if found else None


def uncounted(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The condition on `Issue` under which its climb is to be counted: it changed, and has rested since."""
    return (col(Issue.uncounted_at).is_not(None), col(Issue.uncounted_at) <= now - CLIMBS_COUNTED_AFTER)


def lock_marks(session: Session, partnership_id: int, month: int) -> bool:
    """Locks the marks of a month, and of those so near that fixes are counted with both (`fixes.months_followed`),
    always in the same order; whether the month still has any."""
    near = month - months_followed([month])[0] + 1  # a month further for those that reach further back
    here = (Uncounted.partnership_id == partnership_id, col(Uncounted.month).between(month - near, month + near))
    statement = select(Uncounted.month).where(*here).order_by(col(Uncounted.id)).with_for_update()
    return month in session.exec(statement).all()


def _ringing(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Timer.due_at) <= now, col(Timer.set_aside_at).is_(None))


def _but(column: Any, ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (column.not_in(ids),) if ids else ()


def _sendable(now: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return (
        _UNSENT,
        col(Notice.due_at) <= now,
        or_(col(Notice.lease_until).is_(None), col(Notice.lease_until) <= now),
    )


def _countable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Uncounted.marked_at) <= now - COUNTED_AFTER, col(Uncounted.set_aside_at).is_(None))


def _link_wanted(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SignInLink.mail_wanted_at) <= now,
        *_UNPOSTED,
        or_(col(SignInLink.lease_until).is_(None), col(SignInLink.lease_until) <= now),
    )


def take_up_again(session: Session, now: datetime) -> None:
    """What was set aside long enough ago is due again."""
    before = now - AGAIN_AFTER
    for table in _ASIDE_IN_PLACE:
        rested = col(table.set_aside_at) <= before
        session.execute(update(table).where(rested).values(set_aside_at=None, set_aside_why=None))
    events = select(col(Unannounced.event_id)).where(col(Unannounced.set_aside_at) <= before)
    session.execute(update(Event).where(col(Event.id).in_(events)).values(announced=False))
    session.execute(delete(Unannounced).where(col(Unannounced.set_aside_at) <= before))


def set_aside(session: Session) -> dict[str, int]:
    """How many timers, events and months are set aside."""
    questions = {
        "timers": select(func.count()).select_from(Timer).where(col(Timer.set_aside_at).is_not(None)),
        "events": select(func.count()).select_from(Unannounced),
        "months": select(func.count()).select_from(Uncounted).where(col(Uncounted.set_aside_at).is_not(None)),
    }
    return {name: session.scalar(question) or 0 for name, question in questions.items()}


@dataclass(frozen=True, slots=True)
class Queue:
    """How many things wait, and since when the first of them does; None where nothing waits."""

    length: int
    since: datetime | None


def queues(session: Session, now: datetime) -> dict[str, Queue]:
    """What waits to be done, by queue, each by one statement."""
    timers, notices, links = col(Timer.due_at), col(Notice.due_at), col(SignInLink.mail_wanted_at)
    questions: dict[str, tuple[Any, ...]] = {
        "timers_due": (timers, *_ringing(now)),
        "timers_overdue": (timers, *_ringing(now - LATE_AFTER)),
        "events_unannounced": (col(Event.at), _UNANNOUNCED),
        "notices_waiting": (col(Notice.made_at), _UNSENT),
        "notices_due": (notices, _UNSENT, notices <= now),
        "notices_tried_again": (col(Notice.made_at), _UNSENT, col(Notice.attempts) > 0),
        "links_waiting": (links, links.is_not(None), *_UNPOSTED),
        "issues_uncounted": (col(Issue.uncounted_at), col(Issue.uncounted_at).is_not(None)),
    }
    return {
        name: Queue(*session.execute(sqlalchemy.select(func.count(), func.min(since)).where(*which)).one())
        for name, (since, *which) in questions.items()
    }


def counts_besides(session: Session, now: datetime) -> dict[str, int]:
    """What nobody waits for: how many sessions there are, and what was set aside until somebody looks at it."""
    sessions = select(func.count()).select_from(SignedIn).where(col(SignedIn.expires_at) > now)
    aside = {f"{name}_set_aside": count for name, count in set_aside(session).items()}
    return {"sessions": session.scalar(sessions) or 0, **aside}


def ended_sweeps(session: Session) -> dict[str, datetime]:
    """When each sweep last ended, by its name; see rules/sweeps: late_sweeps."""
    known = col(Sweep.name).in_(EVERY)
    return dict(
        session.execute(select(col(Sweep.name), col(Sweep.ended_at)).where(known).order_by(col(Sweep.name))).all()
    )


def note_sweeps(session: Session, did: Mapping[str, int], now: datetime) -> None:
    """Every sweep of `did` ended now, whichever clock notes it; `did` is kept where it found something to do."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Sweep).values([{"name": name, "ended_at": now, "did": count} for name, count in sorted(did.items())])
    counted = case((new.excluded.did > 0, new.excluded.did), else_=Sweep.did)
    changed = {"ended_at": new.excluded.ended_at, "did": counted}
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed))


@dataclass(frozen=True, slots=True)
class AsideLine:
    """`about`: a reference, or in words; `what` was to be done; `why` it could not: the name of the fault, never what
    it said, which may be anybody's words."""

    about: str
    what: str
    at: datetime
    why: str


def aside_lines(session: Session, lead: Viewer, arrangement: Arrangement) -> tuple[AsideLine, ...]:
    """At most MOST of each. The caller has made sure that a lead of the partnership asks."""
    return tuple(
        AsideLine(about, what, at, why.partition(":")[0]) for about, what, at, why in _rows(session, lead, arrangement)
    )


def _rows(session: Session, lead: Viewer, arrangement: Arrangement) -> Iterator[tuple[str, str, datetime, str]]:
    kind = cast(col(Timer.kind), String)  # this version may not know it
    timers = (
        select(col(Issue.ref), kind, col(Timer.set_aside_at), col(Timer.set_aside_why))
        .join(Timer, col(Timer.issue_id) == col(Issue.id))
        .where(col(Issue.partnership_id) == arrangement.id, visible_issues(lead), col(Timer.set_aside_at).is_not(None))
    )
    for ref, what, at, why in session.execute(timers.limit(MOST)):
        yield ref, f"its clock “{what}”", at, why or ""
    reminders = (
        select(col(Decision.number), col(Timer.set_aside_at), col(Timer.set_aside_why))
        .join(Timer, col(Timer.decision_id) == col(Decision.id))
        .where(col(Decision.partnership_id) == arrangement.id, col(Timer.set_aside_at).is_not(None))
    )
    for number, at, why in session.execute(reminders.limit(MOST)):
        yield f"Decision {number}", "its reminder", at, why or ""
    of_issue = and_(visible_issues(lead), readable_events(lead))
    events = (
        select(col(Issue.ref), col(Unannounced.set_aside_at), col(Unannounced.why))
        .join(Event, col(Event.id) == col(Unannounced.event_id))
        .join(Issue, col(Issue.id) == col(Event.issue_id), isouter=True)
        .where(col(Event.id).in_(sqlalchemy.select(col(Unannounced.event_id))))
        .where(col(Event.partnership_id) == arrangement.id)
        .where(or_(of_issue, and_(col(Event.issue_id).is_(None), readable_apart(lead))))
    )
    for ref, at, why in session.execute(events.limit(MOST)):
        yield ref or arrangement.name, "telling people of what happened", at, why
