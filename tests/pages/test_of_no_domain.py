"""A partnership that said nothing of its domain reads of none: no patients, no numbers of one country."""

import re

import pytest
from sqlmodel import Session

from tests.pages.test_who_may_read import addresses, plant
from tests.site import Site
from tracker.records.partnership import Partnership

DOMAIN = re.compile(r"patient|\bNHS\b|National Insurance", re.IGNORECASE)
RAISED = {"title": "It was 943 476 5870", "severity": "serious", "with": "council"}


def say(session: Session, site: Site, never_name: str, *countries: str) -> None:
    partnership = session.get_one(Partnership, site.cast.partnership.id)
    partnership.keep_privacy(never_name, countries)
    partnership.changed()


@pytest.mark.parametrize("name", ["sam", "alex"])
def test_no_page_speaks_of_a_domain_that_the_charter_does_not_name(site: Site, name: str) -> None:
    plant(site)
    guest, walked = site.guest(name), 0
    for address in addresses(site, "GET"):
        answer = guest.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            walked += answer.status_code == 200
            assert DOMAIN.search(answer.text) is None, address
    assert walked > 20


def test_the_form_says_whom_an_issue_never_names_in_the_words_of_the_charter(site: Site) -> None:
    sam = site.guest("sam")
    assert "Leave out names of people whom it does not need." in sam.get("/issues/new").text
    with site.db.write() as session:
        say(session, site, "a driver")
    assert "Never name a driver." in sam.get("/issues/new").text
    assert "Issues never name a driver." in sam.get("/arrangements/RIV").text


def test_numbers_are_warned_of_where_the_charter_names_their_country(site: Site) -> None:
    sam = site.guest("sam")
    with site.db.write() as session:
        say(session, site, "", "GB")
    answer = sam.post("/issues/new", RAISED)
    assert (answer.status_code, "an NHS number: 943 476 5870" in answer.text) == (422, True)
    with site.db.write() as session:
        say(session, site, "")
    assert sam.post("/issues/new", RAISED).status_code == 303
    with site.db.write() as session:
        say(session, site, "", "GB")
    note = sam.post("/issues/RIV-1/notes", {"text": "It was 943 476 5870."})
    assert (note.status_code, "an NHS number: 943 476 5870" in note.text) == (422, True)
