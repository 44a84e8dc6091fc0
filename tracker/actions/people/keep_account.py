"""What people keep about themselves: when they are away, and how word reaches them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tracker.records.partnership import Organisation, Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person, SavedList
from tracker.rules.events.kinds import Actor
from tracker.rules.events.people import AwaySet
from tracker.rules.refusals import FieldError, NotThere, WrongInput, required

LONGEST_LIST_NAME, MOST_LISTS = 60, 20


def say_away(
    session: Session,
    person_id: int,
    organisation_ids: Collection[int],
    *,
    away_from: date | None,
    away_until: date | None,
    by: Actor | None = None,
    now: datetime,
) -> None:
    """Away from these organisations of theirs from one day to another, both counted; without the second until further
    notice; neither: here.

    Others act meanwhile, so that what their partnerships agreed reads differently: their versions go up. Refuses with
    NotThere who belongs to none of them. `by`: the lead who says so, None where they do themselves.
    """
    if away_until and not away_from:
        raise WrongInput(FieldError("away_from", "Say from which day on."))
    if away_from and away_until and away_until < away_from:
        raise WrongInput(FieldError("away_until", "This is before the first day."))
    mine = (Membership.person_id == person_id, col(Membership.organisation_id).in_(organisation_ids))
    memberships = session.exec(select(Membership).where(*mine, col(Membership.retired_at).is_(None))).all()
    if not memberships:
        raise NotThere("There is no such person in this organisation.")
    changed = [each for each in memberships if (each.away_from, each.away_until) != (away_from, away_until)]
    for membership in changed:
        membership.away_from, membership.away_until = away_from, away_until
    for membership, organisation, partnership in _at_home(session, changed):
        partnership.changed()
        session.flush()
        _tell_away(session, membership, organisation, by, now)


def choose_keys(session: Session, person_id: int, *, on: bool) -> None:
    """Whether single keys do something on their pages."""
    session.get_one(Person, person_id).single_keys = on


def choose_notices(session: Session, person_id: int, *, digest: bool) -> None:
    """Word at once, or what is not urgent together once a day."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotThere("There is no such person.")
    person.digest = digest


def _at_home(session: Session, memberships: Collection[Membership]) -> Sequence[Any]:
    """Each with its organisation and partnership, in the order in which everybody takes these."""
    asked: Any = (
        select(Membership, Organisation, Partnership)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .join(Partnership, col(Partnership.id) == col(Organisation.partnership_id))
        .where(col(Membership.id).in_([each.id for each in memberships]))
        .order_by(col(Partnership.id), col(Organisation.position))
    )
    found: Sequence[Any] = session.exec(asked).all()
    return found


def _tell_away(
    session: Session, membership: Membership, organisation: Organisation, by: Actor | None, now: datetime
) -> None:
    person = session.get_one(Person, membership.person_id)
    name = membership.name or person.name
    kind = AwaySet(
        key=person.email,
        organisation=organisation.key,
        person_name=name,
        organisation_name=organisation.name,
        away_from=membership.away_from.isoformat() if membership.away_from else None,
        away_until=membership.away_until.isoformat() if membership.away_until else None,
    )
    actor = by or Actor(person.id, name, organisation.id, organisation.key, organisation.name)
    record(session, partnership_id=organisation.partnership_id, kind=kind, actor=actor, now=now)


def keep_list(session: Session, person_id: int, name: str, asked: Mapping[str, str]) -> None:
    """A list of issues under a name of their own; the same name again is that list. Refuses no name, and too many."""
    name = required("name", name, "Give the list a name.")[:LONGEST_LIST_NAME]
    kept = {each.name: each for each in session.exec(select(SavedList).where(SavedList.person_id == person_id))}
    if name in kept:
        kept[name].asked = dict(asked)
    elif len(kept) >= MOST_LISTS:
        raise WrongInput(FieldError("name", f"You keep {MOST_LISTS} lists already: let go of one first."))
    else:
        session.add(SavedList(person_id=person_id, name=name, asked=dict(asked)))


def drop_list(session: Session, person_id: int, name: str) -> None:
    """They keep it no longer."""
    session.execute(delete(SavedList).where(col(SavedList.person_id) == person_id, col(SavedList.name) == name))
