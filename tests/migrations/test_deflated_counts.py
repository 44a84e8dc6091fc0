"""What is counted of climbs is the same, deflated or not; broken off, deflating goes on where it was."""

import pytest
from alembic import command
from sqlmodel import select

from tests.actions.counting.test_climbs import RESTED
from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.migrations.stepping import as_it_was
from tracker.actions.counting.climbs import count_climbs
from tracker.database import Database
from tracker.database.migrating import _script, alembic_config
from tracker.records.climb import ClimbTally, IssueClimb

pytestmark = pytest.mark.both_databases

BEFORE, MOVED = "0058", "0059"
KEPT = "037bdcd018c5e3b5b500"  # what {"24313": {"raised": 1}} was deflated to when this was first done


@pytest.fixture
def counted(db: Database, cast: Cast) -> Database:
    with db.write() as session:
        for _ in range(3):
            make_issue(session, cast)
        count_climbs(session, now=RESTED)
    return db


def test_counts_are_the_same_after_going_back_and_up_again(counted: Database) -> None:
    before = counts(counted)
    assert all("raised" in each for each in before.values())
    with as_it_was(counted, BEFORE):
        pass
    assert counts(counted) == before


def test_broken_off_it_goes_on_where_it_was(counted: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts(counted)
    module = _script().get_revision(MOVED).module
    monkeypatch.setattr(module, "SOME", 2)
    with as_it_was(counted, BEFORE) as connection:
        command.upgrade(alembic_config(connection), MOVED)
        in_all = len(before)
        assert (module.rest(connection), module.batch(connection), module.rest(connection)) == (in_all, 2, in_all - 2)
    assert counts(counted) == before


def test_what_was_kept_first_is_read_as_it_was() -> None:
    kept = IssueClimb.__table__.c.counts.type.process_result_value  # type: ignore[attr-defined]
    assert kept(bytes.fromhex(KEPT), None) == {"24313": {"raised": 1}}


def counts(db: Database) -> dict[tuple[int, str], dict[str, int]]:
    """Of each issue by month, and of each tally."""
    with db.read() as session:
        climbs = session.exec(select(IssueClimb.issue_id, IssueClimb.counts)).all()
        tallies = session.exec(select(ClimbTally.id, ClimbTally.counts)).all()
    by_month = {(issue_id, month): each for issue_id, months in climbs for month, each in months.items()}
    return by_month | {(tally_id, "tally"): each for tally_id, each in tallies}
