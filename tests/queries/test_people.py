"""Who sits opposite whom."""

import pytest
from sqlmodel import select

from tests.makers import MONDAY, Cast
from tracker.database import Database
from tracker.queries.people import account_of, members, person_by_email, tables
from tracker.records.governance import Seat
from tracker.records.partnership import Partnership
from tracker.records.person import Person
from tracker.rules.refusals import NotThere


def test_every_body_has_all_sides_in_their_positions(db: Database, cast: Cast) -> None:
    with db.read() as session:
        front = tables(cast.arrangement(session), MONDAY)[0]
    assert front.body.key == "front"
    assert [(side.organisation.key, side.seats[0].person.name) for side in front.sides] == [
        ("acute", "Sam Okafor"),
        ("council", "Kim Tran"),
        ("community", "Mo Aziz"),
    ]


def test_a_side_without_a_seat_is_shown_empty(db: Database, cast: Cast) -> None:
    with db.write() as session:
        session.delete(session.exec(select(Seat).where(Seat.person_id == cast.kim.id)).one())
        session.get_one(Partnership, cast.partnership.id).changed()
        session.flush()
        front = tables(cast.arrangement(session), MONDAY)[0]
    assert [len(side.seats) for side in front.sides] == [1, 0, 1]


def test_members_are_those_of_one_organisation_by_name(db: Database, cast: Cast) -> None:
    with db.read() as session:
        found = members(cast.arrangement(session), "acute")
    assert [each.name for each in found] == ["Alex Hill", "Jo Lind", "Priya Nair", "Rita Moss", "Sam Okafor"]


def test_people_stand_by_letter_whatever_their_case_and_accents(db: Database, cast: Cast) -> None:
    right = ["Adam Upper", "Ådne Berg", "Émile Zo", "Ömer Öz", "zara lower"]
    with db.write() as session:
        for name, person in zip(reversed(right), ("sam", "jo", "rita", "priya", "alex"), strict=True):
            session.get_one(Person, cast.people[person].id).name = name
        session.get_one(Partnership, cast.partnership.id).changed()
        session.flush()
        arrangement = cast.arrangement(session)
    assert [each.name for each in members(arrangement, "acute")] == right
    assert [each.name for each in arrangement.people.values() if "acute" in each.roles] == right


def test_an_account_is_found_by_its_address_in_any_case(db: Database, cast: Cast) -> None:
    with db.read() as session:
        assert person_by_email(session, " Sam@Acute.example ").id == cast.sam.id


def test_an_unknown_address_is_refused_or_nobody(db: Database, cast: Cast) -> None:
    with db.read() as session:
        assert account_of(session, "who@acute.example") is None
        with pytest.raises(NotThere, match="nobody with the address"):
            person_by_email(session, "who@acute.example")
