"""Another key, and a new epoch: what was signed before still holds, and nothing else does."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from tests.commands.running import run
from tests.journeys.witnesses import address_of, ask_all, checkpoint_of, lose_last, name, serving, sizes, trust
from tests.makers import MONDAY, Cast
from tests.queries.proofs.record import KEY, a_day_later, begin_with_checkpoints, make_checkpoints, verify_all
from tracker.actions.proving.append_checkpoint import append_checkpoint
from tracker.actions.proving.settle_log_key import rotate_log_key
from tracker.database import Database
from tracker.exchange.charter.loading import agree_change
from tracker.exchange.charter.proposing import propose_epoch
from tracker.queries.administration.proposals import waiting_proposals
from tracker.queries.proofs.links import RecordMisfit
from tracker.records.change_proposal import ChangeProposal
from tracker.records.event import Event
from tracker.records.proofs.log import Log
from tracker.records.proofs.signing import SigningKey
from tracker.rules.arranging import ProposalState
from tracker.rules.events.proving import EpochBegun, LogKeyChanged
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.refusals import MoveNotAllowed, WrongInput

NEXT = SigningKey(b"n" * 32)


@pytest.fixture
def record(db: Database, cast: Cast) -> Cast:
    """With two checkpoints."""
    with db.write() as session:
        begin_with_checkpoints(session, cast, 2)
    return cast


def note_of(session: Session, cast: Cast, size: int) -> SignedNote:
    return SignedNote.read(checkpoint_of(session, cast, size).note)


def signed_again(session: Session, cast: Cast, size: int, key: SigningKey) -> None:
    checkpoint = checkpoint_of(session, cast, size)
    note = SignedNote.read(checkpoint.note)
    origin = TreeHead.read(note.text).origin
    checkpoint.note = str(SignedNote(note.text, (key.sign(origin, note.text),)))


def go_on(session: Session, key: SigningKey, days: int) -> None:
    while append_checkpoint(session, key, now=a_day_later(days)):
        session.flush()


@pytest.mark.both_databases
def test_each_checkpoint_is_checked_with_the_key_that_was_in_force_then(db: Database, record: Cast) -> None:
    with db.write() as session:
        rotate_log_key(session, KEY, NEXT, now=MONDAY)
        go_on(session, NEXT, 3)
        _, log = verify_all(session, record)
        assert [log.require_extends(note_of(session, record, size)).size for size in (1, 2, 3)] == [1, 2, 3]
        told = session.exec(select(Event).where(Event.kind == LogKeyChanged.name, Event.partnership_id == 1)).one()
        assert KEY.public != NEXT.public
        assert told.details["number"] == 2


@pytest.mark.parametrize("size, key", [(2, NEXT), (3, KEY)], ids=["too early", "too late"])
def test_a_checkpoint_under_another_key_than_the_one_in_force_then_is_refused(
    db: Database, record: Cast, size: int, key: SigningKey
) -> None:
    with db.write() as session:
        rotate_log_key(session, KEY, NEXT, now=MONDAY)
        go_on(session, NEXT, 3)
        signed_again(session, record, size, key)
        with pytest.raises(RecordMisfit, match=f"Checkpoint {size} .*the key that was in force then did not sign it"):
            verify_all(session, record)


@pytest.mark.parametrize(
    "change, why",
    [
        ("UPDATE log_key_change SET size = 1", "at another checkpoint"),
        ("UPDATE log_key_change SET note = 'nothing'", "did not both sign it"),
        ("DELETE FROM log_key_change", "the key that was in force then did not sign it"),
        ("DELETE FROM log_key_change WHERE number = 2", "one of its keys did not hand over to the next|in force then"),
    ],
)
def test_a_key_that_the_one_before_it_did_not_hand_over_to_is_found(
    db: Database, record: Cast, change: str, why: str
) -> None:
    with db.write() as session:
        rotate_log_key(session, KEY, NEXT, now=MONDAY)
        go_on(session, NEXT, 3)
        rotate_log_key(session, NEXT, SigningKey(b"3" * 32), now=MONDAY)
        session.flush()
        session.execute(text(change))
        with pytest.raises(RecordMisfit, match=why):
            verify_all(session, record)


def test_a_key_that_signed_before_is_not_taken_again(db: Database, record: Cast) -> None:
    with db.write() as session:
        rotate_log_key(session, KEY, NEXT, now=MONDAY)
        with pytest.raises(MoveNotAllowed, match="signs, or signed"):
            rotate_log_key(session, NEXT, KEY, now=MONDAY)


def test_after_a_restore_behind_a_cosigned_checkpoint_the_leads_agree_a_new_epoch(
    db: Database, record: Cast, tmp_path: Path
) -> None:
    with serving(tmp_path / "council", "council.example/witness") as council:
        with db.write() as session:
            trust(session, record, council.folder)
            name(session, record, "chris", council.folder, address_of(council))
        ask_all(db, a_day_later(2))
        with db.write() as session:
            lost = note_of(session, record, 2)
            still = note_of(session, record, 1)
            lose_last(session, record)
        assert ask_all(db, a_day_later(2)) == ["a witness did not cosign: ahead"]
        with db.write() as session:
            _, log = verify_all(session, record)
            with pytest.raises(RecordMisfit, match="what came last is gone"):
                log.require_extends(lost)
            with pytest.raises(WrongInput, match="still has checkpoint 1"):
                propose_epoch(session, 1, str(still), actor=record.actor("alex"), now=MONDAY)
            forged = SignedNote(lost.text, (NEXT.sign(TreeHead.read(lost.text).origin, lost.text),))
            with pytest.raises(WrongInput, match="No key of this record"):
                propose_epoch(session, 1, str(forged), actor=record.actor("alex"), now=MONDAY)
            propose_epoch(session, 1, f"Dear Alex,\n\n{lost}", actor=record.actor("alex"), now=MONDAY)
        with db.write() as session, pytest.raises(MoveNotAllowed, match="is about this"):
            propose_epoch(session, 1, str(lost), actor=record.actor("alex"), now=MONDAY)
        origins = [origin_of(db)]
        for lead in ("chris", "tess"):
            with db.write() as session:
                (proposal,) = waiting_proposals(session, 1)
                assert proposal.what == "a new epoch of the log of the record"
                agree_change(session, proposal, record.actor(lead), now=a_day_later(3))
            origins.append(origin_of(db))
        assert origins[0] == origins[1] != origins[2]
        with db.write() as session:
            make_checkpoints(session, a_day_later(3))
            trust(session, record, council.folder)
            begun = session.exec(select(Event).where(Event.kind == EpochBegun.name)).one()
            assert (begun.details.get("epoch", 2), begun.details["size"], begun.words["lost"]) == (2, 1, str(lost))
        assert ask_all(db, a_day_later(3)) == ["a witness cosigned checkpoint 2"]
        with db.write() as session:
            assert sizes(session, record)["council"] == 2
            _, log = verify_all(session, record)
            assert log.require_extends(still).size == 1
            with pytest.raises(RecordMisfit, match="the leads agreed to go on without it"):
                log.require_extends(lost)
            assert log.require_extends(note_of(session, record, 2)).size == 2


def origin_of(db: Database) -> str:
    with db.read() as session:
        return session.get_one(Log, 1).origin


def test_a_proposal_of_a_new_epoch_outlasts_other_changes_and_waits_for_every_other_lead(
    db: Database, record: Cast
) -> None:
    with db.write() as session:
        lost = note_of(session, record, 2)
        lose_last(session, record)
        proposal = propose_epoch(session, 1, str(lost), actor=record.actor("chris"), now=MONDAY)
        assert proposal.touches == ["acute", "community"]
        assert "last checkpoint that is lost: 2" in proposal.plan
        agree_change(session, proposal, record.actor("alex"), now=MONDAY)
        assert session.exec(select(ChangeProposal.state)).one() is ProposalState.WAITING
        assert session.get_one(Log, 1).size == 1


@pytest.fixture
def home(db: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server that keeps its key at home, with two checkpoints."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", db.url.render_as_string())
    for days in (0, 2, 4):
        run("clock", "--once", "--now", (MONDAY + timedelta(days=days)).isoformat())
    return tmp_path


def test_a_new_key_is_made_at_home_and_the_clock_goes_on_with_it(home: Path) -> None:
    before = run("log-key").output
    assert before.startswith("ELS  partnership-tracker/")
    old = (home / "log.key").read_text()
    after = run("log-key", "--rotate").output
    assert after.startswith("Key 2 signs from now on.")
    assert run("log-key").output != before
    assert (home / "log.key").read_text() != old
    assert sorted(each.name for each in home.glob("log.key*")) == ["log.key"]
    run("clock", "--once", "--now", (MONDAY + timedelta(days=6)).isoformat())
    assert "and 3 checkpoints fit." in run("verify", "--partnership", "RIV").output
    (home / "log.key").write_text(old)
    assert "is signed with another key" in run("clock", "--once", ends=1).stderr


def test_what_was_broken_off_after_the_new_key_was_written_down_is_ended(home: Path) -> None:
    old = (home / "log.key").read_text()
    run("log-key", "--rotate")
    (home / "log.key").rename(home / "log.key.next")
    (home / "log.key").write_text(old)
    assert run("log-key", "--rotate").output.startswith("Key 2 signs from now on.")
    run("clock", "--once", "--now", (MONDAY + timedelta(days=6)).isoformat())
    assert "and 3 checkpoints fit." in run("verify", "--partnership", "RIV").output


def test_a_key_that_is_given_is_followed_by_one_in_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_LOG_KEY", (home / "log.key").read_text())
    assert "with --new" in run("log-key", "--rotate", ends=1).stderr
    (home / "new").write_text("bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=")
    said = run("log-key", "--rotate", "--new", str(home / "new")).output
    assert "First set TRACKER_LOG_KEY to what stands in" in said
    monkeypatch.setenv("TRACKER_LOG_KEY", (home / "new").read_text())
    run("clock", "--once", "--now", (MONDAY + timedelta(days=6)).isoformat())
    assert "and 3 checkpoints fit." in run("verify", "--partnership", "RIV").output
    run("log-key", "--new", str(home / "new"), ends=2)


def test_that_any_checkpoint_extends_any_earlier_one_is_proven_and_checked_without_a_database(
    home: Path, db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("clock", "--once", "--now", (MONDAY + timedelta(days=6)).isoformat())
    with db.read() as session:
        for size in (1, 2, 3):
            (home / str(size)).write_text(checkpoint_of(session, cast, size).note)
    key = run("log-key").output.splitlines()[-1].removeprefix("RIV  ")
    for since, until in ((1, 2), (1, 3), (2, 3), (2, 2)):
        proof = home / f"{since}-{until}"
        run("prove", "--since", "RIV", str(since), "--until", str(until), "-o", str(proof))
        said = run("prove", "--check", str(proof), "--checkpoint", str(home / str(since)), "--key", key).output
        assert said.startswith(f"Checkpoint {until} of partnership-tracker/")
        assert f"has all that checkpoint {since} had" in said
    assert "give that one with --checkpoint" in run("prove", "--check", str(home / "1-2"), ends=1).stderr
    wrong = (home / "1").read_text().replace("\n1\n", "\n2\n")
    (home / "wrong").write_text(wrong)
    said_no = run("prove", "--check", str(home / "2-3"), "--checkpoint", str(home / "wrong"), ends=1).stderr
    assert "these are two histories" in said_no
    assert "no checkpoint 9" in run("prove", "--since", "RIV", "1", "--until", "9", ends=1).stderr
    run("prove", "RIV-1", "--until", "2", ends=2)
