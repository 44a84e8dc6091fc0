"""Delivering: a letter is claimed in one transaction, sent outside of any, and settled in another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy
import structlog
from sqlalchemy import Row, Select, bindparam, case, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.at_once import at_once
from tracker.actions.write_letter import LetterReader, about, issues_to_tell
from tracker.database import straight
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.due import DueNotice, letters_of, next_notices
from tracker.queries.recipients import readable
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.records.person import Person
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.letters import Letter, Undelivered, opaque_id, subject_of
from tracker.rules.notices import LEASE, UNSENT, NoticeState, is_too_old, next_attempt
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Viewer
from tracker.rules.sweeps import Batch, SweepResult

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """A letter that is ours to send until the lease ends; `notices` are the ids of those it tells of, the one that
    carries it first."""

    letter: Letter
    notices: tuple[int, ...]
    attempts: int


def claim_several(
    session: Session, *, now: datetime, but: Collection[int] = (), most: int = 1
) -> Batch[ClaimedLetter | SweepResult]:
    """The next letters to send, and what was done where nothing was left of one to send. `but`: ids of notices to leave
    for now.

    Who may read is asked anew: what a person may no longer read is not sent to them.
    """
    due = next_notices(session, now, but, most=most)
    return at_once(session, due, partial(_written, session, now), partial(_set_aside, session, now))


def put_back(session: Session, letters: Sequence[ClaimedLetter]) -> None:
    """Letters that were claimed and not tried: as they were before."""
    ids = [each for letter in letters for each in letter.notices]
    again = case((col(Notice.attempts) > 1, col(Notice.letter_id)))
    _settle(session, ids, attempts=col(Notice.attempts) - 1, letter_id=again)


def _set_aside(session: Session, now: datetime, due: DueNotice, error: Exception) -> SweepResult:
    """One of several may be what is wrong: each goes in a letter of its own. One alone has failed."""
    ids, why = [due.id], f"it could not be written ({type(error).__name__})"
    try:
        with session.begin_nested():
            ids = [row.id for letter in letters_of(session, ids, now) for row in letter] or ids
    except Exception as fault:
        _log.error("notice cannot be read", notice=due.id, exc_info=fault)
    _log.error("letter set aside", notices=ids, exc_info=error)
    if len(ids) > 1:
        _settle(session, ids, letter_id=col(Notice.id))
        return SweepResult(f"{len(ids)} notices", "to be told apart")
    _settle(session, ids, state=NoticeState.FAILED, why=why)
    return SweepResult("a notice", "failed")


def settle_sent(session: Session, claimed: ClaimedLetter, *, channel: str, now: datetime) -> SweepResult:
    """The channel took it."""
    carrier, *others = claimed.notices
    straight(session).execute(_SENT, {"carrier": carrier, "at": now, "by": channel})
    if others:
        where = "the digest" if claimed.letter.digest else "one message with others"
        _settle(session, others, state=NoticeState.FOLDED, why=f"told in {where}", sent_at=now, channel=channel)
    return SweepResult(_ref(claimed), f"{len(claimed.notices)} sent")


def settle_refused(session: Session, claimed: ClaimedLetter, refusal: Undelivered, *, now: datetime) -> SweepResult:
    """The channel did not take it: tried again after a while, until it has failed for good. Where the channel takes
    nothing at all, that is not held against the letter."""
    if refusal.nobody_there:
        _settle(session, claimed.notices, state=NoticeState.WAITING, why=str(refusal), attempts=claimed.attempts - 1)
        return SweepResult(_ref(claimed), f"{len(claimed.notices)} kept waiting")
    again_at = None if refusal.for_good else next_attempt(claimed.attempts, now)
    if again_at is None:
        _settle(session, claimed.notices, state=NoticeState.FAILED, why=str(refusal))
        return SweepResult(_ref(claimed), f"{len(claimed.notices)} failed")
    tried = "once" if claimed.attempts == 1 else f"{claimed.attempts} times"
    why = f"tried {tried}: {refusal}"
    _settle(session, claimed.notices, state=NoticeState.WAITING, why=why, due_at=again_at)
    return SweepResult(_ref(claimed), f"{len(claimed.notices)} to be tried again")


def send_again(session: Session, failed: Select[int], *, asked_by: str, now: datetime) -> int:
    """What failed is tried anew, as often as at first; how many notices. What went in one letter goes in one again."""
    ids = list(session.execute(failed).scalars())
    letters = select(Notice.letter_id).where(col(Notice.id).in_(ids), col(Notice.letter_id).is_not(None))
    together = or_(col(Notice.id).in_(ids), col(Notice.letter_id).in_(letters))
    anew = {"state": NoticeState.WAITING, "attempts": 0, "due_at": now, "lease_until": None}
    changed = update(Notice).where(together, col(Notice.state) == NoticeState.FAILED)
    session.execute(changed.values(**anew, why=f"to be sent again, as {asked_by} asked"))
    return len(ids)


def _written(session: Session, now: datetime, due: Sequence[DueNotice]) -> Iterator[ClaimedLetter | SweepResult]:
    letters = letters_of(session, [each.id for each in due], now)
    _lease(session, letters, now)
    desk = _Desk.laid(session, [row for letter in letters for row in letter], now)
    for rows in letters:
        yield desk.write(rows)


def _lease(session: Session, letters: Iterable[Sequence[Row[Any]]], now: datetime) -> None:
    """The notices are ours until the lease ends, in one letter from now on."""
    leased = [
        {"notice": row.id, "letter": row.letter_id or rows[0].id, "until": now + LEASE}
        for rows in letters
        for row in rows
    ]
    if leased:
        straight(session).execute(_LEASE, leased)


_LEASE = (
    update(Notice)
    .where(col(Notice.id) == bindparam("notice"))
    .values(attempts=col(Notice.attempts) + 1, lease_until=bindparam("until"), letter_id=bindparam("letter"))
)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What several letters are written from, read for all of them at once."""

    session: Session
    now: datetime
    arrangements: Mapping[int, Arrangement]
    people: Mapping[int, Row[Any]]
    viewers: Mapping[tuple[int, int], Viewer]
    events: Mapping[int, Event]
    may_read: Mapping[tuple[int, int], set[int]]
    issues: Mapping[int, Issue]
    written: dict[Any, Any]

    @classmethod
    def laid(cls, session: Session, rows: Sequence[Row[Any]], now: datetime) -> "_Desk":
        arrangements = {each: arrangement_of(session, each) for each in {row.partnership_id for row in rows}}
        events = _events(session, {row.event_id for row in rows})
        of_reader: dict[tuple[int, int], list[Event]] = {}
        for row in rows:
            of_reader.setdefault((row.person_id, row.partnership_id), []).append(events[row.event_id])
        viewers = {(who, where): viewer_of(who, arrangements[where], at=now) for who, where in of_reader}
        issues = {event.issue_id for event in events.values() if event.issue_id is not None}
        return cls(
            session=session,
            now=now,
            arrangements=arrangements,
            people=_people(session, {row.person_id for row in rows}),
            viewers=viewers,
            events=events,
            may_read={each: readable(session, viewers[each], some) for each, some in of_reader.items()},
            issues=issues_to_tell(session, issues),
            written={},
        )

    def write(self, rows: Sequence[Row[Any]]) -> ClaimedLetter | SweepResult:
        """A letter of what is left to tell its reader."""
        reader = (rows[0].person_id, rows[0].partnership_id)
        attempts = rows[0].attempts + 1
        if next_attempt(attempts - 1, self.now) is None:  # whoever sent it died each time, before it could say so
            raise RuntimeError("every attempt broke off")
        told = [row for row in rows if not self._suppress(row, reader)]
        if not told:
            return SweepResult(f"{len(rows)} notices", "suppressed")
        letter_id = rows[0].letter_id or rows[0].id
        carrier = next((row for row in told if row.id == letter_id), told[0])
        others = (row.id for row in told if row is not carrier)
        letter = self._letter(carrier, reader, [self.events[row.event_id] for row in told])
        return ClaimedLetter(letter, (carrier.id, *others), attempts)

    def _suppress(self, row: Row[Any], reader: tuple[int, int]) -> bool:
        if not self.viewers[reader].memberships:
            state, why = NoticeState.SUPPRESSED, "has left every organisation of the partnership"
        elif row.event_id not in self.may_read[reader]:
            state, why = NoticeState.SUPPRESSED, "may no longer read it"
        elif is_too_old(row.due_at, self.now):  # leads may have it sent all the same
            state, why = NoticeState.FAILED, "it was over a week late when its turn came"
        else:
            return False
        _settle(self.session, [row.id], state=state, why=why)
        return True

    def _letter(self, carrier: Row[Any], reader: tuple[int, int], events: Sequence[Event]) -> Letter:
        viewer, arrangement, person = self.viewers[reader], self.arrangements[reader[1]], self.people[reader[0]]
        home = arrangement.organisations[viewer.memberships[0].organisation_id]
        by = LetterReader(self.session, arrangement, viewer, home, self.now, self.issues, self.written)
        every = about(by, events)
        return Letter(
            message_id=carrier.message_id,
            to_name=person.name,
            to_address=person.email,
            subject=subject_of(every, key=arrangement.key, digest=carrier.digest),
            partnership_key=arrangement.key,
            partnership_name=arrangement.name,
            about=every,
            why=_to_whom(person, home),
            thread="" if carrier.digest else self._thread(self.events[carrier.event_id]),
            digest=carrier.digest,
        )

    def _thread(self, event: Event) -> str:
        """The same for all letters of an issue, or of a decision, or of the rest: of its first event."""
        of = event.partnership_id, event.issue_id, event.decision_id
        if of not in self.written:
            self.written[of] = opaque_id("thread", self.session.exec(_first_of(event)).first())
        thread: str = self.written[of]
        return thread


def _events(session: Session, ids: Collection[int]) -> dict[int, Event]:
    return {event.id: event for event in session.exec(select(Event).where(col(Event.id).in_(ids)))}


def _people(session: Session, ids: Collection[int]) -> dict[int, Row[Any]]:
    asked = sqlalchemy.select(*(col(getattr(Person, name)) for name in ("id", "name", "email", "digest")))
    return {row.id: row for row in session.execute(asked.where(col(Person.id).in_(ids)))}


def _to_whom(person: Row[Any], home: Organisation) -> str:
    how = "You get a daily digest" if person.digest else "You can have a daily digest instead"
    return f"Written to {person.name} of {home.name}. {how}: see your account."


def _first_of(event: Event) -> SelectOfScalar[str]:
    """The digest of the first event with this one, asked as an index has it."""
    those: list[Any] = [Event.partnership_id == event.partnership_id]
    if event.issue_id is not None:
        those = [Event.issue_id == event.issue_id]
    elif event.decision_id is not None:
        those = [Event.decision_id == event.decision_id]
    else:
        those += [col(Event.issue_id).is_(None), col(Event.decision_id).is_(None)]
    return select(Event.digest).where(*those).order_by(col(Event.position)).limit(1)


def _settle(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Only what is still unsent: another sender may have had the letter after our lease ended."""
    unsent = (col(Notice.id).in_(ids), col(Notice.state).in_(UNSENT))
    straight(session).execute(update(Notice).where(*unsent).values(lease_until=None, **values))


_SENT = (
    update(Notice)
    .where(col(Notice.id) == bindparam("carrier"), col(Notice.state).in_(UNSENT))
    .values(lease_until=None, state=NoticeState.SENT, why="", sent_at=bindparam("at"), channel=bindparam("by"))
)


def _ref(claimed: ClaimedLetter) -> str:
    every = claimed.letter.about
    return (every[0].ref or claimed.letter.partnership_key) if len(every) == 1 else claimed.letter.partnership_key
