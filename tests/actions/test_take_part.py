"""Acknowledging, noting, happening again, mending, confirming a theme."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.actions.test_resolve import LATER, resolved
from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, make_cast
from tracker.actions.take_part import acknowledge, add_note, amend, confirm_theme, record_occurrence
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.note import Note
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import DoneAlready, MayNot, NotThere, WrongInput
from tracker.rules.rings import Ring


def test_acknowledging_stops_that_sides_clock_and_sets_when_it_lapses(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        clocks = {(timer.kind, timer.side) for timer in issue.timers}
        assert (TimerKind.ACKNOWLEDGEMENT, "council") not in clocks
        assert (TimerKind.LAPSE, "council") in clocks


def test_acknowledging_twice_is_one_event(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        acknowledge(session, issue.ref, doer(cast, "lee"))
        assert kinds(session, issue).count("acknowledged") == 1


def test_a_front_line_person_who_holds_nothing_does_not_acknowledge(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        with pytest.raises(MayNot, match="a manager of a side"):
            acknowledge(session, issue.ref, doer(cast, "chris"))


def test_a_private_note_is_on_the_chain_as_a_hash_only(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="Pharmacy could run both.", ring=Ring.ORGANISATION)
        event = last_event(session, issue)
        note = session.exec(select(Note)).one()
        assert event.hashes["text"] == note.word.hash
        assert "Pharmacy" not in f"{event.details}{event.words}"


def test_a_note_sent_twice_is_there_once(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam", once="click"), text="Rang Kim.", ring=Ring.SHARED, spoke=True)
        with pytest.raises(DoneAlready):
            add_note(session, issue.ref, doer(cast, "sam", once="click"), text="Rang Kim.", ring=Ring.SHARED)
        assert len(session.exec(select(Note)).all()) == 1


def test_a_third_organisation_cannot_write_where_it_cannot_read(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        with pytest.raises(NotThere):
            add_note(session, issue.ref, doer(cast, "mo"), text="Hello?", ring=Ring.SHARED)


def test_an_occurrence_before_the_resolution_belongs_to_the_old_issue(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = resolved(session, cast)
        same = record_occurrence(session, issue.ref, doer(cast, "kim", LATER), occurred_on=date(2026, 4, 20))
        assert (same.ref, same.occurrences) == (issue.ref, 2)
        assert len(session.exec(select(Occurrence)).all()) == 2


def test_an_occurrence_after_the_resolution_makes_a_new_linked_issue(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        old = resolved(session, cast)
        later = doer(cast, "sam", LATER + timedelta(days=3))
        new = record_occurrence(session, old.ref, later, occurred_on=date(2026, 4, 29))
        assert (new.ref, new.again_of_id, new.title) == ("RIV-2", old.id, old.title)
        assert old.is_resolved
        assert kinds(session, old)[-1] == "happened_again"


def test_a_day_to_come_is_no_occurrence(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="today or earlier"):
            record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=date(2026, 4, 28))


def test_amending_keeps_the_old_words_in_the_event(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        amend(
            session, issue.ref, doer(cast, "sam"), title="Letters lack the list", detail="", severity=Severity.CRITICAL
        )
        event = last_event(session, issue)
        assert issue.title == "Letters lack the list"
        assert event.words["old_title"]["value"] == "Letters arrive without the medication list"
        assert event.details["new_severity"] == "critical"


def test_amending_nothing_is_no_event(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        before = kinds(session, issue)
        amend(session, issue.ref, doer(cast, "sam"), title=issue.title, detail=issue.detail, severity=issue.severity)
        assert kinds(session, issue) == before


def test_a_manager_confirms_a_theme_and_its_topic_comes_with_it(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "jo"), theme="decision_speed", suggested=("reliability",))
        assert (issue.theme, issue.topic, issue.theme_confirmed) == ("decision_speed", "GOV", True)
        assert last_event(session, issue).details["suggested"] == ["reliability"]


def test_an_unknown_theme_is_refused_with_the_known_ones(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match=r"weather is no theme here: choose one of .*decision_speed"):
            confirm_theme(session, issue.ref, doer(cast, "jo"), theme="weather")


def test_a_named_issue_is_read_by_its_holders_and_raiser_only(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast, ring=Ring.NAMED)
        add_note(session, issue.ref, doer(cast, "kim"), text="Seen.", ring=Ring.SHARED)
        with pytest.raises(NotThere):
            add_note(session, issue.ref, doer(cast, "jo"), text="Me too?", ring=Ring.SHARED)


def test_the_chain_of_events_has_no_gap_and_every_link_stands_on_the_one_before(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = resolved(session, cast)
        assert issue.events == len(kinds(session, issue))
        assert issue.head == last_event(session, issue).digest
        assert session.exec(select(Issue.raised_at)).one() == MONDAY


def test_a_manager_may_name_the_promise_that_the_theme_strains(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        issue = make_issue(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority", clause="4.2")
        assert (issue.topic, issue.clause) == ("STANDARD", "4.2")
        assert last_event(session, issue).read().sentence("Lee").endswith(", which strains 4.2 Discharge letters")
        confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority")
        assert (issue.topic, issue.clause) == ("GOV", None)
        with pytest.raises(WrongInput, match=r"9\.9 is no clause here: choose one of 4\.2\."):
            confirm_theme(session, issue.ref, doer(cast, "lee"), theme="authority", clause="9.9")
