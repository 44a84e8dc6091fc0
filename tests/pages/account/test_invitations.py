"""Invitations: a lead learns nothing of an account before its person comes in, and nobody is a member unasked."""

import re
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, person_address, version_on
from tests.site import Guest, Site, opened_site, went_to
from tracker.actions.agree_ladder import agree_as_lead, ladder_of
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load, planned
from tracker.queries.people import key_in
from tracker.records.event import Event
from tracker.records.ladder import LadderVersion
from tracker.records.person import Person
from tracker.records.session import SignInLink
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Role

pytestmark = pytest.mark.both_databases

ACUTE = "/arrangements/RIV/organisations/acute"
NEW, ELSEWHERE = "ravi@acute.example", "stan@north.example"
# What a lead can look at, without issues: those go to members, and to nobody else.
PAGES = (
    "/", "/issues", "/people/RIV", "/arrangements/RIV", ACUTE, "/arrangements/RIV/events", "/arrangements/RIV/mail",
    "/arrangements/RIV/bodies/front", "/arrangements/RIV/routes", "/arrangements/RIV/charter", "/bodies/RIV",
    "/bodies/RIV/front", "/reports/RIV/themes", "/reports/RIV/ladder",
)  # fmt: skip


def invite(site: Site, email: str, *, roles: tuple[str, ...] = ("front_line",), by: str = "alex") -> Guest:
    """By a lead, under a name that is not that of any account."""
    lead = site.guest(by)
    fields = {"email": email, "name": "Ravi Das", "roles": list(roles)}
    assert lead.post(f"{ACUTE}/people", fields).status_code == 303
    return lead


def test_a_lead_sees_no_difference_between_an_account_that_is_elsewhere_and_none(tmp_path: Path) -> None:
    seen = [_seen_by_the_lead(tmp_path / name, email) for name, email in (("new", NEW), ("elsewhere", ELSEWHERE))]
    assert seen[0] == seen[1]
    assert "invited" in seen[0][ACUTE]


def _seen_by_the_lead(home: Path, email: str) -> dict[str, str]:
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    database.migrate()
    with opened_site(database, home) as site:
        lead = invite(site, email, roles=("front_line", "lead"))
        _seat(lead, email)
        key = key_in("RIV", email)
        pages = (*PAGES, person_address("acute", email))
        found = {
            page.replace(key, "KEY"): _drawn(lead, page).replace(email, "ADDRESS").replace(key, "KEY") for page in pages
        }
    database.dispose()
    return found


def _drawn(guest: Guest, page: str) -> str:
    """Without what differs each time it is drawn."""
    return re.sub(r'(csrf"|drafts"|once"|version") (value|content)="[^"]*"', r"\1", guest.get(page).text)


def _seat(lead: Guest, email: str) -> None:
    body = "/arrangements/RIV/bodies/front"
    fields = {"person1": email, "holds1": "yes", "deputy1": "jo@acute.example", "version": version_on(lead, body)}
    assert lead.post(f"{body}/seats/acute", fields).status_code == 303


def test_who_has_an_account_elsewhere_is_no_member_before_they_accept(site: Site) -> None:
    lead = invite(site, ELSEWHERE, roles=("front_line", "manager", "lead"))
    stan = site.guest("stan")
    assert stan.get("/arrangements/RIV").status_code == 404
    assert stan.get("/people/RIV").status_code == 404
    agreed = agreed_in(site)
    assert agreed.people[site.cast.stan.id].roles == {}
    assert [each.name for each in agreed.leads_of("acute")] == ["Alex Hill"]
    assert "Stan" not in lead.get(ACUTE).text


def test_a_seat_holds_nothing_before_its_person_accepts(site: Site) -> None:
    lead = invite(site, ELSEWHERE)
    _seat(lead, ELSEWHERE)
    with site.db.write() as session:
        issue = make_issue(session, site.cast, by="kim", with_="acute")
        holders = {each.person_id for each in issue.holders}
    assert site.cast.stan.id not in holders
    assert site.cast.jo.id in holders


def test_who_has_not_accepted_agrees_no_ladder(site: Site) -> None:
    invite(site, ELSEWHERE, roles=("lead",))
    with site.db.write() as session:
        ladder, stan = ladder_of(session, site.cast.partnership.id, "operational"), session.merge(site.cast.stan)
        session.add(LadderVersion(**{**site.cast.ladder.model_dump(exclude={"id"}), "number": 2, "in_force_at": None}))
        session.flush()
        with pytest.raises(MayNot, match="leads no organisation of this partnership"):
            agree_as_lead(session, ladder, stan, now=site.now)


def test_they_accept_on_their_own_desk_and_are_a_member_under_their_own_name(site: Site) -> None:
    lead, stan = invite(site, ELSEWHERE), site.guest("stan")
    assert "Riverside Hospitals invites you" in stan.get("/").text
    answer = stan.post("/invitations/RIV/acute/acceptance")
    assert (answer.status_code, went_to(answer)) == (303, "/?partnership=RIV")
    assert stan.get("/people/RIV").status_code == 200
    assert "invites you" not in stan.get("/").text
    assert agreed_in(site).people[site.cast.stan.id].roles == {"acute": frozenset({Role.FRONT_LINE})}
    page = lead.get(ACUTE).text
    assert ("Stan Pike" in page, "Ravi Das" in page, "invited" in page) == (True, False, False)
    assert "Stan Pike came in for Riverside Hospitals" in lead.get("/arrangements/RIV/events").text


def test_they_decline_and_the_lead_reads_it_under_the_name_that_was_typed(site: Site) -> None:
    lead, stan = invite(site, ELSEWHERE), site.guest("stan")
    _seat(lead, ELSEWHERE)
    assert stan.post("/invitations/RIV/acute/refusal").status_code == 303
    assert stan.get("/").status_code == 200, "who declines stays signed in where they belong"
    assert "invites you" not in stan.get("/").text
    assert ELSEWHERE not in lead.get(ACUTE).text
    events = lead.get("/arrangements/RIV/events").text
    assert "Ravi Das did not accept the invitation to Riverside Hospitals" in events
    assert "Stan" not in events
    assert [seat.person_id for seat in agreed_in(site).bodies["front"].seats if seat.organisation == "acute"] == [
        site.cast.jo.id
    ]


def test_who_belongs_to_another_side_is_recorded_and_written_to_under_the_name_that_was_typed(site: Site) -> None:
    lead = invite(site, "kim@council.example")
    events = lead.get("/arrangements/RIV/events").text
    assert "invited Ravi Das (kim@council.example) to Riverside Hospitals" in events
    with site.db.read() as session:
        assert [each.to_name for each in session.exec(select(SignInLink)) if each.purpose == "invitation"] == [
            "Ravi Das"
        ]


@pytest.mark.parametrize("answer", ["acceptance", "refusal"])
@pytest.mark.parametrize("name", ["sam", "alex", "stan", "nora"])
def test_nobody_answers_an_invitation_that_is_not_theirs(site: Site, name: str, answer: str) -> None:
    invite(site, "nils@north.example")
    assert site.guest(name).post(f"/invitations/RIV/acute/{answer}").status_code == 404


def test_an_invitation_is_answered_once(site: Site) -> None:
    invite(site, ELSEWHERE)
    stan = site.guest("stan")
    stan.post("/invitations/RIV/acute/acceptance")
    assert stan.post("/invitations/RIV/acute/refusal").status_code == 404
    assert stan.get("/people/RIV").status_code == 200


def test_somebody_new_is_a_member_at_once_and_invited_until_they_come_in(site: Site) -> None:
    lead = invite(site, NEW)
    assert agreed_in(site).people[_id_of(site, NEW)].roles == {"acute": frozenset({Role.FRONT_LINE})}
    assert "invited" in lead.get(ACUTE).text
    ravi = site.stranger()
    link = site.link(NEW)
    ravi.get(link)
    assert ravi.post(link).status_code == 303
    assert "invited" not in lead.get(ACUTE).text
    assert "Ravi Das came in for Riverside Hospitals" in lead.get("/arrangements/RIV/events").text


def test_who_belongs_nowhere_any_more_accepts_by_coming_in_and_is_told_so(site: Site) -> None:
    invite(site, ELSEWHERE)
    _let_go_by_nora(site)
    link, stan = site.link(ELSEWHERE), site.stranger()
    assert "You are invited to Riverside Hospitals in Riverside Integrated Discharge: by signing in you accept" in (
        stan.get(link).text
    )
    assert stan.post(link).status_code == 303
    assert "Stan Pike" in stan.get("/account").text


def test_a_name_and_an_address_are_corrected_until_somebody_has_come_in(site: Site) -> None:
    lead = invite(site, NEW)
    address = person_address("acute", NEW)
    fields = {"email": NEW, "name": "Ravi Dass", "version": version_on(lead, address)}
    assert lead.post(f"{address}/correction", fields).status_code == 303
    assert "Ravi Dass" in lead.get(ACUTE).text
    fields = {"email": "r.dass@acute.example", "name": "Ravi Dass", "version": version_on(lead, address)}
    assert lead.post(f"{address}/correction", fields).status_code == 303
    page = lead.get(ACUTE).text
    assert (NEW in page, "r.dass@acute.example" in page) == (False, True)
    events = lead.get("/arrangements/RIV/events").text
    assert "Alex Hill corrected the name of Ravi Das at Riverside Hospitals to Ravi Dass" in events


def test_a_correction_changes_no_name_of_an_account_that_is_elsewhere(site: Site) -> None:
    lead = invite(site, ELSEWHERE)
    address = person_address("acute", ELSEWHERE)
    fields = {"email": ELSEWHERE, "name": "Somebody Else", "version": version_on(lead, address)}
    assert lead.post(f"{address}/correction", fields).status_code == 303
    assert "Somebody Else" in lead.get(ACUTE).text
    assert "Stan Pike" in site.guest("nora").get("/people/ELS").text


def test_who_has_come_in_is_not_corrected(site: Site) -> None:
    lead, address = site.guest("alex"), person_address("acute", "sam@acute.example")
    fields = {"email": "sam2@acute.example", "name": "Sam O.", "version": version_on(lead, address)}
    assert lead.post(f"{address}/correction", fields).status_code == 409
    assert "Sam Okafor, sam@acute.example" in site.guest("sam").get("/account").text


def test_a_lead_who_has_not_come_in_is_not_the_last_lead_left(site: Site) -> None:
    lead = invite(site, NEW, roles=("lead",))
    address = person_address("acute", "alex@acute.example")
    answer = lead.post(f"{address}/leaving", {"version": version_on(lead, address)})
    assert answer.status_code == 422
    assert "Nobody else who leads it has come in yet." in answer.text
    assert [each.name for each in agreed_in(site).leads_of("acute")] == ["Alex Hill", "Ravi Das"]


def test_the_charter_says_who_was_invited_as_it_was_typed_and_loads_without_a_change(site: Site) -> None:
    invite(site, ELSEWHERE)
    with site.db.write() as session:
        text = export(session, "RIV")
        charter = check(text, today=site.now.date())
        assert charter.person[ELSEWHERE].name == "Ravi Das"
        assert str(planned(session, charter)) == "Nothing to change."


@pytest.mark.parametrize("name", ["sam", "stan"])
def test_no_load_changes_the_name_of_who_has_come_in_or_belongs_elsewhere(site: Site, name: str) -> None:
    email = site.cast.people[name].email
    if name == "stan":
        invite(site, email)
    with site.db.write() as session:
        text = export(session, "RIV").replace("Sam Okafor", "Mallory").replace("Ravi Das", "Mallory")
        load(session, check(text, today=site.now.date()), now=site.now)
    with site.db.read() as session:
        assert session.exec(select(Person.name).where(Person.email == email)).one() == site.cast.people[name].name


def test_what_was_done_to_a_person_is_told_in_no_partnership_that_it_does_not_touch(site: Site) -> None:
    invite(site, ELSEWHERE)
    site.guest("stan").post("/invitations/RIV/acute/acceptance")
    with site.db.read() as session:
        homes = session.exec(select(Event.partnership_id).where(col(Event.kind).like("person_%")))
        assert set(homes) == {site.cast.partnership.id}


def _let_go_by_nora(site: Site) -> None:
    nora = site.guest("nora")
    address = f"/arrangements/ELS/organisations/north/people/{key_in('ELS', ELSEWHERE)}"
    assert nora.post(f"{address}/leaving", {"version": version_on(nora, address)}).status_code == 303


def _id_of(site: Site, email: str) -> int:
    with site.db.read() as session:
        return session.exec(select(Person.id).where(Person.email == email)).one()
