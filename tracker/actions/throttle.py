"""Count attempts in the database, so that all processes count together."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, text
from sqlmodel import Session

from tracker.records.columns import moment
from tracker.rules.refusals import Refused
from tracker.rules.wording import say_count

# The same words on SQLite and PostgreSQL; one statement, so that two attempts at once are two.
_COUNT = text("""
    INSERT INTO throttle (key, window_start, count) VALUES (:key, :window_start, 1)
    ON CONFLICT (key, window_start) DO UPDATE SET count = throttle.count + 1 RETURNING count
""").bindparams(bindparam("window_start", type_=moment()))


class TooOften(Refused):
    """Tried more often than is allowed in a window of time; `again_at` is when the next one starts (429)."""

    def __init__(self, again_at: datetime, now: datetime) -> None:
        minutes = max(1, -(-int((again_at - now).total_seconds()) // 60))
        wait = say_count(minutes, "minute") if minutes <= 120 else say_count(-(-minutes // 60), "hour")
        super().__init__(f"Too many tries. Wait {wait}, then try again.")
        self.again_at = again_at


def attempt(session: Session, what: str, whose: str, *, most: int, window: timedelta, now: datetime) -> None:
    """Counts one attempt; refuses with TooOften beyond `most` in a window, also when refusing undoes the count.

    `whose` is kept as a digest: addresses of people and machines are nobody's business here.
    """
    start = datetime.fromtimestamp(now.timestamp() // window.total_seconds() * window.total_seconds(), UTC)
    key = f"{what}:{sha256(whose.encode()).hexdigest()}"
    count = session.execute(_COUNT, {"key": key, "window_start": start}).scalar_one()
    if count > most:
        raise TooOften(start + window, now)
