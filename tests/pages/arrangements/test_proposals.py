"""What one lead changes and others have to agree: it waits, is agreed, returned, taken back, or void."""

import pytest
from sqlmodel import col, select

from tests.pages.arrangements.forms_on_page import agreed_in, all_agree, version_on
from tests.site import Guest, Site, went_to
from tracker.exchange.charter.proposing import MOST_WAITING
from tracker.records.event import Event
from tracker.records.person import Membership

AT = "/arrangements/RIV"
NOSY = {
    "key": "nosy", "ladder": "operational", "answers": "acute", "organisation": ["council"], "with_": ["community"],
}  # fmt: skip


def propose(guest: Guest, **changed: object) -> str:
    """A route by which Acute joins what is between the two others; the address of the proposal."""
    answer = guest.post(f"{AT}/routes", {**NOSY, **changed})
    assert answer.status_code == 303, answer.text
    return went_to(answer)


def kinds(site: Site) -> list[str]:
    with site.db.read() as session:
        return list(session.exec(select(Event.kind).order_by(col(Event.id).desc()).limit(3)))


def test_what_touches_others_waits_for_a_lead_of_each_and_says_so(site: Site) -> None:
    alex = site.guest("alex")
    where = propose(alex)
    assert where == f"{AT}/proposals/1"
    text = alex.get(where).text
    assert "it waits for a lead of Riverside Council and Riverside Community Care." in text
    assert "Route nosy: added" in text
    for name, said in (
        ("When it was raised by", "Riverside Council"), ("When it is with", "Riverside Community Care"),
        ("Who answers", "Riverside Hospitals"), ("Ladder", "Operational"),
    ):  # fmt: skip
        assert f"<dt>{name}</dt><dd>{said}</dd>" in text
    assert agreed_in(site).routes == ()


def test_what_touches_nobody_is_in_force_at_once_and_says_so(site: Site) -> None:
    alex = site.guest("alex")
    answer = alex.post(f"{AT}/service-areas", {"name": "Care at home"})
    assert "In force now." in alex.follow(answer.headers["location"]).text
    assert agreed_in(site).service_area("care_at_home")


def test_it_is_seen_by_everybody_and_lies_on_the_desks_of_those_who_are_to_answer(site: Site) -> None:
    propose(site.guest("alex"))
    assert "Route nosy added" in site.guest("mo").get(f"{AT}/proposals").text
    said = "Alex Hill proposed a change that waits for you: route nosy added."
    on_desk = {name: said in site.guest(name).get("/").text for name in ("alex", "chris", "tess", "sam")}
    assert on_desk == {"alex": False, "chris": True, "tess": True, "sam": False}


def test_with_the_last_lead_it_is_in_force(site: Site) -> None:
    where = propose(site.guest("alex"))
    chris, tess = site.guest("chris"), site.guest("tess")
    assert chris.post(f"{where}/agreement").status_code == 303
    assert agreed_in(site).routes == ()
    assert "agreed by Chris Vale" in tess.get(where).text
    assert tess.post(f"{where}/agreement").status_code == 303
    assert [each.key for each in agreed_in(site).routes] == ["nosy"]
    assert "In force</strong> since" in tess.get(where).text
    assert "Tess Ward agreed proposal 1 for Riverside Community Care: route nosy added; it is in force" in (
        site.guest("alex").get(f"{AT}/events").text
    )


def test_an_organisation_agrees_once_and_nobody_for_another(site: Site) -> None:
    where = propose(site.guest("alex"))
    alex, chris = site.guest("alex"), site.guest("chris")
    assert alex.post(f"{where}/agreement").status_code == 403
    assert alex.post(f"{where}/agreement", {"speaking_for": "council"}).status_code == 403
    chris.post(f"{where}/agreement")
    assert chris.post(f"{where}/agreement").status_code in (403, 409)
    assert chris.post(f"{where}/agreement", {"speaking_for": "community"}).status_code in (403, 409)
    assert site.guest("jo").post(f"{where}/agreement").status_code == 403
    assert site.guest("nora").post(f"{where}/agreement").status_code == 404
    assert agreed_in(site).routes == ()


def test_it_is_returned_with_a_reason(site: Site) -> None:
    where = propose(site.guest("alex"))
    chris = site.guest("chris")
    assert chris.post(f"{where}/return", {"reason": ""}).status_code == 422
    assert chris.post(f"{where}/return", {"reason": "We would rather not"}).status_code == 303
    assert "Returned</strong> by Chris Vale" in chris.get(where).text
    assert "We would rather not" in site.guest("alex").get(where).text
    assert site.guest("tess").post(f"{where}/agreement").status_code == 409
    assert kinds(site)[0] == "proposal_returned"


def test_it_is_taken_back_by_the_side_that_made_it_alone(site: Site) -> None:
    where = propose(site.guest("alex"))
    assert site.guest("chris").post(f"{where}/withdrawal").status_code == 403
    assert site.guest("alex").post(f"{where}/withdrawal").status_code == 303
    assert "Taken back</strong> by Alex Hill" in site.guest("chris").get(where).text
    assert site.guest("chris").post(f"{where}/agreement").status_code == 409


def test_there_is_one_for_an_entry(site: Site) -> None:
    where = propose(site.guest("alex"))
    again = site.guest("chris").post(f"{AT}/routes", {**NOSY, "answers": "council"})
    assert again.status_code == 409
    assert "Proposal 1 by Alex Hill is about this" in again.text
    site.guest("alex").post(f"{where}/withdrawal")
    assert propose(site.guest("alex")) == f"{AT}/proposals/2"


def test_of_one_organisation_no_more_wait_than_can_be_looked_over(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    clause = {"topic": "GOV", "title": "Mine"}
    sent = [alex.post(f"{AT}/clauses", {**clause, "key": f"9.{number}"}) for number in range(MOST_WAITING + 1)]
    assert {each.status_code for each in sent[:-1]} == {303}
    assert sent[-1].status_code == 409
    assert "50 proposals of Riverside Hospitals wait already, which is as many as can." in sent[-1].text
    assert chris.post(f"{AT}/clauses", {**clause, "key": "8.1"}).status_code == 303
    alex.post(f"{AT}/proposals/1/withdrawal")
    assert alex.post(f"{AT}/clauses", {**clause, "key": "9.99"}).status_code == 303


def test_it_is_void_when_what_it_is_about_was_changed_meanwhile(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    page = f"{AT}/service-areas/discharge"
    answers = {"version": version_on(alex, page), "name": "Discharge", "answers": "acute"}
    where = went_to(alex.post(page, answers))
    assert chris.post(page, {"version": version_on(chris, page), "name": "Going home"}).status_code == 303
    text = alex.get(where).text
    assert "Void</strong>" in text
    assert "changed meanwhile by Chris Vale" in text
    assert chris.post(f"{where}/agreement").status_code == 409
    area = agreed_in(site).service_area("discharge")
    assert area
    assert (area.name, area.answers) == ("Going home", None)


BETWEEN = {"ladder": "operational", "organisation": ["council"], "with_": ["community"]}


def test_it_is_void_when_it_would_do_to_who_agreed_it_what_it_did_not(site: Site) -> None:
    """What one lead changes behind a route that takes every issue touches nobody, until the route is narrower."""
    alex, chris, tess = (site.guest(name) for name in ("alex", "chris", "tess"))
    for key in ("shield", "behind"):
        alex.post(f"{AT}/routes", {**BETWEEN, "key": key})
    page = f"{AT}/routes/shield"
    narrower = {**BETWEEN, "severity": ["critical"], "start": "ops", "version": version_on(alex, page)}
    where = went_to(alex.post(page, narrower))
    assert chris.post(f"{where}/agreement").status_code == 303
    page = f"{AT}/routes/behind"
    nosy = {**BETWEEN, "answers": "acute", "version": version_on(alex, page)}
    assert "/proposals/" not in went_to(alex.post(page, nosy))
    assert "changed meanwhile by Alex Hill" in tess.get(where).text
    assert tess.post(f"{where}/agreement").status_code == 409
    assert "severity" not in agreed_in(site).routes[0].when


def test_it_waits_on_when_what_is_changed_meanwhile_does_nothing_to_it(site: Site) -> None:
    alex, chris, tess = (site.guest(name) for name in ("alex", "chris", "tess"))
    where = propose(alex)
    assert chris.post(f"{where}/agreement").status_code == 303
    for key, more in (("same", {}), ("urgent", {"severity": ["critical"], "start": "ops"})):
        alex.post(f"{AT}/routes", {**BETWEEN, "key": key, **more})
    alex.post(f"{AT}/service-areas", {"name": "Care at home"})
    assert "agreed by Chris Vale" in tess.get(where).text
    assert tess.post(f"{where}/agreement").status_code == 303
    assert [each.key for each in agreed_in(site).routes] == ["nosy", "same", "urgent"]


def test_the_seats_of_a_body_are_not_what_a_proposal_about_its_meetings_is_about(site: Site) -> None:
    alex, page = site.guest("alex"), f"{AT}/bodies/ops"
    weekly = {"name": "Operational managers' group", "often": "weekly", "first_on": "2026-05-21", "at": "13:30"}
    where = went_to(alex.post(page, {**weekly, "version": version_on(alex, page)}))
    seats = {"person1": "rita@acute.example", "holds1": "yes", "version": version_on(alex, page)}
    assert alex.post(f"{page}/seats/acute", seats).status_code == 303
    all_agree(site)
    assert "In force</strong>" in alex.get(where).text
    body = agreed_in(site).bodies["ops"]
    assert body.meets
    assert site.cast.rita.id in {each.person_id for each in body.seats}


def lead_of_two(site: Site) -> None:
    """Alex leads the Council as well."""
    with site.db.write() as session:
        council = Membership(person_id=site.cast.alex.id, organisation_id=site.cast.council.id)
        council.take_roles(["lead"])
        session.add(council)
        site.cast.partnership.version += 1
        session.merge(site.cast.partnership)


def test_a_lead_of_two_says_for_whom_they_act_and_agrees_nothing_that_they_proposed(site: Site) -> None:
    lead_of_two(site)
    alex = site.guest("alex")
    silent = alex.post(f"{AT}/routes", NOSY)
    assert silent.status_code == 422
    assert "Say for whom you act: Riverside Hospitals or Riverside Council." in silent.text
    where = propose(alex, speaking_for="acute")
    assert "Agree for Riverside Council" not in alex.get(where).text
    assert alex.post(f"{where}/agreement", {"speaking_for": "council"}).status_code == 403
    site.guest("tess").post(f"{where}/agreement")
    assert agreed_in(site).routes == ()
    site.guest("chris").post(f"{where}/agreement")
    assert len(agreed_in(site).routes) == 1


def test_a_lead_of_two_answers_for_one_alone(site: Site) -> None:
    lead_of_two(site)
    tess, alex = site.guest("tess"), site.guest("alex")
    where = propose(tess, answers="community", organisation=["acute"], with_=["council"])
    assert alex.post(f"{where}/agreement", {"speaking_for": "acute"}).status_code == 303
    assert alex.post(f"{where}/agreement", {"speaking_for": "council"}).status_code == 403
    assert agreed_in(site).routes == ()


@pytest.mark.parametrize(
    "page, fields, told",
    [
        (
            f"{AT}/clauses/4.2",
            {"topic": "STANDARD", "title": "Letters", "text": "Letters go out the same day."},
            "<dt>Title</dt><dd>Letters <small>was Discharge letters</small></dd>",
        ),
        (f"{AT}/report", {"recent_months": "9"}, "<dt>Recent months</dt><dd>9 <small>was 6</small></dd>"),
        (
            f"{AT}/bodies/steering",
            {"name": "Steering group", "often": "never"},
            "<dt>Meets</dt><dd>when called <small>was every Tuesday at 10:00, from Tue 6 Jan 2026</small></dd>",
        ),
    ],
)
def test_what_all_share_waits_for_all_the_others_and_says_what_was(
    site: Site, page: str, fields: dict[str, str], told: str
) -> None:
    alex = site.guest("alex")
    answer = alex.post(page, {**fields, "version": version_on(alex, page)})
    text = alex.get(answer.headers["location"]).text
    assert "it waits for a lead of Riverside Council and Riverside Community Care." in text
    assert told in text
