"""The clock: one loop rings timers and announces, one sends letters, one asks witnesses, and none waits for another.

A sweep does one thing, or several in one transaction, and says what it did.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from tracker.actions.announce import announce_several
from tracker.actions.counting.climbs import count_climbs
from tracker.actions.counting.months import count_one
from tracker.actions.deliver import ClaimedLetter, claim_several, put_back, settle_refused, settle_sent
from tracker.actions.people.deliver_link import ClaimedLink, claim_link, settle_link_refused, settle_link_sent
from tracker.actions.proving.append_checkpoint import append_checkpoint
from tracker.actions.proving.ask_witness import WitnessCall, claim_witness, settle_answer
from tracker.actions.proving.settle_log_key import log_key_of
from tracker.actions.ring_timer import ring_several
from tracker.database import Database, is_held, is_of_the_database
from tracker.post.calls import Calls
from tracker.post.folder import Folder
from tracker.post.resting import PostRest
from tracker.post.site import Site
from tracker.post.smtp import Smtp
from tracker.post.witnesses import answer_of
from tracker.queries.administration.restored import is_held_copy
from tracker.queries.due import (
    is_any_witness_to_ask,
    is_anything_to_ring,
    is_anything_to_send,
    note_sweeps,
    now_of,
    take_up_again,
)
from tracker.queries.search.erasing import erase_words
from tracker.records.proofs.signing import SigningKey
from tracker.records.session import LINK_KEY
from tracker.rules.letters import Channel, Letter, SignInLetter, Undelivered
from tracker.rules.sweeps import POST, RINGING, WITNESSING, Batch, BatchSize, Held, SweepResult
from tracker.settings import Settings

IDLE, LONGEST_IDLE = 1.0, 5.0  # seconds between two looks; doubled up to the longest while the database is away
NOTED_EVERY = 15.0  # seconds
LEFT_FOR = 2.0  # seconds that something is left alone which somebody else holds,
WAITED_FOR = 30.0  # and in all before a clock that is to end gives up on it
LINKS_WAIT = 1.0  # seconds, at most, for the letters that are claimed together
SETTLED_FOR = 60.0  # seconds in which what became of a letter is to be written down

SettledT = TypeVar("SettledT")
Tell: TypeAlias = Callable[[str, SweepResult], object]
_log = structlog.get_logger()


class Clock:
    """One clock; several may run at once. `now_of` answers the moment for a session: by default the one that all
    clocks share. `link_key` is what sign-in links are made with, `log_key` what checkpoints are signed with: without
    one it makes none. `calls`: how it reaches who is outside."""

    def __init__(
        self,
        db: Database,
        channel: Channel,
        *,
        link_key: bytes,
        log_key: SigningKey | None = None,
        calls: Calls | None = None,
        now_of: Callable[[Session], datetime] = now_of,
    ) -> None:
        self.db, self.channel, self.link_key, self.log_key, self.now_of = db, channel, link_key, log_key, now_of
        self.rest, self.calls = PostRest(), calls or Calls()
        self.stopped = threading.Event()
        self.ringing = Rounds(self, RINGING, self._is_to_ring)
        self.posting = Rounds(self, POST, self._is_to_send)
        self.witnessing = Rounds(self, WITNESSING, lambda session: is_any_witness_to_ask(session, self.now_of(session)))
        self.loops = {"clock": self.ringing, "post": self.posting, "witnesses": self.witnessing}

    def until_nothing_is_due(self) -> Iterator[tuple[str, SweepResult]]:
        """Does what is due, and what follows from it, the letters last; yields the sweep's name and what it did. What
        somebody else holds is waited for a while."""
        until, did = time.monotonic() + WAITED_FOR, True
        while (did or (self._is_anything_left and time.monotonic() < until)) and not self.stopped.is_set():
            if not did:
                self.stopped.wait(LEFT_FOR)
            did = False
            for rounds in self.loops.values():
                for each in rounds.until_still():
                    did = True
                    yield each
            self.channel.close()

    @contextmanager
    def going(self, tell: Tell) -> Iterator[None]:
        """All loops go on, each in a thread of its own, until the block ends: what is being done is finished."""
        threads = [
            threading.Thread(target=rounds.go_on, args=(tell,), name=name, daemon=True)
            for name, rounds in self.loops.items()
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
        for rounds in self.loops.values():
            rounds.wake()

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

    def settled(self, settle: Callable[[Session], SettledT]) -> SettledT:
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
        return any(rounds.leaves_something for rounds in self.loops.values())

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
        self._sizes = {name: BatchSize() for name in names}

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
        """Rounds, until one finds nothing to do; none in a restored copy that is held."""
        did: Counter[str] = Counter()
        stumbled: set[str] = set()
        before = -1
        while before < did.total() and not (self._clock.stopped.is_set() or is_held_copy(self._clock.db)):
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
            try:
                batch = SWEEPS[name](self._clock, self.left(name), self._sizes[name])
            except Held as held:
                batch = Batch(held=(held.row_id,))
            except Exception as error:
                if is_of_the_database(error):
                    raise
                stumbled.add(name)
                _log.exception("a sweep stumbled", sweep=name)
                return
            for row_id in batch.held:
                self._left[name][row_id] = time.monotonic() + LEFT_FOR
                _log.info("left for a moment: held elsewhere, or of a newer version", sweep=name, row=row_id)
            self._note(did, [name])
            turns += max(1, len(batch.done))
            yield from batch.done
            if batch == Batch():
                return

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


class SeveralSweep(Protocol):
    """Does the first of what is due, at most so many, in the session's transaction."""

    def __call__(self, session: Session, *, now: datetime, but: Collection[int], most: int) -> Batch[SweepResult]: ...


def _several(clock: Clock, size: BatchSize, sweep: SeveralSweep, but: Collection[int]) -> Batch[SweepResult]:
    """Several things in one transaction. Where its end fails, each is done by itself once more; what fails then, too,
    is left for a moment."""
    most, size.most, batch = size.most, 1, Batch[SweepResult]()
    try:
        with clock.db.write() as session:
            session.connection()
            began = time.monotonic()
            batch = sweep(session, now=clock.now_of(session), but=but, most=most)
    except SQLAlchemyError as fault:
        if not batch.taken or is_of_the_database(fault):
            raise
        _log.exception("what was done could not be kept", count=len(batch.taken))
        return Batch(held=batch.taken) if most == 1 else _several(clock, size, sweep, but)
    size.learn(most, len(batch.taken), time.monotonic() - began)
    return batch


def ring(clock: Clock, but: Collection[int], size: BatchSize) -> Batch[SweepResult]:
    """Timers of issues or of decisions."""
    return _several(clock, size, ring_several, but)


def announce(clock: Clock, but: Collection[int], size: BatchSize) -> Batch[SweepResult]:
    """Events; the post has something to do then."""
    batch = _several(clock, size, announce_several, but)
    if batch.done:
        clock.posting.wake()
    return batch


def count(clock: Clock, but: Collection[int], _: BatchSize) -> Batch[SweepResult]:
    """A month of a report; where none waits, issues that climbed."""
    with clock.db.write() as session:
        now, began = clock.now_of(session), time.monotonic()
        done = count_one(session, now=now, but=but) or count_climbs(session, now=now)
    if done:
        clock.db.let_others_write(time.monotonic() - began)  # nobody waits for what is counted
    return Batch((done,) if done else ())


def checkpoint(clock: Clock, but: Collection[int], _: BatchSize) -> Batch[SweepResult]:
    """A checkpoint of a partnership's record."""
    if clock.log_key is None:
        return Batch()
    with clock.db.write() as session:
        done = append_checkpoint(session, clock.log_key, now=clock.now_of(session))
    return Batch((done,) if done else ())


def ask_witness(clock: Clock, but: Collection[int], _: BatchSize) -> Batch[SweepResult]:
    """A witness that has not seen the last checkpoint."""
    with clock.db.write() as session:
        claimed = claim_witness(session, now=clock.now_of(session))
    if not isinstance(claimed, WitnessCall):
        return Batch((claimed,) if claimed else ())
    call, answer = claimed, answer_of(clock.calls, claimed.address, claimed.request)
    return Batch((clock.settled(lambda session: settle_answer(session, call, answer, now=clock.now_of(session))),))


def send_link(clock: Clock, but: Collection[int], _: BatchSize) -> Batch[SweepResult]:
    """A sign-in link that somebody waits for."""
    with clock.db.write() as session:
        now = clock.now_of(session)
        claimed = None if clock.rest.lasts(now) else claim_link(session, now=now, key=clock.link_key, but=but)
    if not isinstance(claimed, ClaimedLink):
        return Batch((claimed,) if claimed else ())
    link, refusal = claimed, clock.send(claimed.letter, now)
    if refusal:
        done = clock.settled(lambda session: settle_link_refused(session, link, refusal, now=clock.now_of(session)))
    else:
        done = clock.settled(lambda session: settle_link_sent(session, link, now=clock.now_of(session)))
    return Batch((done,))


def send_letters(clock: Clock, but: Collection[int], size: BatchSize) -> Batch[SweepResult]:
    """Letters, each to one person. What is not sent while a link can wait for it, or because the clock is to end or the
    post to rest, is put back."""
    most, size.most = size.most, 1
    with clock.db.write() as session:
        now, began = clock.now_of(session), time.monotonic()
        if clock.rest.lasts(now):
            return Batch()
        batch = claim_several(session, now=now, but=but, most=most)
    took = time.monotonic() - began
    letters = [each for each in batch.done if isinstance(each, ClaimedLetter)]
    done, until = [each for each in batch.done if isinstance(each, SweepResult)], time.monotonic() + LINKS_WAIT
    for place, letter in enumerate(letters):
        if place and (clock.stopped.is_set() or clock.rest.lasts(now) or time.monotonic() > until):
            clock.settled(partial(put_back, letters=letters[place:]))
            return Batch(tuple(done), batch.held, batch.taken)
        done.append(_sent(clock, letter, now))
    size.learn(most, len(batch.taken), took)
    return Batch(tuple(done), batch.held, batch.taken)


def _sent(clock: Clock, letter: ClaimedLetter, now: datetime) -> SweepResult:
    """What became of a letter is written down before the next one is sent: a sender that dies repeats one at most."""
    refusal, channel = clock.send(letter.letter, now), clock.channel.name
    if refusal:
        return clock.settled(lambda session: settle_refused(session, letter, refusal, now=clock.now_of(session)))
    return clock.settled(lambda session: settle_sent(session, letter, channel=channel, now=clock.now_of(session)))


# What a timer does is announced at once; links come first of what is sent, for somebody waits for them.
SWEEPS: dict[str, Callable[[Clock, Collection[int], BatchSize], Batch[SweepResult]]] = {
    "timers": ring,
    "announcements": announce,
    "counts": count,
    "checkpoints": checkpoint,
    "witnesses": ask_witness,
    "erasures": lambda clock, but, _: erase_words(clock.db, but),
    "links": send_link,
    "letters": send_letters,
}
TURNS = {"timers": 50, "announcements": 50, "links": 50}
"""How many things a sweep does in its turn; the others one: a month, or the letters that were claimed."""


def clock_of(settings: Settings, db: Database, *, now: datetime | None = None, links_only: bool = False) -> Clock:
    """By SMTP where these settings name a server, else into the folder `mail` at home. `links_only`: of sign-in."""
    site, named = Site(settings.base_url, settings.mail_from), settings.may_call
    channel = Smtp(url, site, may_call=named) if (url := settings.smtp_url) else Folder(settings.home / "mail", site)
    moment = (lambda _: now) if now else now_of
    key, log_key = settings.key(LINK_KEY), None if links_only else log_key_of(settings, db)
    clock = Clock(db, channel, link_key=key, log_key=log_key, calls=Calls(named), now_of=moment)
    clock.loops = {"post": clock.posting} if links_only else clock.loops
    return clock


@contextmanager
def clock_beside(clock: Clock) -> Iterator[None]:
    """A clock beside something else, as inside `serve`; what it does stands in the log."""
    with clock.going(lambda name, done: _log.info("done", sweep=name, about=done.about, what=done.what)):
        yield
