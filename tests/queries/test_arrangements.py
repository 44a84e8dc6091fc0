"""The arrangement: one value of everything agreed, kept until its version changes."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.makers import Cast
from tracker.database import Database, statement_count
from tracker.queries.arrangements import arrangement, by_key, of
from tracker.records.partnership import Partnership
from tracker.rules.refusals import NotThere


def test_the_arrangement_has_the_sides_in_their_places(db: Database, cast: Cast) -> None:
    with db.read() as session:
        found = cast.arrangement(session)
    assert [each.key for each in found.active_organisations()] == ["acute", "council", "community"]


def test_the_ladder_that_all_agreed_is_in_force(db: Database, cast: Cast) -> None:
    with db.read() as session:
        ladder = cast.arrangement(session).default_ladder()
    assert ladder
    assert [tier.body for tier in ladder.tiers] == ["front", "ops", "directors", "steering"]
    assert set(ladder.agreed_by) == {"acute", "council", "community"}


def test_seats_are_filled_by_people_of_each_side(db: Database, cast: Cast) -> None:
    with db.read() as session:
        found = cast.arrangement(session)
    assert [found.people[seat.person_id].name for seat in found.bodies["ops"].seats] == [
        "Jo Lind",
        "Lee Ford",
        "Bea Lund",
    ]


def test_a_public_holiday_is_closed_for_everybody(db: Database, cast: Cast) -> None:
    with db.read() as session:
        found = cast.arrangement(session)
    assert date(2026, 5, 4) in found.organisations[cast.acute.id].calendar.closed


def test_an_unchanged_arrangement_is_read_once(db: Database, cast: Cast) -> None:
    with db.read() as session:
        first = cast.arrangement(session)
    with db.read() as session, statement_count(db) as sent:
        again = arrangement(session, cast.partnership.id, first.version)
    assert again is first
    assert sent == []


def test_a_changed_arrangement_is_read_anew(db: Database, cast: Cast) -> None:
    with db.read() as session:
        cast.arrangement(session)
    with db.write() as session:
        _renamed(session, cast, "Riverside Together")
    with db.read() as session:
        assert cast.arrangement(session).name == "Riverside Together"


def test_a_change_that_is_undone_is_forgotten(db: Database, cast: Cast) -> None:
    with db.write() as session:
        _renamed(session, cast, "Never to be")
        assert cast.arrangement(session).name == "Never to be"
        session.rollback()
    with db.write() as session:
        _renamed(session, cast, "Riverside Together")
    with db.read() as session:
        assert cast.arrangement(session).name == "Riverside Together"


def test_a_partnership_is_found_by_its_key(db: Database, cast: Cast) -> None:
    with db.read() as session:
        assert by_key(session, "ELS").id == cast.elsewhere.id
        with pytest.raises(NotThere):
            by_key(session, "XYZ")


def test_a_person_has_the_arrangements_of_their_partnerships_alone(db: Database, cast: Cast) -> None:
    with db.read() as session:
        assert set(of(session, cast.viewer("stan"))) == {cast.elsewhere.id}


def _renamed(session: Session, cast: Cast, name: str) -> None:
    partnership = session.get_one(Partnership, cast.partnership.id)
    partnership.name = name
    partnership.changed()
    session.flush()
