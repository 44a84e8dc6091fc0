"""Signing notes with Ed25519, by `cryptography`, and checking what others signed."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tracker.rules.proofs.checkpoints import cosigned_text, stamp_of, stamped
from tracker.rules.proofs.notes import NoteSignature, SignatureType, SignedNote, VerifierKey, WrongNote
from tracker.rules.proofs.succession import KeyChange


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A private key, of 32 bytes; its name is of the log or of the witness that signs with it."""

    seed: bytes

    @property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def verifier(self, name: str, kind: SignatureType = SignatureType.ED25519) -> VerifierKey:
        """What others check its signatures with."""
        return VerifierKey(name, kind, self.public)

    def sign(self, name: str, text: str) -> NoteSignature:
        return NoteSignature(name, self.verifier(name).id, self._private.sign(text.encode()))

    def cosign(self, name: str, text: str, now: datetime) -> NoteSignature:
        """That the checkpoint of this text extends all that was seen of its log."""
        at, key = int(now.timestamp()), self.verifier(name, SignatureType.COSIGNATURE)
        signature = self._private.sign(cosigned_text(text, at).encode())
        return NoteSignature(name, key.id, stamped(at, signature))

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def valid_signature(note: SignedNote, key: VerifierKey) -> NoteSignature | None:
    """The line of a note by which this key signed it; None where there is none, or one that does not hold."""
    return next((each for each in note.by(key) if _holds(note.text, each.bytes, key)), None)


def key_change_in(note: str) -> KeyChange:
    """From one key of a log to the next, as both signed it. Refuses with WrongNote."""
    signed = SignedNote.read(note)
    change = KeyChange.read(signed)
    if not (valid_signature(signed, change.old) and valid_signature(signed, change.new)):
        raise WrongNote("The key before it and this one did not both sign it.")
    return change


def _holds(text: str, signature: bytes, key: VerifierKey) -> bool:
    if key.type is SignatureType.COSIGNATURE:
        at, signature = stamp_of(signature)
        text = cosigned_text(text, at)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
