"""What is due: the clock's questions, each answered by an index. What it takes is locked until it is done.

Several clocks may ask at once: on PostgreSQL each takes a row that nobody else holds, on SQLite writers take turns.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, case, exists, func, or_, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, delete, select

from tracker.queries.tallies.fixes import months_followed
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.notice import Notice, Unannounced
from tracker.records.person import Person
from tracker.records.session import Session as SignedIn
from tracker.records.session import SignInLink
from tracker.records.tally import Uncounted
from tracker.records.timer import Sweep, Timer
from tracker.rules.notices import UNSENT
from tracker.rules.sweeps import AGAIN_AFTER, COUNTED_AFTER

# As the partial indexes have them: a database that gets such a condition with parameters does not see that it fits.
_UNSENT = text("notice.state IN ('waiting', 'held')")
_UNANNOUNCED = text("NOT event.announced")
_UNPOSTED = (col(SignInLink.mail_sent_at).is_(None), col(SignInLink.mail_failed).is_(None))


def now_of(session: Session) -> datetime:
    """The one clock that every process reads: on PostgreSQL the database's, else this machine's."""
    if session.get_bind().dialect.name != "postgresql":
        return datetime.now(UTC)
    now: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


def is_anything_due(session: Session, now: datetime) -> bool:
    """Whether any sweep would find something, in one statement."""
    questions = (
        exists().where(*_ringing(now)),
        exists(select(Event.id).where(_UNANNOUNCED)),
        exists().where(*_sendable(now)),
        exists().where(*_link_wanted(now)),
        exists().where(*_countable(now)),
    )
    return bool(session.scalar(select(or_(*questions))))


def next_timer_of(session: Session, now: datetime) -> int | None:
    """The id of the issue whose timer has been due longest, locked: the timer is looked at under the lock."""
    statement = (
        select(Issue.id)
        .join(Timer, col(Issue.id) == col(Timer.issue_id))
        .where(*_ringing(now))
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(1)
        .with_for_update(of=Issue, skip_locked=True)
    )
    return session.exec(statement).first()


def next_decision(session: Session, now: datetime) -> Decision | None:
    """The decision whose timer has been due longest, locked, with its parts; as its timers are under the lock."""
    statement = (
        select(Decision)
        .join(Timer, col(Decision.id) == col(Timer.decision_id))
        .where(*_ringing(now))
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(1)
        .options(selectinload(Decision.sides), selectinload(Decision.timers))  # type: ignore[arg-type]
        .with_for_update(of=Decision, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).first()


def next_event(session: Session) -> Event | None:
    """The first event nobody has been told of, locked."""
    statement = select(Event).where(_UNANNOUNCED).order_by(col(Event.id)).limit(1)
    return session.exec(statement.with_for_update(skip_locked=True)).first()


def next_notice(session: Session, now: datetime) -> Notice | None:
    """The notice that has been due longest, locked. So is its person: nobody else writes to them meanwhile."""
    statement = (
        select(Notice)
        .join(Person, col(Person.id) == col(Notice.person_id))
        .where(*_sendable(now))
        .order_by(col(Notice.due_at), col(Notice.id))
        .limit(1)
        .with_for_update(of=(Notice, Person), skip_locked=True, key_share=True)
    )
    return session.exec(statement).first()


def same_letter(session: Session, notice: Notice, now: datetime) -> list[Notice]:
    """The notices that go in one letter with this one, it among them, oldest event first.

    A letter that was tried before has the notices it had then. A new one has what else is due for the person: of the
    issue, or of everything in the partnership when it is a digest.
    """
    if notice.letter_id is not None:
        which: list[ColumnElement[bool]] = [col(Notice.letter_id) == notice.letter_id]
    else:
        which = [
            col(Notice.letter_id).is_(None),
            col(Notice.person_id) == notice.person_id,
            col(Notice.partnership_id) == notice.partnership_id,
            col(Notice.digest) == notice.digest,
            or_(col(Notice.digest), col(Notice.issue_id).is_not_distinct_from(notice.issue_id)),
        ]
    statement = select(Notice).where(*_sendable(now), *which).order_by(col(Notice.event_id))
    return list(session.exec(statement.execution_options(populate_existing=True)))


def next_link(session: Session, now: datetime) -> SignInLink | None:
    """The sign-in link that has waited longest for the post, locked."""
    statement = select(SignInLink).where(*_link_wanted(now)).order_by(col(SignInLink.mail_wanted_at)).limit(1)
    return session.exec(statement.with_for_update(skip_locked=True)).first()


def next_uncounted(session: Session, now: datetime) -> tuple[int, int] | None:
    """The partnership's id and the number of the month that has been out of date longest."""
    statement = select(Uncounted.partnership_id, Uncounted.month).where(*_countable(now))
    return session.exec(statement.order_by(col(Uncounted.id)).limit(1)).first()


def lock_marks(session: Session, partnership_id: int, month: int) -> bool:
    """Locks the marks of a month, and of those so near that fixes are counted with both (`fixes.months_followed`),
    always in the same order; whether the month still has any."""
    near = month - months_followed([month])[0] + 1  # a month further for those that reach further back
    here = (Uncounted.partnership_id == partnership_id, col(Uncounted.month).between(month - near, month + near))
    statement = select(Uncounted.month).where(*here).order_by(col(Uncounted.id)).with_for_update()
    return month in session.exec(statement).all()


def take_up_again(session: Session, now: datetime) -> None:
    """What was set aside long enough ago is due again."""
    before = now - AGAIN_AFTER
    timers = update(Timer).where(col(Timer.set_aside_at) <= before).values(set_aside_at=None, set_aside_why=None)
    rested = select(Unannounced.event_id).where(col(Unannounced.set_aside_at) <= before)
    session.execute(timers)
    session.execute(update(Event).where(col(Event.id).in_(rested)).values(announced=False))
    session.execute(delete(Unannounced).where(col(Unannounced.set_aside_at) <= before))


def set_aside(session: Session) -> dict[str, int]:
    """How many timers and events are set aside."""
    timers = select(func.count()).select_from(Timer).where(col(Timer.set_aside_at).is_not(None))
    events = select(func.count()).select_from(Unannounced)
    return {"timers": session.scalar(timers) or 0, "events": session.scalar(events) or 0}


def _ringing(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Timer.due_at) <= now, col(Timer.set_aside_at).is_(None))


def _sendable(now: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return (
        _UNSENT,
        col(Notice.due_at) <= now,
        or_(col(Notice.lease_until).is_(None), col(Notice.lease_until) <= now),
    )


def _countable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Uncounted.marked_at) <= now - COUNTED_AFTER,)


def _link_wanted(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SignInLink.mail_wanted_at) <= now,
        *_UNPOSTED,
        or_(col(SignInLink.lease_until).is_(None), col(SignInLink.lease_until) <= now),
    )


def queue_lengths(session: Session, now: datetime) -> dict[str, int]:
    """What waits to be done, by queue; what was set aside waits for somebody to look at it."""
    questions = {
        "timers_due": select(func.count()).select_from(Timer).where(col(Timer.due_at) <= now),
        "events_unannounced": select(func.count()).select_from(Event).where(col(Event.announced).is_(False)),
        "notices_waiting": select(func.count()).select_from(Notice).where(col(Notice.state).in_(UNSENT)),
        "links_waiting": select(func.count())
        .select_from(SignInLink)
        .where(col(SignInLink.mail_wanted_at).is_not(None), *_UNPOSTED),
        "sessions": select(func.count()).select_from(SignedIn).where(col(SignedIn.expires_at) > now),
    }
    counted = {name: session.exec(question).one() for name, question in questions.items()}
    return {**counted, **{f"{name}_set_aside": count for name, count in set_aside(session).items()}}


def sweeps(session: Session) -> dict[str, datetime]:
    """When each sweep last ended, by its name."""
    return {each.name: each.ended_at for each in session.exec(select(Sweep).order_by(col(Sweep.name)))}


def last_sweep(session: Session) -> datetime | None:
    """When the sweep that was longest ago ended; None when the clock never ran. See rules/sweeps: is_late."""
    ended_at: datetime | None = session.exec(select(func.min(Sweep.ended_at))).one()
    return ended_at


def note_sweeps(session: Session, did: Mapping[str, int], now: datetime) -> None:
    """Every sweep of `did` ended now, whichever clock notes it; `did` is kept where it found something to do."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Sweep).values([{"name": name, "ended_at": now, "did": count} for name, count in sorted(did.items())])
    counted = case((new.excluded.did > 0, new.excluded.did), else_=Sweep.did)
    changed = {"ended_at": new.excluded.ended_at, "did": counted}
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed))
