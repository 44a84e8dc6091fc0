"""A proof of an issue holds without a database, and tells nothing of what others keep to themselves."""

import json

import pytest
from sqlmodel import Session, col, select
from tlog_scales.tlog import Checkpoint as TheirCheckpoint
from tlog_scales.tlog import InclusionProof

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tests.queries.proofs.record import KEY, a_day_later, begin, begin_with_checkpoints, make_checkpoints
from tracker.actions.add_note import add_note
from tracker.database import Database
from tracker.queries.proofs.claims import prove
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.proofs.signing import valid_signature
from tracker.rules.proofs.checkpoints import TlogProof, TreeHead
from tracker.rules.proofs.claims import ChainClaim
from tracker.rules.proofs.leaves import Leaf
from tracker.rules.proofs.notes import WrongNote
from tracker.rules.refusals import MoveNotAllowed, NotThere
from tracker.rules.rings import Ring

REF = "RIV-2"


@pytest.fixture
def recorded(db: Database, cast: Cast) -> Database:
    with db.write() as session:
        begin_with_checkpoints(session, cast, 3)
    return db


def events(session: Session, readers: str) -> list[Event]:
    mine = select(Event).join(Issue, col(Issue.id) == col(Event.issue_id)).where(Issue.ref == REF)
    return list(session.exec(mine.where(Event.readers == readers).order_by(col(Event.place))))


def proven(db: Database, organisation: str | None = None, ref: str = REF) -> tuple[TlogProof, ChainClaim]:
    with db.read() as session:
        proof = TlogProof.read(str(prove(session, ref, organisation)))
    claim = ChainClaim.read(proof.extra)
    claim.require_proven(proof)
    return proof, claim


@pytest.mark.parametrize("organisation", [None, "acute"])
def test_it_shows_where_the_story_ended_to_who_has_the_events(
    recorded: Database, cast: Cast, organisation: str | None
) -> None:
    proof, claim = proven(recorded, organisation)
    ids = sorted([cast.acute.id, cast.council.id]) if organisation is None else [cast.acute.id]
    with recorded.read() as session:
        story = events(session, "+".join(map(str, ids)))
        assert (claim.head.chain, claim.head.digest) == (story[0].digest, story[-1].digest)
        assert claim.head.length == len(story)
    assert (claim.ref, proof.index) == (REF, 0)
    assert claim.opening.place == ("acute council" if organisation is None else "acute")


def test_others_take_it_and_its_checkpoint(recorded: Database) -> None:
    proof, claim = proven(recorded)
    theirs = TheirCheckpoint.from_text(str(proof.checkpoint))
    InclusionProof(proof.index, theirs.size, list(proof.path)).check(Leaf.read(claim.leaf).hash, theirs.root_hash)
    origin = TreeHead.read(proof.checkpoint.text).origin
    assert valid_signature(proof.checkpoint, KEY.verifier(origin))


@pytest.mark.parametrize("part", ["length", "digest", "issue_of_another", "leaf", "index"])
def test_a_proof_of_which_anything_was_changed_proves_nothing(recorded: Database, part: str) -> None:
    proof, claim = proven(recorded)
    _, another = proven(recorded, ref="RIV-3")
    written = json.loads(claim.written())
    if part == "length":
        written["head"]["length"] += 1
    elif part == "digest":
        written["head"]["digest"] = "0" * 64
    elif part == "issue_of_another":
        written["head"] = json.loads(another.written())["head"]
    elif part == "leaf":
        written["leaf"] = written["leaf"].replace("time 1", "time 2")
    changed = ChainClaim.read(json.dumps(written).encode())
    index = proof.index + (part == "index")
    with pytest.raises(WrongNote):
        changed.require_proven(TlogProof(index, proof.path, proof.checkpoint))


@pytest.mark.parametrize(
    "extra", [b"", b"{}", b"[]", b'{"form": "another"}', b'{"form": "partnership-tracker/claim@v1"}']
)
def test_what_claims_nothing_is_refused(extra: bytes) -> None:
    with pytest.raises(WrongNote):
        ChainClaim.read(extra)


def shape(session: Session) -> list[tuple[int, ...]]:
    """All that could tell of what others keep to themselves: sizes, places, lengths, times."""
    found: list[tuple[int, ...]] = []
    for organisation in (None, "acute"):
        proof = prove(session, REF, organisation)
        claim = ChainClaim.read(proof.extra)
        sizes = len(str(proof)), proof.index, len(proof.path), len(claim.opening.path), claim.opening.size
        found.append((*sizes, claim.head.length, Leaf.read(claim.leaf).at))
    return found


def test_what_others_keep_to_themselves_moves_nothing_in_a_proof(db: Database, cast: Cast) -> None:
    """The same record, with nothing, one thing and thirty that the Council keeps to itself. Indices among what the
    reader reads go by random hashes, and are not compared."""
    shapes = []
    with db.write() as session:
        for kept_inside in (0, 1, 30):
            savepoint = session.begin_nested()
            begin(session, cast)
            for number in range(kept_inside):
                add_note(session, REF, doer(cast, "kim"), text=f"Between us {number}", ring=Ring.ORGANISATION)
                make_issue(session, cast, by="kim", with_="acute", ring=Ring.ORGANISATION)
            make_checkpoints(session)
            make_checkpoints(session, a_day_later())
            shapes.append(shape(session))
            savepoint.rollback()
            session.expunge_all()
    assert shapes[0] == shapes[1] == shapes[2]


def test_what_is_in_no_checkpoint_yet_is_not_proven(db: Database, cast: Cast) -> None:
    with db.write() as session:
        begin(session, cast)
        with pytest.raises(MoveNotAllowed, match="in a checkpoint yet"):
            prove(session, REF, None)


@pytest.mark.parametrize("ref, organisation", [("RIV-99", None), (REF, "community"), (REF, "nobody")])
def test_what_is_not_there_is_not_proven(recorded: Database, ref: str, organisation: str | None) -> None:
    with recorded.read() as session, pytest.raises(NotThere):
        prove(session, ref, organisation)
