"""The clock: one loop rings timers and announces events, another sends letters, and neither waits for the other.

A sweep does one thing and says whether there was one.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from tracker.actions.announce import announce_one
from tracker.actions.count_months import count_one
from tracker.actions.deliver import ClaimedLetter, claim, settle_refused, settle_sent
from tracker.actions.deliver_link import ClaimedLink, claim_link, settle_link_refused, settle_link_sent
from tracker.actions.ring_timer import ring_one
from tracker.database import Database, is_held, is_of_the_database
from tracker.post.folder import Folder
from tracker.post.resting import PostRest
from tracker.post.site import Site
from tracker.post.smtp import Smtp
from tracker.queries.due import is_anything_to_ring, is_anything_to_send, note_sweeps, now_of, take_up_again
from tracker.records.session import LINK_KEY
from tracker.rules.letters import Channel, Letter, SignInLetter, Undelivered
from tracker.rules.sweeps import POST, RINGING, Held, SweepResult
from tracker.settings import Settings

IDLE, LONGEST_IDLE = 1.0, 30.0  # seconds between two looks; doubled up to the longest while the database is away
NOTED_EVERY = 15.0  # seconds
LEFT_FOR = 2.0  # seconds that something is left alone which somebody else holds,
WAITED_FOR = 30.0  # and in all before a clock that is to end gives up on it
SETTLED_FOR = 60.0  # seconds in which what became of a letter is to be written down

Tell: TypeAlias = Callable[[str, SweepResult], object]
_log = structlog.get_logger()


class Clock:
    """One clock; several may run at once. `now_of` answers the moment for a session: by default the one that all
    clocks share. `link_key` is what sign-in links are made with."""

    def __init__(
        self, db: Database, channel: Channel, *, link_key: bytes, now_of: Callable[[Session], datetime] = now_of
    ) -> None:
        self.db, self.channel, self.link_key, self.now_of = db, channel, link_key, now_of
        self.rest = PostRest()
        self.stopped = threading.Event()
        self.ringing = Rounds(self, RINGING, self._is_to_ring)
        self.posting = Rounds(self, POST, self._is_to_send)

    def until_nothing_is_due(self) -> Iterator[tuple[str, SweepResult]]:
        """Does what is due, and what follows from it, the letters last; yields the sweep's name and what it did. What
        somebody else holds is waited for a while."""
        until, did = time.monotonic() + WAITED_FOR, True
        while (did or (self._is_anything_left and time.monotonic() < until)) and not self.stopped.is_set():
            if not did:
                self.stopped.wait(LEFT_FOR)
            did = False
            for rounds in (self.ringing, self.posting):
                for each in rounds.until_still():
                    did = True
                    yield each
            self.channel.close()

    @contextmanager
    def going(self, tell: Tell) -> Iterator[None]:
        """Both loops go on, each in a thread of its own, until the block ends: what is being done is finished."""
        loops = {"clock": self.ringing, "post": self.posting}
        threads = [
            threading.Thread(target=rounds.go_on, args=(tell,), name=name, daemon=True)
            for name, rounds in loops.items()
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop()
            for thread in threads:
                thread.join(timeout=30)

    def stop(self) -> None:
        """What is being done is finished; nothing more is begun."""
        self.stopped.set()
        self.ringing.wake()
        self.posting.wake()

    def send(self, letter: Letter | SignInLetter, now: datetime) -> Undelivered | None:
        """Hands a letter to the channel, outside of any transaction; the refusal where it does not take it."""
        refusal, began = None, time.monotonic()
        try:
            self.channel.send(letter, now)
        except Undelivered as undelivered:
            refusal = undelivered
        except Exception as error:
            _log.exception("letter not sent", message_id=letter.message_id)
            refusal = Undelivered(f"it could not be sent ({type(error).__name__})")
        self.rest.note(refusal, now + timedelta(seconds=time.monotonic() - began))
        return refusal

    def settled(self, settle: Callable[[Session], SweepResult]) -> SweepResult:
        """Writes down what became of a letter, however often that takes: else it would be sent a second time."""
        until = time.monotonic() + SETTLED_FOR
        while True:
            try:
                with self.db.write() as session:
                    return settle(session)
            except SQLAlchemyError as fault:
                if not is_of_the_database(fault) or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    @property
    def _is_anything_left(self) -> bool:
        return self.ringing.leaves_something or self.posting.leaves_something

    def _is_to_ring(self, session: Session) -> bool:
        return is_anything_to_ring(session, self.now_of(session))

    def _is_to_send(self, session: Session) -> bool:
        now = self.now_of(session)
        return not self.rest.lasts(now) and is_anything_to_send(session, now)


class Rounds:
    """Sweeps that take turns, and wait for no others. `is_due` is whether any of them would find something."""

    def __init__(self, clock: Clock, names: Collection[str], is_due: Callable[[Session], bool]) -> None:
        self._clock, self._names, self._is_due = clock, names, is_due
        self._woken = threading.Event()
        self._left: dict[str, dict[int, float]] = {name: {} for name in names}
        self._noted_at = dict.fromkeys(names, 0.0)

    def go_on(self, tell: Tell) -> None:
        """Until the clock is stopped; a database that is away is asked again, less and less often."""
        pause = IDLE
        while not self._clock.stopped.is_set():
            try:
                with self._clock.db.read() as session:
                    due = self._is_due(session)
                for done in self.until_still() if due else ():
                    with suppress(OSError, ValueError):  # nobody listens any more
                        tell(*done)
                if self._names is POST:
                    self._clock.channel.close()
                self._note(Counter(), self._names)
                pause = IDLE
            except SQLAlchemyError as error:
                _log.warning("the clock waits for the database", error=type(error).__name__, seconds=pause)
                pause = min(2 * pause, LONGEST_IDLE)
            except Exception:
                _log.exception("the clock stumbled")
                pause = min(2 * pause, LONGEST_IDLE)
            self._woken.wait(pause)
            self._woken.clear()

    def until_still(self) -> Iterator[tuple[str, SweepResult]]:
        """Rounds, until one finds nothing to do."""
        did: Counter[str] = Counter()
        stumbled: set[str] = set()
        before = -1
        while before < did.total() and not self._clock.stopped.is_set():
            before = did.total()
            for name in self._names:
                for done in self._turn(name, did, stumbled):
                    did[name] += 1
                    yield name, done
        self._note(did, [name for name in self._names if name not in stumbled], at_once=True)

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def left(self, name: str) -> frozenset[int]:
        """What a sweep leaves alone for a moment, because somebody else holds what it needs: ids."""
        left, now = self._left[name], time.monotonic()
        for row_id in [each for each, until in left.items() if until <= now]:
            del left[row_id]
        return frozenset(left)

    @property
    def leaves_something(self) -> bool:
        return any(self._left.values())

    def _turn(self, name: str, did: Counter[str], stumbled: set[str]) -> Iterator[SweepResult]:
        """One sweep, until it finds nothing or has had its turn. One that stumbles does not stop the others."""
        turns = 0
        while turns < TURNS.get(name, 1) and name not in stumbled and not self._clock.stopped.is_set():
            turns += 1
            try:
                done = SWEEPS[name](self._clock, self.left(name))
            except Held as held:
                self._left[name][held.row_id] = time.monotonic() + LEFT_FOR
                _log.info("left for a moment: somebody else holds it", sweep=name, row=held.row_id)
                continue
            except Exception as error:
                if is_of_the_database(error):
                    raise
                stumbled.add(name)
                _log.exception("a sweep stumbled", sweep=name)
                return
            self._note(did, [name])
            if done is None:
                return
            yield done

    def _note(self, did: Mapping[str, int], names: Collection[str], *, at_once: bool = False) -> None:
        """That these sweeps ended, now and then. Each is noted for itself: one that hangs is seen to be late."""
        now = time.monotonic()
        ended = [name for name in names if at_once or now >= self._noted_at[name] + NOTED_EVERY]
        if not ended:
            return
        try:
            with self._clock.db.write() as session:
                take_up_again(session, self._clock.now_of(session))
                note_sweeps(session, {name: did.get(name, 0) for name in ended}, datetime.now(UTC))
        except OperationalError as fault:
            if not is_held(fault):
                raise
        else:
            self._noted_at.update(dict.fromkeys(ended, now))


def ring(clock: Clock, but: Collection[int]) -> SweepResult | None:
    """A timer of an issue or of a decision."""
    with clock.db.write() as session:
        return ring_one(session, now=clock.now_of(session), but=but)


def announce(clock: Clock, but: Collection[int]) -> SweepResult | None:
    """An event; the post has something to do then."""
    with clock.db.write() as session:
        done = announce_one(session, now=clock.now_of(session), but=but)
    if done:
        clock.posting.wake()
    return done


def count(clock: Clock, but: Collection[int]) -> SweepResult | None:
    """A month of a report."""
    with clock.db.write() as session:
        return count_one(session, now=clock.now_of(session), but=but)


def send_link(clock: Clock, but: Collection[int]) -> SweepResult | None:
    """A sign-in link that somebody waits for."""
    with clock.db.write() as session:
        now = clock.now_of(session)
        claimed = None if clock.rest.lasts(now) else claim_link(session, now=now, key=clock.link_key, but=but)
    if not isinstance(claimed, ClaimedLink):
        return claimed
    link, refusal = claimed, clock.send(claimed.letter, now)
    if refusal:
        return clock.settled(lambda session: settle_link_refused(session, link, refusal, now=clock.now_of(session)))
    return clock.settled(lambda session: settle_link_sent(session, link, now=clock.now_of(session)))


def send_letter(clock: Clock, but: Collection[int]) -> SweepResult | None:
    """A letter to one person."""
    with clock.db.write() as session:
        now = clock.now_of(session)
        claimed = None if clock.rest.lasts(now) else claim(session, now=now, but=but)
    if not isinstance(claimed, ClaimedLetter):
        return claimed
    letter, refusal, channel = claimed, clock.send(claimed.letter, now), clock.channel.name
    if refusal:
        return clock.settled(lambda session: settle_refused(session, letter, refusal, now=clock.now_of(session)))
    return clock.settled(lambda session: settle_sent(session, letter, channel=channel, now=clock.now_of(session)))


# What a timer does is announced at once; links come first of what is sent, for somebody waits for them.
SWEEPS: dict[str, Callable[[Clock, Collection[int]], SweepResult | None]] = {
    "timers": ring,
    "announcements": announce,
    "counts": count,
    "links": send_link,
    "letters": send_letter,
}
TURNS = {"timers": 50, "announcements": 50, "links": 50}
"""How many things a sweep does before the next one has its turn. One month is counted, or one letter sent, and then
what is more pressing has its turn again."""


def clock_of(settings: Settings, db: Database, *, now: datetime | None = None) -> Clock:
    """The clock these settings ask for: by SMTP where a server is set, else into the folder `mail` at home."""
    site = Site(settings.base_url, settings.mail_from)
    channel = Smtp(settings.smtp_url, site) if settings.smtp_url else Folder(settings.home / "mail", site)
    moment = (lambda _: now) if now else now_of
    return Clock(db, channel, link_key=settings.key(LINK_KEY), now_of=moment)


@contextmanager
def clock_beside(clock: Clock) -> Iterator[None]:
    """A clock beside something else, as inside `serve`; what it does stands in the log."""
    with clock.going(lambda name, done: _log.info("done", sweep=name, about=done.about, what=done.what)):
        yield
