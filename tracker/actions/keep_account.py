"""What people keep about themselves: when they are away, and how word reaches them."""

from datetime import date

from sqlmodel import Session

from tracker.queries.accounts import partnerships_of
from tracker.records.person import Person
from tracker.rules.refusals import FieldError, NotThere, WrongInput


def say_away(session: Session, person_id: int, *, away_from: date | None, away_until: date | None) -> None:
    """Away from one day to another, both counted; without the second until further notice; neither: here.

    Their deputies act meanwhile, so that what their partnerships agreed reads differently: their versions go up.
    """
    if away_until and not away_from:
        raise WrongInput(FieldError("away_from", "Say from which day on."))
    if away_from and away_until and away_until < away_from:
        raise WrongInput(FieldError("away_until", "This is before the first day."))
    person = _person(session, person_id)
    person.away_from, person.away_until = away_from, away_until
    for partnership in partnerships_of(session, person_id):
        partnership.changed()


def choose_notices(session: Session, person_id: int, *, digest: bool) -> None:
    """Word at once, or what is not urgent together once a day."""
    _person(session, person_id).digest = digest


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotThere("There is no such person.")
    return person
