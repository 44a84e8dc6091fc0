"""Signed notes, checkpoints and proofs: what the specifications print holds, and nothing else is taken."""

from pathlib import Path

import pytest

from tracker.records.proofs.signing import SigningKey, valid_signature
from tracker.rules.proofs.checkpoints import TlogProof, TreeHead, cosigned_text, note_in, stamp_of
from tracker.rules.proofs.notes import (
    LONGEST_NOTE,
    NoteSignature,
    SignatureType,
    SignedNote,
    VerifierKey,
    WrongNote,
    base64_bytes,
)

PRINTED = Path(__file__).parent / "printed"  # the examples of the specifications, byte for byte
POEM = (PRINTED / "note.txt").read_text(encoding="utf-8")
COSIGNED = (PRINTED / "cosigned.txt").read_text(encoding="utf-8")
PROOF = (
    """c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

"""
    + COSIGNED
)
# The key and note in the documentation of the format's first implementation.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANNS_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NEUMANNS_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


@pytest.mark.parametrize("written", [POEM, COSIGNED, NEUMANNS_NOTE])
def test_a_printed_note_is_read_and_written_as_it_stands(written: str) -> None:
    assert str(SignedNote.read(written)) == written


def test_a_note_is_parted_by_its_last_empty_line() -> None:
    note = SignedNote.read(POEM)
    assert note.text.endswith("\n\ned è subito sera.\n")
    assert [each.name for each in note.signatures] == ["quasimodo.example/salvatore"]


def test_the_documented_key_checks_the_documented_note() -> None:
    note, key = SignedNote.read(NEUMANNS_NOTE), VerifierKey.read(NEUMANN)
    assert str(key) == NEUMANN
    assert valid_signature(note, key) == note.signatures[0]
    assert valid_signature(SignedNote(note.text.replace("is", "was"), note.signatures), key) is None


def test_the_documented_private_key_signs_the_documented_note() -> None:
    kept = base64_bytes(NEUMANNS_SEED) or b""
    key, note = SigningKey(kept[1:]), SignedNote.read(NEUMANNS_NOTE)
    assert str(key.verifier("PeterNeumann")) == NEUMANN
    assert key.sign("PeterNeumann", note.text) == note.signatures[0]


def test_a_printed_checkpoint_says_its_log_its_size_and_its_root() -> None:
    head = TreeHead.read(SignedNote.read(COSIGNED).text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.text == SignedNote.read(COSIGNED).text


@pytest.mark.parametrize("before", ["", "> ", "   ", "\t> "])
def test_a_checkpoint_is_found_in_a_letter_however_it_is_quoted(before: str) -> None:
    quoted = "".join(f"{before}{line}\r\n" for line in COSIGNED.splitlines())
    assert str(note_in(f"Dear Alex,\n\n1\n{quoted}\nYours\n")) == COSIGNED


@pytest.mark.parametrize("text", ["", "Dear Alex,\n", "log\n1\nroot\n", COSIGNED.partition("\n\n")[0]])
def test_a_text_without_a_signed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(WrongNote):
        note_in(text)


def test_a_printed_cosignature_says_when_it_was_made() -> None:
    at, _ = stamp_of(SignedNote.read(COSIGNED).signatures[1].bytes)
    assert cosigned_text(SignedNote.read(COSIGNED).text, at) == (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_a_printed_proof_is_read_and_written_as_it_stands() -> None:
    proof = TlogProof.read(PROOF)
    assert str(proof) == PROOF
    assert (proof.index, len(proof.path), len(proof.extra)) == (73894, 5, 39)
    assert str(TlogProof(0, (), SignedNote.read(COSIGNED))) == f"c2sp.org/tlog-proof@v1\nindex 0\n\n{COSIGNED}"
    assert TlogProof.read(f"c2sp.org/tlog-proof@v1\nindex 0\n\n{COSIGNED}").extra == b""


def test_the_id_of_a_key_depends_on_its_name_and_on_how_it_signs() -> None:
    key = SigningKey(bytes(32))
    ids = {key.verifier(name, kind).id for name in ("example.org/a", "example.org/b") for kind in SignatureType}
    assert len(ids) == 4


def test_a_signature_stands_once_below_a_note() -> None:
    note = SignedNote.read(COSIGNED)
    assert note.with_signatures(note.signatures) == note


WRONG_NOTES = {
    "no signature": "text\n\n",
    "no empty line": "text\n— example.org/a AAAAAAA=\n",
    "no end of line": POEM[:-1],
    "a hyphen": POEM.replace("—", "-"),
    "a control character": POEM.replace("sera", "se\tra"),
    "base64 with an end of its own": POEM.replace("NtIc=", "NtId="),
    "a signature of nothing": "text\n\n— example.org/a AAAAAA==\n",
    "a plus in a name": "text\n\n— example.org+a AAAAAAA=\n",
    "no name": "text\n\n— AAAAAAA=\n",
    "an empty line below": f"{POEM}\n",
    "101 signatures": "text\n\n" + "— example.org/a AAAAAAA=\n" * 101,
    "too long": "text" * LONGEST_NOTE + POEM,
}
HASH = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
WRONG_HEADS = (
    "log\n1\n",
    f"\n1\n{HASH}\n",
    "log\n01\nCsUY\n",
    "log\n1\nCsUY\n",
    "log\n-1\n",
)
WRONG_PROOFS = {
    "another first line": PROOF.replace("@v1", "@v2"),
    "no index": "\n".join(PROOF.split("\n")[:2]) + f"\n\n{COSIGNED}",
    "an index that begins with nought": PROOF.replace("index 7", "index 07"),
    "half a hash": PROOF.replace("gSKyXoYZUgZ6", "gSKy"),
    "no checkpoint": PROOF.split("\n\n")[0],
    "too many steps": PROOF.replace(
        "index 73894\n", "index 73894\n" + "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n" * 60
    ),
}
WRONG_KEYS = (
    "",
    "PeterNeumann",
    NEUMANN.replace("c74f20a3", "c74f20a4"),
    NEUMANN.replace("ARpc", "AxpC"),
    NEUMANN.replace("Peter", "Peter Paul "),
    NEUMANN[:-4],
)


@pytest.mark.parametrize("written", WRONG_NOTES.values(), ids=WRONG_NOTES)
def test_what_is_no_note_is_refused(written: str) -> None:
    with pytest.raises(WrongNote):
        SignedNote.read(written)


@pytest.mark.parametrize("text", WRONG_HEADS)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(WrongNote):
        TreeHead.read(text)


@pytest.mark.parametrize("written", WRONG_PROOFS.values(), ids=WRONG_PROOFS)
def test_what_is_no_proof_is_refused(written: str) -> None:
    with pytest.raises(WrongNote):
        TlogProof.read(written)


@pytest.mark.parametrize("text", WRONG_KEYS)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(WrongNote):
        VerifierKey.read(text)


def test_a_signature_of_an_unknown_key_is_passed_over() -> None:
    note = SignedNote.read(NEUMANNS_NOTE)
    stranger = NoteSignature("PeterNeumann", b"\0\0\0\0", bytes(64))
    assert valid_signature(note.with_signatures([stranger]), VerifierKey.read(NEUMANN)) == note.signatures[0]
    assert valid_signature(SignedNote(note.text, (stranger,)), VerifierKey.read(NEUMANN)) is None
