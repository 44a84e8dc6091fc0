"""A record to prove: issues with what each side keeps to itself, and the clock's checkpoints."""

from datetime import datetime, timedelta

from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.proving.append_checkpoint import append_checkpoint
from tracker.queries.proofs.checkpoints import VerifiedLog, log_of, verify_log
from tracker.queries.proofs.links import ChainTally, verify_chains
from tracker.records.proofs.log import LogKey
from tracker.records.proofs.signing import SigningKey
from tracker.rules.rings import Ring

KEY = SigningKey(bytes(range(32)))


def begin(session: Session, cast: Cast) -> None:
    """Three issues, on two of which something was said, some of it to one side alone."""
    session.add(LogKey(number=1, public=KEY.public.hex(), since=MONDAY))
    for number in range(3):
        ref = make_issue(session, cast).ref
        if number:
            acknowledge(session, ref, doer(cast, "kim"))
            add_note(session, ref, doer(cast, "kim"), text="We look into it.", ring=Ring.SHARED)
            add_note(session, ref, doer(cast, "sam"), text="They always say that.", ring=Ring.ORGANISATION)
    session.flush()


def make_checkpoints(session: Session, now: datetime = MONDAY) -> int:
    """All that are due; how many of RIV."""
    made = 0
    while done := append_checkpoint(session, KEY, now=now):
        made += done.about == "RIV" and done.what.startswith("checkpoint")
        session.flush()
    return made


def begin_with_checkpoints(session: Session, cast: Cast, count: int) -> None:
    """The same, with so many checkpoints of RIV, a day apart."""
    begin(session, cast)
    make_checkpoints(session)
    for days in range(1, count + 1):
        assert make_checkpoints(session, a_day_later(days)) == 1


def a_day_later(days: int = 1) -> datetime:
    return MONDAY + timedelta(days=days, minutes=1)


def verify_all(session: Session, cast: Cast) -> tuple[ChainTally, VerifiedLog]:
    """Refuses with RecordMisfit."""
    session.flush()
    session.expire_all()
    tally = verify_chains(session, cast.partnership.id, "RIV", lambda *_: None)
    log = log_of(session, cast.partnership.id)
    assert log
    return tally, verify_log(session, log, lambda *_: None)
