"""A witness cosigns only what extends the last it saw."""

from pathlib import Path

import pytest

from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.merkle import consistency_path, leaf_hash, root_of
from tracker.rules.proofs.notes import NoteSignature, SignedNote, WrongNote
from tracker.rules.proofs.witnessing import AddCheckpoint, NotCosigned, SeenTree

PRINTED = (Path(__file__).parent / "printed" / "request.txt").read_text(encoding="utf-8")
HASH = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw="
OURS = [leaf_hash(f"ours {each}".encode()) for each in range(9)]
THEIRS = [*OURS[:3], *(leaf_hash(f"theirs {each}".encode()) for each in range(6))]


def asked(leaves: list[bytes], old_size: int, size: int, path: tuple[bytes, ...] | None = None) -> AddCheckpoint:
    head = TreeHead("log", size, root_of(leaves[:size]))
    proof = consistency_path(leaves[:size], old_size) if path is None else path
    return AddCheckpoint(old_size, proof, SignedNote(head.text, (NoteSignature("log", b"1234", bytes(64)),)))


def seen(size: int) -> SeenTree:
    return SeenTree(size, root_of(OURS[:size]))


def test_the_printed_request_is_read_and_written_as_it_stands() -> None:
    request = AddCheckpoint.read(PRINTED)
    assert str(request) == PRINTED
    assert (request.old_size, len(request.path), TreeHead.read(request.note.text).size) == (20852014, 4, 20852163)


@pytest.mark.parametrize("old_size, size", [(0, 0), (0, 1), (0, 9), (3, 3), (3, 4), (4, 9), (8, 9)])
def test_what_extends_what_was_seen_is_seen_from_then_on(old_size: int, size: int) -> None:
    request = AddCheckpoint.read(str(asked(OURS, old_size, size)))
    assert request.require_extends(seen(old_size)).root == root_of(OURS[:size])


@pytest.mark.parametrize(
    "request_made, status",
    [
        (asked(OURS, 5, 4, ()), 400),  # smaller than it says it was
        (asked(OURS, 3, 9), 409),  # of another size than was seen
        (asked(THEIRS, 4, 4), 409),  # another tree of the size that was seen
        (asked(THEIRS, 4, 9), 422),  # another history
        (asked(OURS, 4, 9, ()), 422),  # not shown
        (asked(OURS, 4, 9, consistency_path(OURS, 3)), 422),
    ],
)
def test_what_does_not_is_not_cosigned(request_made: AddCheckpoint, status: int) -> None:
    with pytest.raises(NotCosigned) as refusal:
        request_made.require_extends(seen(4))
    assert refusal.value.status == status
    assert (refusal.value.size is not None) == (status == 409)


@pytest.mark.parametrize(
    "written",
    [
        PRINTED.replace("old 2", "old 02"),
        PRINTED.replace("old ", "new "),
        PRINTED.replace("PlRNCrwH", "PlRN"),
        PRINTED.split("\n\n")[0],
        "old 1\n" + f"{HASH}\n" * 64 + "\n" + PRINTED.partition("\n\n")[2],
    ],
)
def test_what_is_no_request_is_refused(written: str) -> None:
    with pytest.raises(WrongNote):
        AddCheckpoint.read(written)
