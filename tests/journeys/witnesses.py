"""Witnesses to arrange with: each in a folder of its own, on loopback, and the clock that asks them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tests.makers import MONDAY, Cast
from tests.notice_makers import Door
from tests.queries.proofs.record import KEY
from tracker.actions.proving.own_witness import name_witness
from tracker.api.witness_folder import WitnessFolder, opened_folder
from tracker.api.witness_server import WitnessServer
from tracker.clock import Clock
from tracker.database import Database
from tracker.post.calls import Calls
from tracker.queries.proofs.checkpoints import leaf_of
from tracker.queries.proofs.cosignatures import last_seen
from tracker.records.proofs.log import Checkpoint, CheckpointHead, Log
from tracker.records.proofs.witness import Cosignature, Witness
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.merkle import CompactRange
from tracker.rules.proofs.notes import SignedNote

HERE = ("127.0.0.1",)


@contextmanager
def serving(home: Path, name: str) -> Iterator[WitnessServer]:
    with opened_folder(home, name) as folder, WitnessServer(folder, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def address_of(server: WitnessServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def trust(session: Session, cast: Cast, folder: WitnessFolder) -> None:
    """As whoever keeps the witness does, by the key that leads read."""
    folder.trust(KEY.verifier(_log(session, cast).origin))


def name(session: Session, cast: Cast, lead: str, folder: WitnessFolder, address: str = "") -> Witness:
    actor = cast.actor(lead)
    return name_witness(
        session, cast.partnership.id, actor, verifier=str(folder.verifier), address=address, may_call=HERE, now=MONDAY
    )


def clock_at(db: Database, now: datetime, *, longest: float = 60.0) -> Clock:
    return Clock(db, Door(), link_key=b"k" * 32, log_key=KEY, calls=Calls(HERE, longest), now_of=lambda _: now)


def ask_all(db: Database, now: datetime, *, longest: float = 60.0) -> list[str]:
    """All witnesses that are due; what came of it."""
    return [done.what for _, done in clock_at(db, now, longest=longest).witnessing.until_still()]


def sizes(session: Session, cast: Cast) -> dict[str, int]:
    """The last checkpoint that each organisation has seen."""
    return {each.key: each.size for each in last_seen(session, cast.partnership.id)}


def checkpoint_of(session: Session, cast: Cast, size: int) -> Checkpoint:
    mine = (Checkpoint.partnership_id == cast.partnership.id, col(Checkpoint.size) == size)
    return session.exec(select(Checkpoint).where(*mine)).one()


def write_anew(session: Session, cast: Cast) -> None:
    """The last of two checkpoints is gone, and made again as another leaf in another tree, as well signed."""
    first, last, log = (checkpoint_of(session, cast, 1), checkpoint_of(session, cast, 2), _log(session, cast))
    last.secret = first.secret
    leaf = leaf_of(session, last).hash
    tree = CompactRange().append(bytes.fromhex(first.leaf)).append(leaf)
    last.leaf, log.roots = leaf.hex(), b"".join(tree.roots)
    text = TreeHead(log.origin, 2, tree.root).text
    last.note = str(SignedNote(text, (KEY.sign(log.origin, text),)))


def lose_last(session: Session, cast: Cast) -> None:
    """What came with the last of two checkpoints, as after a restore."""
    last, log = checkpoint_of(session, cast, 2), _log(session, cast)
    for table in (Cosignature, CheckpointHead):
        session.execute(delete(table).where(col(table.checkpoint_id) == last.id))
    session.delete(last)
    tree = CompactRange().append(bytes.fromhex(checkpoint_of(session, cast, 1).leaf))
    log.size, log.roots = 1, b"".join(tree.roots)
    for witness in session.exec(select(Witness)):
        witness.seen_size, witness.due_at = min(witness.seen_size, 1), MONDAY
    session.flush()


def _log(session: Session, cast: Cast) -> Log:
    return session.get_one(Log, cast.partnership.id)
