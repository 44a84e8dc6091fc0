"""Who acts reads, has it on the desk, is told and may act: the same people, whatever seats, deputies and absences."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, changed
from tracker.actions.add_note import add_note
from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.queries.desk import Pile, desk
from tracker.queries.issues import visible_issues
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.records.person import Membership
from tracker.rules.arrangement import Arrangement
from tracker.rules.ladder.acting import who_acts
from tracker.rules.policy import relations_to, viewer_of
from tracker.rules.rings import Relation, Ring, Viewer

COUNCIL = ("kim", "lee", "owen", "dana", "chris")
LATER = MONDAY + timedelta(days=2)
SOON = timedelta(days=1)


@dataclass(frozen=True)
class Faces:
    """The ids of who acts on an issue for the council, as each part of the product has it."""

    acting: set[int]
    holders: set[int]
    desks: set[int]
    told: set[int]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("ring", [Ring.SHARED, Ring.NAMED])
def test_who_acts_may_act_has_it_on_the_desk_reads_it_and_is_told(
    db: Database, cast: Cast, seed: int, ring: Ring
) -> None:
    random = Random(seed)
    with db.write() as session:
        seat_anew(session, cast, random)
        send_away(session, cast, random)
        changed(session, cast)
        issue = make_issue(session, cast, ring=ring)
        send_away(session, cast, random)
        if random.random() < 0.3:
            seat_anew(session, cast, random)
        changed(session, cast)
        found = _faces(session, cast, issue)
        leads = {cast.chris.id} if ring is Ring.SHARED else set()
        assert found.holders == found.desks == found.acting
        assert found.told == (found.acting or leads)
        written = {each.person_id for each in issue.holders if each.organisation_id == cast.council.id}
        readers = {each.person_id for each in _viewers(session, cast) if _reads(session, each, issue)}
        assert readers == (found.acting | written if ring is Ring.NAMED else {cast.people[name].id for name in COUNCIL})


def test_whoever_stood_in_and_did_something_keeps_sight_of_it_and_is_no_holder(db: Database, cast: Cast) -> None:
    with db.write() as session:
        seat = session.exec(select(Seat).where(Seat.person_id == cast.kim.id)).one()
        seat.deputy_id = cast.owen.id
        _away(session, cast, "kim", MONDAY.date(), MONDAY.date())
        changed(session, cast)
        issue = make_issue(session, cast, ring=Ring.NAMED)
        arrangement = cast.arrangement(session)
        standing_in = viewer_of(cast.owen.id, arrangement, at=MONDAY)
        add_note(session, issue.ref, StepRequest(standing_in, MONDAY), text="I ring them.", ring=Ring.SHARED)
        session.flush()
        owen = viewer_of(cast.owen.id, arrangement, at=LATER)
        assert _reads(session, owen, issue)
        assert who_acts(issue, arrangement, cast.council.id, LATER) == (cast.kim.id,)
        assert relations_to(issue, arrangement, owen, LATER) == {Relation.MANAGER}


def _faces(session: Session, cast: Cast, issue: Issue) -> Faces:
    arrangement, viewers = cast.arrangement(session), _viewers(session, cast)
    session.execute(update(Event).values(announced=True))
    add_note(session, issue.ref, doer(cast, "sam", LATER), text="Any news?", ring=Ring.SHARED)
    announce_all(session, LATER)
    noted = select(Notice.person_id).join(Event).where(Event.kind == "noted")
    own = {cast.people[name].id for name in COUNCIL}
    return Faces(
        acting=set(who_acts(issue, arrangement, cast.council.id, LATER)),
        holders={each.person_id for each in viewers if _holds(issue, arrangement, each)},
        desks={each.person_id for each in viewers if _has(session, arrangement, each)},
        told=set(session.exec(noted)) & own,
    )


def _viewers(session: Session, cast: Cast) -> list[Viewer]:
    arrangement = cast.arrangement(session)
    return [viewer_of(cast.people[name].id, arrangement, at=LATER) for name in COUNCIL]


def _holds(issue: Issue, arrangement: Arrangement, viewer: Viewer) -> bool:
    return Relation.HOLDER in relations_to(issue, arrangement, viewer, LATER)


def _has(session: Session, arrangement: Arrangement, viewer: Viewer) -> bool:
    found = desk(session, viewer, {arrangement.id: arrangement}, now=LATER, soon={arrangement.id: LATER + SOON})
    return any(found.piles[pile] for pile in Pile)


def _reads(session: Session, viewer: Viewer, issue: Issue) -> bool:
    return bool(session.exec(select(Issue.id).where(Issue.id == issue.id, visible_issues(viewer))).all())


def seat_anew(session: Session, cast: Cast, random: Random) -> None:
    """The council's seats on the first three bodies anew, at least one that holds on the first."""
    ours = (Seat.organisation_id == cast.council.id,)
    session.execute(update(Seat).where(*ours).values(retired_at=MONDAY))
    for body in ("front", "ops", "directors"):
        names = random.sample(COUNCIL, random.randint(1 if body == "front" else 0, 2))
        for place, name in enumerate(names):
            deputy = random.choice([None, *(each for each in COUNCIL if each != name)])
            seat = Seat(
                body_id=cast.bodies[body].id,
                person_id=cast.people[name].id,
                organisation_id=cast.council.id,
                holds=place == 0 or random.random() < 0.7,
                deputy_id=cast.people[deputy].id if deputy else None,
                position=place,
            )
            session.add(seat)
    session.flush()


def send_away(session: Session, cast: Cast, random: Random) -> None:
    for name in COUNCIL:
        since = random.choice([None, date(2026, 4, 20)])
        _away(session, cast, name, since, random.choice([None, date(2026, 4, 28)]) if since else None)


def _away(session: Session, cast: Cast, name: str, since: date | None, until: date | None) -> None:
    mine = update(Membership).where(col(Membership.person_id) == cast.people[name].id)
    session.execute(mine.values(away_from=since, away_until=until))
    session.expire_all()
