"""Another implementation of the specifications, `tlog-scales`, takes our checkpoints, proofs and cosignatures."""

from datetime import UTC, datetime

import pytest
from tlog_scales.signing import Ed25519CosignatureVerifier, PlainEd25519Signer, Vkey, VkeySet
from tlog_scales.tlog import Checkpoint, ConsistencyProof, InclusionProof

from tracker.records.proofs.signing import SigningKey, valid_signature
from tracker.rules.proofs.checkpoints import TlogProof, TreeHead
from tracker.rules.proofs.merkle import consistency_path, inclusion_path, leaf_hash, root_of
from tracker.rules.proofs.notes import SignatureType, SignedNote, VerifierKey

ORIGIN, WITNESS = "partnership-tracker/9d0f", "council.example/witness"
LOG_KEY, WITNESS_KEY = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))
NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)
LEAVES = [leaf_hash(str(each).encode()) for each in range(21)]


def checkpoint(size: int = len(LEAVES)) -> SignedNote:
    head = TreeHead(ORIGIN, size, root_of(LEAVES[:size]))
    return SignedNote(head.text, (LOG_KEY.sign(ORIGIN, head.text), WITNESS_KEY.cosign(WITNESS, head.text, NOW)))


def test_a_checkpoint_and_its_cosignature_hold_for_others() -> None:
    theirs = Checkpoint.from_text(str(checkpoint()))
    log = Vkey.from_string(str(LOG_KEY.verifier(ORIGIN)))
    witness = Vkey.from_string(str(WITNESS_KEY.verifier(WITNESS, SignatureType.COSIGNATURE)))
    assert {key.name for key, _ in VkeySet(log, witness).verify(theirs.signatures, theirs)} == {ORIGIN, WITNESS}
    assert Ed25519CosignatureVerifier.get_timestamp(theirs.signatures[1].payload) == NOW.timestamp()
    assert theirs.serialize() == str(checkpoint())


def test_a_checkpoint_of_others_holds_here() -> None:
    signer = PlainEd25519Signer(ORIGIN, LOG_KEY.seed)
    theirs = Checkpoint.make_signed(ORIGIN, 21, root_of(LEAVES), [signer]).serialize()
    key = signer.vkey.serialize()  # type: ignore[no-untyped-call]
    assert valid_signature(SignedNote.read(theirs), VerifierKey.read(key))
    assert SignedNote.read(theirs).signatures[0] == checkpoint().signatures[0]


def test_a_cosignature_under_another_text_holds_for_nobody() -> None:
    note = checkpoint()
    forged = SignedNote(checkpoint(20).text, note.signatures)
    theirs = Checkpoint.from_text(str(forged))
    key = WITNESS_KEY.verifier(WITNESS, SignatureType.COSIGNATURE)
    assert VkeySet(Vkey.from_string(str(key))).verify(theirs.signatures, theirs) == set()
    assert valid_signature(forged, key) is None


@pytest.mark.parametrize("index", range(len(LEAVES)))
def test_a_proof_of_a_leaf_holds_for_others(index: int) -> None:
    proof = TlogProof.read(str(TlogProof(index, inclusion_path(LEAVES, index), checkpoint())))
    theirs = Checkpoint.from_text(str(proof.checkpoint))
    InclusionProof(proof.index, theirs.size, list(proof.path)).check(LEAVES[index], theirs.root_hash)


@pytest.mark.parametrize("old_size", range(1, len(LEAVES)))
def test_a_proof_of_what_was_added_holds_for_others(old_size: int) -> None:
    path = list(consistency_path(LEAVES, old_size))
    ConsistencyProof(old_size, len(LEAVES), path).check(root_of(LEAVES[:old_size]), root_of(LEAVES))
