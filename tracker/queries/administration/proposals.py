"""Changes of an arrangement that wait for leads, and those that are over."""

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session, col, select

from tracker.records.change_proposal import ChangeAgreement, ChangeProposal
from tracker.records.ladder import Ladder, LadderVersion
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.arranging import Asked, ProposalState, led_by, may_answer
from tracker.rules.events.kinds import SERVER
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Viewer

PAGE = 50


def waiting_proposals(session: Session, *partnership_ids: int) -> Sequence[ChangeProposal]:
    """Those that wait in these partnerships, the oldest first."""
    mine = (col(ChangeProposal.partnership_id).in_(partnership_ids), ChangeProposal.state == ProposalState.WAITING)
    return session.exec(select(ChangeProposal).where(*mine).order_by(col(ChangeProposal.id))).all()


def closed_proposals(session: Session, partnership_id: int) -> Sequence[ChangeProposal]:
    """The last that were agreed, returned, taken back or void, the newest first."""
    mine = (ChangeProposal.partnership_id == partnership_id, ChangeProposal.state != ProposalState.WAITING)
    return session.exec(
        select(ChangeProposal).where(*mine).order_by(col(ChangeProposal.number).desc()).limit(PAGE)
    ).all()


def proposal_of(session: Session, partnership_id: int, number: int) -> ChangeProposal:
    """Refuses: NotThere."""
    mine = (ChangeProposal.partnership_id == partnership_id, ChangeProposal.number == number)
    found = session.exec(select(ChangeProposal).where(*mine)).first()
    if found is None:
        raise NotThere(f"There is no proposal {number}.")
    return found


def agreed_for(session: Session, proposal_id: int) -> dict[int, int]:
    """Who agreed a proposal: the person's id by that of the organisation."""
    return {each.organisation_id: each.person_id for each in agreements(session, [proposal_id])}


def agreements(session: Session, proposal_ids: Collection[int]) -> Sequence[ChangeAgreement]:
    """The agreements of these proposals, the first ones first."""
    those = col(ChangeAgreement.proposal_id).in_(proposal_ids)
    return session.exec(select(ChangeAgreement).where(those).order_by(col(ChangeAgreement.id))).all()


def ladders_proposed_by_leads(session: Session, partnership_id: int) -> frozenset[str]:
    """The keys of the ladders of which a version waits that a lead proposed."""
    waiting = (
        select(Ladder.key)
        .join(LadderVersion, col(LadderVersion.ladder_id) == col(Ladder.id))
        .where(Ladder.partnership_id == partnership_id, LadderVersion.proposed_by_name != SERVER.name)
        .where(col(LadderVersion.in_force_at).is_(None), col(LadderVersion.withdrawn_at).is_(None))
    )
    return frozenset(session.exec(waiting))


def unanswered(session: Session, viewer: Viewer, arrangements: Iterable[Arrangement]) -> tuple[ChangeProposal, ...]:
    """Those that wait for this person's answer, as a lead of these partnerships."""
    led = {each.id: each for each in arrangements if led_by(viewer, each)}
    waiting = waiting_proposals(session, *led) if led else ()
    agreed = agreements(session, [each.id for each in waiting]) if waiting else ()
    return tuple(each for each in waiting if answerable(led[each.partnership_id], each, viewer, agreed))


def answerable(
    arrangement: Arrangement, proposal: ChangeProposal, viewer: Viewer, agreed: Iterable[ChangeAgreement]
) -> tuple[Organisation, ...]:
    """The organisations for which a lead may answer a proposal. `agreed`: its agreements, among others."""
    people = [each.person_id for each in agreed if each.proposal_id == proposal.id]
    lead = arrangement.people.get(viewer.person_id)
    if lead is None or proposal.state is not ProposalState.WAITING:
        return ()
    led = [arrangement.organisation(key) for key in led_by(viewer, arrangement)]
    asked = Asked(proposal.touches, proposal.person_id, people)
    return tuple(each for each in led if may_answer(lead, each, asked))
