"""Passkeys (WebAuthn Level 3): asked for, made, used, taken away.

The challenge is not kept: it says when and for which browser it was made and proves that it is ours, and is spent by
counting it.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session as Sitting
from sqlmodel import col, select
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential

from tracker.actions.people.belong import hold
from tracker.actions.throttle import TooOften, attempt
from tracker.actions.welcome import belonging
from tracker.queries.visitors import Visitor
from tracker.records.person import Person
from tracker.records.session import Passkey
from tracker.rules.refusals import FieldError, MayNot, NotThere, Refused, WrongInput

CHALLENGE_LIVES = timedelta(minutes=30)  # a page stands open for a while before somebody touches their key
MOST_PASSKEYS = 20
_NONCE, _STAMP, _PROOF = 16, 8, 16  # bytes
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class NotProven(Refused):
    """What a browser sent as its passkey's answer proves nothing. Why is for the log; the person reads one sentence,
    the same whether there is such a passkey."""

    def __init__(self, why: str) -> None:
        super().__init__("This passkey opens nothing here, or the page was open too long. Try again, or use a link.")
        self.why = why


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The site as passkeys know it, before one browser. `origin`: scheme, host and port; `browser`: what this browser
    alone brings along; `key`: 32 bytes of the server's."""

    origin: str
    host: str
    browser: str
    key: bytes

    def challenge(self, now: datetime) -> bytes:
        said = secrets.token_bytes(_NONCE) + int(now.timestamp()).to_bytes(_STAMP)
        return said + self._proof(said)

    def require(self, challenge: bytes, now: datetime) -> datetime:
        """When it was made. Refuses with NotProven one that is not ours, for another browser, or too old."""
        said, proof = challenge[:-_PROOF], challenge[-_PROOF:]
        if len(said) != _NONCE + _STAMP or not hmac.compare_digest(proof, self._proof(said)):
            raise NotProven("the challenge is not of this server and browser")
        made_at = datetime.fromtimestamp(int.from_bytes(said[_NONCE:]), UTC)
        if now >= made_at + CHALLENGE_LIVES:
            raise NotProven("the challenge is too old")
        return made_at

    def handle(self, person_id: int) -> bytes:
        """By which devices know an account: theirs alone, and nothing can be counted by it."""
        return hmac.digest(self.key, f"handle {person_id}".encode(), "sha256")

    def _proof(self, said: bytes) -> bytes:
        return hmac.digest(self.key, said + self.browser.encode(), "sha256")[:_PROOF]


def passkeys_of(sitting: Sitting, person_id: int) -> tuple[Passkey, ...]:
    """Theirs, the oldest first."""
    return tuple(sitting.exec(select(Passkey).where(Passkey.person_id == person_id).order_by(col(Passkey.id))))


def require_passkey_shown(sitting: Sitting, visitor: Visitor) -> None:
    """Before anything is changed by which somebody shows who they are: where an organisation asks for a second factor,
    who has a passkey shows that first. Else whoever reads their mail would make another. Refuses: MayNot."""
    if visitor.may_owe_second_factor and passkeys_of(sitting, visitor.person_id):
        raise MayNot(
            "You have a passkey: show it first, and then change what opens your account. "
            "Who lost theirs is let in anew by those who run the server."
        )


def add_passkey(
    sitting: Sitting, party: RelyingParty, person_id: int, *, name: str, answer: str, now: datetime
) -> Passkey:
    """One more of theirs. Refuses with NotProven, and with WrongInput beyond MOST_PASSKEYS."""
    hold(sitting, person_id)
    if len(passkeys_of(sitting, person_id)) >= MOST_PASSKEYS:
        raise WrongInput(FieldError("name", f"You have {MOST_PASSKEYS} already. Take one away first."))
    credential = _registration(answer)
    challenge = _spend(sitting, party, credential, now)
    try:
        proven = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except WebAuthnException as wrong:
        raise NotProven(str(wrong)) from wrong
    if sitting.exec(select(Passkey.id).where(Passkey.credential_id == proven.credential_id)).first() is not None:
        raise NotProven("there is this passkey already")
    made = Passkey(
        person_id=person_id,
        credential_id=proven.credential_id,
        public_key=proven.credential_public_key,
        sign_count=proven.sign_count,
        name=name,
        made_at=now,
    )
    sitting.add(made)
    return made


def use_passkey(sitting: Sitting, party: RelyingParty, *, answer: str, now: datetime) -> int:
    """The id of the person whose passkey it is. Refuses with NotProven, also where they belong nowhere any more."""
    credential = _authentication(answer)
    challenge = _spend(sitting, party, credential, now)
    found = select(Passkey).where(Passkey.credential_id == credential.raw_id).with_for_update()
    passkey = sitting.exec(found).one_or_none()
    if passkey is None:
        raise NotProven("there is no such passkey")
    try:
        proven = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as wrong:
        raise NotProven(str(wrong)) from wrong
    hold(sitting, passkey.person_id)
    if belonging(sitting, Person.id == passkey.person_id) is None:
        raise NotProven("its person belongs nowhere any more")
    passkey.sign_count, passkey.used_at = proven.new_sign_count, now
    sitting.add(passkey)
    return passkey.person_id


def remove_passkey(sitting: Sitting, person_id: int, number: int) -> str:
    """Takes one of theirs away, by its number; what it was called. NotThere where it is not theirs."""
    found = next((each for each in passkeys_of(sitting, person_id) if each.number == number), None)
    if found is None:
        raise NotThere("You have no such passkey any more.")
    sitting.delete(found)
    return found.name


def _spend(
    sitting: Sitting, party: RelyingParty, credential: AuthenticationCredential | RegistrationCredential, now: datetime
) -> bytes:
    """The challenge that was answered, which nobody answers a second time."""
    try:
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
    except _UNREADABLE as wrong:
        raise NotProven("what the browser says of itself cannot be read") from wrong
    made_at = party.require(challenge, now)
    try:
        attempt(sitting, "challenge", challenge.hex(), most=1, window=CHALLENGE_LIVES, now=made_at)
    except TooOften as twice:
        raise NotProven("the challenge was answered already") from twice
    return challenge


def _registration(answer: str) -> RegistrationCredential:
    try:
        return parse_registration_credential_json(answer)
    except _UNREADABLE as wrong:
        raise NotProven("the answer cannot be read") from wrong


def _authentication(answer: str) -> AuthenticationCredential:
    try:
        return parse_authentication_credential_json(answer)
    except _UNREADABLE as wrong:
        raise NotProven("the answer cannot be read") from wrong
