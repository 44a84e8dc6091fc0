"""Handing an issue to a colleague: another person of one's own side has it from then on, on the tier it is on."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.measures.cut_text import by_letter
from tracker.queries.people import UnclearPerson, key_in, one_called
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement, Person
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring, Role, Step

_WORKS_ON_ISSUES = frozenset({Role.FRONT_LINE, Role.MANAGER})


def hand_to_colleague(session: Session, ref: str, request: StepRequest, *, colleague: str) -> Issue:
    """`colleague`: the key of a person in addresses, or what they are called. Refuses whoever is none of one's side who
    works on issues, and whoever has it already."""
    context = begin_step(session, ref, Step.HAND, request)
    side, issue = context.actor.organisation_key, context.issue
    people = colleagues(context.arrangement, side)
    found = _meant(colleague, people, context)
    if issue.ring is Ring.NAMED:
        raise MoveNotAllowed("It is about a person: only those who hold it may read it, so it cannot be handed on.")
    if _holds(context, found):
        raise MoveNotAllowed(f"{found.name} has it already.")
    issue.hand_to(found, context.arrangement.organisation(side), context.actor, request.now, once=request.once)
    return issue


def colleagues(arrangement: Arrangement, organisation_key: str) -> tuple[Person, ...]:
    """Who of an organisation works on issues, by name."""
    return tuple(sorted(_working(arrangement, organisation_key), key=lambda person: by_letter(person.name)))


def _working(arrangement: Arrangement, organisation_key: str) -> Iterator[Person]:
    for person in arrangement.people.values():
        roles = person.roles.get(organisation_key, frozenset())
        if roles & _WORKS_ON_ISSUES and not person.retired and organisation_key not in person.invited:
            yield person


def _meant(typed: str, people: Sequence[Person], context: StepContext) -> Person:
    """Refuses: WrongInput."""
    found = next((each for each in people if key_in(context.arrangement.key, each.email) == typed), None)
    try:
        return found or one_called(typed, people, lambda each: (each.name, each.email))
    except UnclearPerson as unclear:
        choose = f"Choose a colleague of {context.actor.organisation_name}."
        raise WrongInput(FieldError("colleague", f"{choose} {unclear}")) from unclear


def _holds(context: StepContext, colleague: Person) -> bool:
    here = [each for each in context.issue.holders_now() if each.organisation_id == context.actor.organisation_id]
    return any(each.person_id == colleague.id and each.first for each in here)
