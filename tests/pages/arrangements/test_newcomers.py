"""Many people at once, on screen: the plan is shown before anything is done, and one button does what was shown."""

import re
from html import unescape

import pytest

from tests.pages.arrangements.forms_on_page import agreed_in
from tests.site import Guest, Site, went_to

pytestmark = pytest.mark.both_databases

ACUTE = "/arrangements/RIV/organisations/acute"
LIST = "Ravi Das <ravi@acute.example>\nKim Tran <kim@council.example>\nJo Lind <jo@acute.example>"
EVERYBODY = "name,address,roles\nJo Lind,jo@acute.example,manager\nRavi Das,ravi@acute.example,"


def shown(guest: Guest, text: str = LIST, **fields: str) -> tuple[int, str]:
    answer = guest.post(f"{ACUTE}/newcomers", {"list": text, "roles": "front_line", **fields})
    return answer.status_code, answer.text


def mark(page: str) -> str:
    found = re.search(r'name="plan" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_the_plan_is_shown_and_nothing_is_done(site: Site) -> None:
    before = agreed_in(site).version
    status, page = shown(site.guest("alex"))
    assert (status, agreed_in(site).version) == (200, before)
    assert "1 to be invited, 1 as they are, 1 refused." in page
    assert "they belong to Riverside Council; who belongs to two is added one at a time" in page
    assert "Not in the list" not in page


def test_who_is_not_in_a_table_is_listed_and_stays(site: Site) -> None:
    alex = site.guest("alex")
    _, page = shown(alex, EVERYBODY)
    assert "Not in the list: 4. They stay." in page
    assert shown(alex, EVERYBODY, plan=mark(page))[0] == 303
    assert len([each for each in agreed_in(site).people.values() if "acute" in each.places]) == 6


def test_one_button_does_what_was_shown(site: Site) -> None:
    alex = site.guest("alex")
    _, page = shown(alex)
    answer = alex.post(f"{ACUTE}/newcomers", {"list": LIST, "roles": "front_line", "plan": mark(page)})
    assert (answer.status_code, went_to(answer)) == (303, ACUTE)
    done = alex.get(answer.headers["location"]).text
    assert "Riverside Hospitals: 1 added, 1 unchanged and 1 refused" in done
    assert "Ravi Das" in done
    assert "Alex Hill took in a list of people of Riverside Hospitals: 1 invited, 0 changed" in unescape(
        alex.get("/arrangements/RIV/events").text
    )


def test_what_changed_meanwhile_is_shown_again_and_nothing_is_done(site: Site) -> None:
    alex = site.guest("alex")
    _, page = shown(alex)
    alex.post(f"{ACUTE}/people", {"email": "ravi@acute.example", "name": "Ravi Das", "roles": ["front_line"]})
    status, again = shown(alex, plan=mark(page))
    assert (status, "Since this was shown something changed" in again) == (409, True)
    assert "There is nothing to do." in again


def test_a_file_is_read_as_what_is_pasted_is(site: Site) -> None:
    alex = site.guest("alex")
    sent = {"file": ("people.csv", "Zoë Müller;zoe@acute.example".encode("cp1252"), "text/csv")}
    answer = alex.post(f"{ACUTE}/newcomers", {"roles": "manager"}, files=sent)
    assert answer.status_code == 200
    assert "Zoë Müller" in answer.text
    assert "as manager" in answer.text


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "Paste at least one line with an address."),
        ("\n".join(f"p{number}@acute.example" for number in range(1001)), "allowed: 1,000 at once"),
        ("a" * 110_000, "allowed: 100 kB"),
    ],
)
def test_a_list_that_is_none_is_given_back_as_it_was_typed(site: Site, text: str, said: str) -> None:
    status, page = shown(site.guest("alex"), text)
    assert (status, said in page, text in page) == (422, True, True)


@pytest.mark.parametrize("name", ["sam", "jo", "priya", "chris", "kim"])
@pytest.mark.parametrize("plan", [{}, {"plan": "0" * 16}])
def test_nobody_but_a_lead_of_theirs_sees_or_does_it(site: Site, name: str, plan: dict[str, str]) -> None:
    guest = site.guest(name)
    assert guest.get(f"{ACUTE}/newcomers").status_code == 403
    assert guest.get(f"{ACUTE}/people.csv").status_code == 403
    assert shown(guest, **plan)[0] == 403
    assert len(agreed_in(site).people) == 15


@pytest.mark.parametrize("name", ["stan", "nora"])
def test_to_strangers_it_is_not_there(site: Site, name: str) -> None:
    guest = site.guest(name)
    assert guest.get(f"{ACUTE}/newcomers").status_code == 404
    assert guest.get(f"{ACUTE}/people.csv").status_code == 404
    assert shown(guest)[0] == 404


def test_people_as_a_file_hold_no_formula_and_can_be_pasted_again(site: Site) -> None:
    alex = site.guest("alex")
    shown(
        alex,
        "=cmd|' /C calc'!A0 <ravi@acute.example>",
        plan=mark(shown(alex, "=cmd|' /C calc'!A0 <ravi@acute.example>")[1]),
    )
    answer = alex.get(f"{ACUTE}/people.csv")
    text = answer.content.decode("utf-8-sig")
    assert answer.headers["content-disposition"] == 'attachment; filename="RIV-acute-people.csv"'
    assert "'=cmd|' /C calc'!A0,ravi@acute.example,acute,front_line,\r\n" in text
    assert "Sam Okafor,sam@acute.example,acute,front_line,front holds\r\n" in text
    assert "6 as they are." in shown(alex, text)[1]
