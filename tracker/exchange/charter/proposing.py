"""Changes that wait: proposed once, void when what they are about has changed, in force with the last agreement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, func, select

from tracker.actions.proving.begin_epoch import lost_checkpoint
from tracker.exchange.charter import current
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.frozen import frozen
from tracker.exchange.charter.parts import EPOCH, Part, put_all
from tracker.exchange.charter.plan import EntryChange, plan
from tracker.exchange.charter.shapes import EpochShape
from tracker.exchange.charter.splitting import Bundle
from tracker.queries.administration.proposals import agreed_for, waiting_proposals
from tracker.queries.arrangements import arrangement
from tracker.records.change_proposal import ChangeProposal
from tracker.records.partnership import Partnership
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import Asked, Change, bears_on_others, goes_further, require_answer, touched
from tracker.rules.events.kinds import SERVER, Actor
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.notes import base64_text
from tracker.rules.refusals import MayNot, MoveNotAllowed
from tracker.rules.wording import listed

MOST_WAITING = 50  # proposals of one organisation: whatever changes meanwhile, each is looked at anew
_NEW_EPOCH = "a new epoch of the log of the record"
_TOLD = 3  # changes of a proposal that its name tells; of more it says how many


@dataclass(frozen=True, slots=True)
class ProposalAnswer:
    """What came of an agreement: the names of the organisations that are still to agree; none: it is in force."""

    number: int
    what: str
    missing: tuple[str, ...]


def propose(
    session: Session,
    before: Charter,
    bundle: Bundle,
    *,
    kept: Arrangement,
    actor: Actor,
    now: datetime,
    why: str = "",
    what: str = "",
    says: str = "",
) -> ChangeProposal:
    """The caller holds the partnership. `what`, `says`: of what is no part of a charter, which says it by itself.
    Refuses: MoveNotAllowed, where a proposal waits about one of the entries, and where too many of an organisation
    wait."""
    waiting = waiting_proposals(session, kept.id)
    _refuse_second(session, kept, bundle, waiting)
    _refuse_more(waiting, actor)
    head, done = bundle.parts[0], plan(before, put_all(before, bundle.parts))
    numbers = select(func.max(ChangeProposal.number)).where(ChangeProposal.partnership_id == kept.id)
    proposal = ChangeProposal(
        partnership_id=kept.id,
        number=(session.exec(numbers).one() or 0) + 1,
        entry_table=head.table,
        entry_key=head.key,
        what=what or what_text(done.changes),
        plan=says or done.in_words(),
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


def propose_epoch(session: Session, partnership_id: int, text: str, *, actor: Actor, now: datetime) -> ChangeProposal:
    """That the log of the record goes on under a new name, which every lead agrees. `text`: with the last checkpoint
    that was lost, as somebody kept it. Refuses: WrongInput, where it is none or is not lost; MoveNotAllowed, where one
    is proposed already."""
    lock_partnership(session, partnership_id)
    lost, agreed = lost_checkpoint(session, partnership_id, text), arrangement(session, partnership_id)
    head = TreeHead.read(lost.text)
    others = tuple(each.key for each in agreed.active_organisations() if each.id != actor.organisation_id)
    plan_text = (
        "The log goes on under a new name, without what was lost\n"
        f"  last checkpoint that is lost: {head.size}\n"
        f"  its root: {base64_text(head.root)}\n"
        f"  of the log: {head.origin}"
    )
    bundle = Bundle((Part(EPOCH, EPOCH, EpochShape(lost=str(lost))),), others)
    before = current.kept(session, partnership_id)
    return propose(session, before, bundle, kept=agreed, actor=actor, now=now, what=_NEW_EPOCH, says=plan_text)


def what_text(changes: Sequence[EntryChange]) -> str:
    """“route urgent added”, “clause Letters changed and 2 more”."""
    told = [f"{each.subject} {each.did}" for each in changes]
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
    side = kept.organisations.get(proposal.organisation_id or 0)
    found = touched(frozen(charter, kept), frozen(after, kept), side.key if side else None)
    proposal.touches = list(found or proposal.touches)
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


@dataclass(frozen=True, slots=True)
class AgreedCharter:
    """What is agreed, as a charter and as it is kept."""

    charter: Charter
    kept: Arrangement

    def change(self, parts: Sequence[Part]) -> Change:
        """What parts of a proposal make of it."""
        after = put_all(self.charter, parts)
        return frozen(self.charter, self.kept), frozen(after, self.kept)


def look_over(session: Session, before: AgreedCharter, after: AgreedCharter, actor: Actor, now: datetime) -> None:
    """After a change: what waits about an entry that is no longer what it was is void, and so is what would do to
    somebody who agreed it what it did not when they did; whom the others touch is asked anew."""
    bears = bears_on_others(before.kept, after.kept)
    for proposal in waiting_proposals(session, after.kept.id):
        parts, side = parts_in(proposal), after.kept.organisations.get(proposal.organisation_id or 0)
        own = side.key if side else None
        changed = any(each.base(after.charter) != was["base"] for each, was in zip(parts, proposal.parts, strict=True))
        if changed or (bears and _goes_further(session, proposal, before, after, own)):
            proposal.void(session, actor, now)
        elif bears:
            proposal.touches = list(touched(*after.change(parts), own) or proposal.touches)
    session.flush()


def _goes_further(
    session: Session, proposal: ChangeProposal, before: AgreedCharter, after: AgreedCharter, own: str | None
) -> bool:
    """Whether a proposal would by now do more to an organisation than its lead agreed to."""
    agreed = {after.kept.organisations[each].key for each in agreed_for(session, proposal.id)}
    parts = parts_in(proposal)
    return bool(agreed and agreed & goes_further(before.change(parts), after.change(parts), own))


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


def _refuse_more(waiting: Sequence[ChangeProposal], actor: Actor) -> None:
    mine = [each for each in waiting if each.organisation_id == actor.organisation_id]
    if actor.organisation_id is not None and len(mine) >= MOST_WAITING:
        raise MoveNotAllowed(
            f"{len(mine)} proposals of {actor.organisation_name} wait already, which is as many as can. "
            "Once one is answered or taken back, another can be made."
        )


def _refuse_second(session: Session, kept: Arrangement, bundle: Bundle, waiting: Sequence[ChangeProposal]) -> None:
    places = {each.place for each in bundle.parts}
    for proposal in waiting:
        if places & {(each["table"], each["key"]) for each in proposal.parts}:
            agreed = agreed_for(session, proposal.id)
            missing = [key for key in proposal.touches if kept.organisation(key).id not in agreed]
            raise MoveNotAllowed(
                f"Proposal {proposal.number} by {proposal.person_name} is about this ({proposal.what}) and waits for a "
                f"lead of {listed(names(kept, missing))}. Once it is answered or taken back, another can be made."
            )
