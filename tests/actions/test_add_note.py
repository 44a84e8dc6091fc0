"""Notes, and what happened again."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.actions.test_resolve import LATER, resolved
from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions.add_note import add_note, record_occurrence
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.note import Note
from tracker.rules.refusals import DoneAlready, NotThere, WrongInput
from tracker.rules.rings import Ring


def test_a_private_note_is_on_the_chain_as_a_hash_only(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="Pharmacy could run both.", ring=Ring.ORGANISATION)
        event = last_event(session, issue)
        note = session.exec(select(Note)).one()
        assert event.hashes["text"] == note.word.hash
        assert "Pharmacy" not in f"{event.details}{event.words}"


def test_a_note_sent_twice_is_there_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam", once="click"), text="Rang Kim.", ring=Ring.SHARED, spoke=True)
        with pytest.raises(DoneAlready):
            add_note(session, issue.ref, doer(cast, "sam", once="click"), text="Rang Kim.", ring=Ring.SHARED)
        assert len(session.exec(select(Note)).all()) == 1


def test_a_third_organisation_cannot_write_where_it_cannot_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(NotThere):
            add_note(session, issue.ref, doer(cast, "mo"), text="Hello?", ring=Ring.SHARED)


def test_an_occurrence_before_the_resolution_belongs_to_the_old_issue(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        same = record_occurrence(session, issue.ref, doer(cast, "kim", LATER), occurred_on=date(2026, 4, 20))
        assert (same.ref, same.occurrences) == (issue.ref, 2)
        assert len(session.exec(select(Occurrence)).all()) == 2


def test_an_occurrence_after_the_resolution_makes_a_new_linked_issue(db: Database, cast: Cast) -> None:
    with db.write() as session:
        old = resolved(session, cast)
        later = doer(cast, "sam", LATER + timedelta(days=3))
        new = record_occurrence(session, old.ref, later, occurred_on=date(2026, 4, 29))
        assert (new.ref, new.again_of_id, new.title) == ("RIV-2", old.id, old.title)
        assert old.is_resolved
        assert kinds(session, old)[-1] == "happened_again"


def test_a_day_to_come_is_no_occurrence(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="today or earlier"):
            record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=date(2026, 4, 28))


def test_a_named_issue_is_read_by_its_holders_and_raiser_only(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, ring=Ring.NAMED)
        add_note(session, issue.ref, doer(cast, "kim"), text="Seen.", ring=Ring.SHARED)
        with pytest.raises(NotThere):
            add_note(session, issue.ref, doer(cast, "jo"), text="Me too?", ring=Ring.SHARED)


def test_the_chain_of_events_has_no_gap_and_every_link_stands_on_the_one_before(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        assert issue.events == len(kinds(session, issue))
        assert issue.head == last_event(session, issue).digest
        assert session.exec(select(Issue.raised_at)).one() == MONDAY
