"""What is learnt of issues: by sets of sides, a little at a time, and forgotten as soon as something happened to it."""

import tracemalloc
from random import Random

import pytest
from sqlmodel import Session, col, func, select, update

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.add_note import add_note
from tracker.actions.amend import amend, confirm_theme
from tracker.database import Database, statement_count
from tracker.measures.learning import Learnt, rarity
from tracker.measures.suggestion import number_of
from tracker.queries import learning
from tracker.queries.learning import Learner
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.rings import Ring


def weight(session: Session, learner: Learner, cast: Cast, organisation: str, word: str) -> float:
    """How rare a word is for an organisation, after it was asked once more."""
    session.flush()
    mine = [cast.organisations[organisation].id]
    learner.learn_more(session, mine)
    return rarity(learner.of(mine)).weight(word)


def texts(session: Session, learner: Learner, cast: Cast, organisation: str) -> int:
    session.flush()
    mine = [cast.organisations[organisation].id]
    learner.learn_more(session, mine)
    return rarity(learner.of(mine)).texts


def test_a_word_that_only_others_use_is_as_rare_as_one_that_nobody_uses(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for number in range(4):
            make_issue(session, cast, title=f"Oxygen {number}", detail="")
            make_issue(session, cast, by="mo", with_="council", title=f"Wheelchair {number}", detail="")
        learner = Learner()
        assert weight(session, learner, cast, "acute", "wheelchair") == weight(
            session, learner, cast, "acute", "kettle"
        )
        assert weight(session, learner, cast, "acute", "oxygen") < weight(session, learner, cast, "acute", "kettle")
        assert weight(session, learner, cast, "council", "oxygen") < weight(session, learner, cast, "council", "kettle")
        assert texts(session, learner, cast, "council") == 8


def test_an_issue_is_learnt_as_it_is_now_and_what_it_said_before_is_forgotten(db: Database, cast: Cast) -> None:
    workers = (Learner(), Learner())
    with db.write() as session:
        issue = make_issue(session, cast, title="Oxygen for Mary Smith", detail="")
        other = make_issue(session, cast, title="Kettle", detail="")
        confirm_theme(session, issue.ref, doer(cast, "jo"), theme="reliability")
        for worker in workers:
            assert weight(session, worker, cast, "council", "mary") == weight(
                session, worker, cast, "council", "kettle"
            )
        severity = issue.severity
        amend(session, issue.ref, doer(cast, "sam"), title="Oxygen for somebody", detail="", severity=severity)
        for worker in workers:
            assert texts(session, worker, cast, "council") == 2
            held = {number for learnt in worker.of([cast.council.id]) for number in learnt.holding}
            assert number_of("mary") not in held
            assert not any(learnt.lessons.holding(number_of("mary")) for learnt in worker.of([cast.council.id]))
        assert other.title == "Kettle"


def test_whatever_happens_to_an_issue_it_is_read_anew(db: Database, cast: Cast) -> None:
    learner = Learner()
    with db.write() as session:
        issue = make_issue(session, cast, title="Oxygen for Mary Smith", detail="")
        assert texts(session, learner, cast, "acute") == 1
        session.execute(update(Issue).where(col(Issue.id) == issue.id).values(title="Oxygen"))
        add_note(session, issue.ref, doer(cast, "jo"), text="Taken out.", ring=Ring.SHARED)
        assert texts(session, learner, cast, "acute") == 1
        assert number_of("mary") not in next(iter(learner.of([cast.acute.id]))).holding


def test_an_event_whose_transaction_ended_after_later_ones_is_noticed(db: Database, cast: Cast) -> None:
    learner = Learner()
    with db.write() as session:
        issue = make_issue(session, cast, title="Oxygen for Mary Smith", detail="")
        session.flush()
        newest = session.exec(select(func.max(Event.id))).one()
        event = session.exec(select(Event).where(Event.id == newest)).one().model_dump()
        session.add(Event(**{**event, "id": newest + 9, "position": 90, "place": 90, "once": None}))
        assert texts(session, learner, cast, "acute") == 1
        session.execute(update(Issue).where(col(Issue.id) == issue.id).values(title="Oxygen"))
        session.add(Event(**{**event, "id": newest + 4, "position": 91, "place": 91, "once": None}))
        assert texts(session, learner, cast, "acute") == 1
        assert number_of("mary") not in next(iter(learner.of([cast.acute.id]))).holding


def test_when_nothing_happened_one_short_statement_is_sent(db: Database, cast: Cast) -> None:
    learner = Learner()
    with db.write() as session:
        make_issue(session, cast)
        texts(session, learner, cast, "acute")
        with statement_count(db) as sent:
            texts(session, learner, cast, "acute")
        assert len(sent) == 1


def test_who_asks_waits_for_a_few_and_the_next_for_a_few_more_the_newest_first(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "AT_ONCE", 3)
    learner = Learner()
    with db.write() as session:
        for number in range(8):
            make_issue(session, cast, title=f"Kettle {'old' if number < 5 else 'new'}", detail="")
        assert [texts(session, learner, cast, "acute") for _ in range(5)] == [3, 6, 8, 8, 8]
        newest, mine = Learner(), [cast.acute.id]
        newest.learn_more(session, mine)
        assert rarity(newest.of(mine)).weight("old") == rarity(newest.of(mine)).weight("nothing")


def test_of_an_organisation_no_more_than_its_newest_are_learnt(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "AT_ONCE", 5)
    monkeypatch.setattr(learning, "MOST_ISSUES", 10)
    learner = Learner()
    with db.write() as session:
        for _ in range(18):
            make_issue(session, cast)
        assert [texts(session, learner, cast, "acute") for _ in range(4)] == [5, 10, 10, 10]


def test_what_takes_more_room_than_there_is_is_begun_anew_with_fewer(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for number in range(6):
            make_issue(session, cast, title=f"Kettle number {number}", detail="")
        learner = Learner(most_bytes=1000)
        assert texts(session, learner, cast, "acute") == 0
        assert sum(each.size for each in learner.of([cast.acute.id])) <= 1000


def test_what_is_learnt_takes_no_more_room_than_is_reckoned() -> None:
    random = Random(1)
    words = ["".join(random.choices("aeioubdfgklmnprst", k=random.randint(3, 9))) for _ in range(6000)]
    tracemalloc.start()
    learnt = Learnt()
    for number in range(400):
        text = " ".join(random.choices(words, k=150))
        learnt.learn(number, text, f"theme {number % 14}" if number % 2 else None)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken <= learnt.size
    for number in range(400):
        learnt.forget(number)
    assert (len(learnt.holding), learnt.lessons.entries, learnt.places, learnt.lessons.places) == (0, 0, 0, 0)
