"""No page grows with the people of a partnership, and none asks more of the database: at 2,000 as at 200."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert
from sqlmodel import Session, col, select

from tests.makers import LONG_AGO, Cast
from tests.pages.test_who_may_read import addresses, plant
from tests.site import Guest, Site
from tracker.database import Database
from tracker.records.partnership import Partnership
from tracker.records.person import Membership, Person

FEW, MANY = 200, 2_000
SPARE = 1_500  # bytes: numbers have a digit more, and names others letters
WALKERS = ("sam", "jo", "priya", "alex")


def crowd(session: Session, cast: Cast, first: int, last: int) -> None:
    """People of the hospitals and of the council in turn, who have come in and work on issues."""
    numbers = range(first, last)
    rows = [{"email": _email(number), "name": f"Péter Çelik {number:04}", "created_at": LONG_AGO} for number in numbers]
    session.execute(insert(Person), [{**row, "came_in_at": LONG_AGO} for row in rows])
    ids = dict(session.exec(select(Person.email, Person.id).where(col(Person.email).like("crowd%"))).all())
    sides = (cast.acute.id, cast.council.id)
    places = ({"person_id": ids[_email(number)], "organisation_id": sides[number % 2]} for number in numbers)
    session.execute(insert(Membership), [{**place, "front_line": True, "manager": True} for place in places])
    session.get_one(Partnership, cast.partnership.id).changed()


def _email(number: int) -> str:
    return f"crowd{number:04}@crowd.example"


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def measured(site: Site, guest: Guest) -> dict[str, tuple[int, int]]:
    """By page: how many bytes it has, and how many statements it sent when what a process keeps was there already."""
    found = {}
    for address in addresses(site, "GET"):
        guest.get(address)
        with counted(site.db) as sent:
            answer = guest.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            found[address] = len(answer.content), len(sent)
    return found


@pytest.mark.parametrize("name", WALKERS)
def test_no_page_grows_with_people(site: Site, name: str) -> None:
    plant(site)
    with site.db.write() as session:
        crowd(session, site.cast, 0, FEW)
    guest = site.guest(name)
    few = measured(site, guest)
    with site.db.write() as session:
        crowd(session, site.cast, FEW, MANY)
    many = measured(site, guest)
    assert few.keys() == many.keys()
    assert len(few) > 40
    grown = {page: (few[page], many[page]) for page in few if many[page][0] > few[page][0] + SPARE}
    assert grown == {}
    assert {page: (few[page], many[page]) for page in few if many[page][1] > few[page][1]} == {}
