"""What a copy brings: cosignatures by the witness that its organisation named, and by no other."""

import pytest
from httpx import Response
from sqlmodel import select

from tests.api.calling import Program
from tests.queries.proofs.record import a_day_later, begin, make_checkpoints
from tests.site import Site
from tracker.actions.proving.own_witness import name_witness
from tracker.queries.proofs.cosignatures import cosignature_lines, last_seen
from tracker.records.proofs.log import Checkpoint
from tracker.records.proofs.signing import SigningKey
from tracker.rules.proofs.notes import SignatureType, SignedNote

NAME, KEY = "council.example/witness", SigningKey(bytes(range(5, 37)))


@pytest.fixture
def note(site: Site) -> SignedNote:
    """The checkpoint of a record whose council has named a witness."""
    with site.db.write() as session:
        begin(session, site.cast)
        make_checkpoints(session)
        make_checkpoints(session, a_day_later())
        verifier = str(KEY.verifier(NAME, SignatureType.COSIGNATURE))
        lead, home = site.cast.actor("chris"), site.cast.partnership.id
        name_witness(session, home, lead, verifier=verifier, address="", may_call=(), now=site.now)
    site.now = a_day_later()
    with site.db.read() as session:
        mine = Checkpoint.partnership_id == site.cast.partnership.id
        return SignedNote.read(session.exec(select(Checkpoint.note).where(mine)).one())


def cosigned(note: SignedNote, site: Site, key: SigningKey = KEY) -> str:
    return str(note.with_signatures([key.cosign(NAME, note.text, site.now)]))


def send(site: Site, content: str, organisation: str = "council") -> Response:
    program = Program(site, organisation)
    headers = {"Authorization": f"Bearer {program.token}", "Content-Type": "text/plain; charset=utf-8"}
    return program.client.post("/api/v1/partnerships/RIV/cosignatures", content=content.encode(), headers=headers)


def test_what_the_witness_of_the_organisation_cosigned_is_kept_once(site: Site, note: SignedNote) -> None:
    for _ in range(2):
        answer = send(site, cosigned(note, site))
        assert (answer.status_code, answer.json()) == (200, {"checkpoint": 1})
    with site.db.read() as session:
        assert {each.key: each.size for each in last_seen(session, site.cast.partnership.id)} == {
            "acute": 0, "council": 1, "community": 0
        }  # fmt: skip
        assert [len(lines) for lines in cosignature_lines(session, [1, 2]).values()] == [1]


def test_what_it_did_not_sign_is_refused(site: Site, note: SignedNote) -> None:
    for content in (str(note), cosigned(note, site, SigningKey(bytes(32))), "nonsense", "\x00", "x" * 70_000):
        refused = send(site, content)
        assert refused.status_code == 422, content[:20]
        assert refused.headers["content-type"] == "application/problem+json"
    another = SignedNote(note.text.replace("\n1\n", "\n9\n"), note.signatures)
    assert send(site, cosigned(another, site)).status_code == 404
    assert send(site, cosigned(note, site), "acute").status_code == 409
    with site.db.read() as session:
        assert not cosignature_lines(session, [1, 2])
