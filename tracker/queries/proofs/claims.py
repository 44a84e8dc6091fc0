"""What can be proven of an issue: how far a chain of it had come at the last checkpoint after it moved."""

from sqlmodel import Session, col, select

from tracker.queries.proofs.checkpoints import leaf_of
from tracker.queries.proofs.cosignatures import cosignature_lines
from tracker.queries.proofs.heads import heads_in, in_groups, organisation_keys
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.proofs.log import Checkpoint, CheckpointHead
from tracker.rules.digest import CLOSED, together
from tracker.rules.proofs.checkpoints import TlogProof
from tracker.rules.proofs.claims import ChainClaim
from tracker.rules.proofs.leaves import Blinding, ChainHead, reader_group
from tracker.rules.proofs.merkle import consistency_path, inclusion_path
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.proofs.witnessing import AddCheckpoint
from tracker.rules.refusals import MoveNotAllowed, NotThere


def prove(session: Session, ref: str, organisation: str | None) -> TlogProof:
    """Of what all sides read of it, or of what an organisation alone does. Refuses with NotThere, and with
    MoveNotAllowed what is in no checkpoint yet."""
    issue = session.exec(select(Issue).where(Issue.ref == ref)).first()
    if issue is None:
        raise NotThere(f"There is no issue {ref}.")
    head = _newest_head(session, issue, organisation)
    checkpoint = session.get_one(Checkpoint, head.checkpoint_id)
    keys = organisation_keys(session, issue.partnership_id)
    known = {number: key for number, key in keys.items() if key in set(checkpoint.organisations)}
    place, mine = reader_group(head.readers, known).places[0], ChainHead(head.chain, head.place, head.digest)
    every = in_groups(heads_in(session, checkpoint.id), known)
    beside = [each for group, each in every if place in group.places]
    opening = Blinding(bytes.fromhex(checkpoint.secret), checkpoint.organisations).opening(place, beside, mine)
    claim = ChainClaim(ref, mine, opening, leaf_of(session, checkpoint).text)
    leaves, newest = _leaves(session, issue.partnership_id)
    return TlogProof(checkpoint.size - 1, inclusion_path(leaves, checkpoint.size - 1), newest, claim.written())


def consistency(session: Session, partnership_id: int, since: int, until: int | None = None) -> AddCheckpoint:
    """That the log of `until` checkpoints, or of now, began as the one of so many, as a witness is asked it. Refuses
    with NotThere."""
    leaves, note = _leaves(session, partnership_id, until)
    if not 0 <= since <= len(leaves):
        raise NotThere(f"There is no checkpoint {since} of this record up to checkpoint {len(leaves)}.")
    return AddCheckpoint(since, consistency_path(leaves, since), note)


def _newest_head(session: Session, issue: Issue, organisation: str | None) -> CheckpointHead:
    """Of the chain that goes on now; where it is in no checkpoint, of the one it took the place of."""
    group = _group(session, issue, organisation)
    names = [f"{before}{name}" for before in ("", CLOSED) for name in (group, f"named {group}")]
    mine = (CheckpointHead.issue_id == issue.id, col(CheckpointHead.readers).in_(names))
    heads = session.exec(select(CheckpointHead).where(*mine).order_by(col(CheckpointHead.place).desc())).all()
    if not heads:
        raise MoveNotAllowed(f"Nothing of {issue.ref} that they read is in a checkpoint yet. One is made each day.")
    return min(heads, key=lambda head: names.index(head.readers))


def _group(session: Session, issue: Issue, organisation: str | None) -> str:
    sides = session.exec(select(IssueSide.organisation_id).where(IssueSide.issue_id == issue.id)).all()
    if organisation is None:
        return together(sides)
    keys = {key: number for number, key in organisation_keys(session, issue.partnership_id).items()}
    if keys.get(organisation) not in sides:
        raise NotThere(f"{organisation} is no side of {issue.ref}.")
    return together([keys[organisation]])


def _leaves(session: Session, partnership_id: int, until: int | None = None) -> tuple[list[bytes], SignedNote]:
    """Of all checkpoints up to that one, and its note with who saw it; None: up to the last one."""
    asked = select(Checkpoint.id, Checkpoint.size, Checkpoint.leaf, Checkpoint.note)
    asked = asked.where(Checkpoint.partnership_id == partnership_id).order_by(col(Checkpoint.size))
    rows = session.exec(asked if until is None else asked.where(col(Checkpoint.size) <= until)).all()
    if not rows or until not in (None, rows[-1][1]):
        which = "no checkpoint" if until is None else f"no checkpoint {until}"
        raise NotThere(f"There is {which} of this record yet. One is made each day.")
    checkpoint_id, _, _, note = rows[-1]
    seen = cosignature_lines(session, [checkpoint_id])[checkpoint_id]
    return [bytes.fromhex(leaf) for _, _, leaf, _ in rows], SignedNote.read(note).with_signatures(seen)
