"""`tracker verify` and `tracker prove`: what they say, how they end, and the key that belongs to a database."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.commands.running import run
from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tracker.api.witness_folder import opened_folder
from tracker.database import Database
from tracker.queries.proofs.checkpoints import log_keys
from tracker.records.proofs.log import Checkpoint
from tracker.records.proofs.signing import valid_signature
from tracker.rules.proofs.checkpoints import TreeHead, note_in
from tracker.rules.proofs.witnessing import AddCheckpoint, NotCosigned

ONE, TWO = (b64encode(bytes([each]) * 32).decode() for each in (1, 2))


@pytest.fixture
def home(db: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server with one issue and one checkpoint, which a lead kept as checkpoint.txt."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", db.url.render_as_string())
    with db.write() as session:
        make_issue(session, cast)
    for days in (0, 2):
        run("clock", "--once", "--now", (MONDAY + timedelta(days=days)).isoformat())
    with db.read() as session:
        kept = session.exec(select(Checkpoint.note).where(Checkpoint.partnership_id == cast.partnership.id)).one()
    (tmp_path / "checkpoint.txt").write_text("Dear Alex,\n\n" + "".join(f"   {line}\n" for line in kept.splitlines()))
    return tmp_path


def test_a_record_that_fits_is_said_to_fit(home: Path) -> None:
    said = run("verify", "--partnership", "RIV", "--checkpoint", str(home / "checkpoint.txt")).output
    assert "and 1 checkpoint fit." in said
    assert "still has all that it had at checkpoint 1" in said
    told = json.loads(run("verify", "--partnership", "RIV", "--json").output)
    assert (told["partnership"], told["fits"], told["checkpoints"]) == ("RIV", True, 1)


def test_the_letter_itself_can_be_given(home: Path) -> None:
    log = next(line.strip() for line in _words(home / "checkpoint.txt").splitlines() if "partnership-tracker/" in line)
    letters = [each for each in (home / "mail").glob("*.eml") if log in _words(each)]
    said = run("verify", "--partnership", "RIV", "--checkpoint", str(letters[0])).output
    assert "still has all that it had at checkpoint 1" in said


def test_what_was_changed_is_named_and_ends_in_one(home: Path, db: Database) -> None:
    with db.write() as session:
        session.execute(text("UPDATE event SET state = 'resolved' WHERE issue_id = 1 AND position = 1"))
    said = run("verify", "--partnership", "RIV", ends=1)
    assert said.stderr.startswith("RIV-1, event 1 (raised, 2026-04-27 08:00 UTC): it is not as it was written")
    told = json.loads(run("verify", "--partnership", "RIV", "--json", ends=1).output)
    assert (told["fits"], told["where"]) == (False, "RIV-1, event 1 (raised, 2026-04-27 08:00 UTC)")


def test_a_file_without_a_checkpoint_is_refused(home: Path) -> None:
    (home / "nothing.txt").write_text("Dear Alex,\n")
    said = run("verify", "--partnership", "RIV", "--checkpoint", str(home / "nothing.txt"), ends=1)
    assert "There is no checkpoint in it" in said.stderr


def test_a_proof_is_written_and_checked_without_a_database(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = home / "RIV-1.tlog-proof"
    run("prove", "RIV-1", "-o", str(proof))
    assert run("prove", "RIV-1").output == proof.read_text()
    monkeypatch.setenv("TRACKER_DATABASE_URL", "sqlite:////nowhere/at/all")
    said = run("prove", "--check", str(proof)).output
    assert said.startswith("RIV-1, as acute council read it: ")
    wrong = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert "PeterNeumann has not signed" in run("prove", "--check", str(proof), "--key", wrong, ends=1).stderr
    run("prove", ends=2)


def test_a_witness_takes_what_it_is_asked_and_no_other_history(home: Path, db: Database) -> None:
    run("clock", "--once", "--now", (MONDAY + timedelta(days=4)).isoformat())
    first, second = (run("prove", "--since", "RIV", each).output for each in ("0", "1"))
    with db.read() as session:
        key = log_keys(session, TreeHead.read(AddCheckpoint.read(first).note.text).origin)[0]
    with opened_folder(home / "witness", "council.example/witness") as witness:
        witness.trust(key)
        assert AddCheckpoint.read(second).old_size == 1
        witness.cosign(AddCheckpoint.read(first), MONDAY)
        with pytest.raises(NotCosigned):
            witness.cosign(AddCheckpoint.read(second), MONDAY)
    with opened_folder(home / "another", "") as witness:
        witness.trust(key)
        witness.cosign(AddCheckpoint(0, (), note_in((home / "checkpoint.txt").read_text())), MONDAY)
        signed = witness.cosign(AddCheckpoint.read(second), MONDAY)
        assert valid_signature(AddCheckpoint.read(second).note.with_signatures([signed]), witness.verifier)
    assert "There is no checkpoint 3 of this record" in run("prove", "--since", "RIV", "3", ends=1).stderr
    run("prove", "RIV-1", "--since", "RIV", "0", ends=2)


def test_another_key_is_refused_by_server_and_clock(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_LOG_KEY", TWO)
    for command in (("clock", "--once"), ("serve",)):
        assert "is signed with another key" in run(*command, ends=1).stderr


def test_a_lost_key_is_not_made_anew(home: Path) -> None:
    (home / "log.key").unlink()
    assert "is not here. Put the one back" in run("clock", "--once", ends=1).stderr
    assert not (home / "log.key").exists()


def _words(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
