"""How the record is proven: leads read it, have the letters, and can ask for one more checkpoint."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import Session, col, select

from tests.issue_makers import make_issue
from tests.journeys.witnesses import lose_last
from tests.pages.test_what_others_try import letters_to
from tests.site import Site
from tracker.actions.proving.own_witness import accept_cosignature
from tracker.clock import clock_of
from tracker.database import statement_count
from tracker.queries.proofs.checkpoints import log_keys
from tracker.records.proofs.log import Checkpoint, Log
from tracker.records.proofs.signing import SigningKey, valid_signature
from tracker.records.proofs.witness import Witness
from tracker.rules.proofs.checkpoints import note_in
from tracker.rules.proofs.notes import SignatureType, SignedNote
from tracker.rules.proofs.witness_answers import WitnessTrouble

PAGE = "/arrangements/RIV/record"
KEY = SigningKey(b"c" * 32)
WITNESS = str(KEY.verifier("council.example/witness", SignatureType.COSIGNATURE))


def sweep(site: Site) -> None:
    list(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())


def newest(session: Session) -> Checkpoint:
    return session.exec(
        select(Checkpoint).where(Checkpoint.partnership_id == 1).order_by(col(Checkpoint.size).desc())
    ).first()  # type: ignore[return-value]


@pytest.mark.parametrize("name, status", [("chris", 200), ("kim", 403), ("dana", 403), ("tess", 200), ("nora", 404)])
def test_it_is_for_leads_of_the_partnership(site: Site, name: str, status: int) -> None:
    sweep(site)
    assert site.guest(name).get(PAGE).status_code == status
    assert site.guest(name).post(PAGE, {}).status_code == (303 if status == 200 else status)


def test_before_the_clock_has_begun_there_is_nothing_to_read_or_to_ask_for(site: Site) -> None:
    assert "The clock has not begun it yet" in site.guest("alex").get(PAGE).text
    assert site.guest("alex").post(PAGE, {}).status_code == 409


def test_once_a_day_every_lead_has_a_letter_with_a_checkpoint_that_holds(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    assert "There is no checkpoint yet" in site.guest("alex").get(PAGE).text
    site.later(days=1, hours=1)
    sweep(site)
    with site.db.read() as session:
        kept, log = newest(session).note, session.exec(select(Log).where(Log.partnership_id == 1)).one()
        key = log_keys(session, log.origin)[-1]
    for lead in ("alex", "chris", "tess"):
        (letter,) = [words for words in letters_to(site, lead) if "made checkpoint 1 of the record" in words]
        assert str(note_in(letter)) == kept
    assert valid_signature(note_in(kept), key)
    assert letters_to(site, "kim") == [words for words in letters_to(site, "kim") if "checkpoint" not in words]
    page = site.guest("chris").get(PAGE).text
    assert str(key) in page.replace("&#43;", "+")
    assert "can still be rewritten by whoever runs the server" in page


def test_a_lead_has_one_made_and_not_another_within_the_hour(site: Site) -> None:
    sweep(site)
    done = site.guest("chris").post(PAGE, {})
    assert "You asked for a checkpoint of the record" in site.guest("chris").get(done.headers["location"]).text
    sweep(site)
    with site.db.read() as session:
        assert newest(session).size == 1
    assert "less than an hour ago" in site.guest("alex").post(PAGE, {}).text
    site.now += timedelta(hours=2)
    assert site.guest("alex").post(PAGE, {}).status_code == 303
    assert "Chris Vale asked for a checkpoint" in site.guest("alex").get("/arrangements/RIV/events").text


def test_a_lead_names_the_witness_of_their_own_organisation_alone(site: Site) -> None:
    sweep(site)
    typed = {"verifier": WITNESS, "address": ""}
    for name, side, status in (
        ("alex", "council", 403),
        ("kim", "council", 403),
        ("nora", "council", 404),
        ("alex", "nobody", 404),
        ("chris", "council", 303),
    ):
        assert site.guest(name).post(f"{PAGE}/witnesses/{side}", typed).status_code == status, name
    for name, status in (("alex", 403), ("kim", 403), ("nora", 404), ("chris", 303), ("chris", 409)):
        assert site.guest(name).post(f"{PAGE}/witnesses/council/retirement", {}).status_code == status, name


def test_the_page_says_who_has_not_seen_the_last_checkpoint(site: Site) -> None:
    sweep(site)
    site.guest("chris").post(f"{PAGE}/witnesses/council", {"verifier": WITNESS})
    site.later(days=1, hours=1)
    sweep(site)
    assert words_of(site).count("Not seen by") == 3
    with site.db.write() as session:
        seen = SignedNote.read(newest(session).note)
        cosigned = seen.with_signatures([KEY.cosign("council.example/witness", seen.text, site.now)])
        accept_cosignature(session, 1, site.cast.council.id, str(cosigned))
    assert "Seen by Riverside Council, to the last checkpoint" in words_of(site)
    assert str(cosigned.signatures[-1]) in site.guest("alex").get(PAGE).text.replace("&#43;", "+")
    site.later(days=1)
    sweep(site)
    assert "Not seen by Riverside Council since Tue 28 Apr, 10:00 checkpoint 1" in words_of(site)
    (letter,) = [words for words in letters_to(site, "alex") if "made checkpoint 2 of the record" in words]
    assert "Not seen by Riverside Hospitals at all and Riverside Community Care at all" in " ".join(letter.split())


def test_what_is_in_the_way_of_a_witness_is_said_to_the_leads(site: Site) -> None:
    sweep(site)
    site.guest("chris").post(f"{PAGE}/witnesses/council", {"verifier": WITNESS, "address": "https://w.example"})
    with site.db.write() as session:
        session.exec(select(Witness)).one().note_trouble(WitnessTrouble.UNKNOWN_LOG, site.now)
    assert "Its witness does not know this log and needs the key below, since" in words_of(site)


def test_once_a_witness_of_each_has_seen_it_what_was_before_cannot_be_rewritten_unnoticed(site: Site) -> None:
    sweep(site)
    keys = {name: SigningKey(name.encode().ljust(32, b".")) for name in ("acute", "council", "community")}
    for name, lead in (("acute", "alex"), ("council", "chris"), ("community", "tess")):
        verifier = str(keys[name].verifier(f"{name}.example/w", SignatureType.COSIGNATURE))
        assert site.guest(lead).post(f"{PAGE}/witnesses/{name}", {"verifier": verifier}).status_code == 303
    site.later(days=1, hours=1)
    sweep(site)
    assert "is proven only where a witness of each organisation" in words_of(site)
    with site.db.write() as session:
        note = SignedNote.read(newest(session).note)
        for name, key in keys.items():
            line = key.cosign(f"{name}.example/w", note.text, site.now)
            accept_cosignature(session, 1, site.cast.organisations[name].id, str(note.with_signatures([line])))
    assert "what was before it nobody can rewrite unnoticed" in words_of(site)


@pytest.mark.parametrize(
    "typed, why",
    [
        ({"verifier": "nonsense"}, "This is no verifier key"),
        ({"verifier": WITNESS, "address": "http://witness.council.example"}, "Only https addresses are called."),
        ({"verifier": WITNESS, "address": "https://10.0.0.7"}, "Only public addresses are called"),
        ({"address": "https://witness.council.example"}, "Give the key that the witness prints"),
    ],
)
def test_what_cannot_be_a_witness_is_the_same_page_with_what_was_typed(
    site: Site, typed: dict[str, str], why: str
) -> None:
    sweep(site)
    answer = site.guest("chris").post(f"{PAGE}/witnesses/council", typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert all(value in answer.text.replace("&#43;", "+") for value in typed.values())


def test_the_page_takes_a_handful_of_statements_whatever_there_is(site: Site) -> None:
    sweep(site)
    before = count_statements(site)
    site.guest("chris").post(f"{PAGE}/witnesses/council", {"verifier": WITNESS})
    for _ in range(3):
        site.later(days=1, hours=1)
        sweep(site)
    assert count_statements(site) == before


def count_statements(site: Site) -> int:
    alex = site.guest("alex")
    with statement_count(site.db) as sent:
        assert alex.get(PAGE).status_code == 200
    return len(sent)


def words_of(site: Site) -> str:
    page = site.guest("alex").get(PAGE).text
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


def test_leads_of_all_organisations_agree_to_go_on_after_checkpoints_were_lost(site: Site) -> None:
    lost = lost_at(site)
    assert site.guest("kim").post(f"{PAGE}/epoch", {"lost": lost}).status_code == 403
    assert site.guest("nora").post(f"{PAGE}/epoch", {"lost": lost}).status_code == 404
    empty, wrong = (site.guest("alex").post(f"{PAGE}/epoch", each) for each in ({}, {"lost": "Dear Alex"}))
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "There is no checkpoint in it" in wrong.text
    assert "Dear Alex</textarea>" in wrong.text
    done = site.guest("alex").post(f"{PAGE}/epoch", {"lost": lost})
    assert (
        "You proposed a change, no. 1: a new epoch of the log" in site.guest("alex").get(done.headers["location"]).text
    )
    assert site.guest("alex").post(f"{PAGE}/epoch", {"lost": lost}).status_code == 409
    proposal = "/arrangements/RIV/proposals/1"
    page = unescape(re.sub(r"<[^>]+>", " ", site.guest("chris").get(proposal).text))
    assert "Last checkpoint that is lost 2" in " ".join(page.split())
    with site.db.read() as session:
        before = session.get_one(Log, 1).origin
    for lead, side in (("chris", "council"), ("tess", "community")):
        assert site.guest(lead).post(f"{proposal}/agreement", {"speaking_for": side}).status_code == 303
    with site.db.read() as session:
        assert session.get_one(Log, 1).origin != before
    assert "begin its epoch 2 after checkpoint 1" in site.guest("alex").get("/arrangements/RIV/events").text


def test_the_page_says_whose_witness_has_seen_what_is_not_here(site: Site) -> None:
    sweep(site)
    site.guest("chris").post(f"{PAGE}/witnesses/council", {"verifier": WITNESS, "address": "https://w.example"})
    with site.db.write() as session:
        session.exec(select(Witness)).one().note_trouble(WitnessTrouble.AHEAD, site.now)
    assert "The witness of Riverside Council has seen a history that is not here." in words_of(site)


def lost_at(site: Site) -> str:
    """The second of two checkpoints, which the record has no more."""
    sweep(site)
    for _ in range(2):
        site.later(days=1, hours=1)
        sweep(site)
    with site.db.write() as session:
        lost = newest(session).note
        lose_last(session, site.cast)
    return lost
