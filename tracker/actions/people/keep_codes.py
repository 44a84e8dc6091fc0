"""Codes of an app (TOTP, RFC 6238) and on paper: set up, taken once each, taken away."""

import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, update
from sqlmodel import Session as Sitting
from sqlmodel import col, select

from tracker.actions.people.belong import hold
from tracker.actions.throttle import attempt
from tracker.records.session import Authenticator, RecoveryCode
from tracker.rules.refusals import MoveNotAllowed
from tracker.settings.seals import opened, sealed

CODES_KEY = "codes"  # purpose: what Settings.key is asked for
MOST_CODES, WINDOW = 5, timedelta(minutes=10)  # wrong ones, of a person: beyond that nobody guesses one in their time
RECOVERY_CODES = 10
ISSUER = "Partnership tracker"
_SECRET = 20  # bytes, as RFC 4226 recommends
_BESIDE = 1  # steps before and after: clocks of telephones differ
_LETTERS, _GROUP, _GROUPS = "abcdefghjkmnpqrstuvwxyz23456789", 4, 3  # without those that are read for others
_FOR_GOOD = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """What an app is given to show codes by. `address`: for its camera (otpauth, Key URI Format)."""

    secret: str
    address: str


def offered(sitting: Sitting, person_id: int, *, email: str, nonce: str, seed: str, key: bytes) -> NewAuthenticator:
    """What they can set up in this session, by its nonce, with the page that has this seed. It is kept nowhere: pages
    share none, because they are compressed, and what repeats in them could be measured."""
    turn = sitting.exec(select(Authenticator.turn).where(Authenticator.person_id == person_id)).first() or 0
    drawn = hmac.digest(key, f"{person_id} {turn} {nonce} {seed}".encode(), "sha256")[:_SECRET]
    secret = b32encode(drawn).decode()
    return NewAuthenticator(secret, TOTP(secret, name=email, issuer=ISSUER).provisioning_uri())


def set_up(
    sitting: Sitting, person_id: int, new: NewAuthenticator, *, code: str, key: bytes, now: datetime
) -> tuple[str, ...] | None:
    """The codes for paper, shown this once; None where the app's code is wrong. Refuses who has an app already."""
    hold(sitting, person_id)
    kept = sitting.exec(select(Authenticator).where(Authenticator.person_id == person_id)).one_or_none()
    if kept and kept.secret:
        raise MoveNotAllowed("You have set up an app already. Take it away first.")
    step = _step_of(new.secret, code, now)
    if step is None:
        return None
    made = kept or Authenticator(person_id=person_id, secret="", step=0, made_at=now)
    made.secret, made.step, made.made_at = sealed(new.secret, key, now=now), step, now
    codes = tuple(_drawn() for _ in range(RECOVERY_CODES))
    sitting.add(made)
    sitting.add_all([RecoveryCode(person_id=person_id, code_hash=_kept(person_id, each, key)) for each in codes])
    return codes


def count_try(sitting: Sitting, person_id: int, now: datetime) -> None:
    """Before a code is looked at, in a transaction of its own: what refuses a wrong one is to count it, too. Refuses
    with TooOften."""
    attempt(sitting, "code of", str(person_id), most=MOST_CODES, window=WINDOW, now=now)


def take_code(sitting: Sitting, person_id: int, code: str, *, key: bytes, now: datetime) -> bool:
    """Whether it is a code of theirs that was not taken yet; from now on it was."""
    return _taken_from_app(sitting, person_id, code, key, now) or _taken_from_paper(sitting, person_id, code, key, now)


def take_away(sitting: Sitting, person_id: int) -> None:
    """Neither the app nor the paper opens anything any more."""
    theirs = update(Authenticator).where(col(Authenticator.person_id) == person_id)
    sitting.execute(theirs.values(secret="", turn=col(Authenticator.turn) + 1))
    sitting.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))


def codes_left(sitting: Sitting, person_id: int) -> int:
    """How many on paper were not taken yet."""
    unspent = (RecoveryCode.person_id == person_id, col(RecoveryCode.spent_at).is_(None))
    return sitting.exec(select(func.count()).select_from(RecoveryCode).where(*unspent)).one()


def app_since(sitting: Sitting, person_id: int) -> datetime | None:
    """Since when an app shows their codes; None where none does."""
    theirs = (Authenticator.person_id == person_id, Authenticator.secret != "")
    return sitting.exec(select(Authenticator.made_at).where(*theirs)).one_or_none()


def _taken_from_app(sitting: Sitting, person_id: int, code: str, key: bytes, now: datetime) -> bool:
    theirs = (Authenticator.person_id == person_id, Authenticator.secret != "")
    seal = sitting.exec(select(Authenticator.secret).where(*theirs)).one_or_none()
    secret = opened(seal, key, now=now, lives=_FOR_GOOD) if seal else None
    step = _step_of(secret, code, now) if secret else None
    if step is None:
        return False
    newer = (col(Authenticator.person_id) == person_id, col(Authenticator.step) < step)
    taking = update(Authenticator).where(*newer).values(step=step).returning(col(Authenticator.id))
    return sitting.execute(taking).first() is not None


def _taken_from_paper(sitting: Sitting, person_id: int, code: str, key: bytes, now: datetime) -> bool:
    this = (col(RecoveryCode.code_hash) == _kept(person_id, code, key), col(RecoveryCode.spent_at).is_(None))
    taking = update(RecoveryCode).where(*this).values(spent_at=now).returning(col(RecoveryCode.id))
    return sitting.execute(taking).first() is not None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    try:
        return TOTP(secret).verify_and_get_timecode(_plain(code), for_time=now, valid_window=_BESIDE)
    except OTPVerificationError:
        return None


def _drawn() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _kept(person_id: int, code: str, key: bytes) -> str:
    """A digest that nobody makes who has the database alone: what is on paper is short."""
    return hmac.new(key, f"{person_id} {_plain(code)}".encode(), sha256).hexdigest()


def _plain(code: str) -> str:
    return "".join(each for each in code.lower() if each.isalnum())
