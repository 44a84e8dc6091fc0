"""Who may take which step on an issue now: what they are to it, for whom they speak, its state and its ladder."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Protocol

from tracker.rules import lifecycle
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.events.kinds import Actor
from tracker.rules.ladder.acting import ActedOn, duty_of, who_acts
from tracker.rules.lifecycle import Kind
from tracker.rules.refusals import FieldError, MayNot, WrongInput
from tracker.rules.rings import (
    AT_THEIR_TIER,
    CONFIRMING,
    MAY,
    NO_DUTY,
    OF_ITS_SIDE,
    WITHOUT_A_SIDE,
    Membership,
    Relation,
    Role,
    Step,
    Viewer,
)
from tracker.rules.wording import listed


class PolicyFacts(ActedOn, Protocol):
    """What the policy looks at of an issue: the record has it, and so has a row of a list that offers steps."""

    @property
    def partnership_id(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def crossed(self) -> bool: ...
    @property
    def body_id(self) -> int | None: ...
    @property
    def raised_by_id(self) -> int | None: ...
    @property
    def asked_ids(self) -> frozenset[int]: ...
    @property
    def raised_for_id(self) -> int: ...
    @property
    def side_ids(self) -> tuple[int, ...]: ...
    @property
    def is_confirming(self) -> bool: ...
    @property
    def proposer_id(self) -> int | None: ...


def allowed_steps(issue: PolicyFacts, arrangement: Arrangement, viewer: Viewer, at: datetime) -> frozenset[Step]:
    """What every page that offers steps asks: what they may do for one of the organisations for which they can speak.
    What is sent is asked anew, by `require`."""
    possible = lifecycle.possible(issue.state, kind=issue.kind, crossed=issue.crossed)
    allowed: set[Step] = set()
    for speaking in possible_sides(viewer, issue):
        relations = relations_to(issue, arrangement, viewer, at, speaking=speaking)
        allowed |= {step for step in possible if refusal(step, issue, arrangement, relations, speaking) is None}
    return frozenset(allowed)


def require(
    step: Step, issue: PolicyFacts, arrangement: Arrangement, relations: Iterable[Relation], speaking: Membership
) -> None:
    """Refuses with `MayNot`, naming who may (whether the state allows it is `lifecycle.require`'s question)."""
    reason = refusal(step, issue, arrangement, relations, speaking)
    if reason is not None:
        raise MayNot(reason)


def refusal(
    step: Step, issue: PolicyFacts, arrangement: Arrangement, relations: Iterable[Relation], speaking: Membership
) -> str | None:
    """Why somebody of these relations may not take the step; None if they may."""
    if step in OF_ITS_SIDE and speaking.organisation_id != issue.raised_for_id:
        side = arrangement.organisations[issue.raised_for_id].name
        theirs = f"is for whoever raised it, or a manager or holder of {side}"
        return f"Words belong to who wrote them: to {step.value} {theirs}."
    allowed = AT_THEIR_TIER if step in CONFIRMING and issue.is_confirming else MAY[step]
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    if step is Step.ESCALATE and ladder and ladder.skip == "anyone":
        allowed |= {Relation.FRONT_LINE, Relation.RAISER}
    if not allowed & frozenset(relations):
        named = listed((each.value for each in Relation if each in allowed), "or")
        return f"You can read this issue, but to {step.value} is for {named}."
    if step not in WITHOUT_A_SIDE and speaking.organisation_id not in issue.side_ids:
        return "Your organisation is not a side of this issue: you can read it and write notes."
    return None


def relations_to(
    issue: PolicyFacts, arrangement: Arrangement, viewer: Viewer, at: datetime, *, speaking: Membership | None = None
) -> frozenset[Relation]:
    """What a person is to an issue: all that holds of them. Where they speak for one of their organisations, what they
    are in another counts for nothing."""
    mine = [speaking] if speaking else viewer.memberships
    sides = [each for each in mine if each.organisation_id in issue.side_ids]
    relations = {_OF_ROLE[role] for side in sides for role in side.roles if role in _OF_ROLE}
    if issue.raised_by_id == viewer.person_id:
        relations.add(Relation.RAISER)
    if any(viewer.person_id in who_acts(issue, arrangement, side.organisation_id, at) for side in sides):
        relations.add(Relation.HOLDER)
    if viewer.person_id == issue.proposer_id:
        relations.add(Relation.PROPOSER)
    if viewer.person_id in issue.asked_ids:
        relations.add(Relation.ASKED)
    if _sits_where_papers_are_read(viewer, issue, arrangement):
        relations.add(Relation.SEATED)
    return frozenset(relations)


def possible_sides(viewer: Viewer, issue: PolicyFacts) -> tuple[Membership, ...]:
    """For which organisations a person can speak on an issue that they may read: those of theirs that are its sides;
    where none is, as of a member of the body that reads it, every one of theirs."""
    mine = viewer.in_partnership(issue.partnership_id)
    return tuple(each for each in mine if each.organisation_id in issue.side_ids) or mine


def spoken_for(places: Sequence[Membership], wanted: str | None) -> Membership:
    """The one of several places for which a person says that they speak, by the organisation's key; nothing is chosen
    for them. Refuses with WrongInput who can speak for several and names none, and who names another; who has one place
    need not say so."""
    named = [each for each in places if each.organisation_key == wanted]
    if not named and len(places) > 1:
        raise WrongInput(FieldError("speaking_for", SAY_FOR_WHOM))
    if not named and wanted is not None:
        raise WrongInput(FieldError("speaking_for", "You do not speak for this organisation here."))
    return (named or list(places))[0]


SAY_FOR_WHOM = "Say for whom you speak."


def viewer_of(person_id: int, *arrangements: Arrangement, at: datetime, but: Collection[int] = ()) -> Viewer:
    """A person as the viewer of these partnerships at a moment; a stranger to them has no memberships. `but`: the ids
    of organisations of theirs that count as if they did not belong there."""
    name = next((each.people[person_id].name for each in arrangements if person_id in each.people), "")
    every = ((where, each) for where in arrangements for each in _memberships(person_id, where))
    places = [(where, each) for where, each in every if each.organisation_id not in but]
    duties = (duty_of(person_id, where, each.organisation_id, at) for where, each in places)
    return Viewer(
        person_id=person_id,
        name=name,
        memberships=tuple(each for _, each in places),
        duty=reduce(or_, duties, NO_DUTY),
        bodies=frozenset(
            body.id
            for where in arrangements
            for body in where.bodies.values()
            if _sits_on(body, where, person_id, but) and person_id in where.seated_on(body.id)
        ),
    )


def _sits_on(body: Body, where: Arrangement, person_id: int, but: Collection[int]) -> bool:
    mine = (seat for seat in body.seats if seat.person_id == person_id)
    return any(where.organisation(seat.organisation).id not in but for seat in mine)


NOBODY = 0  # the number of no person


def viewer_as_organisation(organisation_id: int, arrangement: Arrangement) -> Viewer:
    """An organisation as a reader, by a program of its own: of what all its people read. It is no person, so nothing
    is its to read that is for some people only: the rings `tier` and `named`, what concerns a person, what a body
    reads, and totals."""
    organisation = arrangement.organisations[organisation_id]
    place = Membership(organisation.id, organisation.key, arrangement.id, arrangement.key, frozenset())
    return Viewer(person_id=NOBODY, name=organisation.name, memberships=(place,))


def actor_of(viewer: Viewer, membership: Membership, arrangement: Arrangement) -> Actor:
    """A person speaking for one of their organisations."""
    organisation = arrangement.organisations[membership.organisation_id]
    return Actor(viewer.person_id, viewer.name, organisation.id, organisation.key, organisation.name)


_OF_ROLE = {Role.FRONT_LINE: Relation.FRONT_LINE, Role.MANAGER: Relation.MANAGER, Role.LEAD: Relation.LEAD}


def _sits_where_papers_are_read(viewer: Viewer, issue: PolicyFacts, arrangement: Arrangement) -> bool:
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    tier = ladder.tiers[issue.tier - 1] if ladder and issue.tier else None
    return bool(tier and tier.paper and issue.body_id in viewer.bodies)


def _memberships(person_id: int, arrangement: Arrangement) -> tuple[Membership, ...]:
    person = arrangement.people.get(person_id)
    if person is None or person.retired:
        return ()
    return tuple(
        Membership(organisation.id, organisation.key, arrangement.id, arrangement.key, person.roles[organisation.key])
        for organisation in arrangement.organisations.values()
        if organisation.key in person.roles and not organisation.retired
    )
