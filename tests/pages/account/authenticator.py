"""A device with a passkey, in software: it makes one and signs as WebAuthn has it, and lies where a test wants that."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40  # flags of authenticator data
EDDSA, OKP, ED25519 = -8, 1, 6  # COSE


class Device:
    """One passkey. `origin`: where its browser is; `asks`: it asks its person (a finger, a PIN) each time."""

    def __init__(self, origin: str, *, asks: bool = True) -> None:
        self.origin, self.host = origin, origin.partition("://")[2].partition(":")[0]
        self.id, self.count = token_bytes(16), 0
        self._key, self._asks = Ed25519PrivateKey.generate(), asks

    def make(self, challenge: str) -> str:
        """What its browser answers that was to make one."""
        public = self._key.public_key().public_bytes_raw()
        cose = cbor2.dumps({1: OKP, 3: EDDSA, -1: ED25519, -2: public})
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cose
        object_ = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        said = {"clientDataJSON": self._client("webauthn.create", challenge), "attestationObject": cbor2.dumps(object_)}
        return self._answer(said)

    def sign(self, challenge: str) -> str:
        """What its browser answers that was to sign in with it."""
        self.count += 1
        data, client = self._data(), self._client("webauthn.get", challenge)
        signature = self._key.sign(data + sha256(client).digest())
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self._asks else 0) | more
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, said: dict[str, bytes]) -> str:
        response = {name: _text(value) for name, value in said.items()}
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response})


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
