"""Deputies who were written down for an absence give the place back to whom it was agreed for, where that is known."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.migrations.stepping import as_it_was
from tracker.database import Database
from tracker.records.governance import Seat
from tracker.records.issue_parts import Holder

Row = tuple[str, bool, bool, bool]  # a name; first, active, acted


def upgraded(db: Database, cast: Cast, *, deputy_of: tuple[str, ...], lead: bool = False) -> set[Row]:
    """The council's holders of an issue that came while Kim was away and Owen, deputy of these seats, stood in."""
    with db.write() as session:
        issue = make_issue(session, cast)
        seats = session.exec(select(Seat).where(Seat.organisation_id == cast.council.id)).all()
        for seat in seats:
            if seat.person_id in {cast.people[each].id for each in deputy_of}:
                seat.body_id, seat.deputy_id = cast.bodies["front"].id, cast.owen.id
        places = {"issue": issue.id, "side": cast.council.id, "owen": cast.owen.id}
    with as_it_was(db, "0016") as connection:
        held = "issue_id = :issue AND organisation_id = :side"
        connection.execute(text(f"UPDATE holder SET person_id = :owen WHERE {held}"), places)
        if lead:
            leads = text("UPDATE service_area SET leads = :leads WHERE key = 'discharge'")
            connection.execute(leads, {"leads": f'{{"council": {cast.owen.id}}}'})
    names = {person.id: name for name, person in cast.people.items()}
    with db.read() as session:
        found = session.exec(select(Holder).where(Holder.organisation_id == cast.council.id))
        return {(names[each.person_id], each.first, each.active, each.acted) for each in found}


def test_a_deputy_gives_the_place_back_and_keeps_sight(db: Database, cast: Cast) -> None:
    assert upgraded(db, cast, deputy_of=("kim",)) == {("kim", True, True, False), ("owen", False, False, True)}


@pytest.mark.parametrize("lead, seats", [(False, ("kim", "lee")), (True, ("kim",))], ids=["of two seats", "a lead"])
def test_where_it_cannot_be_known_whose_it_was_it_stays(
    db: Database, cast: Cast, lead: bool, seats: tuple[str, ...]
) -> None:
    assert upgraded(db, cast, deputy_of=seats, lead=lead) == {("owen", True, True, False)}
