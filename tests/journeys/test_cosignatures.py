"""Who may name a witness, which cosignatures are taken in, and what `tracker verify` says of them."""

import json
from pathlib import Path

import pytest
from sqlmodel import Session, select

from tests.commands.running import run
from tests.journeys.witnesses import HERE, checkpoint_of, sizes
from tests.makers import MONDAY, Cast
from tests.queries.proofs.record import KEY, begin_with_checkpoints, verify_all
from tracker.actions.proving.own_witness import accept_cosignature, end_witness, name_witness
from tracker.database import Database
from tracker.queries.proofs.cosignatures import last_seen, verify_cosignatures
from tracker.queries.proofs.links import RecordMisfit
from tracker.records.event import Event
from tracker.records.proofs.signing import SigningKey
from tracker.records.proofs.witness import Cosignature, Witness
from tracker.rules.events.proving import WitnessNamed, WitnessRetired
from tracker.rules.proofs.checkpoints import TreeHead, stamped
from tracker.rules.proofs.notes import NoteSignature, SignatureType, SignedNote, WrongNote
from tracker.rules.refusals import MoveNotAllowed, NotThere, WrongInput

OURS, THEIRS = SigningKey(b"o" * 32), SigningKey(b"t" * 32)
NAME = "council.example/witness"
VERIFIER = str(OURS.verifier(NAME, SignatureType.COSIGNATURE))


@pytest.fixture
def record(db: Database, cast: Cast) -> Cast:
    """With two checkpoints, and a witness of the council that cosigns by itself."""
    with db.write() as session:
        begin_with_checkpoints(session, cast, 2)
        named(session, cast, "chris", VERIFIER)
    return cast


def named(session: Session, cast: Cast, lead: str, verifier: str, address: str = "") -> Witness:
    return name_witness(
        session, cast.partnership.id, cast.actor(lead), verifier=verifier, address=address, may_call=HERE, now=MONDAY
    )


def cosigned(session: Session, cast: Cast, size: int, key: SigningKey = OURS) -> SignedNote:
    note = SignedNote.read(checkpoint_of(session, cast, size).note)
    return note.with_signatures([key.cosign(NAME, note.text, MONDAY)])


def accepted(session: Session, cast: Cast, note: SignedNote, organisation: str = "council") -> int:
    return accept_cosignature(session, cast.partnership.id, cast.organisations[organisation].id, str(note))


def test_one_that_its_organisation_brings_is_kept_once_and_a_later_one_too(db: Database, record: Cast) -> None:
    with db.write() as session:
        assert accepted(session, record, cosigned(session, record, 2)) == 2
        assert accepted(session, record, cosigned(session, record, 1)) == 1
        assert accepted(session, record, cosigned(session, record, 2)) == 2
        assert len(session.exec(select(Cosignature)).all()) == 2
        assert sizes(session, record) == {"acute": 0, "council": 2, "community": 0}
        verify_all(session, record)
        verify_cosignatures(session, record.partnership.id)


def test_one_by_another_key_is_refused_and_so_is_one_of_another_tree(db: Database, record: Cast) -> None:
    with db.write() as session:
        head = TreeHead.read(checkpoint_of(session, record, 2).note.partition("\n\n")[0] + "\n")
        other = TreeHead(head.origin, 2, bytes(32)).text
        with pytest.raises(WrongNote, match="has not cosigned"):
            accepted(session, record, cosigned(session, record, 2, THEIRS))
        with pytest.raises(NotThere, match="no such checkpoint 2"):
            accepted(session, record, SignedNote(other, (OURS.cosign(NAME, other, MONDAY),)))
        with pytest.raises(WrongNote):
            accept_cosignature(session, record.partnership.id, record.council.id, "nonsense")
        assert not session.exec(select(Cosignature)).all()


def test_without_a_named_witness_nothing_is_taken_in(db: Database, record: Cast) -> None:
    with db.write() as session:
        with pytest.raises(MoveNotAllowed, match="No witness"):
            accepted(session, record, cosigned(session, record, 2), "acute")
        end_witness(session, record.partnership.id, record.actor("chris"), now=MONDAY)
        with pytest.raises(MoveNotAllowed, match="No witness"):
            accepted(session, record, cosigned(session, record, 2))


def test_a_cosignature_of_a_time_that_no_calendar_has_is_refused(db: Database, record: Cast) -> None:
    with db.write() as session:
        note = SignedNote.read(checkpoint_of(session, record, 2).note)
        at = 2**63
        made = OURS._private.sign(f"cosignature/v1\ntime {at}\n{note.text}".encode())
        line = NoteSignature(NAME, OURS.verifier(NAME, SignatureType.COSIGNATURE).id, stamped(at, made))
        with pytest.raises(WrongNote, match="no calendar"):
            accepted(session, record, note.with_signatures([line]))


@pytest.mark.parametrize(
    "verifier, why",
    [
        pytest.param("nonsense", "no verifier key", id="no key"),
        pytest.param(str(THEIRS.verifier("log")), "of a log", id="of a log"),
        pytest.param(VERIFIER, "another organisation's witness", id="another's"),
        pytest.param(str(KEY.verifier("w", SignatureType.COSIGNATURE)), "key of this server", id="the server's own"),
    ],
)
def test_what_is_no_witness_of_ones_own_is_refused(db: Database, record: Cast, verifier: str, why: str) -> None:
    with db.write() as session, pytest.raises(WrongInput, match=why):
        named(session, record, "alex", verifier)


def test_another_one_takes_its_place_and_what_was_cosigned_stays(db: Database, record: Cast) -> None:
    with db.write() as session:
        accepted(session, record, cosigned(session, record, 1))
        named(session, record, "chris", str(THEIRS.verifier("w", SignatureType.COSIGNATURE)), "http://127.0.0.1:9")
        council = next(each for each in last_seen(session, record.partnership.id) if each.key == "council")
        assert (council.size, council.witness and council.witness.address) == (1, "http://127.0.0.1:9")
        verify_cosignatures(session, record.partnership.id)
        end_witness(session, record.partnership.id, record.actor("chris"), now=MONDAY)
        kinds = [WitnessNamed.name, WitnessRetired.name]
        told = session.exec(select(Event.kind).where(Event.kind.in_(kinds)).order_by(Event.id)).all()  # type: ignore[attr-defined, arg-type]
        assert told == [WitnessNamed.name, WitnessNamed.name, WitnessRetired.name]


def test_what_stands_as_cosigned_and_is_not_is_found(db: Database, record: Cast) -> None:
    with db.write() as session:
        accepted(session, record, cosigned(session, record, 1))
        kept = session.exec(select(Cosignature)).one()
        kept.line = str(cosigned(session, record, 2).signatures[-1])
        session.flush()
        with pytest.raises(RecordMisfit, match="Checkpoint 1: what stands as cosigned for Riverside Council"):
            verify_cosignatures(session, record.partnership.id)


def test_verify_says_which_organisations_have_seen_the_last_checkpoint(
    db: Database, record: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", db.url.render_as_string())
    with db.write() as session:
        accepted(session, record, cosigned(session, record, 2))
    said = run("verify", "--partnership", "RIV").output
    assert "The last checkpoint was seen by council.\n" in said
    assert "Not seen by acute (last none) and community (last none).\n" in said
    told = json.loads(run("verify", "--partnership", "RIV", "--json").output)
    assert told["seen"] == {"acute": 0, "council": 2, "community": 0}
    assert str(cosigned_line(db)) in run("prove", "--since", "RIV", "0").output


def cosigned_line(db: Database) -> str:
    with db.read() as session:
        return session.exec(select(Cosignature.line)).one()
