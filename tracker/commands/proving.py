"""`tracker verify` and `tracker prove`: whether the record is what it was, and what shows it to others."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import click
from sqlmodel import Session

from tracker.commands.opening import content_of, current, read_settings
from tracker.commands.progress import progress_of
from tracker.queries.arrangements import by_key
from tracker.queries.proofs.checkpoints import VerifiedLog, log_of, verify_log
from tracker.queries.proofs.claims import consistency
from tracker.queries.proofs.claims import prove as prove_issue
from tracker.queries.proofs.cosignatures import last_seen, verify_cosignatures
from tracker.queries.proofs.links import ChainTally, RecordMisfit, verify_chains
from tracker.records.proofs.signing import valid_signature
from tracker.rules.proofs.checkpoints import PROOF_BEGINS, TlogProof, TreeHead, note_in
from tracker.rules.proofs.claims import ChainClaim
from tracker.rules.proofs.leaves import Leaf
from tracker.rules.proofs.merkle import EMPTY_ROOT, is_consistent
from tracker.rules.proofs.notes import SignedNote, VerifierKey, WrongNote
from tracker.rules.proofs.witnessing import AddCheckpoint
from tracker.rules.wording import listed, say_count

KEPT = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class RecordVerdict:
    """What was gone through, and that all of it fits; or the first thing that does not. `uncovered`: events that are in
    no checkpoint yet; `since`: how many checkpoints there were at the one that somebody kept."""

    partnership: str
    fits: bool = True
    events: int | None = None
    chains: int | None = None
    checkpoints: int | None = None
    uncovered: int | None = None
    since: int | None = None
    seen: dict[str, int] | None = None
    where: str | None = None
    why: str | None = None

    @property
    def text(self) -> str:
        events, chains = say_count(self.events or 0, "event"), say_count(self.chains or 0, "chain")
        lines = [f"{self.partnership}: {events} in {chains} and {say_count(self.checkpoints or 0, 'checkpoint')} fit."]
        if self.since is not None:
            lines.append(f"The record still has all that it had at checkpoint {self.since}.")
        lines += self._seen_lines()
        if self.uncovered:
            lines.append(
                f"In no checkpoint yet: {say_count(self.uncovered, 'event')}, which could still be written anew."
            )
        return "\n".join(lines)

    def _seen_lines(self) -> list[str]:
        if not self.checkpoints or self.seen is None:
            return []
        seen = [key for key, size in self.seen.items() if size == self.checkpoints]
        unseen = [
            f"{key} (last {f'checkpoint {size}' if size else 'none'})"
            for key, size in self.seen.items()
            if size != self.checkpoints
        ]
        told = {f"The last checkpoint was seen by {listed(seen)}.": seen, f"Not seen by {listed(unseen)}.": unseen}
        return [line for line, whose in told.items() if whose]


@click.command()
@click.option("--partnership", "key", required=True, help="The key of the partnership.")
@click.option("--checkpoint", "file", type=KEPT, help="A checkpoint that was kept, as it came by mail.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def verify(key: str, file: Path | None, *, as_json: bool) -> None:
    """Prove that the record is as it was written, or name the first event that does not fit (exit 1).

    Every event, chain, checkpoint and signature is worked out anew. With a checkpoint that somebody kept it is proven,
    too, that the record still has all that it had then.
    """
    kept = _kept_note(file) if file else None
    with current(read_settings()) as database, database.snapshot() as session:
        try:
            verdict = _verdict(session, key, kept)
        except RecordMisfit as misfit:
            if not as_json:
                raise
            verdict = RecordVerdict(key, fits=False, where=misfit.where, why=misfit.why)
    click.echo(json.dumps(asdict(verdict)) if as_json else verdict.text)
    if not verdict.fits:
        click.get_current_context().exit(1)


def _verdict(session: Session, key: str, kept: SignedNote | None) -> RecordVerdict:
    partnership = by_key(session, key)
    with progress_of("Events") as progress:
        tally = verify_chains(session, partnership.id, key, progress)
    log = log_of(session, partnership.id)
    if log is None:
        if kept:
            raise RecordMisfit("The checkpoint in the file", f"{key} has no log")
        return _of(key, tally, None, None)
    with progress_of("Checkpoints") as progress:
        verified = verify_log(session, log, progress)
    verify_cosignatures(session, partnership.id)
    seen = {each.key: each.size for each in last_seen(session, partnership.id)}
    return _of(key, tally, verified, verified.require_extends(kept) if kept else None, seen)


def _of(
    key: str, tally: ChainTally, log: VerifiedLog | None, head: TreeHead | None, seen: dict[str, int] | None = None
) -> RecordVerdict:
    checkpoints, since = (log.size if log else 0), (head.size if head else None)
    return RecordVerdict(key, True, tally.events, tally.chains, checkpoints, tally.uncovered, since, seen)


def _kept_note(file: Path) -> SignedNote:
    content = content_of(file)
    try:
        return note_in(content.decode("utf-8", "replace"))
    except WrongNote:
        body = message_from_bytes(content, policy=default).get_body(("plain",))  # a mail, as a program keeps it
        if body is None:
            raise
        return note_in(str(body.get_content()))


@click.command()
@click.argument("ref", required=False)
@click.option("-o", "out", type=click.Path(dir_okay=False, path_type=Path), help="A file; left out, it is printed.")
@click.option("--organisation", help="The key of a side, for what it keeps to itself; left out, what all sides read.")
@click.option("--since", type=(str, int), metavar="KEY N", help="That a record extends what it was at checkpoint N.")
@click.option("--until", type=int, metavar="M", help="With --since: at checkpoint M; left out, at the last one.")
@click.option("--check", "file", type=KEPT, help="A proof to be checked, without any database.")
@click.option("--checkpoint", "kept", type=KEPT, help="With --check: the earlier checkpoint, as somebody kept it.")
@click.option("--key", "keys", multiple=True, help="A key that has to have signed it: of the log, or of a witness.")
def prove(
    ref: str | None,
    out: Path | None,
    organisation: str | None,
    since: tuple[str, int] | None,
    until: int | None,
    file: Path | None,
    kept: Path | None,
    keys: tuple[str, ...],
) -> None:
    """Write a proof (C2SP tlog-proof) of how far the story of an issue had come at a checkpoint, or check one.

    It holds no words, and shows to whoever has the events that these, and no others, were there. With --since it is
    what a witness is asked (C2SP tlog-witness): a checkpoint, and that it extends an earlier one; 0 is none.
    """
    if [ref, since, file].count(None) != 2:
        raise click.UsageError("Give the reference of an issue, or --since, or --check and a proof.")
    if (until is not None and since is None) or (kept and not file):
        raise click.UsageError("--until is for --since, and --checkpoint for --check.")
    if file is not None:
        click.echo(_checked(file, _kept_note(kept) if kept else None, [VerifierKey.read(each) for each in keys]))
        return
    with current(read_settings()) as database, database.snapshot() as session:
        if since is not None:
            proof = str(consistency(session, by_key(session, since[0]).id, since[1], until))
        else:
            proof = str(prove_issue(session, str(ref), organisation))
    if out is None:
        click.echo(proof, nl=False)
    else:
        out.write_text(proof, encoding="utf-8")


def _checked(file: Path, kept: SignedNote | None, keys: Sequence[VerifierKey]) -> str:
    """What it proves. Refuses with WrongNote one that does not, or that one of these keys has not signed."""
    text = content_of(file).decode("utf-8", "replace")
    if not text.startswith(PROOF_BEGINS):
        return _checked_extension(AddCheckpoint.read(text), kept, keys)
    proof = TlogProof.read(text)
    claim = ChainClaim.read(proof.extra)
    claim.require_proven(proof)
    signed = _signed_by(proof.checkpoint, keys)
    head, leaf = TreeHead.read(proof.checkpoint.text), Leaf.read(claim.leaf)
    at = f"{datetime.fromtimestamp(leaf.at, UTC):%Y-%m-%d %H:%M} UTC"
    events = f"{say_count(claim.head.length, 'event')}, the last with the digest {claim.head.digest}"
    return (
        f"{claim.ref}, as {claim.opening.place} read it: {events}.\n"
        f"That stood in leaf {proof.index + 1} of {head.origin}, made {at}, of {head.size} that are signed by {signed}."
    )


def _checked_extension(proof: AddCheckpoint, kept: SignedNote | None, keys: Sequence[VerifierKey]) -> str:
    """Of what a witness is asked: that a checkpoint extends the one that somebody kept."""
    head, seen = TreeHead.read(proof.note.text), TreeHead.read(kept.text) if kept else TreeHead("", 0, EMPTY_ROOT)
    if seen.size != proof.old_size:
        raise WrongNote(f"It begins at checkpoint {proof.old_size}: give that one with --checkpoint.")
    if not is_consistent(seen.size, seen.root, head.size, head.root, proof.path):
        raise WrongNote(f"Checkpoint {head.size} does not extend checkpoint {seen.size}: these are two histories.")
    signed = _signed_by(proof.note, keys)
    has = f"has all that checkpoint {seen.size} had" if seen.size else "is the first that is shown"
    return f"Checkpoint {head.size} of {head.origin} {has}. It is signed by {signed}."


def _signed_by(note: SignedNote, keys: Sequence[VerifierKey]) -> str:
    if missing := [key.name for key in keys if not valid_signature(note, key)]:
        raise WrongNote(f"{missing[0]} has not signed the checkpoint in it.")
    return listed(key.name for key in keys) or "nobody whose key was given"


commands = [verify, prove]
