"""An organisation whose last lead is gone: its partnership says so, and goes on."""

from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from tests.makers import MONDAY, Cast
from tests.site import opened_site
from tracker.database import Database
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver, with_member
from tracker.records.event import Event
from tracker.rules.events.recipients import Hearing, hearers
from tracker.rules.refusals import WrongFile
from tracker.rules.rings import Role
from tracker.rules.rings.directory import directory_of

CHRIS, LEE = "chris@council.example", "lee@council.example"
SAID = "Nobody leads Riverside Council any more; what waits for it waits until the people who run the server name one"


@pytest.fixture
def leaderless(db: Database, cast: Cast) -> Cast:
    with db.write() as session:
        agreed = cast.arrangement(session)
        by = directory_of(agreed.organisation("council"))
        revise(session, agreed.id, with_leaver(CHRIS, "council"), actor=by, now=MONDAY, must_fit=False)
    return cast


def newest(session: Session) -> Event:
    return session.exec(select(Event).order_by(col(Event.id).desc())).all()[0]


def test_every_lead_is_told_at_once(db: Database, leaderless: Cast) -> None:
    with db.read() as session:
        kind, agreed = newest(session).read(), leaderless.arrangement(session)
    assert (kind.sentence("Anybody"), kind.is_urgent()) == (SAID, True)
    assert hearers(kind, Hearing(agreed, MONDAY)) == {leaderless.alex.id, leaderless.tess.id}
    assert [each.key for each in agreed.without_lead] == ["council"]


def test_every_page_of_the_partnership_says_so_and_of_others_none(
    db: Database, leaderless: Cast, tmp_path: Path
) -> None:
    with opened_site(db, tmp_path, leaderless) as site:
        for name in ("alex", "kim", "mo"):
            assert "Nobody leads Riverside Council." in site.guest(name).get("/").text
        assert "Nobody leads" not in site.guest("nora").get("/").text


def test_others_go_on_changing_what_is_theirs(db: Database, leaderless: Cast) -> None:
    with db.write() as session:
        home, alex = leaderless.partnership.id, leaderless.actor("alex")
        change = with_member("ravi@acute.example", "Ravi Das", "acute", [Role.MANAGER])
        assert revise(session, home, change, actor=alex, now=MONDAY).changes
        with pytest.raises(WrongFile, match="has no lead"):
            revise(session, home, with_leaver("alex@acute.example", "acute"), actor=alex, now=MONDAY)


def test_it_is_said_once(db: Database, leaderless: Cast) -> None:
    with db.write() as session:
        agreed = leaderless.arrangement(session)
        by = directory_of(agreed.organisation("council"))
        revise(session, agreed.id, with_leaver(LEE, "council"), actor=by, now=MONDAY, must_fit=False)
        told = session.exec(select(Event).where(Event.kind == "left_without_lead")).all()
    assert len(told) == 1
