"""Who is asking: a person with their places, by session, number or address, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlmodel import Session as Sitting
from sqlmodel import col

from tracker.database import straight
from tracker.queries.administration.restored import IS_HELD
from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person
from tracker.records.session import SESSION_RESTS, Authenticator, EndedSession, Session, SignInLink, hash_of
from tracker.rules.arrangement import Arrangement
from tracker.rules.arrangement import Organisation as Side
from tracker.rules.letters import LinkPurpose
from tracker.rules.policy import viewer_of
from tracker.rules.refusals import NoPartnership
from tracker.rules.rings import Viewer
from tracker.rules.rings.doors import (
    Demand,
    has_two_factors,
    is_confirmed_anew,
    is_of_others_alone,
    is_own,
    is_passed,
)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The session a request came with. `by_previous`: it showed the token from before the last turn; `doors`: those it
    came through (`rules/rings/doors`); `confirmed_at`: when its person last came through one; `anew_at`: when they last
    proved who they are."""

    id: int
    nonce: str
    turn: int
    has_previous: bool
    by_previous: bool
    previous_until: datetime | None
    seen_at: datetime
    rotated_at: datetime
    expires_at: datetime
    doors: tuple[str, ...]
    confirmed_at: datetime
    anew_at: datetime

    def is_confirmed_anew(self, now: datetime) -> bool:
        """Whether its person showed just now who they are."""
        return is_confirmed_anew(self.doors, self.anew_at, now)

    def is_good(self, now: datetime) -> bool:
        """Whether it still signs its person in: not over, not left alone too long, the old token not too late."""
        if now >= self.expires_at or now >= self.seen_at + SESSION_RESTS:
            return False
        return not self.by_previous or self.previous_until is None or now < self.previous_until


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who asks, with the arrangements of their partnerships by partnership id, in the order of keys."""

    person_id: int
    name: str
    email: str
    viewer: Viewer
    arrangements: Mapping[int, Arrangement]
    session: SessionFacts | None = None
    draft_turn: int = 0  # of the key to what they have typed and not sent
    single_keys: bool = True  # that do something on their pages
    is_invited: bool = False  # to an organisation more, which they have not accepted
    is_asked: bool = False  # by a lead, to look at their name and address
    waiting: tuple[Side, ...] = ()  # theirs, for which they have to prove anew who they are; until then they count not
    demanding: tuple[Side, ...] = ()  # theirs, that ask for more than this session showed; they count not, either
    is_held: bool = False  # restored from a backup, and not live yet
    has_code: bool = False  # an app shows codes, one of which is asked for after a link

    @property
    def awaits_code(self) -> bool:
        """Whether they are asked for a code before anything of theirs is shown in this session."""
        return self.has_code and self.session is not None and not has_two_factors(self.session.doors)

    @property
    def owes_second_factor(self) -> bool:
        """Whether an organisation of theirs asks for one, and none was shown in this session."""
        return any(each.demand is Demand.SECOND_FACTOR for each in self.demanding)

    @property
    def may_owe_second_factor(self) -> bool:
        """The same, counting those organisations, too, for which they have to sign in anew."""
        if self.session is None or has_two_factors(self.session.doors):
            return False
        return any(each.demand is Demand.SECOND_FACTOR for each in (*self.waiting, *self.demanding))

    @property
    def is_own(self) -> bool:
        """Whether they came by a way of their own, and not only by an organisation's sign-in."""
        return self.session is None or is_own(self.session.doors)

    @property
    def signed_out_for(self) -> tuple[Side, ...]:
        """Of those that wait the ones that may be named: to other organisations nobody tells where else they belong."""
        doors = self.session.doors if self.session else ()
        return tuple(each for each in self.waiting if not is_of_others_alone(each.id, doors))

    @property
    def sides(self) -> tuple[Side, ...]:
        """The organisations they belong to, in the order of partnerships and positions."""
        places = self.viewer.memberships
        return tuple(self.arrangements[each.partnership_id].organisations[each.organisation_id] for each in places)

    def arrangement(self, key: str) -> Arrangement:
        """That of one of their partnerships. Refuses: NotThere, also where it is somebody else's."""
        found = next((each for each in self.arrangements.values() if each.key == key), None)
        if found is None:
            raise NoPartnership(key)
        return found


def visitor_by_token(sitting: Sitting, token: str, now: datetime) -> Visitor | None:
    """Who holds this session token; None when the session is over or its person has left every organisation."""
    kept = hash_of(token)
    rows = straight(sitting).execute(_BY_TOKEN, {"kept": kept}).all()
    if not rows:
        return None
    session = _session_facts(rows[0], kept)
    return _visitor(sitting, rows, now, session) if session.is_good(now) else None


def why_ended(sitting: Sitting, token: str) -> tuple[str, str] | None:
    """Of a session whose person left an organisation: (its name, who recorded that). None of any other."""
    told = straight(sitting).execute(_WHY_ENDED, {"kept": hash_of(token)}).first()
    return (told.organisation, told.by) if told else None


def visitor_by_email(sitting: Sitting, email: str, now: datetime) -> Visitor | None:
    """A person as a visitor, by their address in any case; None when nobody who still belongs anywhere has it."""
    rows = straight(sitting).execute(_BY_EMAIL, {"email": email.strip().lower()}).all()
    return _visitor(sitting, rows, now) if rows else None


def _visitor(
    sitting: Sitting, rows: Sequence[Row[Any]], now: datetime, session: SessionFacts | None = None
) -> Visitor | None:
    person = rows[0]
    versions = {row.partnership_id: row.version for row in rows if not row.pending}
    arrangements = {each: arrangement(sitting, each, version) for each, version in versions.items()}
    placed = [
        (row, arrangements[row.partnership_id].organisations[row.organisation_id]) for row in rows if not row.pending
    ]
    waiting = tuple(side for row, side in placed if _waits(row, session))
    demanding = tuple(side for row, side in placed if _demands(row, session))
    closed = [each.id for each in (*waiting, *demanding)]
    viewer = viewer_of(person.person_id, *arrangements.values(), at=now, but=closed)
    if not viewer.memberships and not demanding:  # left between the two statements, or signed out by a lead of each
        return None
    return Visitor(
        person_id=person.person_id,
        name=person.name,
        email=person.email,
        viewer=viewer,
        arrangements={each: agreed for each, agreed in arrangements.items() if each in viewer.partnership_ids},
        session=session,
        draft_turn=person.draft_turn,
        single_keys=person.single_keys,
        is_invited=any(row.pending for row in rows),
        is_asked=bool(person.is_asked),
        waiting=waiting,
        demanding=demanding,
        is_held=bool(person.is_held),
        has_code=bool(person.has_code),
    )


def _waits(row: Row[Any], session: SessionFacts | None) -> bool:
    """Whether a lead ended the sessions of before for this place, and this is one of them; or nobody but another
    organisation says whose it is."""
    if session is None:
        return False
    is_ended = row.sessions_from is not None and session.confirmed_at <= row.sessions_from
    return is_ended or is_of_others_alone(row.organisation_id, session.doors)


def _demands(row: Row[Any], session: SessionFacts | None) -> bool:
    """Whether its organisation asks for more than was shown in this session, of whoever may use it there at all."""
    if session is None or _waits(row, session):
        return False
    return not is_passed(row.demand, row.organisation_id, session.doors)


def _session_facts(row: Row[Any], kept: str) -> SessionFacts:
    return SessionFacts(
        id=row.session_id,
        nonce=row.nonce,
        turn=row.turn,
        has_previous=row.previous_hash is not None,
        by_previous=row.token_hash != kept,
        previous_until=row.previous_until,
        seen_at=row.seen_at,
        rotated_at=row.rotated_at,
        expires_at=row.expires_at,
        doors=tuple(row.doors.split()),
        confirmed_at=row.confirmed_at or row.created_at,
        anew_at=row.anew_at or row.confirmed_at or row.created_at,
    )


def _placed(*more: Any) -> Select[Any]:
    """A row for each place somebody still has or is invited to, in an organisation that is still there."""
    return (
        select(*_PERSON, *_PLACE, *more)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
        .where(col(Membership.retired_at).is_(None), col(Organisation.retired_at).is_(None))
        .order_by(col(Partnership.key), col(Organisation.position))
    )


_ASKED = select(col(SignInLink.id)).where(
    col(SignInLink.person_id) == col(Person.id),
    col(SignInLink.purpose) == LinkPurpose.ASKED,
    col(SignInLink.spent_at).is_(None),
)
_HAS_CODE = select(col(Authenticator.id)).where(
    col(Authenticator.person_id) == col(Person.id), col(Authenticator.secret) != ""
)
_PERSON: tuple[Any, ...] = (
    col(Person.id).label("person_id"),
    *(getattr(Person, name) for name in ("name", "email", "draft_turn", "single_keys")),
    _ASKED.exists().label("is_asked"),
    IS_HELD.label("is_held"),
    _HAS_CODE.exists().label("has_code"),
)
_PLACE: tuple[Any, ...] = (
    col(Partnership.id).label("partnership_id"),
    col(Partnership.version),
    col(Membership.organisation_id),
    col(Membership.pending),
    col(Membership.sessions_from),
    col(Organisation.demand),
)
_SESSION: tuple[Any, ...] = (
    col(Session.id).label("session_id"),
    *(getattr(Session, name) for name in ("nonce", "turn", "token_hash", "previous_hash", "previous_until")),
    *(getattr(Session, name) for name in ("seen_at", "rotated_at", "expires_at", "doors")),
    *(getattr(Session, name) for name in ("confirmed_at", "anew_at")),
    col(Session.created_at),
)

# Built once: a statement that is made anew for each request costs more than its answer.
_BY_EMAIL = _placed().where(col(Person.email) == bindparam("email"))
_BY_TOKEN = (
    _placed(*_SESSION)
    .join(Session, col(Session.person_id) == col(Person.id))
    .where(or_(col(Session.token_hash) == bindparam("kept"), col(Session.previous_hash) == bindparam("kept")))
)
_WHY_ENDED = select(col(EndedSession.organisation), col(EndedSession.by)).where(
    col(EndedSession.token_hash) == bindparam("kept")
)
