"""What a directory says is done to the membership of its organisation, and to nothing else of anybody."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from tests.api.directory.calling import Caller
from tests.issue_makers import make_issue
from tests.makers import LONG_AGO
from tests.pages.arrangements.forms_on_page import agreed_in
from tests.site import Site
from tracker.actions.people.belong import come_in
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.records.event import Event
from tracker.records.person import Membership, Person
from tracker.records.session import Session as SignedIn
from tracker.records.session import SignInLink
from tracker.rules.rings import Role

KIM, LEE, CHRIS = "kim@council.example", "lee@council.example", "chris@council.example"


RAVI = "ravi@council.example"


@pytest.fixture
def entra(site: Site) -> Caller:
    with site.db.write() as session:
        for person in session.exec(select(Person)):
            person.came_in_at = LONG_AGO
    return Caller(site)


def told(site: Site, *kinds: str) -> list[str]:
    """The sentences of the events of these kinds, in their order."""
    with site.db.read() as session:
        asked = select(Event).where(col(Event.kind).in_(kinds)).order_by(col(Event.id))
        return [each.read().sentence(each.actor_name) for each in session.exec(asked)]


def roles(site: Site, name: str, organisation: str = "council") -> frozenset[Role] | None:
    """What somebody is there now; None: nothing."""
    people = agreed_in(site).people.values()
    return next((each.roles.get(organisation) for each in people if each.name == name), None)


def emails(site: Site) -> set[str]:
    """Of who belongs to the council now, or is invited to it."""
    return {each.email for each in agreed_in(site).people.values() if "council" in each.places}


def roles_at(site: Site, email: str) -> frozenset[Role]:
    """What somebody is to the council, or is invited as."""
    return next(each.places["council"] for each in agreed_in(site).people.values() if each.email == email)


def belongs_also(site: Site, name: str, organisation: str) -> None:
    with site.db.write() as session:
        also = Membership(person_id=site.cast.people[name].id, organisation_id=site.cast.organisations[organisation].id)
        also.take_roles([Role.MANAGER])
        session.add(also)
        for home in (site.cast.partnership, site.cast.elsewhere):
            session.merge(home).changed()


@pytest.mark.both_databases
def test_who_is_not_active_belongs_no_more_and_is_signed_out_and_what_they_held_passes_on(
    site: Site, entra: Caller
) -> None:
    kim = site.guest("kim")
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    assert kim.get(f"/issues/{ref}").status_code == 200
    assert entra.set_active(KIM, active=False).json()["active"] is False
    assert kim.get(f"/issues/{ref}").status_code == 303
    assert kim.get("/").status_code == 303
    assert roles(site, "Kim Tran") is None
    assert site.cast.kim.id not in {seat.person_id for seat in agreed_in(site).bodies["front"].seats}
    assert told(site, "person_left") == [
        "Riverside Council's directory recorded that Kim Tran has left Riverside Council"
    ]
    assert "Riverside Council&#39;s directory recorded" in site.guest("alex").get("/arrangements/RIV/events").text


def test_who_is_deleted_belongs_no_more_and_is_not_there_any_more(site: Site, entra: Caller) -> None:
    user = entra.find(KIM)
    assert entra.ask("DELETE", f"/Users/{user['id']}").status_code == 204
    assert roles(site, "Kim Tran") is None
    assert entra.ask("GET", f"/Users/{user['id']}").status_code == 404
    again = entra.create(KIM)
    assert (again.status_code, again.json()["id"] != user["id"]) == (201, True)


@pytest.mark.both_databases
def test_who_is_active_again_has_the_membership_as_it_was_and_not_the_seat(site: Site, entra: Caller) -> None:
    entra.set_active(LEE, active=False)
    assert entra.set_active(LEE, active=True).json()["active"] is True
    assert roles(site, "Lee Ford") == frozenset({Role.MANAGER})
    assert site.cast.lee.id not in {seat.person_id for seat in agreed_in(site).bodies["ops"].seats}
    assert told(site, "person_returned") == [
        "Riverside Council's directory returned Lee Ford to Riverside Council as manager"
    ]
    assert site.guest("lee").get("/arrangements/RIV").status_code == 200


def test_a_session_of_before_stays_ended_when_they_are_active_again(site: Site, entra: Caller) -> None:
    lee = site.guest("lee")
    entra.set_active(LEE, active=False)
    entra.set_active(LEE, active=True)
    assert lee.get("/").status_code == 303
    with site.db.read() as session:
        assert session.exec(select(SignedIn).where(SignedIn.person_id == site.cast.lee.id)).all() == []


def test_what_a_lead_ended_a_directory_does_not_give_back_but_invites_anew(site: Site, entra: Caller) -> None:
    entra.find(LEE)
    with site.db.write() as session:
        lead = site.cast.actor("chris")
        revise(session, site.cast.partnership.id, with_leaver(LEE, "council"), actor=lead, now=site.now)
    assert entra.find(LEE)["active"] is False
    entra.set_active(LEE, active=True)
    assert told(site, "person_returned") == []
    assert told(site, "person_invited")[-1].endswith("to Riverside Council as front line")


def test_the_last_lead_is_removed_as_anybody_else(site: Site, entra: Caller) -> None:
    assert entra.set_active(CHRIS, active=False).status_code == 200
    assert agreed_in(site).leads_of("council") == ()


def test_who_leads_what_issues_take_is_removed_at_once(site: Site, entra: Caller) -> None:
    alex = site.guest("alex")
    fields = {"name": "Beds", "answers": "council", "leads": ["council kim@council.example"]}
    alex.post("/arrangements/RIV/service-areas", fields)
    for lead in ("chris", "tess"):
        for number in ("1", "2"):
            site.guest(lead).post(f"/arrangements/RIV/proposals/{number}/agreement", {})
    assert entra.set_active(KIM, active=False).status_code == 200
    assert roles(site, "Kim Tran") is None
    assert all(not each.leads for each in agreed_in(site).service_areas)


def test_somebody_new_is_invited_as_front_line_and_written_to(site: Site, entra: Caller) -> None:
    answer = entra.create("Ravi@council.example", externalId="7f3")
    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json()["meta"]["location"]
    assert told(site, "person_invited") == [
        "Riverside Council's directory invited Ravi Das (ravi@council.example) to Riverside Council as front line"
    ]
    with site.db.read() as session:
        person = session.exec(select(Person).where(Person.email == "ravi@council.example")).one()
        letter = session.exec(select(SignInLink).where(SignInLink.person_id == person.id)).one()
    assert letter.about.startswith("Riverside Council's directory invites you")
    assert site.link("ravi@council.example").startswith("/sign-in/")


@pytest.mark.both_databases
def test_the_answer_is_the_same_whether_or_not_the_address_has_an_account(site: Site, entra: Caller) -> None:
    answers = []
    for login in ("stan@north.example", "sam@acute.example", "nobody@north.example"):
        created = entra.create(login, "Ravi Das")
        assert created.status_code == 201
        shown = entra.ask("GET", f"/Users/{created.json()['id']}")
        assert shown.json() == created.json()
        said = [str(each.json()).replace(login, "X") for each in (created, shown)]
        own = created.json()
        answers.append([text.replace(own["id"], "ID").replace(own["meta"]["version"], "V") for text in said])
    assert answers[0] == answers[1] == answers[2]
    assert "Stan" not in str(answers)


def test_who_belongs_elsewhere_is_no_member_before_they_accept_and_keeps_their_name(site: Site, entra: Caller) -> None:
    entra.create("stan@north.example", "Ravi Das")
    assert site.guest("stan").get("/arrangements/RIV").status_code == 404
    with site.db.read() as session:
        assert session.get_one(Person, site.cast.stan.id).name == "Stan Pike"
    page = site.guest("chris").get("/arrangements/RIV/organisations/council").text
    assert "Ravi Das" in page
    assert "Stan Pike" not in page


def test_an_invitation_that_is_taken_back_signs_nobody_out(site: Site, entra: Caller) -> None:
    stan = site.guest("stan")
    entra.create("stan@north.example")
    entra.set_active("stan@north.example", active=False)
    assert stan.get("/").status_code == 200
    assert told(site, "invitation_ended") == [
        "Riverside Council's directory took back the invitation of Ravi Das to Riverside Council"
    ]
    entra.set_active("stan@north.example", active=True)
    assert told(site, "person_returned") == []
    assert len(told(site, "person_invited")) == 2


def test_who_belongs_to_two_is_removed_from_the_one_alone(site: Site, entra: Caller) -> None:
    belongs_also(site, "kim", "north")
    entra.set_active(KIM, active=False)
    assert roles(site, "Kim Tran") is None
    kim = site.guest("kim")
    assert kim.get("/arrangements/ELS").status_code == 200
    assert kim.get("/arrangements/RIV").status_code == 404


def test_a_name_is_changed_where_nobody_else_knows_them_and_nowhere_else(site: Site, entra: Caller) -> None:
    belongs_also(site, "lee", "north")
    answers = []
    for login in (KIM, LEE):
        name = {"op": "Replace", "path": "displayName", "value": "Kit Marlow"}
        answers.append(entra.patch(entra.find(login)["id"], name))
    assert [each.json()["displayName"] for each in answers] == ["Kit Marlow"] * 2
    assert told(site, "name_corrected") == [
        "Riverside Council's directory corrected the name of Kim Tran at Riverside Council to Kit Marlow"
    ]
    with site.db.read() as session:
        names = [session.get_one(Person, site.cast.people[each].id).name for each in ("kim", "lee")]
    assert names == ["Kit Marlow", "Lee Ford"]


def test_another_address_is_asked_about_and_theirs_to_change(site: Site, entra: Caller) -> None:
    address = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "kim.tran@council.example"}
    first = {"op": "replace", "path": "emails", "value": [{"type": "work", "value": KIM, "primary": True}]}
    entra.patch(entra.find(KIM)["id"], first)
    assert entra.patch(entra.find(KIM)["id"], address).status_code == 200
    with site.db.read() as session:
        assert session.get_one(Person, site.cast.kim.id).email == KIM
    (asked,) = told(site, "change_asked")
    assert asked.startswith("Riverside Council's directory asked Kim Tran of Riverside Council to look at their name")
    assert asked.endswith("your address there is kim.tran@council.example now")


def test_who_never_came_in_is_invited_at_the_other_address_in_their_stead(site: Site, entra: Caller) -> None:
    key = entra.create("ravi@council.example").json()["id"]
    user = {"userName": "ravi@council.example", "displayName": "Ravi Das", "active": True,
            "emails": [{"value": "r.das@council.example", "primary": True}]}  # fmt: skip
    assert entra.ask("PUT", f"/Users/{key}", user).status_code == 200
    invited = {each.email for each in agreed_in(site).people.values() if "council" in each.invited}
    assert invited == {"r.das@council.example"}
    assert entra.patch(key, {"op": "replace", "path": "active", "value": False}).status_code == 200
    assert not any("council" in each.invited for each in agreed_in(site).people.values())


def invite(site: Site, email: str, *roles: str) -> None:
    """As the lead of the council does it by the screens."""
    newcomer = {"email": email, "name": "Ravi Das", "roles": list(roles)}
    answer = site.guest("chris").post("/arrangements/RIV/organisations/council/people", newcomer)
    assert answer.status_code == 303


def at(address: str) -> dict[str, Any]:
    return {"op": "replace", "path": "emails", "value": [{"value": address, "primary": True}]}


@pytest.mark.both_databases
def test_no_directory_takes_what_a_lead_gave_to_another_address(site: Site, entra: Caller) -> None:
    invite(site, "ravi@council.example", "lead", "manager")
    assert roles_at(site, RAVI) == frozenset({Role.LEAD, Role.MANAGER})
    answer = entra.patch(entra.find(RAVI)["id"], at("evil@north.example"))
    assert answer.status_code == 200
    assert roles_at(site, "evil@north.example") == frozenset({Role.FRONT_LINE})
    assert RAVI not in emails(site)


@pytest.mark.both_databases
def test_an_address_of_somebody_who_joined_by_the_screens_since_is_no_ones_to_take(site: Site, entra: Caller) -> None:
    key = entra.create("new@council.example").json()["id"]
    invite(site, RAVI, "manager")
    assert entra.patch(key, at(RAVI)).status_code == 409
    assert roles_at(site, RAVI) == frozenset({Role.MANAGER})
    assert "new@council.example" in emails(site)


def test_who_was_told_of_and_then_joined_by_the_screens_stays_when_they_are_renamed(site: Site, entra: Caller) -> None:
    key = entra.create(RAVI, active=False).json()["id"]
    invite(site, RAVI, "manager")
    tag = entra.ask("GET", f"/Users/{key}").headers["etag"]
    name = {"op": "replace", "path": "displayName", "value": "Ravi"}
    answer = entra.patch(key, name, If_Match=tag)
    assert (answer.status_code, answer.json()["active"]) == (200, True)
    assert RAVI in emails(site)


def test_the_address_that_their_account_has_by_now_leaves_an_invitation_as_it_is(site: Site, entra: Caller) -> None:
    key = entra.create("stan@north.example").json()["id"]
    with site.db.write() as session:
        session.get_one(Person, site.cast.stan.id).email = "pike@north.example"
        session.merge(site.cast.partnership).changed()
    answer = entra.patch(key, at("pike@north.example"))
    assert (answer.status_code, answer.json()["active"]) == (200, True)
    assert told(site, "invitation_ended") == []
    assert "pike@north.example" in emails(site)


@pytest.mark.both_databases
def test_who_is_told_of_as_not_active_is_answered_alike_whoever_was_here_once(site: Site, entra: Caller) -> None:
    entra.find(LEE)
    with site.db.write() as session:
        session.get_one(Person, site.cast.lee.id).email = "lee@home.example"
        session.merge(site.cast.partnership).changed()
    entra.set_active(LEE, active=False)
    for number, address in enumerate(("lee@home.example", "nobody@home.example")):
        assert entra.create(f"guess{number}", active=False, emails=[{"value": address}]).status_code == 201


@pytest.mark.both_databases
def test_who_was_here_once_is_invited_as_another_user_and_the_one_of_before_leads_nowhere(
    site: Site, entra: Caller
) -> None:
    before = entra.find(LEE)["id"]
    entra.set_active(LEE, active=False)
    assert entra.create("l.ford", emails=[{"value": LEE}]).json()["active"] is True
    assert entra.ask("GET", f"/Users/{before}").json()["active"] is False
    assert entra.patch(before, {"op": "replace", "path": "active", "value": True}).status_code == 409
    assert LEE in emails(site)


def test_who_comes_in_meanwhile_is_known_by_what_the_directory_said(site: Site, entra: Caller) -> None:
    key = entra.create("ravi@council.example").json()["id"]
    with site.db.write() as session:
        person = session.exec(select(Person).where(Person.email == "ravi@council.example")).one()
        come_in(session, person.id, now=site.now)
        person.name, person.email = "Somebody Else", "ravi@home.example"
    shown = entra.ask("GET", f"/Users/{key}").json()
    assert (shown["userName"], shown["emails"][0]["value"]) == ("ravi@council.example",) * 2
    assert "Else" not in str(shown)
    assert entra.set_active("ravi@council.example", active=False).status_code == 200
    assert roles(site, "Somebody Else") is None


def test_somebody_whom_a_lead_invites_later_is_found_too(site: Site, entra: Caller) -> None:
    entra.find(KIM)
    newcomer = {"email": "ravi@council.example", "name": "Ravi Das", "roles": ["manager"]}
    site.guest("chris").post("/arrangements/RIV/organisations/council/people", newcomer)
    assert entra.find("ravi@council.example")["active"] is True
    assert entra.create("ravi@council.example").status_code == 409
    entra.ask("GET", "/Users")
    assert told(site, "roles_changed") == []


def test_who_is_told_of_before_they_are_active_is_nobody_until_then(site: Site, entra: Caller) -> None:
    entra.create("ravi@council.example", active=False)
    assert told(site, "person_invited") == []
    newcomer = {"email": "ravi@council.example", "name": "Ravi Das", "roles": ["manager"]}
    site.guest("chris").post("/arrangements/RIV/organisations/council/people", newcomer)
    assert entra.find("ravi@council.example")["active"] is True
    assert entra.set_active("ravi@council.example", active=True).status_code == 200
    assert told(site, "roles_changed") == []


def test_nothing_said_anew_is_no_event(site: Site, entra: Caller) -> None:
    user = entra.find(KIM)
    with site.db.read() as session:
        before = len(session.exec(select(Event.id)).all())
    for _ in range(2):
        assert entra.ask("PUT", f"/Users/{user['id']}", user).status_code == 200
        entra.set_active(KIM, active=True)
    with site.db.read() as session:
        assert len(session.exec(select(Event.id)).all()) == before


def test_too_many_invitations_of_one_address_are_put_off_and_its_removal_is_not(site: Site, entra: Caller) -> None:
    answers: list[Any] = []
    for _ in range(7):
        created = entra.create("ravi@council.example")
        answers.append(created)
        if created.status_code == 201:
            assert entra.ask("DELETE", f"/Users/{created.json()['id']}").status_code == 204
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    site.now += timedelta(days=1)
    assert entra.create("ravi@council.example").status_code == 201


def test_an_organisation_that_left_has_no_directory(site: Site, entra: Caller) -> None:
    with site.db.write() as session:
        session.merge(site.cast.council).retired_at = site.now
        session.merge(site.cast.partnership).changed()
    assert entra.ask("GET", "/Users").status_code == 401
