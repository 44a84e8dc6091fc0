"""What leads set for the report: kept, told, and read anew by whoever kept the arrangement."""

import pytest
from sqlmodel import Session, col, select

from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, told
from tracker.actions.set_report_terms import enter_exposure, name_exposure
from tracker.database import Database
from tracker.measures.periods import month_number, period
from tracker.records.event import Event
from tracker.records.partnership_chain import record
from tracker.rules.events.report import BaselineFrozen, BaselineUnfrozen, ExposureEntered, ExposureNamed

pytestmark = pytest.mark.both_databases

MARCH = month_number(period("2026-03").start)


def last_event(session: Session) -> Event:
    return session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()


def test_amounts_that_are_entered_are_in_the_arrangement_at_once(db: Database, cast: Cast) -> None:
    with db.read() as session:
        before = cast.arrangement(session).version
    with db.write() as session:
        amounts = {(MARCH, cast.acute.id): 120.0, (MARCH + 1, cast.council.id): 80.0}
        assert enter_exposure(session, cast.arrangement(session), amounts, actor=cast.actor("alex"), now=MONDAY) == 2
    with db.read() as session:
        agreed = cast.arrangement(session)
        assert agreed.version > before
        assert agreed.report.exposures.amounts == amounts
        event = last_event(session)
        sentence = "Alex Hill entered the joint cases of 2026-03 to 2026-04: 2 amounts changed"
        assert event.read().sentence(event.actor_name) == sentence
        assert "2026-03 Riverside Hospitals: not known → 120" in event.words["plan"]


def test_amounts_are_changed_and_taken_away_and_what_is_the_same_is_no_event(db: Database, cast: Cast) -> None:
    place, other = (MARCH, cast.acute.id), (MARCH, cast.council.id)
    with db.write() as session:
        enter_exposure(session, cast.arrangement(session), {place: 1, other: 2}, actor=cast.actor("alex"), now=MONDAY)
    with db.write() as session:
        before = last_event(session).id
        agreed = cast.arrangement(session)
        assert enter_exposure(session, agreed, {place: 1}, actor=cast.actor("alex"), now=MONDAY) == 0
        assert last_event(session).id == before
        assert enter_exposure(session, agreed, {place: 3, other: None}, actor=cast.actor("alex"), now=MONDAY) == 2
    with db.read() as session:
        assert cast.arrangement(session).report.exposures.amounts == {place: 3}


def test_what_is_counted_is_named_and_the_event_keeps_what_it_was(db: Database, cast: Cast) -> None:
    with db.write() as session:
        name_exposure(session, cast.arrangement(session), "hand-overs", 50, actor=cast.actor("alex"), now=MONDAY)
    with db.read() as session:
        named = cast.arrangement(session).report.exposures
        assert (named.what, named.per) == ("hand-overs", 50)
        event = last_event(session)
        assert event.read().sentence(event.actor_name) == (
            "Alex Hill set that reports say how often per 50 hand-overs; before, per 100 joint cases"
        )


def test_every_other_lead_hears_what_was_set(db: Database, cast: Cast) -> None:
    kinds = (ExposureEntered(), ExposureNamed(), BaselineFrozen(), BaselineUnfrozen())
    with db.write() as session:
        for kind in kinds:
            record(session, partnership_id=cast.partnership.id, kind=kind, actor=cast.actor("alex"), now=MONDAY)
        announce_all(session, MONDAY)
        assert [told(session, kind.name) for kind in kinds] == [{"chris", "tess"}] * len(kinds)
