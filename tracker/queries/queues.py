"""How long the queues are and when the clock last went round: figures for those who run the server."""

from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from tracker.queries.due import set_aside
from tracker.records.event import Event
from tracker.records.notice import Notice
from tracker.records.session import Session as SignedIn
from tracker.records.session import SignInLink
from tracker.records.timer import Sweep, Timer
from tracker.rules.notices import NoticeState

_NOT_SENT = (NoticeState.WAITING, NoticeState.HELD)


def queue_lengths(session: Session, now: datetime) -> dict[str, int]:
    """What waits to be done, by queue; what was set aside waits for somebody to look at it."""
    questions = {
        "timers_due": select(func.count()).select_from(Timer).where(col(Timer.due_at) <= now),
        "events_unannounced": select(func.count()).select_from(Event).where(col(Event.announced).is_(False)),
        "notices_waiting": select(func.count()).select_from(Notice).where(col(Notice.state).in_(_NOT_SENT)),
        "links_waiting": select(func.count()).select_from(SignInLink).where(*_links_waiting()),
        "sessions": select(func.count()).select_from(SignedIn).where(col(SignedIn.expires_at) > now),
    }
    counted = {name: session.exec(question).one() for name, question in questions.items()}
    return {**counted, **{f"{name}_set_aside": count for name, count in set_aside(session).items()}}


def sweeps(session: Session) -> dict[str, datetime]:
    """When each sweep last ended, by its name."""
    return {each.name: each.ended_at for each in session.exec(select(Sweep).order_by(col(Sweep.name)))}


def _links_waiting() -> tuple[ColumnElement[bool], ...]:
    wanted, sent, failed = col(SignInLink.mail_wanted_at), col(SignInLink.mail_sent_at), col(SignInLink.mail_failed)
    return (wanted.is_not(None), sent.is_(None), failed.is_(None))
