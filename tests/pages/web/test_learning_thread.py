"""The thread that learns beside requests: nobody waits for it, and what changed is still forgotten at once."""

import time
from collections.abc import Iterator

import pytest

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.amend import amend, confirm_theme
from tracker.database import Database, statement_count
from tracker.measures.suggestion import number_of
from tracker.pages.web.threads import LearningThread
from tracker.queries.learning import Learner, learner, learnt_for
from tracker.rules.lifecycle import Severity


@pytest.fixture
def thread(db: Database, cast: Cast) -> Iterator[LearningThread]:
    with db.write() as session:
        for number in range(30):
            issue = make_issue(session, cast, title=f"Oxygen for Mary Smith {number}", detail="")
            confirm_theme(session, issue.ref, doer(cast, "jo"), theme="reliability")
    found = LearningThread(db)
    found.start()
    yield found
    found.end()


def learnt(db: Database, cast: Cast) -> int:
    with db.read() as session:
        return sum(len(each.issues) for each in learnt_for(session, [cast.acute.id]))


def wait_until_learnt(db: Database, cast: Cast) -> None:
    until = time.monotonic() + 120
    while learnt(db, cast) < 30:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_who_asks_waits_for_nothing_and_finds_it_learnt_later(db: Database, cast: Cast, thread: LearningThread) -> None:
    with statement_count(db) as sent, db.read() as session:
        learner(session).follow(session)
    assert len([each for each in sent if "SELECT" in each]) <= 2
    wait_until_learnt(db, cast)


def test_what_changed_is_forgotten_by_whoever_asks_next_and_learnt_anew(
    db: Database, cast: Cast, thread: LearningThread
) -> None:
    wait_until_learnt(db, cast)
    with db.write() as session:
        for number in range(1, 31):
            amend(session, f"RIV-{number}", doer(cast, "sam"), title="Oxygen", detail="", severity=Severity.SERIOUS)
    with db.read() as session:
        assert not any(number_of("mary") in each.holding for each in learnt_for(session, [cast.acute.id]))
    wait_until_learnt(db, cast)
    with db.read() as session:
        assert not any(number_of("mary") in each.holding for each in learnt_for(session, [cast.acute.id]))


def test_what_is_learnt_beside_is_what_would_have_been_learnt_at_once(
    db: Database, cast: Cast, thread: LearningThread
) -> None:
    wait_until_learnt(db, cast)
    alone = Learner()
    with db.read() as session:
        alone.learn_more(session, [cast.acute.id])
        (here,), (there,) = learner(session).of([cast.acute.id]), alone.of([cast.acute.id])
    assert (here.holding, here.lessons.keys) == (there.holding, there.lessons.keys)


def test_once_it_has_ended_who_asks_learns_a_little(db: Database, cast: Cast, thread: LearningThread) -> None:
    thread.end()
    assert learnt(db, cast) == 30
