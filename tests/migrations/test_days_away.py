"""Days away, which belonged to a person, belong to each membership of theirs."""

from datetime import date

from sqlalchemy import text
from sqlmodel import select

from tests.makers import Cast, be_away
from tests.migrations.stepping import as_it_was
from tracker.database import Database
from tracker.records.person import Membership


def test_days_away_of_a_person_are_those_of_their_memberships(db: Database, cast: Cast) -> None:
    with as_it_was(db, "0012") as connection:
        away = text("UPDATE person SET away_from = '2026-05-01', away_until = '2026-05-08' WHERE id = :person")
        connection.execute(away, {"person": cast.sam.id})
    with db.read() as session:
        kept = {each.person_id: (each.away_from, each.away_until) for each in session.exec(select(Membership))}
    assert [str(day) for day in kept[cast.sam.id]] == ["2026-05-01", "2026-05-08"]
    assert {days for person, days in kept.items() if person != cast.sam.id} == {(None, None)}


def test_back_again_they_are_the_persons(db: Database, cast: Cast) -> None:
    with db.write() as session:
        be_away(session, cast.sam, date(2026, 5, 1))
    with as_it_was(db, "0012") as connection:
        asked = text("SELECT away_from, away_until FROM person WHERE id = :person")
        row = connection.execute(asked, {"person": cast.sam.id}).one()
    assert (str(row.away_from), row.away_until) == ("2026-05-01", None)
