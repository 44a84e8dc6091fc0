"""Notes, and what happened again."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, delete, select

from tests.actions.test_resolve import LATER, resolved
from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, changed, notice_of, told
from tests.records.chains import broken_links
from tracker.actions import escalate
from tracker.actions.add_note import add_note, record_occurrence, take_back
from tracker.database import Database
from tracker.measures.periods import month_number
from tracker.queries.recipients import readable
from tracker.queries.story import story
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.note import Note
from tracker.records.person import Person
from tracker.records.tally import Uncounted
from tracker.rules.events.kinds import REDACTED
from tracker.rules.notices import NoticeState
from tracker.rules.refusals import DoneAlready, MoveNotAllowed, NotThere, WrongInput
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


def test_who_is_named_with_an_at_is_told(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(
            session, issue.ref, doer(cast, "kim"), text="@Rita Moss and @lee, see jo@acute.example", ring=Ring.SHARED
        )
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"sam", "rita", "lee"}


def test_a_private_note_tells_those_of_ones_own_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "kim"), text="(@Lee: what now?)", ring=Ring.ORGANISATION)
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"lee"}


@pytest.mark.parametrize(
    "text, ring, refused",
    [
        ("@Mo Aziz knows", Ring.SHARED, "Mo Aziz may not read this note, so it cannot be told to them."),
        ("@lee and @Sam", Ring.ORGANISATION, "Sam Okafor may not read this note, so it cannot be told to them."),
        ("@Nora, help", Ring.SHARED, ""),
        ("@@ @, mail@rita", Ring.SHARED, ""),
    ],
)
def test_a_note_that_names_who_may_not_read_it_is_refused(
    db: Database, cast: Cast, text: str, ring: Ring, refused: str
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        if refused:
            with pytest.raises(WrongInput, match=refused):
                add_note(session, issue.ref, doer(cast, "kim"), text=text, ring=ring)
        else:
            add_note(session, issue.ref, doer(cast, "kim"), text=text, ring=ring)
            assert "mentions" not in last_event(session, issue).details


def test_who_shares_a_first_name_is_named_in_full(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        session.get_one(Person, cast.rita.id).name = "Jo Moss"
        changed(session, cast)
        with pytest.raises(WrongInput, match="Say which Jo you mean: Jo Lind or Jo Moss"):
            add_note(session, issue.ref, doer(cast, "kim"), text="@Jo?", ring=Ring.SHARED)
        add_note(session, issue.ref, doer(cast, "kim"), text="@Jo Moss?", ring=Ring.SHARED)
        assert last_event(session, issue).details["mentions"] == [cast.rita.id]


def test_a_note_is_taken_back_in_its_first_minutes_and_its_letter_does_not_go(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="Wrong ward.", ring=Ring.SHARED)
        announce_all(session, MONDAY)
        take_back(
            session, issue.ref, doer(cast, "sam", MONDAY + timedelta(minutes=1)), entry=_last(session, issue, cast)
        )
        assert session.exec(select(Note)).one().text == REDACTED
        assert last_event(session, issue).read().sentence("Sam Okafor") == "Sam Okafor took a note back"
        notice = notice_of(session, "noted", "kim")
        assert (notice.state, notice.why) == (NoticeState.SUPPRESSED, "its author took it back")


def test_a_note_for_named_people_is_theirs_and_so_is_that_it_was_taken_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = issue.version
        add_note(session, issue.ref, doer(cast, "sam"), text="@Lee Ford, a word.", ring=Ring.NAMED)
        announce_all(session, MONDAY)
        assert (told(session, "noted"), issue.version) == ({"lee"}, before)
        take_back(session, issue.ref, doer(cast, "sam"), entry=_last(session, issue, cast))
        event = last_event(session, issue)
        assert event.readers == f"person {cast.sam.id}+{cast.lee.id}"
        for name, reads in (("lee", True), ("sam", True), ("kim", False), ("jo", False), ("alex", False)):
            assert (event.id in readable(session, cast.viewer(name), [event])) is reads, name
        assert not broken_links(session)


def test_a_note_for_named_people_names_somebody(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="Name with an @ who is to read it"):
            add_note(session, issue.ref, doer(cast, "sam"), text="A word.", ring=Ring.NAMED)
        with pytest.raises(WrongInput, match="Mo Aziz may not read this note"):
            add_note(session, issue.ref, doer(cast, "sam"), text="@Mo Aziz, a word.", ring=Ring.NAMED)


def test_a_note_for_those_who_hold_it_is_theirs_from_its_tier_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="legal deadline", reason="Soon", to=2)
        add_note(session, issue.ref, doer(cast, "alex"), text="Between us.", ring=Ring.TIER)
        note = last_event(session, issue)
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"jo", "lee"}
        escalate.by_holder(session, issue.ref, doer(cast, "lee"), cause="legal deadline", reason="Soon", to=3)
        session.flush()
        readers = {name for name in cast.people if readable(session, cast.viewer(name), [note])}
        assert readers == {"alex", "jo", "lee", "rita", "owen"}


def test_a_note_taken_back_before_anybody_was_told_is_announced_to_nobody(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="Wrong ward.", ring=Ring.SHARED)
        take_back(session, issue.ref, doer(cast, "sam"), entry=_last(session, issue, cast))
        announce_all(session, MONDAY)
        assert told(session, "noted") == set()


def test_a_private_note_is_taken_back_among_those_who_read_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="Ours.", ring=Ring.ORGANISATION)
        before = issue.version
        take_back(session, issue.ref, doer(cast, "sam"), entry=_last(session, issue, cast))
        assert (issue.version, last_event(session, issue).ring) == (before, Ring.ORGANISATION)


@pytest.mark.parametrize(
    "who, minutes, refused",
    [
        ("jo", 1, "You can take back a note of your own"),
        ("sam", 6, "A note can be taken back in its first five minutes"),
    ],
)
def test_a_note_of_somebody_else_or_an_older_one_stays(
    db: Database, cast: Cast, who: str, minutes: int, refused: str
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="It stays.", ring=Ring.SHARED)
        entry = _last(session, issue, cast)
        with pytest.raises(MoveNotAllowed, match=refused):
            take_back(session, issue.ref, doer(cast, who, MONDAY + timedelta(minutes=minutes)), entry=entry)


def _last(session: Session, issue: Issue, cast: Cast) -> int:
    """The place of the last entry of the story as Sam reads it."""
    session.flush()
    return len(story(session, issue, cast.viewer("sam"))) - 1


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


def test_an_occurrence_is_taken_back_by_whoever_said_it_and_counted_no_longer(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        record_occurrence(session, issue.ref, doer(cast, "jo"), occurred_on=date(2026, 3, 30), detail="Ward 5 too.")
        session.exec(delete(Uncounted))
        entry = _last(session, issue, cast)
        with pytest.raises(MoveNotAllowed, match="You can take back a note of your own"):
            take_back(session, issue.ref, doer(cast, "sam"), entry=entry)
        for _ in range(2):  # the second time there is nothing left to do
            take_back(session, issue.ref, doer(cast, "jo", LATER), entry=entry)
        assert (issue.occurrences, len(session.exec(select(Occurrence)).all())) == (1, 1)
        assert kinds(session, issue)[-2:] == ["occurred", "occurrence_taken_back"]
        said = last_event(session, issue).read().sentence("Jo Lind")
        assert said == "Jo Lind took back that it happened to them too on Mon 30 Mar 2026"
        march = month_number(date(2026, 3, 30))
        assert march in session.exec(select(Uncounted.month)).all(), "its month is counted anew"


def test_who_was_told_that_it_happened_is_told_that_it_is_taken_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        record_occurrence(session, issue.ref, doer(cast, "jo"), occurred_on=None)
        take_back(session, issue.ref, doer(cast, "jo"), entry=_last(session, issue, cast))
        announce_all(session, MONDAY)
        assert told(session, "occurrence_taken_back") == told(session, "occurred") == {"kim", "sam"}


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
        assert [head.digest for head in issue.heads.values()] == [last_event(session, issue).digest]
        assert broken_links(session) == []
        assert session.exec(select(Issue.raised_at)).one() == MONDAY
