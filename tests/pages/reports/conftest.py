"""The demonstration, as its people read it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from tests.conftest import passing_database
from tests.exchange.demonstration.making import NOW, demonstration
from tests.site import Guest, Site
from tracker.actions.people.keep_session import begin_session
from tracker.exchange.demonstration.own_database import KEY
from tracker.queries.arrangements import by_key
from tracker.queries.demonstration import personas
from tracker.records.issue import Issue
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership
from tracker.records.session import SESSION_KEY
from tracker.rules.rings import Ring
from tracker.rules.rings.doors import Door
from tracker.settings import Settings


class Demonstration(Site):
    """The site over the demonstration's database, with a steering member of the hospitals who works for the others,
    too, and so reads whatever is counted; what concerns a person alone is shared there, so that they do."""

    def visitor(self, role: str) -> Guest:
        guest, key = self.stranger(), self.settings.key(SESSION_KEY)
        with self.db.write() as session:
            person = next(each for each in personas(session)[0].people if each.role == role)
            token = begin_session(
                session, person.id, Door.LINK, now=self.now, key=key, agent="Firefox/1", instead_of=""
            )
        guest.bring_cookie(token)
        return guest


@pytest.fixture(scope="session")
def shown(of_all_workers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    file = tmp_path_factory.mktemp("demonstration") / "tracker.sqlite3"
    shutil.copyfile(demonstration(of_all_workers), file)
    database = passing_database(file)
    settings = Settings.from_environment({"TRACKER_HOME": str(file.parent), "TRACKER_SECRET": "k" * 40})
    with database.write() as session:
        steering = next(each for each in personas(session)[0].people if each.role == "steering group")
        mine = set(session.exec(select(Membership.organisation_id).where(Membership.person_id == steering.id)))
        home = by_key(session, KEY).id
        for each in session.exec(select(Organisation.id).where(Organisation.partnership_id == home)).all():
            if each not in mine:
                session.add(Membership(person_id=steering.id, organisation_id=each, front_line=True))
        session.exec(select(Partnership).where(Partnership.id == home)).one().changed()
        session.execute(update(Issue).where(col(Issue.ring) == Ring.NAMED).values(ring=Ring.SHARED))
    with ExitStack() as guests:
        site = Demonstration(database, settings, None, guests)  # type: ignore[arg-type]
        site.now = NOW
        yield site
