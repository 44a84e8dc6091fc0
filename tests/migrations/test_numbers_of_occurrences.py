"""What happened before occurrences had numbers of their own is still found by the number of its row."""

from datetime import date

from sqlalchemy import text
from sqlmodel import select

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tests.migrations.stepping import as_it_was
from tracker.actions.add_note import record_occurrence
from tracker.database import Database
from tracker.records.issue_parts import Occurrence, numbered_occurrence


def test_an_occurrence_of_before_is_called_by_its_row(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=date(2026, 4, 20), detail="Again.")
        issue_id = issue.id
    with as_it_was(db, "0051") as connection:
        assert connection.execute(text("SELECT count(*) FROM occurrence")).scalar() == 2
    with db.read() as session:
        kept = session.exec(select(Occurrence).where(Occurrence.issue_id == issue_id)).all()
        assert [numbered_occurrence(session, issue_id, each.id) for each in kept] == kept
