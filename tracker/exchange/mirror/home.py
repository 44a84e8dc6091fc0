"""Where a copy is at home: a database of the product with the organisation's own people, so that they sign in to it.

All of them may read all of it: what a copy has was read by the organisation, which is of what every one of them reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, inspect, select, update
from sqlmodel import Session, col

from tracker.database import Database
from tracker.exchange.mirror.entries import FeedHome, FeedPerson, FeedSide
from tracker.exchange.mirror.following import AnotherSource
from tracker.exchange.mirror.tables import HOME, tables
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person
from tracker.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class CopyStanding:
    """Whose copy it is, and how fresh. `site`: where the record is kept; `heard_at`: when the copy had all that there
    was; None before it had. `trouble`: why it does not go on."""

    home: FeedHome
    site: str
    heard_at: datetime | None
    trouble: str


def standing_of(db: Database) -> CopyStanding | None:
    """None of a database that is no copy."""
    with db.read() as session:
        if not inspect(session.connection()).has_table(HOME.name):
            return None
        row = session.execute(select(HOME)).first()
    if row is None:
        return None
    return CopyStanding(FeedHome.model_validate_json(row.home), row.site, row.heard_at, row.trouble)


def make_room(db: Database) -> None:
    """Brings the database to this version. Refuses one that holds a record of its own."""
    db.migrate()
    if standing_of(db) is None:
        with db.read() as session:
            is_taken = session.scalar(select(col(Partnership.id)).limit(1)) is not None
        if is_taken:
            raise Refused("This database holds a record of its own. Keep the copy in another database.")
    with db.write() as session:
        tables.create_all(session.connection())


def keep_home(db: Database, home: FeedHome, site: str, *, now: datetime) -> None:
    """The organisation's people as they are now: whoever left it is signed out. Refuses with AnotherSource what is of
    another organisation."""
    given, before = home.model_dump_json(), standing_of(db)
    if before and _whose(before.home) != _whose(home):
        raise AnotherSource(
            f"This copy is of what {before.home.organisation} reads of {before.home.partnership}; the token is of "
            f"{home.organisation}, in {home.partnership}. Keep another copy in another database."
        )
    with db.write() as session:
        if before is None or before.home != home:
            _keep_arrangement(session, home, now)
        if before is None:
            first = {"partnership": home.partnership, "home": given, "site": site, "heard_at": None, "trouble": ""}
            session.execute(insert(HOME), [first])
        elif (before.home, before.site) != (home, site):
            session.execute(update(HOME).values(home=given, site=site))


def note_heard(db: Database, *, now: datetime) -> None:
    """The copy has all that there is by now."""
    _note(db, heard_at=now, trouble="")


def note_trouble(db: Database, trouble: str) -> None:
    """The copy goes on no more, and why."""
    _note(db, trouble=trouble)


def _note(db: Database, **noted: datetime | str) -> None:
    with db.write() as session:
        session.execute(update(HOME).values(**noted))


def _whose(home: FeedHome) -> tuple[str, str]:
    return home.partnership, home.organisation


def _keep_arrangement(session: Session, home: FeedHome, now: datetime) -> None:
    partnership = session.scalars(select(Partnership)).first() or Partnership(key=home.partnership, name="", zone="")
    partnership.name, partnership.zone = home.name, home.zone
    partnership.changed()
    session.add(partnership)
    session.flush()
    for side in home.sides:
        _keep_side(session, partnership.id, side, now)
    session.flush()
    _keep_people(session, home.side.id, home.people, now)


def _keep_side(session: Session, partnership_id: int, side: FeedSide, now: datetime) -> None:
    row = session.get(Organisation, side.id)
    if row is None:
        row = Organisation(id=side.id, partnership_id=partnership_id, key=side.key, name="", calendar={})
        session.add(row)
    row.name, row.position, row.calendar = side.name, side.position, side.calendar
    row.retired_at = (row.retired_at or now) if side.retired else None


def _keep_people(session: Session, organisation_id: int, people: Iterable[FeedPerson], now: datetime) -> None:
    """They have come in where the record is kept: here nobody is invited."""
    mine = select(Person, Membership).outerjoin(Membership, col(Membership.person_id) == col(Person.id))
    known = {person.email: (person, membership) for person, membership in session.execute(mine).all()}
    for each in people:
        person, membership = known.pop(each.email, (None, None))
        if person is None:
            person = Person(email=each.email, name="", created_at=now, came_in_at=now)
        person.name = each.name
        session.add(person)
        session.flush()
        membership = membership or Membership(person_id=person.id, organisation_id=organisation_id)
        membership.retired_at, membership.name = None, ""
        membership.take_roles(each.roles)
        session.add(membership)
    for _, left in known.values():
        if left and left.retired_at is None:
            left.end(now)
