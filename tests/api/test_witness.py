"""A witness cosigns only what extends the last it saw, for whoever asks, and nobody can make it forget or wait."""

import http.client
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.api import witness_server
from tracker.api.witness_folder import WitnessFolder, opened_folder
from tracker.api.witness_server import LARGEST, WitnessServer
from tracker.records.proofs.signing import SigningKey, valid_signature
from tracker.rules.proofs.checkpoints import TreeHead, cosigned_at
from tracker.rules.proofs.merkle import consistency_path, leaf_hash, root_of
from tracker.rules.proofs.notes import NoteSignature, SignatureType, SignedNote, WrongNote
from tracker.rules.proofs.witnessing import SIZE_TYPE, AddCheckpoint, NotCosigned
from tracker.rules.refusals import Refused

ORIGIN = "partnership-tracker/9d0f"
LOG, ANOTHER = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))
NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)
OURS = [leaf_hash(f"ours {each}".encode()) for each in range(9)]
THEIRS = [*OURS[:3], *(leaf_hash(f"theirs {each}".encode()) for each in range(6))]


def asked(
    old_size: int, size: int, leaves: list[bytes] = OURS, key: SigningKey = LOG, origin: str = ORIGIN
) -> AddCheckpoint:
    head = TreeHead(origin, size, root_of(leaves[:size]))
    note = SignedNote(head.text, (key.sign(origin, head.text),))
    return AddCheckpoint(old_size, consistency_path(leaves[:size], old_size), note)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[WitnessFolder]:
    with opened_folder(tmp_path / "witness", "council.example/witness") as opened:
        opened.trust(LOG.verifier(ORIGIN))
        yield opened


@pytest.fixture
def server(folder: WitnessFolder) -> Iterator[WitnessServer]:
    with WitnessServer(folder, "127.0.0.1", 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


def post(server: WitnessServer, body: str | bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
    call = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    call.request("POST", path, body.encode() if isinstance(body, str) else body)
    answer = call.getresponse()
    said = answer.status, answer.read().decode(), answer.headers["Content-Type"]
    call.close()
    return said


def test_it_cosigns_what_extends_what_it_saw(server: WitnessServer) -> None:
    verifier = server.folder.verifier
    assert (verifier.name, verifier.type) == ("council.example/witness", SignatureType.COSIGNATURE)
    for old_size, size in ((0, 3), (3, 3), (3, 9)):
        request = asked(old_size, size)
        status, line, _ = post(server, str(request))
        cosigned = request.note.with_signatures([NoteSignature.read(line.removesuffix("\n"))])
        assert status == 200
        assert valid_signature(cosigned, verifier) == cosigned.signatures[-1]
        assert abs((cosigned_at(cosigned.signatures[-1]) - datetime.now(UTC)).total_seconds()) < 600


def test_it_says_how_far_it_has_seen(server: WitnessServer) -> None:
    post(server, str(asked(0, 4)))
    assert post(server, str(asked(0, 9))) == (409, "4\n", SIZE_TYPE)


@pytest.mark.parametrize(
    "request_made, status",
    [
        pytest.param(asked(4, 9, THEIRS), 422, id="another history"),
        pytest.param(asked(4, 4, THEIRS), 409, id="another tree of the same size"),
        pytest.param(asked(4, 9, key=ANOTHER), 403, id="another key"),
        pytest.param(asked(4, 9, origin="another/log"), 404, id="another log"),
    ],
)
def test_it_does_not_cosign_anything_else(server: WitnessServer, request_made: AddCheckpoint, status: int) -> None:
    post(server, str(asked(0, 4)))
    assert post(server, str(request_made))[0] == status
    assert post(server, str(asked(4, 9)))[0] == 200


@pytest.mark.parametrize("body", ["", "old 1\n", b"\xff\xfe", "old 0\n\nlog\n1\nroot\n\n— log AAAAAAA=\n"])
def test_what_is_no_request_is_a_bad_one(server: WitnessServer, body: str | bytes) -> None:
    assert post(server, body)[0] == 400


def test_there_is_nothing_else_at_its_address(server: WitnessServer) -> None:
    assert post(server, str(asked(0, 3)), "/")[0] == 404
    call = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    call.request("GET", "/add-checkpoint")
    assert call.getresponse().status == 501


def test_a_large_request_is_not_read(server: WitnessServer) -> None:
    with socket.create_connection(server.server_address[:2]) as call:  # type: ignore[arg-type]
        call.sendall(f"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: {LARGEST + 1}\r\n\r\n".encode())
        assert call.makefile("rb").read().startswith(b"HTTP/1.1 413")


def test_a_request_without_a_length_is_not_read(server: WitnessServer) -> None:
    with socket.create_connection(server.server_address[:2]) as call:  # type: ignore[arg-type]
        call.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert call.makefile("rb").read().startswith(b"HTTP/1.1 411")


def test_who_says_nothing_is_hung_up_on(server: WitnessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_server, "LONGEST_CALL", 0.2)
    with socket.create_connection(server.server_address[:2]) as call:  # type: ignore[arg-type]
        call.sendall(b"POST /add-checkpoint HTTP/1.1\r\n")
        assert call.recv(1) == b""


def test_who_comes_when_too_many_are_there_is_hung_up_on(folder: WitnessFolder) -> None:
    with WitnessServer(folder, "127.0.0.1", 0) as serving:
        while serving._free.acquire(blocking=False):
            pass
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        with socket.create_connection(serving.server_address[:2]) as call:  # type: ignore[arg-type]
            assert call.recv(1) == b""
        serving.shutdown()


def test_it_remembers_when_it_is_started_again(tmp_path: Path) -> None:
    with opened_folder(tmp_path, "council.example/witness") as first:
        first.trust(LOG.verifier(ORIGIN))
        first.cosign(asked(0, 9), NOW)
    with opened_folder(tmp_path, "another/name") as again:
        assert again.verifier == first.verifier
        with pytest.raises(NotCosigned) as refusal:
            again.cosign(asked(0, 9, THEIRS), NOW)
    assert refusal.value.size == 9


def test_of_two_histories_shown_at_the_same_time_it_cosigns_one(folder: WitnessFolder) -> None:
    folder.cosign(asked(0, 3), NOW)

    def try_one(request: AddCheckpoint) -> int:
        try:
            folder.cosign(request, NOW)
        except NotCosigned as refusal:
            return refusal.status
        return 200

    with ThreadPoolExecutor(8) as trying:
        ended = list(trying.map(try_one, [asked(3, 9, OURS), asked(3, 9, THEIRS)] * 10))
    assert sorted(ended) == [200] + [409] * 19


def test_two_witnesses_that_were_shown_two_histories_prove_it(tmp_path: Path) -> None:
    """Neither signature extends the other's: whoever holds both sees that there are two."""
    with opened_folder(tmp_path / "a", "a/w") as mine, opened_folder(tmp_path / "b", "b/w") as other:
        for witness, leaves in ((mine, OURS), (other, THEIRS)):
            witness.trust(LOG.verifier(ORIGIN))
            witness.cosign(asked(0, 6, leaves), NOW)
        for witness, leaves in ((mine, THEIRS), (other, OURS)):
            with pytest.raises(NotCosigned):
                witness.cosign(asked(6, 9, leaves), NOW)


def test_one_process_at_a_time_cosigns_from_a_folder(tmp_path: Path) -> None:
    with (
        opened_folder(tmp_path, "council.example/witness"),
        pytest.raises(Refused, match="Another witness"),
        opened_folder(tmp_path, ""),
    ):
        pass


def test_its_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    with opened_folder(tmp_path, "") as opened:
        assert opened.verifier.name.startswith("partnership-tracker/witness/")
    assert (tmp_path / "witness.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "witness.key").write_text("council.example/witness AAAA\n")
    with pytest.raises(Refused, match="Put the one back"), opened_folder(tmp_path, ""):
        pass


@pytest.mark.parametrize("name", ["two words", "a+b"])
def test_a_name_that_cannot_stand_in_a_note_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="neither spaces"), opened_folder(tmp_path, name):
        pass


def test_it_trusts_logs_and_no_witnesses(folder: WitnessFolder) -> None:
    folder.trust(LOG.verifier(ORIGIN))
    assert folder.logs == (LOG.verifier(ORIGIN),)
    with pytest.raises(WrongNote, match="not of a log"):
        folder.trust(folder.verifier)


def test_after_its_log_has_a_new_key_it_takes_either(folder: WitnessFolder) -> None:
    folder.cosign(asked(0, 3), NOW)
    folder.trust(ANOTHER.verifier(ORIGIN))
    folder.cosign(asked(3, 6, key=ANOTHER), NOW)
    folder.cosign(asked(6, 9), NOW)
