"""A clock of the old program beside servers of the new one: what it does not know it leaves to a clock that does."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.journeys.clock_processes import PAST_LIMIT
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, deliver_all, notice_of, told
from tests.site import opened_site
from tracker.actions.add_note import add_note
from tracker.actions.announce import announce_several
from tracker.actions.deliver import claim_several
from tracker.actions.ring_timer import ring_several
from tracker.database import Database
from tracker.database.tables import newest
from tracker.records.event import Event
from tracker.records.notice import Notice, Unannounced
from tracker.rules.notices import NoticeState
from tracker.rules.rings import Ring

pytestmark = pytest.mark.both_databases
NEXT = "9999"
UNKNOWN = "did what only the new version of this site can tell"


def migrated_to(session: Session, version: str) -> None:
    """As a migration of the next version leaves it; back again, as the program that knows it finds it."""
    session.connection().execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def named(session: Session, was: str, kind: str) -> None:
    """Events of a kind are of another one."""
    session.connection().execute(text("UPDATE event SET kind = :kind WHERE kind = :was"), {"kind": kind, "was": was})
    session.expire_all()


def test_a_letter_of_an_unknown_kind_waits_for_a_clock_that_knows_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        announce_all(session, MONDAY)
        named(session, "raised", "raised_anew")
        migrated_to(session, NEXT)
        batch = claim_several(session, now=MONDAY)
        (notice,) = session.exec(select(Notice)).all()
        assert (batch.done, batch.held) == ((), (notice.id,))
        assert (notice.state, notice.attempts, notice.why) == (NoticeState.WAITING, 0, "")

        named(session, "raised_anew", "raised")
        migrated_to(session, next(iter(newest())))
        assert [letter.to_address for letter in deliver_all(session, MONDAY)] == ["kim@council.example"]


def test_what_it_knows_goes_out_meanwhile(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        announce_all(session, MONDAY)
        named(session, "raised", "raised_anew")
        migrated_to(session, NEXT)
        other = make_issue(session, cast)
        held = announce_several(session, now=MONDAY).held
        assert held == ()
        left = claim_several(session, now=MONDAY)
        assert (left.done, len(left.held)) == ((), 1)
        assert len(claim_several(session, now=MONDAY, but=left.held).done) == 1
        assert notice_of(session, "raised", "kim").issue_id == other.id


def test_an_event_of_an_unknown_kind_is_announced_by_a_clock_that_knows_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        announce_all(session, MONDAY)
        add_note(session, issue.ref, doer(cast, "sam"), text="Rang twice.", ring=Ring.SHARED)
        session.flush()
        named(session, "noted", "noted_anew")
        migrated_to(session, NEXT)
        batch = announce_several(session, now=MONDAY)
        assert (batch.done, len(batch.held)) == ((), 1)
        assert session.exec(select(Unannounced)).all() == []
        assert [each.announced for each in session.exec(select(Event).where(Event.kind == "noted_anew"))] == [False]

        named(session, "noted_anew", "noted")
        migrated_to(session, next(iter(newest())))
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"kim"}


def test_a_timer_of_an_unknown_kind_is_left_to_a_clock_that_knows_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        session.flush()
        session.connection().execute(text("UPDATE timer SET kind = 'unheard_of' WHERE kind = 'limit'"))
        session.expunge_all()
        migrated_to(session, NEXT)
        assert len(ring_several(session, now=PAST_LIMIT, most=9).held) == 1
        assert session.connection().execute(text("SELECT count(set_aside_at) FROM timer")).scalar_one() == 0


def test_a_page_of_the_old_program_tells_that_something_happened(db: Database, cast: Cast, tmp_path: Path) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        announce_all(session, MONDAY)
        session.flush()
        add_note(session, ref, doer(cast, "sam"), text="Rang twice.", ring=Ring.SHARED)
        session.flush()
        named(session, "noted", "noted_anew")
        migrated_to(session, NEXT)
    with opened_site(db, tmp_path, cast) as site:
        page = site.guest("kim").get(f"/issues/{ref}")
        assert (page.status_code, UNKNOWN in page.text) == (200, True)
        assert site.guest("kim").get("/").status_code == 200
        with db.write() as session:
            named(session, "raised", "raised_anew")
        notices = site.guest("chris").get("/arrangements/RIV/mail")
        assert (notices.status_code, UNKNOWN in notices.text) == (200, True)
