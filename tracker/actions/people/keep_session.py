"""Keep sessions: begin them, turn their token over, note that they are used, end them, forget the old."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, or_, update
from sqlmodel import Session as Sitting
from sqlmodel import col, select

from tracker.actions.people.belong import come_in
from tracker.queries.accounts import MEMBER, partnerships_of
from tracker.queries.visitors import SessionFacts
from tracker.records.partnership import Organisation
from tracker.records.person import Membership
from tracker.records.session import (
    MOST_SESSIONS,
    SESSION_RESTS,
    TURN_EVERY,
    TURN_GRACE,
    EndedSession,
    Session,
    SignInLink,
    Throttle,
    device_number,
    hash_of,
    session_token,
)
from tracker.rules.refusals import NotThere

log = structlog.get_logger("tracker.audit")
_SEEN_EVERY = timedelta(minutes=5)  # finer would write on every page
_KEPT_AFTERWARDS = timedelta(days=1)


def begin_session(
    sitting: Sitting,
    person_id: int,
    door: str,
    *,
    now: datetime,
    key: bytes,
    agent: str,
    instead_of: str,
    place: str = "",
    proved_at: datetime | None = None,
) -> str:
    """The token of a session whose person came through this door (`rules/rings/doors`). Where this browser, by its
    token, has a session of theirs already, that one goes on, with a door more and the forms that are open in it; one of
    somebody else ends, and of theirs the one left alone longest, where there would be more than MOST_SESSIONS. Who was
    only invited until now has come in. `proved_at`: as `Session.pass_door` has it."""
    token = go_on_through(
        sitting, person_id, door, now=now, key=key, token=instead_of, place=place, proved_at=proved_at
    )
    if token is None:
        sign_out(sitting, instead_of)
        session = Session.begun(person_id, door, key=key, now=now, agent=agent, place=place, proved_at=proved_at)
        sitting.add(session)
        token = session_token(key, session.nonce, session.turn)
    _end_beyond_most(sitting, person_id)
    come_in(sitting, person_id, now=now)
    if len(mine := {each.id for each in partnerships_of(sitting, person_id)}) == 1:
        note_here(sitting, person_id, mine, now=now)
    forget_old(sitting, now)
    return token


def go_on_through(
    sitting: Sitting,
    person_id: int,
    door: str,
    *,
    now: datetime,
    key: bytes,
    token: str,
    place: str,
    proved_at: datetime | None = None,
) -> str | None:
    """The next token of somebody's session, who came through one more door; None where this token is of none."""
    session = _going_on(sitting, person_id, token, now)
    if session is None:
        return None
    session.pass_door(door, key=key, now=now, proved_at=proved_at)
    session.place = place
    sitting.add(session)
    return session_token(key, session.nonce, session.turn)


def needs_keeping(facts: SessionFacts, now: datetime) -> bool:
    """Whether `keep_session` would change anything; mostly not, and then nothing is written."""
    return _turns(facts, now) or _settles(facts) or now >= facts.seen_at + _SEEN_EVERY


def keep_session(sitting: Sitting, facts: SessionFacts, *, now: datetime, key: bytes, place: str = "") -> None:
    """Turns the token when it is time, or lets the one before run out; two requests that come at once do it once."""
    changed: dict[str, object] = {"seen_at": now, "place": place}
    if _turns(facts, now):
        old, new = (session_token(key, facts.nonce, turn) for turn in (facts.turn, facts.turn + 1))
        changed |= {"turn": facts.turn + 1, "token_hash": hash_of(new), "rotated_at": now}
        changed |= {"previous_hash": hash_of(old), "previous_until": None}
    elif _settles(facts):
        changed |= {"previous_until": now + TURN_GRACE}
    this = (col(Session.id) == facts.id, col(Session.turn) == facts.turn)
    sitting.execute(update(Session).where(*this).values(**changed))


def note_here(sitting: Sitting, person_id: int, partnerships: Collection[int], *, now: datetime) -> None:
    """Somebody looks at something of these partnerships: the month of it is kept, and no more."""
    month = now.date().replace(day=1)
    there = select(Organisation.id).where(col(Organisation.partnership_id).in_(partnerships))
    earlier = or_(col(Membership.here_in).is_(None), col(Membership.here_in) < month)
    theirs = (col(Membership.person_id) == person_id, col(Membership.organisation_id).in_(there))
    sitting.execute(update(Membership).where(*theirs, *MEMBER, earlier).values(here_in=month))


def newer_token(facts: SessionFacts, *, now: datetime, key: bytes) -> str | None:
    """The token the browser should have from now on; None when it showed that one."""
    if facts.by_previous:
        return session_token(key, facts.nonce, facts.turn)
    return session_token(key, facts.nonce, facts.turn + 1) if _turns(facts, now) else None


def sign_out(sitting: Sitting, token: str) -> None:
    """Ends the session with this token, if there is one."""
    sitting.execute(delete(Session).where(col(Session.token_hash) == hash_of(token)))
    sitting.execute(delete(Session).where(col(Session.previous_hash) == hash_of(token)))


def end_session(sitting: Sitting, person_id: int, number: int) -> None:
    """Ends one of a person's sessions, by its `device_number`. NotThere when it is nobody's, or somebody else's."""
    theirs = sitting.exec(select(Session).where(Session.person_id == person_id))
    ended = [each for each in theirs if device_number(each.nonce) == number]
    if not ended:
        raise NotThere("You are not signed in there any more.")
    for each in ended:
        sitting.delete(each)


def forget_old(sitting: Sitting, now: datetime) -> None:
    """Removes what has been over for a day: nothing here is a record of what happened to an issue."""
    over = now - _KEPT_AFTERWARDS
    sitting.execute(delete(SignInLink).where(col(SignInLink.expires_at) < over))
    sitting.execute(delete(Session).where(col(Session.expires_at) < over))
    sitting.execute(delete(Session).where(col(Session.seen_at) < over - SESSION_RESTS))
    sitting.execute(delete(EndedSession).where(col(EndedSession.ended_at) < over - SESSION_RESTS))
    sitting.execute(delete(Throttle).where(col(Throttle.window_start) < over))


def _going_on(sitting: Sitting, person_id: int, token: str, now: datetime) -> Session | None:
    """The session with this newest token, if it is theirs and signs them in still."""
    good = (col(Session.expires_at) > now, col(Session.seen_at) > now - SESSION_RESTS)
    theirs = (col(Session.token_hash) == hash_of(token), col(Session.person_id) == person_id)
    return sitting.exec(select(Session).where(*theirs, *good).with_for_update()).one_or_none()


def _end_beyond_most(sitting: Sitting, person_id: int) -> None:
    """Of a person's sessions those that were used last stay."""
    sitting.flush()
    used = select(Session.id).where(Session.person_id == person_id)
    beyond = used.order_by(col(Session.seen_at).desc(), col(Session.id).desc()).offset(MOST_SESSIONS)
    ended = sitting.execute(delete(Session).where(col(Session.id).in_(beyond)).returning(col(Session.id))).all()
    if ended:
        log.info("session ended", person=person_id, why="they are signed in in as many browsers as one can be")


def _turns(facts: SessionFacts, now: datetime) -> bool:
    """Only the newest token turns: a request with the one before may be older than the answer to it."""
    return not facts.by_previous and not _settles(facts) and now >= facts.rotated_at + TURN_EVERY


def _settles(facts: SessionFacts) -> bool:
    """The new token is seen for the first time."""
    return not facts.by_previous and facts.has_previous and facts.previous_until is None
