"""Two people at once: one decision is finished once, one pack is published once, one form is one decision."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from tests.decision_makers import make_decision
from tests.issue_makers import doer
from tests.makers import MONDAY, Cast
from tracker.actions import follow_up
from tracker.actions.freeze_pack import Meeting, draft_pack, pack_to_change, publish_pack
from tracker.database import Database
from tracker.records.event import Event
from tracker.reports.packs.content import content_of
from tracker.rules.refusals import Refused

Act = Callable[[Session], object]


def at_once(db: Database, acts: Iterable[Act]) -> list[str]:
    """What became of each: "done", or the name of its refusal."""
    with ThreadPoolExecutor(6) as people:
        return sorted(people.map(lambda act: _tried(db, act), list(acts)))


def _tried(db: Database, act: Act) -> str:
    try:
        with db.write() as session:
            act(session)
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


def told(db: Database) -> Counter[str]:
    """How often each kind of event of decisions and packs was recorded, and that their places are all different."""
    with db.read() as session:
        mine = (col(Event.decision_id).is_not(None) | col(Event.pack_id).is_not(None),)
        rows = session.exec(select(Event.kind, Event.position).where(*mine)).all()
    assert len({position for _, position in rows}) == len(rows)
    return Counter(kind for kind, _ in rows)


@pytest.mark.both_databases
def test_of_two_owners_and_the_body_who_end_one_decision_at_once_one_does(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        where = cast.arrangement(session)
    ends: list[Act] = [
        lambda session: follow_up.finish(session, where, 1, doer(cast, "jo"), how="So"),
        lambda session: follow_up.finish(session, where, 1, doer(cast, "lee"), how="So"),
        lambda session: follow_up.withdraw(session, where, 1, doer(cast, "priya"), reason="So"),
        lambda session: make_decision(session, cast, by="dana", replaces=1),
    ]
    assert at_once(db, ends) == ["MoveNotAllowed"] * 3 + ["done"]
    kinds = told(db)
    assert sum(kinds[each] for each in ("decision_done", "decision_withdrawn", "decision_superseded")) == 1
    assert kinds["decided"] == 1 + kinds["decision_superseded"]


@pytest.mark.both_databases
def test_of_several_who_publish_a_pack_at_once_one_does_and_it_is_frozen_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        where = cast.arrangement(session)
        meeting = Meeting(where.bodies["steering"], MONDAY + timedelta(days=1), "2026-Q1")
        draft_pack(session, where, meeting, doer(cast, "priya"))

    def publishes(who: str) -> Act:
        def publish(session: Session) -> None:
            pack = pack_to_change(session, where, 1, doer(cast, who))
            publish_pack(session, where, pack, content_of(session, where, pack, MONDAY), doer(cast, who))

        return publish

    done = at_once(db, map(publishes, ("priya", "dana", "ines", "priya")))
    assert done == ["MoveNotAllowed"] * 3 + ["done"]
    assert told(db)["pack_published"] == 1


@pytest.mark.both_databases
def test_of_several_who_begin_the_pack_of_one_meeting_at_once_one_does(db: Database, cast: Cast) -> None:
    with db.read() as session:
        where = cast.arrangement(session)
    meeting = Meeting(where.bodies["steering"], MONDAY + timedelta(days=1), "2026-Q1")
    begin = [lambda session, who=who: draft_pack(session, where, meeting, doer(cast, who)) for who in ("priya", "dana")]
    assert at_once(db, begin * 2) == ["WrongInput"] * 3 + ["done"]
    assert told(db) == {"pack_drafted": 1}


@pytest.mark.both_databases
def test_a_form_that_is_sent_four_times_at_once_is_one_decision_and_others_have_their_numbers(
    db: Database, cast: Cast
) -> None:
    same = [lambda session: make_decision(session, cast, once="a word") for _ in range(4)]
    others = [lambda session, who=who: make_decision(session, cast, by=who) for who in ("dana", "priya")]
    assert at_once(db, [*same, *others]) == ["DoneAlready"] * 3 + ["done"] * 3
    assert told(db) == {"decided": 3}
