"""The minutes of a real partnership: long texts, many organisations, votes that resolve and do not."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session, col, select

from tests.makers import MONDAY
from tests.real import openetcs
from tracker.__main__ import main
from tracker.database import Database
from tracker.queries.issues import visible_issues
from tracker.queries.visitors import visitor_by_email
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.lifecycle import Outcome, State


def typed(*arguments: object) -> str:
    """What a command that ends well prints."""
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The minutes, taken in; no ladder is in force."""
    home = tmp_path_factory.mktemp("openetcs")
    (home / "minutes.csv").write_text(openetcs.history(), encoding="utf-8")
    (home / "openetcs.toml").write_text(openetcs.charter(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRACKER_HOME", str(home))
        environment.delenv("TRACKER_DATABASE_URL", raising=False)
        typed("migrate")
        typed("charter", "load", home / "openetcs.toml")
        said = typed("history", home / "minutes.csv", "--partnership", "OETCS")
        assert "143 new, 0 grown, 0 unchanged, 0 left as they were, 0 set aside" in said
        assert "Unknown" not in said
        yield home


@pytest.fixture
def session(home: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    with database.read() as session:
        yield session
    database.dispose()


def issues(session: Session) -> dict[str, Issue]:
    return {str(issue.outside_ref): issue for issue in session.exec(select(Issue))}


def test_every_item_is_kept_word_for_word(session: Session) -> None:
    found = issues(session)

    for item in openetcs.items():
        issue = found[item["item_id"]]
        assert issue.detail == item["text_people_masked"].strip()
        assert (issue.title, issue.occurred_on.isoformat()) == (item["topic"], item["meeting_date"])
        assert (issue.service_area or "") == openetcs.area(item)


def test_an_item_is_the_chairs_and_that_of_the_partner_it_names(session: Session) -> None:
    sides = session.exec(select(Issue.outside_ref, IssueSide.organisation_id).join(IssueSide))
    counts = Counter(reference for reference, _ in sides)

    assert counts == {item["item_id"]: 1 + bool(openetcs.asked(item)) for item in openetcs.items()}


def test_a_partner_sees_the_items_that_name_it_first_and_no_others(session: Session) -> None:
    visitor = visitor_by_email(session, "lead@siemens.example", MONDAY)
    assert visitor is not None
    named = {item["item_id"] for item in openetcs.items() if openetcs.asked(item) == "Siemens"}

    seen = session.exec(select(Issue.outside_ref).where(visible_issues(visitor.viewer))).all()

    assert named
    assert set(seen) == named


def test_what_was_voted_on_ended_as_the_vote_went(session: Session) -> None:
    found = issues(session)
    ends = {item: (found[item].state, found[item].outcome) for item in openetcs.votes()}

    assert ends.pop("PCC-2013-07-01-010") == (State.OPEN, None)  # accepted, then reopened for its comments
    assert ends.pop("PCC-2013-10-08-029") == (State.RESOLVED, Outcome.NOT_SOLVED)  # decision 6, not accepted
    assert ends.pop("PCC-2013-10-08-035") == (State.PROPOSED, None)  # decision 12, no result recorded
    assert set(ends.values()) == {(State.RESOLVED, Outcome.SOLVED)}
    assert len(ends) == 13


def test_what_nobody_voted_on_is_as_it_was_raised(session: Session) -> None:
    rest = select(Issue.state).where(col(Issue.outside_ref).not_in(openetcs.votes()))

    assert Counter(session.exec(rest)) == {State.RAISED: 143 - 16}


def test_the_ladder_report_has_each_item_on_the_tier_of_its_meeting(home: Path) -> None:
    report = json.loads(typed("report", "ladder", "--partnership", "OETCS", "--format", "json"))

    paths = Counter(figures["tier_path"] for figures in report["issues"].values())
    reopened = {item: figures["reopens"] for item, figures in report["issues"].items() if figures["reopens"]}

    assert (paths, reopened) == ({"1": 107, "2": 36}, {"PCC-2013-07-01-010": 1})


def test_a_quarter_has_the_items_raised_in_it(home: Path) -> None:
    quarter = json.loads(typed("report", "ladder", "--partnership", "OETCS", "--period", "2014-Q4"))

    wanted = {item["item_id"] for item in openetcs.items() if "2014-10-01" <= item["meeting_date"] <= "2014-12-31"}
    assert set(quarter["issues"]) == wanted
