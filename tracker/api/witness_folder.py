"""The folder of a witness: its key, the logs that it trusts, and of each the last checkpoint that it cosigned."""

import fcntl
import os
import secrets
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tracker.records.proofs.signing import SigningKey, valid_signature
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.notes import NoteSignature, SignatureType, SignedNote, VerifierKey, WrongNote, is_key_name
from tracker.rules.proofs.witnessing import AddCheckpoint, NotCosigned, SeenTree
from tracker.rules.refusals import Refused
from tracker.settings.secret_file import make_private_file

_KEY_BYTES = 32


class WitnessFolder:
    """One process at a time cosigns from a folder: `opened_folder` makes sure of it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._name, self._key = _kept_key(home / "witness.key")
        self._turn = threading.Lock()

    @property
    def verifier(self) -> VerifierKey:
        """What others check its cosignatures with."""
        return self._key.verifier(self._name, SignatureType.COSIGNATURE)

    @property
    def logs(self) -> tuple[VerifierKey, ...]:
        """The keys of the logs that it trusts, read anew each time: one a line of the file `logs`."""
        file = self._home / "logs"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return tuple(VerifierKey.read(line) for line in lines if line.strip() and not line.startswith("#"))

    def trust(self, key: VerifierKey) -> None:
        """From now on the log of this key, too. Refuses with WrongNote what is no log's key."""
        if key.type is not SignatureType.ED25519:
            raise WrongNote("This is the key of a witness, not of a log.")
        if key not in self.logs:
            with (self._home / "logs").open("a", encoding="utf-8") as file:
                file.write(f"{key}\n")

    def cosign(self, request: AddCheckpoint, now: datetime) -> NoteSignature:
        """What is cosigned is kept before anybody is told. Refuses with NotCosigned."""
        head = TreeHead.read(request.note.text)
        trusted = [key for key in self.logs if key.name == head.origin]
        if not trusted:
            raise NotCosigned(404, "This witness does not know the log.")
        if not any(valid_signature(request.note, key) for key in trusted):
            raise NotCosigned(403, "No key that this witness trusts signed the checkpoint.")
        with self._turn:
            request.require_extends(self._seen(head.origin))
            self._keep(head.origin, request.note)
        return self._key.cosign(self._name, request.note.text, now)

    def _seen(self, origin: str) -> SeenTree:
        file = self._file(origin)
        if not file.exists():
            return SeenTree()
        head = TreeHead.read(SignedNote.read(file.read_text(encoding="utf-8")).text)
        return SeenTree(head.size, head.root)

    def _keep(self, origin: str, note: SignedNote) -> None:
        file = self._file(origin)
        draft = file.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as written:
            written.write(str(note))
            written.flush()
            os.fsync(written.fileno())
        draft.replace(file)
        _sync_folder(self._home)

    def _file(self, origin: str) -> Path:
        return self._home / f"{sha256(origin.encode()).hexdigest()}.checkpoint"


@contextmanager
def opened_folder(home: Path, name: str) -> Iterator[WitnessFolder]:
    """The folder, made where it is not there, with a new key of this name. Refuses where another witness is at it."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "witness.key").exists():
        _make_key(home / "witness.key", name or f"partnership-tracker/witness/{secrets.token_hex(8)}")
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"Another witness is at work in {home}: two would cosign two histories.") from None
        yield WitnessFolder(home)


def _make_key(file: Path, name: str) -> None:
    if not is_key_name(name):
        raise Refused("The name of a witness has neither spaces nor “+”, as in council.example/witness.")
    make_private_file(file, f"{name} {b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}\n")


def _kept_key(file: Path) -> tuple[str, SigningKey]:
    name, _, encoded = file.read_text(encoding="utf-8").strip().partition(" ")
    seed = b64decode(encoded)
    if len(seed) != _KEY_BYTES:
        raise Refused(f"{file} holds no key of a witness. Put the one back that was there.")
    return name, SigningKey(seed)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
