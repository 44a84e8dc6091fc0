"""Changes that wait: proposed once, void when what they are about has changed, in force with the last agreement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, func, select

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept as kept_charter
from tracker.exchange.charter.frozen import frozen
from tracker.exchange.charter.parts import Part, put_all
from tracker.exchange.charter.plan import EntryChange, plan
from tracker.exchange.charter.splitting import Bundle
from tracker.queries.administration.proposals import agreed_for, waiting_proposals
from tracker.queries.arrangements import arrangement
from tracker.records.change_proposal import ChangeProposal
from tracker.records.partnership import Partnership
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import Asked, require_answer, touched
from tracker.rules.events.kinds import SERVER, Actor
from tracker.rules.refusals import MayNot, MoveNotAllowed
from tracker.rules.wording import listed

_TOLD = 3  # changes of a proposal that its name tells; of more it says how many


@dataclass(frozen=True, slots=True)
class ProposalAnswer:
    """What came of an agreement: the names of the organisations that are still to agree; none: it is in force."""

    number: int
    what: str
    missing: tuple[str, ...]


def propose(
    session: Session, before: Charter, bundle: Bundle, *, kept: Arrangement, actor: Actor, now: datetime, why: str = ""
) -> ChangeProposal:
    """The caller holds the partnership. Refuses: MoveNotAllowed, where a proposal waits about one of the entries."""
    _refuse_second(session, kept, bundle)
    head, done = bundle.parts[0], plan(before, put_all(before, bundle.parts))
    numbers = select(func.max(ChangeProposal.number)).where(ChangeProposal.partnership_id == kept.id)
    proposal = ChangeProposal(
        partnership_id=kept.id,
        number=(session.exec(numbers).one() or 0) + 1,
        entry_table=head.table,
        entry_key=head.key,
        what=what_text(done.changes),
        plan=str(done),
        why=why,
        parts=[{**each.kept(), "base": each.base(before)} for each in bundle.parts],
        touches=list(bundle.touches),
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        person_name=actor.name,
        proposed_at=now,
    )
    proposal.propose(session, actor, names(kept, bundle.touches))
    return proposal


def what_text(changes: Sequence[EntryChange]) -> str:
    """“route urgent added”, “clause Letters changed and 2 more”."""
    told = [f"{each.table.replace('_', ' ')} {each.name or each.key} {each.did}" for each in changes]
    more = [f"{len(told) - _TOLD} more"] if len(told) > _TOLD else []
    return listed([*told[:_TOLD], *more])


def names(agreed: Arrangement, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(agreed.organisation(key).name for key in keys)


def parts_in(proposal: ChangeProposal) -> tuple[Part, ...]:
    return tuple(Part.read(each) for each in proposal.parts)


def says(proposal: ChangeProposal, bundle: Bundle, before: Charter) -> bool:
    """Whether a proposal that waits is just this one."""
    return proposal.parts == [{**each.kept(), "base": each.base(before)} for each in bundle.parts]


def of_server(proposal: ChangeProposal) -> bool:
    return proposal.organisation_id is None


Apply = Callable[[Charter, Charter, Actor], Any]  # before, after, who proposed it


def agree_proposal(
    session: Session,
    proposal: ChangeProposal,
    charter: Charter,
    actor: Actor,
    *,
    now: datetime,
    put: Apply,
) -> ProposalAnswer:
    """A lead agrees for the actor's organisation; with the last agreement `put` brings it into force. The caller holds
    the partnership, and `charter` is as it is kept.

    Refuses: MayNot, MoveNotAllowed.
    """
    kept = arrangement(session, proposal.partnership_id)
    after = put_all(charter, parts_in(proposal))
    proposal.touches = list(_touches(proposal, charter, after, kept))
    agreed = agreed_for(session, proposal.id)
    require_answer(
        kept.people[actor.person_id or 0],
        kept.organisation(actor.organisation_key),
        Asked(proposal.touches, proposal.person_id, agreed.values()),
    )
    done = {kept.organisations[each].key for each in agreed}
    if actor.organisation_key in done:
        raise MoveNotAllowed(f"{actor.organisation_name} has agreed proposal {proposal.number} already.")
    missing = [each for each in proposal.touches if each not in {*done, actor.organisation_key}]
    proposal.agree(session, actor, now, missing=missing)
    if not missing:
        put(charter, after, proposer(proposal, kept))
    return ProposalAnswer(proposal.number, proposal.what, names(kept, missing))


def return_proposal(session: Session, proposal: ChangeProposal, actor: Actor, *, reason: str, now: datetime) -> None:
    """A lead returns it with a reason. Refuses: MayNot, MoveNotAllowed."""
    kept = arrangement(session, proposal.partnership_id)
    organisation = kept.organisation(actor.organisation_key)
    lead = kept.people[actor.person_id or 0]
    require_answer(lead, organisation, Asked(proposal.touches, proposal.person_id))
    proposal.put_back(session, actor, now, reason=reason)


def take_back(session: Session, proposal: ChangeProposal, actor: Actor, *, now: datetime) -> None:
    """The side that proposed it takes it back. Refuses: MayNot, MoveNotAllowed."""
    if proposal.organisation_id != actor.organisation_id:
        raise MayNot("A proposal is taken back by a lead of the organisation that made it; you can return it.")
    proposal.take_back(session, actor, now)


def look_over(session: Session, kept: Arrangement, actor: Actor, now: datetime) -> None:
    """After a change: what waits about an entry that is no longer what it was is void; whom the others touch is asked
    anew."""
    waiting = waiting_proposals(session, kept.id)
    if not waiting:
        return
    charter = kept_charter(session, kept.id)
    for proposal in waiting:
        parts = parts_in(proposal)
        if any(each.base(charter) != was["base"] for each, was in zip(parts, proposal.parts, strict=True)):
            proposal.void(session, actor, now)
        else:
            proposal.touches = list(_touches(proposal, charter, put_all(charter, parts), kept))
    session.flush()


def proposer(proposal: ChangeProposal, kept: Arrangement) -> Actor:
    """Who proposed it, with the name of the time."""
    side = kept.organisations.get(proposal.organisation_id or 0)
    if side is None:
        return SERVER
    return Actor(proposal.person_id, proposal.person_name, side.id, side.key, side.name)


def lock_partnership(session: Session, partnership_id: int) -> Partnership:
    """Whoever changes what was agreed, or answers a proposal, waits for each other."""
    mine = select(Partnership).where(Partnership.id == partnership_id).with_for_update()
    return session.exec(mine.execution_options(populate_existing=True)).one()


def _touches(proposal: ChangeProposal, charter: Charter, after: Charter, kept: Arrangement) -> tuple[str, ...]:
    """Whom it touches by now; where nobody any more, those it touched."""
    side = kept.organisations.get(proposal.organisation_id or 0)
    found = touched(frozen(charter, kept), frozen(after, kept), side.key if side else None)
    return found or tuple(proposal.touches)


def _refuse_second(session: Session, kept: Arrangement, bundle: Bundle) -> None:
    places = {each.place for each in bundle.parts}
    for proposal in waiting_proposals(session, kept.id):
        if places & {(each["table"], each["key"]) for each in proposal.parts}:
            agreed = agreed_for(session, proposal.id)
            missing = [key for key in proposal.touches if kept.organisation(key).id not in agreed]
            raise MoveNotAllowed(
                f"Proposal {proposal.number} by {proposal.person_name} is about this ({proposal.what}) and waits for a "
                f"lead of {listed(names(kept, missing))}. Once it is answered or taken back, another can be made."
            )
