"""Whatever is changed in the database behind the product's back is found, and named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, inspect, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.queries.proofs.record import a_day_later, begin, make_checkpoints, verify_all
from tracker.actions.add_note import add_note
from tracker.database import Database, statement_count
from tracker.queries.proofs.checkpoints import log_of
from tracker.queries.proofs.links import RecordMisfit
from tracker.records.event import LINKED, Event, link_of
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.proofs.log import Checkpoint, CheckpointHead, Log
from tracker.rules.digest import Head, next_on, with_head
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.rings import Ring

REF = "RIV-2"


@pytest.fixture
def recorded(db: Database, cast: Cast) -> Database:
    """A record with two checkpoints, and something that happened after them."""
    with db.write() as session:
        begin(session, cast)
        make_checkpoints(session)
        assert make_checkpoints(session, a_day_later()) == 1
        add_note(session, REF, doer(cast, "lee", a_day_later()), text="Found it.", ring=Ring.SHARED)
        assert make_checkpoints(session, a_day_later(2)) == 1
        add_note(session, REF, doer(cast, "jo", a_day_later(2)), text="Thank you.", ring=Ring.SHARED)
    return db


def story(session: Session, ref: str = REF) -> list[Event]:
    mine = select(Event).join(Issue, col(Issue.id) == col(Event.issue_id)).where(Issue.ref == ref)
    return list(session.exec(mine.order_by(col(Event.position))))


def said(session: Session) -> Event:
    """The first note of the issue that both sides read."""
    return next(each for each in story(session) if each.kind == "noted" and each.ring is Ring.SHARED)


def notes_kept(session: Session, cast: Cast) -> list[SignedNote]:
    """The checkpoints as a lead has them."""
    mine = (
        select(Checkpoint.note).where(Checkpoint.partnership_id == cast.partnership.id).order_by(col(Checkpoint.size))
    )
    return [SignedNote.read(each) for each in session.exec(mine)]


def misfit(db: Database, cast: Cast) -> str:
    with db.write() as session, pytest.raises(RecordMisfit) as found:
        verify_all(session, cast)
    return str(found.value)


def test_a_record_that_nobody_touched_fits(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        tally, log = verify_all(session, cast)
        events = session.exec(select(Event).where(Event.partnership_id == cast.partnership.id)).all()
    assert (tally.events, log.size) == (len(events), 2)
    assert tally.uncovered == 2  # what was said last, and that there is a second checkpoint
    assert tally.chains == len({(each.issue_id, each.readers) for each in events})


def test_every_event_is_in_exactly_one_place_of_a_chain_and_each_head_in_one_checkpoint(
    recorded: Database, cast: Cast
) -> None:
    with recorded.write() as session:
        make_checkpoints(session, a_day_later(3))
        tally, log = verify_all(session, cast)
        mine = select(Checkpoint.id).where(Checkpoint.partnership_id == cast.partnership.id)
        heads = session.exec(select(CheckpointHead).where(col(CheckpointHead.checkpoint_id).in_(mine))).all()
        ours = Event.partnership_id == cast.partnership.id
        places = session.exec(select(Event.issue_id, Event.readers, Event.place).where(ours)).all()
    assert (tally.uncovered, log.size) == (1, 3)
    assert len(set(places)) == len(places)
    assert len({(each.issue_id, each.readers, each.place) for each in heads}) == len(heads)


@pytest.mark.both_databases
def test_whoever_adds_to_the_same_end_of_a_chain_fails_instead_of_forking_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        begin(session, cast)
        last = story(session)[-1]
    again = {name: getattr(last, name) for name in Event.model_fields if name not in ("id", "once")}
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(insert(Event), [again])


def change_details(session: Session, event: Event) -> None:
    event.details = {**event.details, "note": 99}


def change_word(session: Session, event: Event) -> None:
    event.words = {**event.words, "actor": "Somebody Else"}


def back_date(session: Session, event: Event) -> None:
    event.at -= timedelta(days=1)


def give_to_another(session: Session, event: Event) -> None:
    event.person_id = 1 if event.person_id != 1 else 2


def speak_for_another(session: Session, event: Event) -> None:
    event.organisation_id = None


def change_digest(session: Session, event: Event) -> None:
    event.digest = "0" * 64


def change_state(session: Session, event: Event) -> None:
    event.state = "resolved"


def cut_short(session: Session, event: Event) -> None:
    event.salts = b"short"


@pytest.mark.parametrize(
    "tamper",
    [
        change_details, change_word, back_date, give_to_another, speak_for_another, change_digest, change_state,
        cut_short,
    ],
)  # fmt: skip
def test_an_event_that_was_changed_is_found(
    recorded: Database, cast: Cast, tamper: Callable[[Session, Event], None]
) -> None:
    with recorded.write() as session:
        event = said(session)
        where = f"{REF}, event {event.position} (noted, "
        tamper(session, event)
    found = misfit(recorded, cast)
    assert found.startswith(where)
    assert "it is not as it was written" in found


def test_the_words_of_a_note_that_were_changed_are_found(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        position = said(session).position
        session.execute(update(Note).where(col(Note.event_position) == position).values(text="We look away."))
    assert f"event {position} (noted, 2026-04-27 08:00 UTC): its words are others" in misfit(recorded, cast)


def test_an_event_that_was_removed_is_found(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        remove(session, story(session)[1])
    assert misfit(recorded, cast).endswith("the event before it is missing.")


def test_the_last_event_that_was_removed_is_found(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        remove(session, story(session)[-1])
    assert misfit(recorded, cast) == f"{REF}: its last event is not the one that was written last."


def test_an_issue_that_was_removed_with_all_that_happened_is_found(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        gone = story(session)[0].issue_id
        elsewhere = {"partnership_id": cast.elsewhere.id}
        session.execute(update(Event).where(col(Event.issue_id) == gone).values(**elsewhere))
        session.execute(update(Issue).where(col(Issue.id) == gone).values(**elsewhere))
    assert "an issue of which it has" in misfit(recorded, cast)


def test_an_event_that_was_inserted_is_found(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        event = said(session)
        copied = {each.key: getattr(event, each.key) for each in inspect(Event).column_attrs}
        for later in reversed(story(session)[event.position - 1 :]):
            further = {"position": later.position + 1, "place": later.place + (later.readers == event.readers)}
            session.execute(update(Event).where(col(Event.id) == later.id).values(**further))
        session.execute(insert(Event).values({**copied, "id": 10_000, "once": None, "details": {"note": 99}}))
    assert misfit(recorded, cast).startswith(f"{REF}, event {copied['position']} (noted")


def test_events_that_changed_places_are_found(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        one = said(session)
        other = next(each for each in story(session)[one.position :] if each.readers == one.readers)
        where = one.position
        places = {one.id: (other.place, other.position), other.id: (one.place, one.position)}
        for aside in (1_000, 0):
            for event_id, (place, position) in places.items():
                moved = {"place": place + aside, "position": position + aside}
                session.execute(update(Event).where(col(Event.id) == event_id).values(**moved))
    assert misfit(recorded, cast).startswith(f"{REF}, event {where} (")


def test_a_history_written_anew_with_all_its_digests_is_found_by_its_checkpoint(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        event = story(session)[1]
        event.at -= timedelta(days=1)
        write_anew(session)
    assert misfit(recorded, cast).endswith("a checkpoint has another event in its place.")


def test_one_written_anew_with_its_checkpoints_is_found_by_one_that_was_kept(recorded: Database, cast: Cast) -> None:
    """Who has the key can make all of it anew, but not what others have of it."""
    with recorded.write() as session:
        kept = notes_kept(session, cast)
        event = story(session)[1]
        event.at -= timedelta(days=1)
        write_anew(session)
        sign_anew(session, cast)
    with recorded.write() as session:
        _, log = verify_all(session, cast)
        for note in kept:
            with pytest.raises(RecordMisfit, match="what happened before it was written anew"):
                log.require_extends(note)


def test_what_was_kept_is_extended_by_all_that_came_after(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        _, log = verify_all(session, cast)
        assert [log.require_extends(each).size for each in notes_kept(session, cast)] == [1, 2]


def forget_the_last(session: Session, log: Log) -> None:
    session.execute(delete(CheckpointHead))
    session.execute(delete(Checkpoint))
    log.size, log.roots = 0, b""


def test_checkpoints_that_are_gone_are_found_by_one_that_was_kept(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        kept = notes_kept(session, cast)[-1]
        log = log_of(session, cast.partnership.id)
        assert log
        forget_the_last(session, log)
    with recorded.write() as session:
        _, verified = verify_all(session, cast)
        with pytest.raises(RecordMisfit, match="what came last is gone"):
            verified.require_extends(kept)


def test_a_checkpoint_of_another_log_or_another_key_is_none(recorded: Database, cast: Cast) -> None:
    with recorded.write() as session:
        _, log = verify_all(session, cast)
        kept = notes_kept(session, cast)[0]
    another = SignedNote(kept.text.replace("partnership-tracker/", "elsewhere/"), kept.signatures)
    with pytest.raises(RecordMisfit, match="it is of another log"):
        log.require_extends(another)
    forged = SignedNote(kept.text.replace("\n1\n", "\n2\n"), kept.signatures)
    with pytest.raises(RecordMisfit, match="the key that was in force then did not sign it"):
        log.require_extends(forged)


TAMPERED = {
    "a head": (update(CheckpointHead).values(place=CheckpointHead.place + 1), "a checkpoint has another event"),
    "a head that is gone": (delete(CheckpointHead), "Checkpoint 1"),
    "the time": (update(Checkpoint).where(col(Checkpoint.size) == 2).values(at=MONDAY), "it was made of other events"),
    "the secret": (update(Checkpoint).values(secret="0" * 64), "it was made of other events"),
    "the note": (text("UPDATE checkpoint SET note = replace(note, 'partnership', 'another')"), "is another tree"),
    "the signature": (text("UPDATE checkpoint SET note = 'nothing'"), "its note cannot be read"),
    "the key": (
        text("UPDATE log_key SET public = (SELECT digest FROM event LIMIT 1)"),
        "the key that was in force then did not sign it",
    ),
    "the first one is gone": (
        text("UPDATE checkpoint SET size = size + 1 WHERE size = 2"),
        "the one before it is missing",
    ),
    "the tree": (text("UPDATE log SET size = size + 1"), "it is not the one that was made last"),
}


@pytest.mark.parametrize("statement, found", TAMPERED.values(), ids=TAMPERED)
def test_a_checkpoint_that_was_changed_is_found(recorded: Database, cast: Cast, statement: Any, found: str) -> None:
    with recorded.write() as session:
        session.execute(statement)
    assert found in misfit(recorded, cast)


def remove(session: Session, event: Event) -> None:
    session.execute(text("DELETE FROM notice WHERE event_id = :id"), {"id": event.id})
    session.execute(delete(Event).where(col(Event.id) == event.id))


def write_anew(session: Session) -> None:
    """Every digest of the issue's chains, and its heads, as if what stands there had been written so."""
    heads = dict[str, Head]()
    for event in story(session):
        on = next_on(heads, event.readers)
        event.digest = link_of({name: getattr(event, name) for name in LINKED}, on.digest)
        heads = with_head(heads, event.readers, Head(event.place, event.digest))
    session.exec(select(Issue).where(Issue.ref == REF)).one().heads = heads
    session.flush()


def sign_anew(session: Session, cast: Cast) -> None:
    """Every checkpoint anew, as whoever has the key could."""
    log = log_of(session, cast.partnership.id)
    assert log
    session.execute(delete(CheckpointHead))
    session.execute(delete(Checkpoint))
    log.size, log.roots, log.seen_id, log.due_at = 0, b"", 0, MONDAY
    session.flush()
    make_checkpoints(session, a_day_later())
    make_checkpoints(session, a_day_later(2))


def test_a_record_without_anything_fits(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_checkpoints(session)
        tally, log = verify_all(session, cast)
    assert log.size == 0
    assert tally.uncovered == tally.events


def test_issues_are_gone_through_some_at_a_time(
    recorded: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.proofs.links.ISSUES_AT_ONCE", 1)
    monkeypatch.setattr("tracker.queries.proofs.links.EVENTS_AT_ONCE", 1)
    with recorded.write() as session:
        make_issue(session, cast)
        tally, _ = verify_all(session, cast)
        assert tally.events == len(session.exec(select(Event).where(Event.partnership_id == cast.partnership.id)).all())


def test_a_log_adds_no_statement_to_a_write(db: Database, cast: Cast) -> None:
    def written() -> int:
        with statement_count(db) as statements, db.write() as session:
            ref = make_issue(session, cast).ref
            add_note(session, ref, doer(cast, "jo"), text="Again.", ring=Ring.SHARED)
        return len(statements)

    written()
    without = written()
    with db.write() as session:
        make_checkpoints(session)
        assert make_checkpoints(session, a_day_later()) == 1
    assert written() == without


def test_more_than_is_done_at_once_has_several_checkpoints_and_one_letter(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.proofs.heads.MOST_MOVED", 2)
    monkeypatch.setattr("tracker.actions.proving.append_checkpoint.MOST_MOVED", 2)
    with db.write() as session:
        begin(session, cast)
        make_checkpoints(session)
        made = make_checkpoints(session, a_day_later())
        tally, log = verify_all(session, cast)
        told = session.exec(select(Event.details).where(Event.kind == "checkpoint_made")).all()
    assert made == log.size > 2
    assert tally.uncovered == 1
    assert [each["size"] for each in told if each["size"] == made] == [made]
