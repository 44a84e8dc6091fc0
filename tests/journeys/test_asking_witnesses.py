"""The clock asks each organisation's witness: what it cosigns is kept, and what is wrong with it is said and waits."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from tests.journeys.witnesses import (
    address_of,
    ask_all,
    checkpoint_of,
    clock_at,
    lose_last,
    name,
    serving,
    sizes,
    trust,
    write_anew,
)
from tests.makers import MONDAY, Cast
from tests.post.test_calls import listening
from tests.queries.proofs.record import a_day_later, begin, begin_with_checkpoints, make_checkpoints
from tracker.actions.proving.ask_witness import claim_witness
from tracker.actions.proving.own_witness import end_witness
from tracker.api.witness_folder import opened_folder
from tracker.api.witness_server import WitnessServer
from tracker.database import Database
from tracker.queries.proofs.cosignatures import cosignature_lines
from tracker.records.event import Event
from tracker.records.proofs.signing import valid_signature
from tracker.records.proofs.witness import Witness
from tracker.rules.events.proving import CheckpointMade, WitnessDiffers
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.proofs.witness_answers import WitnessTrouble


@pytest.fixture
def record(db: Database, cast: Cast) -> Cast:
    """With two checkpoints."""
    with db.write() as session:
        begin_with_checkpoints(session, cast, 2)
    return cast


@pytest.fixture
def council(tmp_path: Path) -> Iterator[WitnessServer]:
    with serving(tmp_path / "council", "council.example/witness") as server:
        yield server


def add_checkpoint(db: Database, days: int) -> None:
    with db.write() as session:
        assert make_checkpoints(session, a_day_later(days)) == 1


def witness_in(db: Database) -> Witness:
    with db.read() as session:
        return session.exec(select(Witness).order_by(col(Witness.id).desc())).first()  # type: ignore[return-value]


@pytest.mark.both_databases
def test_what_is_asked_for_is_kept_and_seen_by_everybody(db: Database, record: Cast, council: WitnessServer) -> None:
    with db.write() as session:
        trust(session, record, council.folder)
        name(session, record, "chris", council.folder, address_of(council))
    assert ask_all(db, a_day_later(2)) == ["a witness cosigned checkpoint 2"]
    with db.read() as session:
        checkpoint = checkpoint_of(session, record, 2)
        lines = cosignature_lines(session, [checkpoint.id])[checkpoint.id]
        assert sizes(session, record) == {"acute": 0, "council": 2, "community": 0}
    assert valid_signature(SignedNote.read(checkpoint.note).with_signatures(lines), council.folder.verifier)
    assert ask_all(db, a_day_later(2)) == []


def test_after_each_checkpoint_it_is_asked_from_where_it_was(
    db: Database, record: Cast, council: WitnessServer
) -> None:
    with db.write() as session:
        trust(session, record, council.folder)
        name(session, record, "chris", council.folder, address_of(council))
    ask_all(db, a_day_later(2))
    add_checkpoint(db, 3)
    assert ask_all(db, a_day_later(3)) == ["a witness cosigned checkpoint 3"]


def test_one_that_has_seen_more_than_was_known_says_how_far(db: Database, record: Cast, council: WitnessServer) -> None:
    with db.write() as session:
        trust(session, record, council.folder)
        name(session, record, "chris", council.folder, address_of(council))
    ask_all(db, a_day_later(2))
    add_checkpoint(db, 3)
    with db.write() as session:
        session.exec(select(Witness)).one().seen_size = 0
    assert ask_all(db, a_day_later(3)) == ["a witness has seen checkpoint 2", "a witness cosigned checkpoint 3"]


def test_one_that_does_not_know_the_log_is_asked_again_later(
    db: Database, record: Cast, council: WitnessServer
) -> None:
    with db.write() as session:
        name(session, record, "chris", council.folder, address_of(council))
    assert ask_all(db, a_day_later(2)) == ["a witness did not cosign: unknown_log"]
    assert ask_all(db, a_day_later(2)) == []
    with db.write() as session:
        trust(session, record, council.folder)
    assert ask_all(db, a_day_later(2) + timedelta(minutes=1)) == ["a witness cosigned checkpoint 2"]
    assert witness_in(db).trouble is None


def test_one_that_is_away_holds_nobody_up_and_is_asked_less_and_less(
    db: Database, record: Cast, tmp_path: Path
) -> None:
    with opened_folder(tmp_path / "away", "council.example/witness") as folder, db.write() as session:
        name(session, record, "chris", folder, "http://127.0.0.1:9")
    now, waits = a_day_later(2), []
    for _ in range(7):
        assert ask_all(db, now) == ["a witness did not cosign: away"]
        waits.append((witness_in(db).due_at or now) - now)
        now += waits[-1]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=6))
    assert witness_in(db).troubled_since == a_day_later(2)


def test_one_that_answers_nothing_is_hung_up_on(db: Database, record: Cast, tmp_path: Path) -> None:
    with (
        opened_folder(tmp_path / "slow", "council.example/witness") as folder,
        listening(lambda call: call.recv(1)) as (
            address,
            _,
        ),
    ):
        with db.write() as session:
            name(session, record, "chris", folder, address)
        assert ask_all(db, a_day_later(2), longest=0.2) == ["a witness did not cosign: away"]


def test_while_one_is_asked_whatever_else_is_due_is_done(db: Database, record: Cast, tmp_path: Path) -> None:
    """The call is made outside of any transaction, in a loop of its own."""
    done: list[str] = []

    def meanwhile(call: object) -> None:
        clock = clock_at(db, a_day_later(4))
        done.extend(each.what for _, each in clock.ringing.until_still() if "checkpoint" in each.what)

    with opened_folder(tmp_path / "slow", "council.example/witness") as folder, listening(meanwhile) as (address, _):
        with db.write() as session:
            name(session, record, "chris", folder, address)
        ask_all(db, a_day_later(2))
    assert "checkpoint 3" in done


def test_a_cosignature_by_another_key_is_not_kept(
    db: Database, record: Cast, council: WitnessServer, tmp_path: Path
) -> None:
    with opened_folder(tmp_path / "another", "council.example/witness") as another, db.write() as session:
        trust(session, record, council.folder)
        name(session, record, "chris", another, address_of(council))
    assert ask_all(db, a_day_later(2)) == ["a witness answered something wrong"]
    with db.read() as session:
        assert sizes(session, record)["council"] == 0
    assert witness_in(db).trouble is WitnessTrouble.WRONG_ANSWER


def test_two_histories_shown_to_two_witnesses_are_found(db: Database, record: Cast, tmp_path: Path) -> None:
    """The second is shown what the server wrote anew, as well signed: to it nothing is wrong. The first one finds it,
    and every lead is told."""
    with (
        serving(tmp_path / "a", "acute.example/witness") as acute,
        serving(tmp_path / "c", "council.example/w") as council,
    ):
        with db.write() as session:
            for lead, server in (("alex", acute), ("chris", council)):
                trust(session, record, server.folder)
                name(session, record, lead, server.folder, address_of(server))
            session.exec(select(Witness).where(Witness.organisation_id == record.council.id)).one().due_at = None
        ask_all(db, a_day_later(2))
        with db.write() as session:
            write_anew(session, record)
        add_checkpoint(db, 3)
        done = ask_all(db, a_day_later(3))
    assert sorted(done) == ["a witness cosigned checkpoint 3", "a witness did not cosign: another_history"]
    with db.read() as session:
        told = session.exec(select(Event).where(Event.kind == WitnessDiffers.name)).one()
    assert (told.details["organisation"], told.details.get("seen", 0)) == ("acute", 0)
    assert ask_all(db, a_day_later(9)) == []  # nothing that is signed here can mend it


@pytest.mark.both_databases
def test_a_record_behind_what_was_cosigned_is_found(db: Database, record: Cast, council: WitnessServer) -> None:
    """As after a restore: the last checkpoint is gone, and the witness has seen it."""
    with db.write() as session:
        trust(session, record, council.folder)
        name(session, record, "chris", council.folder, address_of(council))
    ask_all(db, a_day_later(2))
    with db.write() as session:
        lose_last(session, record)
    assert ask_all(db, a_day_later(2)) == ["a witness did not cosign: ahead"]
    with db.read() as session:
        told = session.exec(select(Event).where(Event.kind == WitnessDiffers.name)).one()
    assert told.details == {"organisation": "council", "seen": 2, "size": 1}


def test_a_witness_that_was_ended_while_it_was_asked_is_left_alone(
    db: Database, record: Cast, council: WitnessServer
) -> None:
    with db.write() as session:
        trust(session, record, council.folder)
        name(session, record, "chris", council.folder, address_of(council))
        end_witness(session, record.partnership.id, record.actor("chris"), now=MONDAY)
    assert ask_all(db, a_day_later(2)) == []


def test_before_the_first_checkpoint_a_witness_waits(db: Database, cast: Cast, council: WitnessServer) -> None:
    with db.write() as session:
        begin(session, cast)
        make_checkpoints(session)
        trust(session, cast, council.folder)
        name(session, cast, "chris", council.folder, address_of(council))
    assert ask_all(db, MONDAY) == ["a witness waits for the first checkpoint"]
    add_checkpoint(db, 1)
    assert ask_all(db, a_day_later(1)) == ["a witness cosigned checkpoint 1"]


def test_two_clocks_do_not_ask_the_same_witness(db: Database, record: Cast, council: WitnessServer) -> None:
    with db.write() as session:
        name(session, record, "chris", council.folder, address_of(council))
    with db.write() as session:
        assert claim_witness(session, now=a_day_later(2)) is not None
    with db.write() as session:
        assert claim_witness(session, now=a_day_later(2)) is None


def test_the_letter_says_who_has_not_seen_the_checkpoint_before(
    db: Database, record: Cast, council: WitnessServer
) -> None:
    with db.write() as session:
        assert unseen_at(session, 1) == ""
        assert unseen_at(session, 2) == "Seen by nobody: no organisation has named a witness"
        trust(session, record, council.folder)
        name(session, record, "chris", council.folder, address_of(council))
    ask_all(db, a_day_later(2))
    add_checkpoint(db, 3)
    add_checkpoint(db, 4)
    with db.read() as session:
        others = ("Riverside Hospitals at all", "Riverside Community Care at all")
        assert unseen_at(session, 3) == f"Not seen by {' and '.join(others)}"
        assert unseen_at(session, 4) == (
            f"Not seen by {others[0]}, Riverside Council since Wed 29 Apr 2026 (checkpoint 2) and {others[1]}"
        )


def unseen_at(session: Session, size: int) -> str:
    events = session.exec(select(Event).where(Event.kind == CheckpointMade.name, Event.partnership_id == 1))
    return next(each.words.get("unseen", "") for each in events if each.details["size"] == size)
