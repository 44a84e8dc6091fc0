"""Name and address belong to their person: changed by them alone, told where they belong, and nowhere else."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from tests.pages.account.test_invitations import ELSEWHERE, invite
from tests.pages.arrangements.forms_on_page import person_address
from tests.pages.web.test_audit import noted
from tests.site import Guest, Site
from tracker.actions.people.change_identity import MOST_TO_ONE
from tracker.clock import clock_of
from tracker.records.event import Event
from tracker.records.person import Person

pytestmark = pytest.mark.both_databases

NEW = "jo.lind@acute.example"
AGAIN = {"email": ELSEWHERE, "name": "Ravi Das", "roles": ["front_line"]}


def test_a_name_is_changed_by_its_person_and_told_to_leads(site: Site) -> None:
    jo = site.guest("jo")
    assert jo.post("/account/name", {"name": "Jo Lindqvist"}).status_code == 303
    assert "Jo Lindqvist, jo@acute.example" in jo.get("/account").text
    assert "Jo Lindqvist" in site.guest("kim").get("/people/RIV").text
    events = site.guest("chris").get("/arrangements/RIV/events").text
    assert "Jo Lind of Riverside Hospitals is called Jo Lindqvist now" in events


def test_a_name_that_is_none_is_given_back(site: Site) -> None:
    answer = site.guest("jo").post("/account/name", {"name": " "})
    assert (answer.status_code, "Fill this in." in answer.text) == (422, True)


def test_a_new_name_is_told_in_no_partnership_that_only_invited_them(site: Site) -> None:
    lead = invite(site, ELSEWHERE)
    site.guest("stan").post("/account/name", {"name": "Stanislaw Pike"})
    assert "Stan" not in lead.get("/arrangements/RIV/events").text + lead.get("/people/RIV").text
    assert "Stanislaw Pike" in site.guest("nora").get("/arrangements/ELS/events").text


def test_who_has_left_is_called_there_as_they_were(site: Site) -> None:
    lead = invite(site, ELSEWHERE)
    stan = site.guest("stan")
    stan.post("/invitations/RIV/acute/acceptance")
    lead.post(f"{person_address('acute', ELSEWHERE)}/leaving", {"version": _version(lead, ELSEWHERE)})
    site.guest("stan").post("/account/name", {"name": "Stanislaw Pike"})
    with site.db.read() as session:
        assert site.cast.arrangement(session).people[site.cast.stan.id].name == "Stan Pike"


def test_a_new_address_counts_once_its_link_is_opened_by_who_asked(site: Site) -> None:
    jo = site.guest("jo")
    assert "a link is on its way there" in jo.post("/account/address", {"email": NEW}).text
    link = _link(site, NEW)
    assert link not in jo.get(link).text
    assert _address(site) == "jo@acute.example", "opening it alone changes nothing"
    assert site.guest("kim").get(link).status_code == 410
    assert site.guest("kim").post(link).status_code == 410
    assert site.stranger().get(link).status_code == 303
    assert jo.post(link).status_code == 303
    assert _address(site) == NEW
    assert jo.get("/account").status_code == 200
    assert jo.post(link).status_code == 410


def test_the_old_address_is_told_and_its_links_are_dead(site: Site) -> None:
    jo, old = site.guest("jo"), site.link("jo@acute.example")
    jo.post("/account/address", {"email": NEW})
    jo.post(_link(site, NEW))
    told = [words for address, words in _mail(site) if address == "jo@acute.example"]
    assert any("the address of your account is another one now" in words for words in told)
    assert not any(NEW in words for words in told)
    assert site.stranger().get(old).status_code == 410
    assert "jo@acute.example → jo.lind@acute.example" in site.guest("chris").get("/arrangements/RIV/events").text


@pytest.mark.parametrize("email", ["kim@council.example", ELSEWHERE])
def test_an_address_that_somebody_has_is_answered_alike_and_nothing_is_sent(site: Site, email: str) -> None:
    jo = site.guest("jo")
    taken, free = (jo.post("/account/address", {"email": each}) for each in (email, NEW))
    assert taken.status_code == free.status_code == 200
    said = [each.text.partition("<main")[2].replace(at, "") for each, at in ((taken, email), (free, NEW))]
    assert said[0] == said[1]
    assert [address for address, _ in _mail(site)] == [NEW]


@pytest.mark.parametrize(
    "email, said",
    [
        ("jörg.müller@acute.example", "Give an address that mail arrives at"),
        ("jo", "Give an address, like"),
        ("jo@acute.example", "This is your address already."),
    ],
)
def test_an_address_that_cannot_be_theirs_is_given_back(site: Site, email: str, said: str) -> None:
    answer = site.guest("jo").post("/account/address", {"email": email})
    assert (answer.status_code, said in answer.text) == (422, True)


def test_with_the_address_end_the_invitations_that_went_there(site: Site) -> None:
    lead, stan = invite(site, ELSEWHERE), site.guest("stan")
    stan.post("/account/address", {"email": NEW})
    stan.post(_link(site, NEW))
    seen = lead.get("/arrangements/RIV/organisations/acute").text + lead.get("/arrangements/RIV/events").text
    assert (NEW in seen, "Ravi Das did not accept the invitation" in seen) == (False, True)


def test_an_invitation_is_sent_to_the_address_and_lets_nobody_in(site: Site) -> None:
    for email in (ELSEWHERE, "ravi@acute.example"):
        invite(site, email)
    told = dict(_mail(site))
    assert told[ELSEWHERE] == told["ravi@acute.example"]
    assert "Alex Hill of Riverside Hospitals invites you to Riverside Integrated Discharge" in told[ELSEWHERE]
    assert not re.search(r"/sign-in/\S", told[ELSEWHERE])


def test_a_lead_asks_and_only_the_person_changes(site: Site) -> None:
    lead, address = site.guest("alex"), person_address("acute", "jo@acute.example")
    assert lead.post(f"{address}/asking", {"what": "You are Lindqvist now."}).status_code == 303
    told = dict(_mail(site))["jo@acute.example"]
    assert "Alex Hill of Riverside Hospitals asks you to look at your name and address: You are Lindqvist now." in told
    assert _address(site) == "jo@acute.example"
    assert site.guest("chris").post(f"{address}/asking", {"what": "Mine"}).status_code == 403


@pytest.mark.parametrize(
    "address, fields",
    [("/account/asks", {}), ("/account/name", {"name": "Jo Lindqvist"})],
    ids=["they are right", "a name"],
)
def test_what_a_lead_asks_stands_on_their_desk_until_they_answer(
    site: Site, address: str, fields: dict[str, str]
) -> None:
    asked = "Alex Hill of Riverside Hospitals asks you to look at your name and address: You are Lindqvist now."
    page = person_address("acute", "jo@acute.example")
    site.guest("alex").post(f"{page}/asking", {"what": "You are Lindqvist now."})
    site.later(days=30)
    jo = site.guest("jo")
    assert asked in jo.get("/").text
    assert asked not in site.guest("alex").get("/").text
    assert jo.post(address, fields).status_code == 303
    assert asked not in jo.get("/").text


def test_nobody_is_written_to_without_end_by_an_organisation(site: Site) -> None:
    """They are asked, or invited again and again, so often a day; what was refused is written nowhere."""
    lead, address = site.guest("alex"), person_address("acute", "jo@acute.example")
    answers = [lead.post(f"{address}/asking", {"what": f"Look {turn}"}).status_code for turn in range(MOST_TO_ONE + 1)]
    assert answers == [303] * MOST_TO_ONE + [429]
    assert sum(to == "jo@acute.example" for to, _ in _mail(site)) == MOST_TO_ONE
    assert f"Look {MOST_TO_ONE}" not in site.guest("alex").get("/arrangements/RIV/events").text
    site.later(days=1)
    assert lead.post(f"{address}/asking", {"what": "Once more"}).status_code == 303


def test_who_is_invited_again_and_again_is_written_to_only_so_often(site: Site) -> None:
    for _ in range(MOST_TO_ONE):
        lead = invite(site, ELSEWHERE)
        site.guest("stan").post("/invitations/RIV/acute/refusal")
    again = lead.post("/arrangements/RIV/organisations/acute/people", AGAIN)
    assert (again.status_code, "Wait" in again.text) == (429, True)
    assert "invited" not in lead.get("/people/RIV").text


def test_what_was_done_to_them_is_told_where_they_belong_alone(site: Site) -> None:
    site.guest("stan").post("/account/name", {"name": "Stanislaw Pike"})
    with site.db.read() as session:
        told = session.exec(select(Event.partnership_id).where(col(Event.kind) == "name_changed")).all()
    assert told == [site.cast.elsewhere.id]


def _version(lead: Guest, email: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', lead.get(person_address("acute", email)).text)
    assert found
    return found[1]


def _address(site: Site) -> str:
    with site.db.read() as session:
        return session.exec(select(Person.email).where(Person.id == site.cast.jo.id)).one()


def _link(site: Site, email: str) -> str:
    words = dict(_mail(site))[email]
    found = re.search(r"/account/address/\S+", words)
    assert found
    return found[0]


def test_a_new_address_leaves_lines_without_it(site: Site) -> None:
    jo, number = site.guest("jo"), site.cast.jo.id
    with capture_logs() as lines:
        jo.post("/account/address", {"email": NEW})
        link = _link(site, NEW)
        jo.post(link)
        jo.post(link)
    told = [(line[0], line[1], *line[5:]) for line in noted(lines) if line[2]]
    assert told == [
        ("new address asked for", number),
        ("address changed", number),
        ("refused", number, "the link is spent or none", 410),
    ]
    assert NEW not in str([line for line in lines if "place" in line])


def _mail(site: Site) -> list[tuple[str, str]]:
    """To whom, and what it says; of letters about accounts."""
    list(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in (site.settings.home / "mail").glob("*")]
    mails = [each for each in found if "List-Id" not in each]
    return [(str(each["to"].addresses[0].addr_spec), _words(each)) for each in mails]


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return " ".join(str(body.get_content()).split()) if body else ""
