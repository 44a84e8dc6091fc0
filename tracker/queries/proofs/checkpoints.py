"""The checkpoints of a log: whether each leaf, tree and signature is that of the heads that stand in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker.queries.proofs.heads import heads_in, in_groups, organisation_keys
from tracker.queries.proofs.links import Progress, RecordMisfit
from tracker.records.proofs.log import Checkpoint, EndedEpoch, Log, LogKey, LogKeyChange
from tracker.records.proofs.signing import key_change_in, valid_signature
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.leaves import Blinding, Leaf
from tracker.rules.proofs.merkle import CompactRange
from tracker.rules.proofs.notes import SignatureType, SignedNote, VerifierKey, WrongNote
from tracker.rules.proofs.succession import KeyChange, LogName, Succession


@dataclass(frozen=True)
class VerifiedLog:
    """A log all of whose checkpoints fit. `roots`: of the tree at each size, from 0 on."""

    log: Log
    succession: Succession
    roots: tuple[bytes, ...]

    @property
    def size(self) -> int:
        return len(self.roots) - 1

    def require_extends(self, note: SignedNote) -> TreeHead:
        """The checkpoint that somebody kept, if the log still has all that it had then. Refuses with RecordMisfit."""
        head, where = TreeHead.read(note.text), "The checkpoint in the file"
        name = next((each for each in self.succession.names if each.origin == head.origin), None)
        if name is None:
            raise RecordMisfit(where, f"it is of another log, {head.origin}, not of {self.log.origin}")
        last = self.size if name.size is None else name.size
        keys = (self.succession.key_at(head.size),) if head.size <= last else self.succession.keys_of(head.origin)
        if not is_signed(note, keys):
            raise RecordMisfit(where, "the key that was in force then did not sign it")
        if head.size > last and name.size is not None:
            raise RecordMisfit(where, f"what came after the {last}. was lost, and the leads agreed to go on without it")
        if head.size > last:
            raise RecordMisfit(
                where, f"it is the {head.size}. of a log that has {self.size} now: what came last is gone"
            )
        if head.root != self.roots[head.size]:
            raise RecordMisfit(where, "the log had another history then: what happened before it was written anew")
        return head


def log_of(session: Session, partnership_id: int) -> Log | None:
    return session.get(Log, partnership_id)


def log_keys(session: Session, origin: str) -> tuple[VerifierKey, ...]:
    """What checkpoints of a log are checked with, the one in force last."""
    known = session.exec(select(LogKey.public).order_by(col(LogKey.number)))
    return tuple(VerifierKey(origin, SignatureType.ED25519, bytes.fromhex(each)) for each in known)


def newest_log_key(session: Session) -> LogKey | None:
    """The one in force."""
    return session.exec(select(LogKey).order_by(col(LogKey.number).desc()).limit(1)).first()


def succession_of(session: Session, log: Log) -> Succession:
    """Its names and keys. Refuses with RecordMisfit where one key did not hand over to the next."""
    names = (*(LogName(*each) for each in ended_epochs(session, log.partnership_id)), LogName(log.origin))
    changed = select(LogKeyChange).where(LogKeyChange.partnership_id == log.partnership_id)
    changes = [_key_change(each) for each in session.exec(changed.order_by(col(LogKeyChange.number)))]
    newest = newest_log_key(session)
    public = bytes.fromhex(newest.public) if newest else b""
    publics = [*(each.new.public for each in changes), public]
    if any(each.old.public != before for each, before in zip(changes[1:], publics, strict=False)) or (
        changes and publics[-1] != changes[-1].new.public
    ):
        raise RecordMisfit(f"The log {log.origin}", "one of its keys did not hand over to the next")
    return Succession(names, tuple((each.size, each.old.public) for each in changes), public)


def _key_change(kept: LogKeyChange) -> KeyChange:
    where = f"The change to key {kept.number} of the log"
    try:
        change = key_change_in(kept.note)
    except WrongNote as wrong:
        raise RecordMisfit(where, "the key before it and this one did not both sign it") from wrong
    if change.size != kept.size:
        raise RecordMisfit(where, "it is said to have been at another checkpoint")
    return change


def ended_epochs(session: Session, partnership_id: int) -> Sequence[tuple[str, int]]:
    """The names that a log had before, each with up to how many checkpoints, the first one first."""
    asked = select(EndedEpoch.origin, EndedEpoch.size).where(EndedEpoch.partnership_id == partnership_id)
    return session.exec(asked.order_by(col(EndedEpoch.number))).all()


def key_changes(session: Session, partnership_id: int) -> tuple[str, ...]:
    """The notes by which a log went on under another key, the first one first."""
    asked = select(LogKeyChange.note).where(LogKeyChange.partnership_id == partnership_id)
    return tuple(session.exec(asked.order_by(col(LogKeyChange.number))))


def is_signed(note: SignedNote, keys: Iterable[VerifierKey]) -> bool:
    return any(valid_signature(note, key) for key in keys)


def checkpoints_of(session: Session, partnership_id: int) -> Iterator[Checkpoint]:
    """In their order, one at a time."""
    asked = select(Checkpoint).where(Checkpoint.partnership_id == partnership_id).order_by(col(Checkpoint.size))
    yield from session.exec(asked.execution_options(yield_per=100))


def leaf_of(session: Session, checkpoint: Checkpoint) -> Leaf:
    """Made anew of the heads that stand in it."""
    known = set(checkpoint.organisations)
    every = organisation_keys(session, checkpoint.partnership_id)
    keys = {number: key for number, key in every.items() if key in known}
    blinding = Blinding(bytes.fromhex(checkpoint.secret), checkpoint.organisations)
    return blinding.leaf(int(checkpoint.at.timestamp()), in_groups(heads_in(session, checkpoint.id), keys))


def verify_log(session: Session, log: Log, progress: Progress) -> VerifiedLog:
    """Refuses with RecordMisfit at the first checkpoint that does not fit."""
    succession, tree = succession_of(session, log), CompactRange()
    roots = [tree.root]
    for checkpoint in checkpoints_of(session, log.partnership_id):
        where = f"Checkpoint {checkpoint.size} ({checkpoint.at:%Y-%m-%d %H:%M} UTC)"
        if checkpoint.size != tree.size + 1:
            raise RecordMisfit(where, "the one before it is missing")
        tree = tree.append(_leaf_hash(session, checkpoint, where))
        roots.append(tree.root)
        key = succession.key_at(tree.size)
        _require_signed(checkpoint, TreeHead(key.name, tree.size, tree.root), key, where)
        progress(tree.size, log.size)
    if tree != log.tree:
        raise RecordMisfit(f"Checkpoint {max(tree.size, log.size)}", "it is not the one that was made last")
    return VerifiedLog(log, succession, tuple(roots))


def _leaf_hash(session: Session, checkpoint: Checkpoint, where: str) -> bytes:
    leaf = leaf_of(session, checkpoint).hash
    if leaf.hex() != checkpoint.leaf:
        raise RecordMisfit(where, "it was made of other events")
    return leaf


def _require_signed(checkpoint: Checkpoint, head: TreeHead, key: VerifierKey, where: str) -> None:
    try:
        note = SignedNote.read(checkpoint.note)
    except WrongNote as wrong:
        raise RecordMisfit(where, "its note cannot be read") from wrong
    if note.text != head.text:
        raise RecordMisfit(where, "what was signed is another tree")
    if not valid_signature(note, key):
        raise RecordMisfit(where, "the key that was in force then did not sign it")
