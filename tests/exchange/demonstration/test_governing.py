"""What the steering group decides in the demonstration: in every state, at its meetings, in plain words."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from tests.exchange.demonstration.making import NOW, demonstration
from tests.exchange.demonstration.test_content import AVOIDED, IDENTIFIER, SEASON, people
from tracker.database import Database
from tracker.exchange.demonstration.governing import FILE, acts
from tracker.exchange.demonstration.own_database import KEY, SEED
from tracker.exchange.demonstration.script import Players
from tracker.exchange.demonstration.story import stories
from tracker.queries.arrangements import by_key
from tracker.records.decision import Decision, DecisionIssue
from tracker.records.governance import recurrence
from tracker.records.pack import Pack
from tracker.rules.deciding import DecisionState

TOLD = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def played(of_all_workers: Path) -> Iterator[Session]:
    with Database(f"sqlite:///{demonstration(of_all_workers)}").read() as session:
        yield session


def decisions(session: Session) -> list[Decision]:
    return list(session.exec(select(Decision).order_by(Decision.number)))  # type: ignore[arg-type]


def test_every_decision_was_taken_and_they_are_in_every_state(played: Session) -> None:
    known = decisions(played)
    assert [each.what for each in known] == [each["what"] for each in TOLD["decision"]]
    assert {each.state for each in known} == set(DecisionState)
    is_open = [each for each in known if each.state is DecisionState.OPEN]
    assert {each.due_on < NOW.date() for each in is_open} == {True, False}


def test_decisions_are_taken_on_days_on_which_the_group_met(played: Session) -> None:
    arrangement = by_key(played, KEY)
    meets = recurrence(arrangement.bodies["steering"].meets or "")
    zone = ZoneInfo(arrangement.zone)
    for each in decisions(played):
        day = datetime.combine(each.decided_on, datetime.min.time(), tzinfo=zone)
        assert meets.between(day, day + timedelta(days=1)), each.what


def test_some_decisions_name_the_issues_they_concern(played: Session) -> None:
    named = {each.decision_id for each in played.exec(select(DecisionIssue))}
    assert len(named) >= 2


def test_one_pack_is_published_with_an_agenda_and_the_next_one_is_begun(played: Session) -> None:
    published, draft = played.exec(select(Pack).order_by(Pack.meets_at)).all()  # type: ignore[arg-type]
    assert published.content
    assert published.content["agenda"]
    assert published.content["decisions"]
    assert published.content["themes"]["occurrences"] > 0
    assert published.published_at
    assert published.published_at < published.meets_at < NOW < draft.meets_at
    assert draft.content is None


@pytest.mark.parametrize("days", range(0, 60, 7))
def test_whatever_the_day_what_is_told_happens_in_order(played: Session, days: int) -> None:
    now = NOW + timedelta(days=days, hours=days % 24)
    known = acts(Players(by_key(played, KEY)), now=now, seed=SEED)
    first = {key: min(act.at for act in known if act.key == key) for key in {act.key for act in known}}
    assert all(act.at <= now for act in known)
    assert first["yes-1"] < first.get("yes-2", now)
    assert {"letters", "van", "keys", "two-days", "pack 1"} <= first.keys()


def test_decisions_name_people_and_stories_that_there_are() -> None:
    keys = {story.key for story in stories()}
    for each in TOLD["decision"]:
        assert set(each.get("issues", ())) <= keys
        assert all(side in people()[name] for side, name in each["owners"].items()), each["key"]


def test_decisions_are_told_in_plain_words_that_are_true_on_any_day() -> None:
    for each in TOLD["decision"]:
        words = " ".join((each["what"], each.get("detail", ""), each.get("course", "")))
        for wrong in (AVOIDED, IDENTIFIER, SEASON):
            assert not wrong.search(words), f"{each['key']}: {wrong.search(words)}"
