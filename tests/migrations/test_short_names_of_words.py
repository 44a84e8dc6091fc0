"""Who did something is kept under short names; what stands under the long ones is read, and proven, as well."""

import json
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tests.migrations.stepping import as_it_was
from tests.records.chains import broken_links
from tracker.actions.add_note import add_note
from tracker.database import Database
from tracker.records.event import Event
from tracker.rules.rings import Ring

pytestmark = pytest.mark.both_databases

BEFORE = "0050"
LONG = {"actor", "actor_organisation"}


def test_events_read_and_prove_the_same_under_either_names(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_note(session, make_issue(session, cast).ref, doer(cast, "sam"), text="A note", ring=Ring.SHARED)
        told = words_of(session)
        assert all("@" in each and each.keys().isdisjoint(LONG) for each in kept(session.connection()))
        assert {name for each in told.values() for name in each} >= LONG
    with as_it_was(db, BEFORE) as connection:
        assert kept(connection) == list(told.values())
    with db.read() as session:
        assert kept(session.connection()) == list(told.values()), "nothing was written anew"
        assert words_of(session) == told
        assert broken_links(session) == []


def words_of(session: Session) -> dict[int, dict[str, str]]:
    return {event.id: event.words for event in session.exec(select(Event).order_by(text("id")))}


def kept(connection: Connection) -> list[dict[str, Any]]:
    """As the database has them."""
    found = connection.execute(text("SELECT words FROM event ORDER BY id")).scalars()
    return [json.loads(each) if isinstance(each, str) else each for each in found]
