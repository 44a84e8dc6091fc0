"""Signed notes as C2SP `signed-note` has them: a text, and below it a line for each key that signed it."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from tracker.rules.refusals import Refused

LONGEST_NOTE = 64_000  # characters: what a note may weigh before it is read
MOST_SIGNATURES = 100
_KEY_ID = 4  # bytes
_PUBLIC_KEY = 32  # bytes
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>\S+)")


class WrongNote(Refused):
    """A text that is no note, checkpoint or proof as the specifications have them."""


class SignatureType(IntEnum):
    """The byte by which a key says how it signs."""

    ED25519 = 0x01  # the text as it stands
    COSIGNATURE = 0x04  # a checkpoint that extends what was seen, with the time


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as it is handed out: `example.org/log+1a2b3c4d+AQ…`."""

    name: str
    type: SignatureType
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:_KEY_ID]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_text(bytes([self.type]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """Refuses with WrongNote what is no key, one whose id is not its own, and kinds that are not known here."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        known = base64_bytes(encoded) or b""
        kind = next((each for each in SignatureType if known[:1] == bytes([each])), None)
        if kind is None or len(known) != 1 + _PUBLIC_KEY or not is_key_name(name):
            raise WrongNote("This is no verifier key. One looks like: example.org/witness+1a2b3c4d+BGY3…")
        key = cls(name, kind, known[1:])
        if key.id.hex() != key_id:
            raise WrongNote("The verifier key is not whole: its middle part does not fit the rest.")
        return key


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line below a note. `bytes`: as its key made them, for cosignatures with the time before them."""

    name: str
    key_id: bytes
    bytes: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64_text(self.key_id + self.bytes)}"

    @classmethod
    def read(cls, line: str) -> "NoteSignature":
        found = _LINE.fullmatch(line)
        signature = base64_bytes(found["signature"]) if found else None
        if found is None or signature is None or len(signature) <= _KEY_ID:
            raise WrongNote(f"This is no line of a signature: “{line[:80]}”.")
        return cls(found["name"], signature[:_KEY_ID], signature[_KEY_ID:])

    def is_by(self, key: VerifierKey) -> bool:
        """Whether it says that this key made it; whether it did is for who can check signatures."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, which ends with its line, and who signed it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{each}\n" for each in self.signatures)

    def by(self, key: VerifierKey) -> Iterable[NoteSignature]:
        return (each for each in self.signatures if each.is_by(key))

    def with_signatures(self, signatures: Iterable[NoteSignature]) -> "SignedNote":
        """With these lines, too; what stands there stays once."""
        return SignedNote(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))

    @classmethod
    def read(cls, written: str) -> "SignedNote":
        """Refuses with WrongNote. The text is parted from the signatures by the last empty line."""
        text, parted, lines = written.rpartition("\n\n")
        if len(written) > LONGEST_NOTE or has_controls(written):
            raise WrongNote("A signed note is plain text of less than 64 kB.")
        if not (parted and lines.endswith("\n")):
            raise WrongNote("A signed note is a text, an empty line, and a line for each signature.")
        signatures = lines[:-1].split("\n")
        if len(signatures) > MOST_SIGNATURES:
            raise WrongNote(f"A note has at most {MOST_SIGNATURES} signatures.")
        return cls(f"{text}\n", tuple(NoteSignature.read(line) for line in signatures))


def is_key_name(name: str) -> bool:
    return bool(re.fullmatch(r"[^\s+]+", name))


def has_controls(text: str) -> bool:
    return any(character < " " and character != "\n" for character in text)


def base64_text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def base64_bytes(text: str) -> bytes | None:
    """None where it is not written in the one way of RFC 4648, section 4."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError):
        return None
    return data if base64_text(data) == text else None


def base64_hash(text: str) -> bytes:
    """A SHA-256 hash. Refuses with WrongNote."""
    data = base64_bytes(text)
    if data is None or len(data) != sha256().digest_size:
        raise WrongNote(f"This is no hash in base64: “{text[:80]}”.")
    return data


def whole_number(text: str) -> int:
    """As the specifications write sizes: digits without a leading zero. Refuses with WrongNote."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII):
        raise WrongNote(f"This is no size: “{text[:80]}”.")
    return int(text)
