"""A log goes on under another key or another name: what signs each checkpoint, and the note by which one follows."""

import pytest

from tracker.records.proofs.signing import SigningKey, valid_signature
from tracker.rules.proofs.notes import SignatureType, SignedNote, WrongNote
from tracker.rules.proofs.succession import KeyChange, LogName, Succession

OLD, NEW = SigningKey(b"o" * 32), SigningKey(b"n" * 32)
CHANGE = KeyChange(7, OLD.verifier("log"), NEW.verifier("log"))


def test_a_change_is_a_note_that_both_keys_sign_and_reads_as_it_was_written() -> None:
    note = SignedNote(CHANGE.text, tuple(key.sign("log", CHANGE.text) for key in (OLD, NEW)))
    again = SignedNote.read(str(note))
    assert KeyChange.read(again) == CHANGE
    assert valid_signature(again, CHANGE.old)
    assert valid_signature(again, CHANGE.new)


@pytest.mark.parametrize(
    "text",
    [
        CHANGE.text.replace("log-key@v1", "log-key@v2"),
        CHANGE.text.replace("\nlog\n", "\nanother\n"),
        CHANGE.text.replace("\n7\n", "\n07\n"),
        CHANGE.text + "more\n",
    ],
)
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(WrongNote):
        KeyChange.read(SignedNote(text, ()))


def test_each_checkpoint_has_the_key_and_the_name_that_were_in_force_then() -> None:
    names = (LogName("first", 4), LogName("second"))
    log = Succession(names, ((2, b"a" * 32), (6, b"b" * 32)), b"c" * 32)
    found = [(log.key_at(size).name, log.key_at(size).public[:1]) for size in range(1, 9)]
    assert found == [
        ("first", b"a"), ("first", b"a"), ("first", b"b"), ("first", b"b"),
        ("second", b"b"), ("second", b"b"), ("second", b"c"), ("second", b"c"),
    ]  # fmt: skip
    assert [each.public[:1] for each in log.keys_of("first")] == [b"a", b"b", b"c"]
    assert {each.type for each in log.keys_of("first")} == {SignatureType.ED25519}
