"""Delivering: a letter is claimed in one transaction, sent outside of any, and settled in another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, or_, update
from sqlmodel import Session, col, select

from tracker.actions.write_letter import LetterReader, about
from tracker.database import raise_unless_of_the_row
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.due import next_notice, same_letter
from tracker.queries.recipients import readable
from tracker.records.event import Event
from tracker.records.notice import Notice
from tracker.records.person import Person
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.letters import Letter, Undelivered, opaque_id, subject_of
from tracker.rules.notices import LEASE, UNSENT, NoticeState, is_too_old, next_attempt
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Viewer
from tracker.rules.sweeps import SweepResult

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """A letter that is ours to send until the lease ends; `notices` are the ids of those it tells of, the one that
    carries it first."""

    letter: Letter
    notices: tuple[int, ...]
    attempts: int


def claim(session: Session, *, now: datetime, but: Collection[int] = ()) -> ClaimedLetter | SweepResult | None:
    """The next letter to send; what was done where nothing was left of it to send; None when none is due. `but`: ids
    of notices to leave for now. Refuses with Held where somebody else holds what it needs.

    Who may read is asked anew: what a person may no longer read is not sent to them.
    """
    first = next_notice(session, now, but)
    if first is None:
        return None
    ids = [first]
    try:
        with session.begin_nested():
            ids = same_letter(session, first, now)
            return _written(session, ids, now)
    except Exception as error:
        raise_unless_of_the_row(error, first)
        _log.exception("letter set aside", notices=ids)
        return _not_written(session, ids, f"it could not be written ({type(error).__name__})")


def _not_written(session: Session, ids: Sequence[int], why: str) -> SweepResult:
    """One of several may be what is wrong: each goes in a letter of its own. One alone has failed."""
    if len(ids) > 1:
        _settle(session, ids, letter_id=col(Notice.id))
        return SweepResult(f"{len(ids)} notices", "to be told apart")
    _settle(session, ids, state=NoticeState.FAILED, why=why)
    return SweepResult("a notice", "failed")


def settle_sent(session: Session, claimed: ClaimedLetter, *, channel: str, now: datetime) -> SweepResult:
    """The channel took it."""
    carrier, *others = claimed.notices
    _settle(session, [carrier], state=NoticeState.SENT, why="", sent_at=now, channel=channel)
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


def _written(session: Session, ids: Sequence[int], now: datetime) -> ClaimedLetter | SweepResult:
    notices = _leased(session, ids, now)
    person = session.get_one(Person, notices[0].person_id)
    arrangement = arrangement_of(session, notices[0].partnership_id)
    viewer = viewer_of(person.id, arrangement, at=now)
    if next_attempt(notices[0].attempts - 1, now) is None:  # whoever sent it died each time, before it could say so
        raise RuntimeError("every attempt broke off")
    events = _events(session, notices)
    may_read = readable(session, viewer, list(events.values()))
    told = [notice for notice in notices if not _suppress(notice, viewer, may_read, now)]
    if not told:
        return SweepResult(f"{len(notices)} notices", "suppressed")
    carrier = next((notice for notice in told if notice.id == notice.letter_id), told[0])
    letter = _letter(session, arrangement, viewer, person, carrier, [events[each.event_id] for each in told], now)
    others = (notice.id for notice in told if notice is not carrier)
    return ClaimedLetter(letter, (carrier.id, *others), carrier.attempts)


def _leased(session: Session, ids: Sequence[int], now: datetime) -> list[Notice]:
    """The notices, ours until the lease ends, in one letter from now on."""
    found = select(Notice).where(col(Notice.id).in_(ids)).order_by(col(Notice.event_id))
    notices = list(session.exec(found.execution_options(populate_existing=True)))
    for notice in notices:
        notice.attempts += 1
        notice.lease_until = now + LEASE
        notice.letter_id = notice.letter_id or ids[0]
    session.flush()
    return notices


def _events(session: Session, notices: Sequence[Notice]) -> dict[int, Event]:
    wanted = col(Event.id).in_([notice.event_id for notice in notices])
    return {event.id: event for event in session.exec(select(Event).where(wanted))}


def _suppress(notice: Notice, viewer: Viewer, may_read: set[int], now: datetime) -> bool:
    why = ""
    if not viewer.memberships:
        why = "has left every organisation of the partnership"
    elif notice.event_id not in may_read:
        why = "may no longer read it"
    elif is_too_old(notice.due_at, now):
        notice.state, notice.lease_until = NoticeState.FAILED, None  # leads may have it sent all the same
        notice.why = "it was over a week late when its turn came"
        return True
    if why:
        notice.state, notice.why, notice.lease_until = NoticeState.SUPPRESSED, why, None
    return bool(why)


def _letter(
    session: Session,
    arrangement: Arrangement,
    viewer: Viewer,
    person: Person,
    carrier: Notice,
    events: Sequence[Event],
    now: datetime,
) -> Letter:
    home = arrangement.organisations[viewer.memberships[0].organisation_id]
    reader = LetterReader(session, arrangement, viewer, home, now)
    every, digest = about(reader, events), carrier.digest
    return Letter(
        message_id=carrier.message_id,
        to_name=person.name,
        to_address=person.email,
        subject=subject_of(every, key=arrangement.key, digest=digest),
        partnership_key=arrangement.key,
        partnership_name=arrangement.name,
        about=every,
        why=_to_whom(person, home),
        thread="" if digest else _thread(session, carrier),
        digest=digest,
    )


def _to_whom(person: Person, home: Organisation) -> str:
    how = "You get a daily digest" if person.digest else "You can have a daily digest instead"
    return f"Written to {person.name} of {home.name}. {how}: see your account."


def _thread(session: Session, notice: Notice) -> str:
    """The same for all letters of an issue, or of a decision, or of the rest: of its first event."""
    of = session.get_one(Event, notice.event_id)
    first = (
        select(Event.digest)
        .where(Event.partnership_id == notice.partnership_id)
        .where(col(Event.issue_id).is_not_distinct_from(of.issue_id))
        .where(col(Event.decision_id).is_not_distinct_from(of.decision_id))
        .order_by(col(Event.position))
        .limit(1)
    )
    return opaque_id("thread", session.exec(first).first())


def _settle(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Only what is still unsent: another sender may have had the letter after our lease ended."""
    unsent = (col(Notice.id).in_(ids), col(Notice.state).in_(UNSENT))
    session.execute(update(Notice).where(*unsent).values(lease_until=None, **values))


def _ref(claimed: ClaimedLetter) -> str:
    every = claimed.letter.about
    return (every[0].ref or claimed.letter.partnership_key) if len(every) == 1 else claimed.letter.partnership_key
