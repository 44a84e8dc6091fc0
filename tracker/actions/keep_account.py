"""What people keep about themselves: when they are away, and how word reaches them."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select

from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person
from tracker.rules.refusals import FieldError, NotThere, WrongInput


def say_away(
    session: Session,
    person_id: int,
    organisation_ids: Collection[int],
    *,
    away_from: date | None,
    away_until: date | None,
) -> None:
    """Away from these organisations of theirs from one day to another, both counted; without the second until further
    notice; neither: here.

    Others act meanwhile, so that what their partnerships agreed reads differently: their versions go up. Refuses with
    NotThere who belongs to none of them.
    """
    if away_until and not away_from:
        raise WrongInput(FieldError("away_from", "Say from which day on."))
    if away_from and away_until and away_until < away_from:
        raise WrongInput(FieldError("away_until", "This is before the first day."))
    mine = (Membership.person_id == person_id, col(Membership.organisation_id).in_(organisation_ids))
    memberships = session.exec(select(Membership).where(*mine, col(Membership.retired_at).is_(None))).all()
    if not memberships:
        raise NotThere("There is no such person in this organisation.")
    for membership in memberships:
        membership.away_from, membership.away_until = away_from, away_until
    places = {each.organisation_id for each in memberships}
    homes = select(Organisation.partnership_id).where(col(Organisation.id).in_(places))
    those = select(Partnership).where(col(Partnership.id).in_(homes)).order_by(Partnership.key)
    for partnership in session.exec(those):
        partnership.changed()


def choose_notices(session: Session, person_id: int, *, digest: bool) -> None:
    """Word at once, or what is not urgent together once a day."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotThere("There is no such person.")
    person.digest = digest
