"""Signing in: links spent once, sessions whose token turns over, passkeys, codes, and how often somebody tried."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import LargeBinary, UniqueConstraint, column, delete, table, update
from sqlmodel import Field, col, select
from sqlmodel import Session as Sitting

from tracker.records.columns import NumberedRow, choice, hex_digits, moment
from tracker.rules.letters import LinkPurpose
from tracker.rules.rings import TokenScope
from tracker.rules.rings.doors import is_sso, joined

LINK_KEY, SESSION_KEY = "sign-in links", "sessions"  # purposes: what Settings.key is asked for
LINK_LIVES = timedelta(minutes=10)  # OWASP ASVS 5.0, 6.5.5
NEWS_LIVES = timedelta(days=5)  # what only tells somebody something: the post has so long to get it there
ASKED_LIVES = timedelta(days=365)  # what somebody is asked stands on their desk until they answer it
HANDED_OVER_LIVES = timedelta(days=3)  # made by those who run the server, and given to somebody by hand
SESSION_LIVES = timedelta(days=30)  # however much it is used
SESSION_RESTS = timedelta(days=7)  # unused
MOST_SESSIONS = 10  # of one person; the one left alone longest ends when another begins
TURN_EVERY = timedelta(hours=1)
TURN_GRACE = timedelta(minutes=1)  # for what was asked with the old token before the new one arrived
AGENT_LENGTH = 200
TOKENS_BEGIN = "tracker_"  # by which who finds one lying about knows what it is
_PERSON = table("person", column("id"), column("draft_turn"))  # its record needs this module
CODE_LETTERS, CODE_LENGTH = "BCDFGHJKLMNPQRSTVWXZ", 8  # RFC 8628, 6.1: none looks like another, no word comes of them
MOST_CODE_TRIES = 5
_DEVICE_DIGITS = 12  # of sixteen kinds: of a person's sessions no two have the same number


def hash_of(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain digest is enough."""
    return sha256(token.encode()).hexdigest()


class SignInLink(NumberedRow, table=True):
    """A link that signs one person in, once, or another letter about their account (`purpose`). Its token is not kept:
    it is made anew from `nonce` when it is mailed.

    `back` is the local address it leads to. Without a person it is for an address that nobody has, kept only so that
    asking takes the same time. `mail_wanted_at` without `mail_sent_at` or `mail_failed` waits for the post;
    `lease_until` and `attempts` are the post's. It goes to `to_address`, for `to_name`; "" is the account's own.
    `about`: who invites or asks, in words; of a sign-in link, with what and roughly from where it was asked for.

    `asked_hash`: of the secret of the browser that asked for it, the only one that it signs in; None: any. Opened
    elsewhere it shows a code, from `code_shown_at` on, to type in that browser.
    """

    __tablename__ = "sign_in_link"

    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # spent together
    nonce: str
    token_hash: str = Field(unique=True)
    purpose: LinkPurpose = Field(default=LinkPurpose.SIGN_IN, sa_type=choice(LinkPurpose))
    to_address: str = ""
    to_name: str = ""
    about: str = ""
    back: str = "/"
    created_at: datetime = Field(sa_type=moment())
    expires_at: datetime = Field(sa_type=moment(), index=True)  # old ones are removed
    spent_at: datetime | None = Field(default=None, sa_type=moment())
    mail_wanted_at: datetime | None = Field(default=None, sa_type=moment(), index=True)  # what the post looks for
    mail_sent_at: datetime | None = Field(default=None, sa_type=moment())
    mail_failed: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=moment())
    attempts: int = 0
    asked_hash: str | None = Field(default=None, index=True, unique=True)  # the code is typed there
    code_shown_at: datetime | None = Field(default=None, sa_type=moment())
    code_tries: int = 0

    @classmethod
    def made(cls, person_id: int | None, *, key: bytes, now: datetime, lives: timedelta = LINK_LIVES) -> "SignInLink":
        nonce = secrets.token_urlsafe(32)
        token_hash = hash_of(link_token(key, nonce))
        return cls(person_id=person_id, nonce=nonce, token_hash=token_hash, created_at=now, expires_at=now + lives)

    def token(self, key: bytes) -> str:
        """The secret part of the link's address."""
        return link_token(key, self.nonce)


class Session(NumberedRow, table=True):
    """Somebody signed in on one device.

    The cookie's token is made from `nonce` and `turn`; only its hash is kept. Every TURN_EVERY it turns: the old
    token goes on being good until the new one was seen, and TURN_GRACE longer, so that neither a parallel request nor
    a lost answer signs anybody out.

    `doors`: those it came through (`rules/rings/doors`), with a space between; `confirmed_at`: when its person last
    came through one of them, or proved at a provider who they are; `anew_at`: when they proved it, where it was
    earlier. `place`:
    roughly where from it was used last, in words; "" where nobody knows.
    """

    person_id: int = Field(foreign_key="person.id", index=True)  # the list on the account page
    nonce: str
    turn: int = 0
    token_hash: str = Field(unique=True)
    previous_hash: str | None = Field(default=None, unique=True)
    previous_until: datetime | None = Field(default=None, sa_type=moment())
    created_at: datetime = Field(sa_type=moment())
    seen_at: datetime = Field(sa_type=moment())
    rotated_at: datetime = Field(sa_type=moment())
    expires_at: datetime = Field(sa_type=moment(), index=True)  # old ones are removed
    agent: str
    place: str = ""
    doors: str = ""
    confirmed_at: datetime | None = Field(default=None, sa_type=moment())
    anew_at: datetime | None = Field(default=None, sa_type=moment())

    @classmethod
    def begun(
        cls,
        person_id: int,
        door: str,
        *,
        key: bytes,
        now: datetime,
        agent: str,
        place: str = "",
        proved_at: datetime | None = None,
    ) -> "Session":
        """A new session with a token nobody has seen, whatever the browser brought along."""
        nonce = secrets.token_urlsafe(32)
        return cls(
            person_id=person_id,
            nonce=nonce,
            token_hash=hash_of(session_token(key, nonce, 0)),
            created_at=now,
            seen_at=now,
            rotated_at=now,
            expires_at=now + SESSION_LIVES,
            agent=agent[:AGENT_LENGTH],
            place=place,
            doors=door,
            confirmed_at=min(proved_at or now, now),
            anew_at=proved_at,
        )

    def pass_door(self, door: str, *, key: bytes, now: datetime, proved_at: datetime | None = None) -> None:
        """Its person has come through one more: it goes on from here. Its token of before is dead at once. `proved_at`:
        when they did what it takes, where that was not just now; what they proved later than that stays. What an
        organisation's provider says behind another door is no moment of the whole session: others count on that."""
        if not is_sso(door) or set(self.doors.split()) <= {door}:
            self._prove(now, proved_at)
        self.doors = " ".join(joined(self.doors.split(), door))
        self.turn += 1
        self.token_hash, self.previous_hash = hash_of(session_token(key, self.nonce, self.turn)), None
        self.previous_until, self.seen_at, self.rotated_at, self.expires_at = None, now, now, now + SESSION_LIVES

    def _prove(self, now: datetime, proved_at: datetime | None) -> None:
        confirmed = self.confirmed_at or self.created_at
        before = self.anew_at or confirmed
        self.confirmed_at = max(min(proved_at or now, now), confirmed)
        self.anew_at = max(proved_at, before) if proved_at else None


class OrganisationToken(NumberedRow, table=True):
    """What a program shows that reads for an organisation, as none of its people. `number` counts those of the
    organisation; `used_at`: when it was shown last, to the hour; `gone_on_from`: the last event after which its program
    asked for what follows, so that a copy has kept that; None where it never did."""

    __tablename__ = "organisation_token"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)  # the list, and revoking one

    organisation_id: int = Field(foreign_key="organisation.id")
    number: int
    name: str
    scope: TokenScope = Field(default=TokenScope.READ, sa_type=choice(TokenScope))
    token_hash: str = Field(sa_type=hex_digits(), unique=True)
    made_by_id: int = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=moment())
    used_at: datetime | None = Field(default=None, sa_type=moment())
    gone_on_from: int | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=moment())

    @classmethod
    def made(
        cls, organisation_id: int, number: int, name: str, *, made_by_id: int, now: datetime
    ) -> tuple["OrganisationToken", str]:
        """(the row, the token), which nobody can make again of the row."""
        token = f"{TOKENS_BEGIN}{secrets.token_urlsafe(32)}"
        row = cls(
            organisation_id=organisation_id,
            number=number,
            name=name,
            token_hash=hash_of(token),
            made_by_id=made_by_id,
            made_at=now,
        )
        return row, token


def passkey_number(credential_id: bytes) -> int:
    return int(sha256(credential_id).hexdigest()[:_DEVICE_DIGITS], 16)


def hour_of(at: datetime) -> datetime:
    """As much of a moment as is kept of when a token was used."""
    return at.replace(minute=0, second=0, microsecond=0)


def device_number(nonce: str) -> int:
    """By which a person's own pages name a session of theirs. The number of its row would count those of others."""
    return int(hash_of(f"device {nonce}")[:_DEVICE_DIGITS], 16)


class Passkey(NumberedRow, table=True):
    """A key pair on a device of theirs, of which the public half is here. `sign_count`: how often the device says that
    it has signed with it; it stays 0 where devices share it."""

    person_id: int = Field(foreign_key="person.id", index=True)  # the list on the account page
    credential_id: bytes = Field(sa_type=LargeBinary, unique=True)  # by which a browser names it
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int
    name: str
    made_at: datetime = Field(sa_type=moment())
    used_at: datetime | None = Field(default=None, sa_type=moment())

    @property
    def number(self) -> int:
        """By which its person's own pages name it. The number of its row would count those of others."""
        return passkey_number(self.credential_id)


class Authenticator(NumberedRow, table=True):
    """The app that shows somebody's codes (TOTP, RFC 6238), one at most. `secret`: sealed, "" where it was taken away;
    `step`: that of the last code which was taken, in half minutes since 1970; `turn` counts up with each that is taken
    away, so that the next one has another secret."""

    person_id: int = Field(foreign_key="person.id", unique=True)  # who is asking, on every request
    secret: str
    step: int
    turn: int = 0
    made_at: datetime = Field(sa_type=moment())


class RecoveryCode(NumberedRow, table=True):
    """A code on paper that is taken once instead of the app's; only its digest is kept."""

    __tablename__ = "recovery_code"

    person_id: int = Field(foreign_key="person.id", index=True)  # which of theirs it is
    code_hash: str = Field(sa_type=hex_digits(), unique=True)
    spent_at: datetime | None = Field(default=None, sa_type=moment())


class Throttle(NumberedRow, table=True):
    """How often something was tried in a window of time. `key` says what and by whom, hashed."""

    __table_args__ = (UniqueConstraint("key", "window_start"),)  # counted up in one statement

    key: str
    window_start: datetime = Field(sa_type=moment(), index=True)  # old ones are removed
    count: int


class EndedSession(NumberedRow, table=True):
    """Why a session is no more whose person left an organisation: its browser is told, which has the token still, and
    nobody else. `by`: who recorded it, in words; "" where nobody knows."""

    __tablename__ = "ended_session"

    token_hash: str = Field(unique=True)
    organisation: str
    by: str
    ended_at: datetime = Field(sa_type=moment(), index=True)  # old ones are removed


def end_sessions_of_leaver(sitting: Sitting, person_id: int, *, organisation: str, by: str, now: datetime) -> None:
    """The same as `end_sessions`, and whoever comes by one of them is told why."""
    theirs = sitting.exec(select(Session.token_hash, Session.previous_hash).where(Session.person_id == person_id))
    for token_hash in {each for hashes in theirs for each in hashes if each}:
        sitting.add(EndedSession(token_hash=token_hash, organisation=organisation, by=by, ended_at=now))
    sitting.flush()
    end_sessions(sitting, person_id, now=now)


def end_sessions(sitting: Sitting, person_id: int, *, now: datetime) -> None:
    """Ends all sessions of a person for good, and spends the links that are still out; no page opens drafts any more
    that lie on their devices."""
    sitting.execute(delete(Session).where(col(Session.person_id) == person_id))
    turn = _PERSON.c.draft_turn + 1
    sitting.execute(update(_PERSON).where(_PERSON.c.id == person_id).values(draft_turn=turn))
    spend_links(sitting, person_id, now=now)


def spend_links(sitting: Sitting, person_id: int, *, now: datetime) -> None:
    """Whatever was sent to them that does something does it no more. What only tells them something still goes out."""
    out = (col(SignInLink.person_id) == person_id, col(SignInLink.spent_at).is_(None))
    doing = col(SignInLink.purpose).in_([LinkPurpose.SIGN_IN, LinkPurpose.ADDRESS])
    sitting.execute(update(SignInLink).where(*out, doing).values(spent_at=now))


def spend_asks(sitting: Sitting, person_id: int, *, now: datetime) -> None:
    """What they were asked to look at, they have looked at."""
    out = (col(SignInLink.person_id) == person_id, col(SignInLink.spent_at).is_(None))
    asked = col(SignInLink.purpose) == LinkPurpose.ASKED
    sitting.execute(update(SignInLink).where(*out, asked).values(spent_at=now))


def link_token(key: bytes, nonce: str) -> str:
    """The secret part of a link's address."""
    return _token(key, nonce)


def link_code(key: bytes, nonce: str) -> str:
    """The code of a link, 34 bits: made anew whenever it is asked for, so that it is kept nowhere."""
    number, letters = int.from_bytes(hmac.digest(key, f"code {nonce}".encode(), "sha256"), "big"), ""
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[place]
    return letters


def session_token(key: bytes, nonce: str, turn: int) -> str:
    """The cookie's token at a turn."""
    return _token(key, f"{nonce}.{turn}")


def _token(key: bytes, text: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, text.encode(), "sha256")).decode().rstrip("=")
