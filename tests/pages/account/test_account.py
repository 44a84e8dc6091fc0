"""Your account: away days, notices, and where you are signed in."""

import re
from collections.abc import Mapping
from datetime import date

from sqlmodel import select

from tests.site import Site
from tracker.queries.arrangements import by_key
from tracker.records.governance import Seat
from tracker.records.partnership import Partnership
from tracker.records.person import Membership, Person
from tracker.rules.arrangement import Absence


def test_the_account_says_where_somebody_belongs_and_as_what(site: Site) -> None:
    text = site.guest("jo").get("/account").text
    assert "Jo Lind, jo@acute.example" in text
    assert re.search(r"Riverside Hospitals</b> in Riverside Integrated Discharge: manager", text)


def test_away_days_are_kept_and_the_arrangement_reads_so_at_once(site: Site) -> None:
    jo = site.guest("jo")
    jo.post("/account/absence", {"away_from": "2026-05-01", "away_until": "2026-05-08"})
    assert 'value="2026-05-01"' in jo.get("/account").text
    assert _absences(site) == {"acute": Absence(date(2026, 5, 1), date(2026, 5, 8))}


def test_of_several_organisations_one_is_away_from_each_by_itself(site: Site) -> None:
    with site.db.write() as session:
        also = Membership(person_id=site.cast.jo.id, organisation_id=site.cast.north.id, manager=True)
        session.add(also)
        session.merge(site.cast.elsewhere).changed()
    jo = site.guest("jo")
    jo.post("/account/absence", {"place": "ELS/north", "away_from": "2026-05-01"})
    assert (_absences(site), _absences(site, "ELS")) == ({}, {"north": Absence(date(2026, 5, 1))})
    page = jo.get("/account").text
    assert [page.index(f"From {each}") for each in ("North Works", "Riverside Hospitals")]
    wrong = jo.post("/account/absence", {"place": "RIV/acute", "away_until": "2026-05-01"}).text
    assert wrong.count("Say from which day on.") == 2  # above the form and beside its field
    assert 'href="#absence1-away_from"' in wrong


def test_from_an_organisation_of_others_nobody_is_away(site: Site) -> None:
    assert site.guest("jo").post("/account/absence", {"place": "RIV/council"}).status_code == 404


def test_both_days_empty_say_that_somebody_is_here(site: Site) -> None:
    jo = site.guest("jo")
    jo.post("/account/absence", {"away_from": "2026-05-01"})
    jo.post("/account/absence", {"away_from": "", "away_until": ""})
    assert _absences(site) == {}


def test_days_that_run_backwards_are_given_back_with_the_reason(site: Site) -> None:
    answer = site.guest("jo").post("/account/absence", {"away_from": "2026-05-08", "away_until": "2026-05-01"})
    assert answer.status_code == 422
    assert "This is before the first day." in answer.text
    assert 'value="2026-05-01"' in answer.text
    assert _absences(site) == {}


def test_a_last_day_needs_a_first(site: Site) -> None:
    answer = site.guest("jo").post("/account/absence", {"away_until": "2026-05-01"})
    assert "Say from which day on." in answer.text


def test_the_account_names_who_acts_meanwhile(site: Site) -> None:
    jo = site.guest("jo")
    assert "nobody acts for you" in jo.get("/account").text
    with site.db.write() as session:
        session.exec(select(Seat).where(Seat.person_id == site.cast.jo.id)).one().deputy_id = site.cast.rita.id
        session.exec(select(Partnership).where(Partnership.key == "RIV")).one().changed()
    assert "Rita Moss" in jo.get("/account").text


def test_word_comes_at_once_or_once_a_day(site: Site) -> None:
    jo = site.guest("jo")
    jo.post("/account/notices", {"notices": "digest"})
    assert _kept(site).digest
    jo.post("/account/notices", {"notices": "at_once"})
    assert not _kept(site).digest


def test_a_choice_that_is_none_is_given_back(site: Site) -> None:
    answer = site.guest("jo").post("/account/notices", {"notices": "never"})
    assert answer.status_code == 422
    assert "not one of the choices" in answer.text


def test_devices_are_listed_and_can_be_signed_out_one_by_one(site: Site) -> None:
    phone, desk = site.guest("jo"), site.guest("jo")
    page = desk.get("/account").text
    assert page.count("<b>Firefox on Windows</b>") == 2
    ends = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert len(ends) == 1
    desk.post(ends[0])
    assert phone.get("/account").status_code == 303
    assert desk.get("/account").status_code == 200


def test_where_one_is_signed_in_says_roughly_where_from_and_how_many_there_can_be(site: Site) -> None:
    jo = site.guest("jo")
    site.later(minutes=6)
    page = jo.get("/account").text
    assert "In 10 browsers at most" in page
    assert " from the network 192.0.2.x" in page
    assert "192.0.2.7" not in page


def test_nobody_signs_somebody_else_out(site: Site) -> None:
    kim, jo = site.guest("kim"), site.guest("jo")
    theirs = re.findall(r"sessions/(\d+)/end", site.guest("kim").get("/account").text)
    assert jo.post(f"/account/sessions/{theirs[0]}/end").status_code == 404
    assert kim.get("/account").status_code == 200


def test_signing_out_everywhere_ends_every_session_and_every_link(site: Site) -> None:
    phone, desk, link = site.guest("jo"), site.guest("jo"), site.link("jo@acute.example")
    assert desk.post("/account/sessions/end").headers["location"] == "/sign-in"
    assert [each.get("/account").status_code for each in (phone, desk)] == [303, 303]
    assert site.stranger().get(link).status_code == 410


def _absences(site: Site, key: str = "RIV") -> Mapping[str, Absence]:
    with site.db.read() as session:
        return by_key(session, key).people[site.cast.jo.id].absences


def _kept(site: Site) -> Person:
    with site.db.read() as session:
        return session.exec(select(Person).where(Person.id == site.cast.jo.id)).one()
