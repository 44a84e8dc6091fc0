"""A lead makes and revokes tokens of their organisation; one that is shown is noted as used."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col

from tracker.queries.administration.tokens import Bearer, good_tokens, last_number, token_of
from tracker.records.partnership_chain import lock, record
from tracker.records.session import OrganisationToken, hour_of
from tracker.rules.events.kinds import Actor
from tracker.rules.events.tokens import TokenMade, TokenRevoked
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import TokenScope

MOST_TOKENS = 20  # of an organisation, that are not revoked


def make_token(
    session: Session,
    partnership_id: int,
    name: str,
    actor: Actor,
    *,
    now: datetime,
    scope: TokenScope = TokenScope.READ,
) -> str:
    """A new token of the actor's organisation, which is said this once. Refuses with MoveNotAllowed one too many."""
    if actor.person_id is None or actor.organisation_id is None:
        raise ValueError("only a lead who acts for an organisation makes its tokens")
    lock(session, partnership_id)
    if good_tokens(session, actor.organisation_id) >= MOST_TOKENS:
        raise MoveNotAllowed(f"{actor.organisation_name} has {MOST_TOKENS} tokens already: revoke one first.")
    number = last_number(session, actor.organisation_id) + 1
    row, token = OrganisationToken.made(actor.organisation_id, number, name, made_by_id=actor.person_id, now=now)
    row.scope = scope
    session.add(row)
    what = scope.value if scope is not TokenScope.READ else ""
    made = TokenMade(number=number, scope=what, token=name, side_name=actor.organisation_name)
    record(session, partnership_id=partnership_id, kind=made, actor=actor, now=now)
    return token


def revoke_token(session: Session, partnership_id: int, number: int, actor: Actor, *, now: datetime) -> None:
    """Nobody comes in by it from now on; a second time changes nothing. Refuses with NotThere."""
    row = token_of(session, actor.organisation_id or 0, number)
    if row.revoked_at is None:
        row.revoked_at = now
        revoked = TokenRevoked(number=number, token=row.name, side_name=actor.organisation_name)
        record(session, partnership_id=partnership_id, kind=revoked, actor=actor, now=now)


def is_use_noted(bearer: Bearer, now: datetime) -> bool:
    """Whether it stands there already that the token was used in this hour; mostly it does, and nothing is written."""
    return bearer.used_at is not None and bearer.used_at >= hour_of(now)


def note_use(session: Session, bearer: Bearer, now: datetime) -> None:
    this = col(OrganisationToken.id) == bearer.token_id
    session.execute(update(OrganisationToken).where(this).values(used_at=hour_of(now)))


def is_reading_on(bearer: Bearer, event: int) -> bool:
    """Whether its program has read on in the feed since that was noted last."""
    return bearer.gone_on_from is None or event > bearer.gone_on_from


def note_reading_on(session: Session, bearer: Bearer, event: int) -> None:
    """Its program asked what follows this event; it never goes back."""
    this, kept = col(OrganisationToken.id) == bearer.token_id, col(OrganisationToken.gone_on_from)
    session.execute(update(OrganisationToken).where(this, or_(kept.is_(None), kept < event)).values(gone_on_from=event))
