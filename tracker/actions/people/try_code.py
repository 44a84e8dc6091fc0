"""A link that was asked for in another browser: it shows a code there, which is typed where it was asked for."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from tracker.actions.welcome import LinkIsSpent, still_good, unspent
from tracker.records.session import CODE_LETTERS, MOST_CODE_TRIES, SignInLink, hash_of, link_code, link_token


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """A link as another browser than the one that asked for it may know it. `about`: with what and roughly from where
    it was asked for; `code`: "" until it was to be shown."""

    person_id: int
    about: str
    asked_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class CodeTry:
    """One try at a code. `token`: of the link whose code it is, None where it does not fit; `left`: how many more."""

    person_id: int | None
    token: str | None
    left: int


def asked_elsewhere(session: Session, token: str, secret: str, *, now: datetime, key: bytes) -> AskedElsewhere | None:
    """What may be said of a link in the browser with this secret; None where it signs that one in, or nobody."""
    link = session.exec(select(SignInLink).where(*unspent(token, now))).first()
    if link is None or link.person_id is None or link.asked_hash in (None, hash_of(secret)):
        return None
    code = link_code(key, link.nonce) if link.code_shown_at else ""
    return AskedElsewhere(link.person_id, link.about, link.created_at, code)


def show_code(session: Session, token: str, *, now: datetime) -> None:
    """Whoever opened the link says that they asked for it: until then no code lets anybody in."""
    session.execute(update(SignInLink).where(*unspent(token, now)).values(code_shown_at=now))


def disown_link(session: Session, token: str, *, now: datetime) -> None:
    """Whoever opened the link says that they did not ask for it: it lets nobody in."""
    session.execute(update(SignInLink).where(*unspent(token, now)).values(spent_at=now))


def try_code(session: Session, secret: str, typed: str, *, now: datetime, key: bytes) -> CodeTry:
    """Counts a try in the browser with this secret, which is to stay counted, at the code of the link it asked for. The
    same is done for an address nobody has. After the last one in vain the link is spent.

    Refuses: LinkIsSpent, where this browser asked for none, or for none that is still good.
    """
    asked_here = (col(SignInLink.asked_hash) == hash_of(secret), *still_good(now))
    one_more = update(SignInLink).where(*asked_here, col(SignInLink.code_tries) < MOST_CODE_TRIES)
    counted = one_more.values(code_tries=SignInLink.code_tries + 1).returning(
        col(SignInLink.nonce), col(SignInLink.person_id), col(SignInLink.code_shown_at), col(SignInLink.code_tries)
    )
    link = session.execute(counted).first()
    if link is None:
        raise LinkIsSpent
    fits = hmac.compare_digest(link_code(key, link.nonce), _letters_in(typed))
    if fits and link.code_shown_at is not None:
        return CodeTry(link.person_id, link_token(key, link.nonce), MOST_CODE_TRIES - link.code_tries)
    if link.code_tries == MOST_CODE_TRIES:
        session.execute(update(SignInLink).where(*asked_here).values(spent_at=now))
    return CodeTry(link.person_id, None, MOST_CODE_TRIES - link.code_tries)


def _letters_in(typed: str) -> str:
    """As it is compared: however it was spaced, and in capitals."""
    return "".join(each for each in typed.upper() if each in CODE_LETTERS)
