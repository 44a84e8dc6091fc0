"""How the record is proven: leads read it, have the letters, and can ask for one more checkpoint."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from tests.issue_makers import make_issue
from tests.pages.test_what_others_try import letters_to
from tests.site import Site
from tracker.clock import clock_of
from tracker.queries.proofs.checkpoints import log_keys
from tracker.records.proofs.log import Checkpoint, Log
from tracker.records.proofs.signing import valid_signature
from tracker.rules.proofs.checkpoints import note_in

PAGE = "/arrangements/RIV/record"


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
