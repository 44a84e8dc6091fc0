"""The clock: rings timers, announces events, sends letters. A sweep does one thing and says whether there was one."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from tracker.actions.announce import announce_one
from tracker.actions.count_months import count_one
from tracker.actions.deliver import ClaimedLetter, claim, settle_refused, settle_sent
from tracker.actions.deliver_link import ClaimedLink, claim_link, settle_link_refused, settle_link_sent
from tracker.actions.ring_timer import ring_one
from tracker.database import Database
from tracker.post.folder import Folder
from tracker.post.site import Site
from tracker.post.smtp import Smtp
from tracker.queries.due import is_anything_due, note_sweeps, now_of, take_up_again
from tracker.records.session import LINK_KEY
from tracker.rules.letters import Channel, Letter, SignInLetter, Undelivered
from tracker.rules.sweeps import SweepResult
from tracker.settings import Settings

TURN = 50  # things a sweep does before the next sweep has its turn
IDLE, LONGEST_IDLE = 1.0, 30.0  # seconds between two looks; doubled up to the longest while the database is away
NOTED_EVERY = 15.0  # seconds
SHUT_FOR = timedelta(minutes=1)  # how long the post rests when nobody opens

_log = structlog.get_logger()


class Clock:
    """One clock; several may run at once. `now_of` answers the moment for a session: by default the one that all
    clocks share. `link_key` is what sign-in links are made with."""

    def __init__(
        self, db: Database, channel: Channel, *, link_key: bytes, now_of: Callable[[Session], datetime] = now_of
    ) -> None:
        self.db, self.channel, self.link_key, self.now_of = db, channel, link_key, now_of
        self.stopped = threading.Event()
        self._shut_until: datetime | None = None
        self._noted_at = 0.0

    def until_nothing_is_due(self) -> Iterator[tuple[str, SweepResult]]:
        """Does what is due, and what follows from it; yields the sweep's name and what it did, one by one."""
        did: Counter[str] = Counter(dict.fromkeys(SWEEPS, 0))
        before = -1
        while before < did.total() and not self.stopped.is_set():
            before = did.total()
            for name, done in self._round():
                did[name] += 1
                yield name, done
                self._note_now_and_then(did)
        self._note(did)

    def going_on(self) -> Iterator[tuple[str, SweepResult]]:
        """The same until it is stopped; a database that is away is asked again, less and less often."""
        pause = IDLE
        while not self.stopped.is_set():
            try:
                if self._is_anything_due():
                    yield from self.until_nothing_is_due()
                self._note_now_and_then(Counter(dict.fromkeys(SWEEPS, 0)))
                pause = IDLE
            except SQLAlchemyError as error:
                _log.warning("the clock waits for the database", error=type(error).__name__, seconds=pause)
                pause = min(2 * pause, LONGEST_IDLE)
            except Exception:
                _log.exception("the clock stumbled")
                pause = min(2 * pause, LONGEST_IDLE)
            self.stopped.wait(pause)

    def stop(self) -> None:
        """What is being done is finished; nothing more is begun."""
        self.stopped.set()

    def send(self, letter: Letter | SignInLetter, now: datetime) -> Undelivered | None:
        """Hands a letter to the channel, outside of any transaction; the refusal where it does not take it."""
        try:
            self.channel.send(letter, now)
        except Undelivered as refusal:
            if refusal.nobody_there:
                self._shut_until = now + SHUT_FOR
            return refusal
        except Exception as error:
            _log.exception("letter not sent", message_id=letter.message_id)
            return Undelivered(f"it could not be sent ({type(error).__name__})")
        return None

    def is_shut(self, now: datetime) -> bool:
        """Whether the post rests because nobody opened a moment ago."""
        return self._shut_until is not None and now < self._shut_until

    def _is_anything_due(self) -> bool:
        with self.db.read() as session:
            return is_anything_due(session, self.now_of(session))

    def _round(self) -> Iterator[tuple[str, SweepResult]]:
        try:
            for name, sweep in SWEEPS.items():
                for _ in range(TURN):
                    done = None if self.stopped.is_set() else sweep(self)
                    if done is None:
                        break
                    yield name, done
        finally:
            self.channel.close()

    def _note_now_and_then(self, did: Counter[str]) -> None:
        if time.monotonic() >= self._noted_at + NOTED_EVERY:
            self._note(did)

    def _note(self, did: Counter[str]) -> None:
        with self.db.write() as session:
            take_up_again(session, self.now_of(session))
            note_sweeps(session, did, datetime.now(UTC))
        self._noted_at = time.monotonic()


def ring(clock: Clock) -> SweepResult | None:
    """A timer of an issue."""
    with clock.db.write() as session:
        return ring_one(session, now=clock.now_of(session))


def announce(clock: Clock) -> SweepResult | None:
    """An event."""
    with clock.db.write() as session:
        return announce_one(session, now=clock.now_of(session))


def send_letter(clock: Clock) -> SweepResult | None:
    """A letter to one person."""
    with clock.db.write() as session:
        now = clock.now_of(session)
        claimed = None if clock.is_shut(now) else claim(session, now=now)
    if not isinstance(claimed, ClaimedLetter):
        return claimed
    refusal = clock.send(claimed.letter, now)
    with clock.db.write() as session:
        if refusal:
            return settle_refused(session, claimed, refusal, now=clock.now_of(session))
        return settle_sent(session, claimed, channel=clock.channel.name, now=clock.now_of(session))


def send_link(clock: Clock) -> SweepResult | None:
    """A sign-in link that somebody waits for."""
    with clock.db.write() as session:
        now = clock.now_of(session)
        claimed = None if clock.is_shut(now) else claim_link(session, now=now, key=clock.link_key)
    if not isinstance(claimed, ClaimedLink):
        return claimed
    refusal = clock.send(claimed.letter, now)
    with clock.db.write() as session:
        if refusal:
            return settle_link_refused(session, claimed, refusal, now=clock.now_of(session))
        return settle_link_sent(session, claimed, now=clock.now_of(session))


def count(clock: Clock) -> SweepResult | None:
    """A month of a report."""
    with clock.db.write() as session:
        return count_one(session, now=clock.now_of(session))


# Links first: somebody waits for them. What a timer does is announced, what is announced is sent.
SWEEPS: dict[str, Callable[[Clock], SweepResult | None]] = {
    "links": send_link,
    "timers": ring,
    "announcements": announce,
    "letters": send_letter,
    "counts": count,
}


def clock_of(settings: Settings, db: Database, *, now: datetime | None = None) -> Clock:
    """The clock these settings ask for: by SMTP where a server is set, else into the folder `mail` at home."""
    site = Site(settings.base_url, settings.mail_from)
    channel = Smtp(settings.smtp_url, site) if settings.smtp_url else Folder(settings.home / "mail", site)
    moment = (lambda _: now) if now else now_of
    return Clock(db, channel, link_key=settings.key(LINK_KEY), now_of=moment)


class ClockThread(threading.Thread):
    """A clock beside something else, as inside `serve`: `with ClockThread(clock): ...`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(name="clock", daemon=True)
        self._clock = clock

    def run(self) -> None:
        for name, done in self._clock.going_on():
            _log.info("done", sweep=name, about=done.about, what=done.what)

    def __enter__(self) -> "ClockThread":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._clock.stop()
        self.join(timeout=30)
