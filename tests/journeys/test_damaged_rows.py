"""A row that cannot be read: it is set aside, with the reason, and the clock goes on for all others."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.journeys.damage import KINDS, Hurt, damaged
from tests.makers import MONDAY, Cast
from tests.notice_makers import Door
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.raise_issue import raise_issue
from tracker.actions.welcome import ask_for_link
from tracker.clock import Clock
from tracker.database import Database
from tracker.queries.arrangements import arrangement
from tracker.queries.due import set_aside
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.rules.lifecycle import Severity
from tracker.rules.new_issue import NewIssue
from tracker.rules.notices import NoticeState
from tracker.rules.rings import Ring
from tracker.settings.log_lines import write_log

KEY = b"k" * 32
FRIDAY = MONDAY + timedelta(days=4)  # the limit was on Thursday
pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _log_as_served() -> None:
    """As `tracker serve` logs: with the lines of code alone, which is much quicker to write."""
    write_log("faults")


def raise_elsewhere(session: Session, cast: Cast) -> Issue:
    """An issue of the other partnership, of the same Monday."""
    day = date(2026, 4, 27)
    new = NewIssue(title="Bolts are short", detail="", with_="south", severity=Severity.SERIOUS, occurred_on=day)
    return raise_issue(session, arrangement(session, cast.elsewhere.id), new, doer(cast, "stan"))


def swept(db: Database, now: datetime = FRIDAY) -> list[str]:
    """What a clock did at that moment, until nothing was due."""
    clock = Clock(db, Door(), link_key=KEY, now_of=lambda _: now)
    return [f"{name} {done.about} {done.what}" for name, done in clock.until_nothing_is_due()]


def tier_of(db: Database, issue_id: int) -> int:
    with db.read() as session:
        return session.exec(select(Issue.tier).where(Issue.id == issue_id)).one()


def unsent(db: Database, partnership_id: int) -> int:
    waiting = select(Notice.id).where(Notice.partnership_id == partnership_id, Notice.state == NoticeState.WAITING)
    with db.read() as session:
        return len(session.exec(waiting.where(Notice.due_at <= FRIDAY)).all())


@pytest.mark.parametrize("kind", list(KINDS))
def test_one_bad_row_stops_nothing_but_what_it_is_of(db: Database, cast: Cast, kind: str) -> None:
    hurt = KINDS[kind]
    with db.write() as session:
        bad, good = make_issue(session, cast), make_issue(session, cast)
        ask_for_link(session, "sam@acute.example", now=FRIDAY, key=KEY)
    if hurt.table == "notice":
        swept_but_not_sent(db)
    with db.write() as session:
        ask_for_link(session, "kim@council.example", now=FRIDAY, key=KEY)
        elsewhere = raise_elsewhere(session, cast)

    with damaged(db, hurt.of, hurt.value(db)) as problem:
        assert problem == ""
        did = swept(db)
        assert tier_of(db, good.id) == tier_of(db, elsewhere.id) == 2, did
        assert unsent(db, cast.partnership.id) == unsent(db, cast.elsewhere.id) == 0, did
        assert sum("a sign-in link sent" in each for each in did) >= 1
        with db.read() as session:
            aside = sum(set_aside(session).values())
            failed = session.exec(select(Notice.why).where(col(Notice.state) == NoticeState.FAILED)).all()
        links_failed = sum("a sign-in link failed" in each for each in did)
        assert tier_of(db, bad.id) == 2 or aside or failed or links_failed, did


def swept_but_not_sent(db: Database) -> None:
    """Notices are made, and none is sent."""
    clock = Clock(db, Door(), link_key=KEY, now_of=lambda _: FRIDAY)
    assert list(clock.ringing.until_still())


def test_what_was_set_aside_is_done_once_it_is_mended(db: Database, cast: Cast) -> None:
    with db.write() as session:
        bad = make_issue(session, cast)
    hurt = KINDS["a-state"]
    with damaged(db, hurt.of, hurt.value(db)):
        assert "timers RIV-1 limit set aside" in swept(db)
    later = FRIDAY + timedelta(hours=1)
    assert "timers RIV-1 limit: tier 2, raised" in [*swept(db, later), *swept(db, later)]
    assert tier_of(db, bad.id) == 2


def test_of_several_things_told_in_one_letter_the_one_that_cannot_be_read_is_left_out(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        for number in range(3):
            add_note(session, issue.ref, doer(cast, "sam"), text=f"Part {number}", ring=Ring.SHARED)
    clock = Clock(db, Door(), link_key=KEY, now_of=lambda _: MONDAY)
    list(clock.ringing.until_still())
    hurt, later = Hurt("event", "details"), MONDAY + timedelta(minutes=2)  # a note waits a moment for the next
    with damaged(db, hurt.of, hurt.value(db)):
        list(Clock(db, Door(), link_key=KEY, now_of=lambda _: later).posting.until_still())
    with db.read() as session:
        states = [each.state for each in session.exec(select(Notice).where(Notice.person_id == cast.kim.id))]
    assert states.count(NoticeState.FAILED) == 1
    assert len(states) == 4
    assert set(states) <= {NoticeState.FAILED, NoticeState.SENT, NoticeState.FOLDED}
