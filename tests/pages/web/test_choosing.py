"""One person of many is chosen by typing: by name, its beginnings or the address, without any script."""

import re

import pytest

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, version_on
from tests.pages.web.test_two_thousand_people import crowd
from tests.site import Guest, Site, went_to
from tracker.queries.people import UnclearPerson, one_called

PEOPLE = [
    ("Sam Okafor", "sam@acute.example"),
    ("Sam Lind", "lind@acute.example"),
    ("Zoë Müller", "zoe@acute.example"),
    ("Zoë Müllerová", "zoem@acute.example"),
    ("Ann Smith", "ann1@acute.example"),
    ("Ann Smith", "ann2@acute.example"),
]
OPS, DECIDING = "/arrangements/RIV/bodies/ops", "/bodies/RIV/steering/decisions"


@pytest.fixture
def crowded(site: Site) -> Site:
    """A hundred people more."""
    with site.db.write() as session:
        crowd(session, site.cast, 0, 100)
    return site


@pytest.mark.parametrize(
    "typed, email",
    [
        ("Sam Okafor <sam@acute.example>", "sam@acute.example"),
        ("SAM@acute.example", "sam@acute.example"),
        ("sam okafor", "sam@acute.example"),
        ("oka", "sam@acute.example"),
        ("Okafor, Sam", "sam@acute.example"),
        ("zoe muller", "zoe@acute.example"),
        ("Ann Smith <ann2@acute.example>", "ann2@acute.example"),
    ],
)
def test_one_is_meant_by_address_name_or_beginnings(typed: str, email: str) -> None:
    assert one_called(typed, PEOPLE, lambda each: each)[1] == email


@pytest.mark.parametrize(
    "typed, said",
    [
        (
            "sam",
            "“sam” may be Sam Okafor <sam@acute.example> or Sam Lind <lind@acute.example>. Give the address of one.",
        ),
        ("Ann Smith", "“Ann Smith” may be Ann Smith <ann1@acute.example> or Ann Smith <ann2@acute.example>."),
        ("nobody", "Nobody here is called “nobody”."),
        ("…", "Nobody here is called “…”."),
    ],
)
def test_nobody_is_guessed(typed: str, said: str) -> None:
    with pytest.raises(UnclearPerson) as refused:
        one_called(typed, PEOPLE, lambda each: each)
    assert said in str(refused.value)


@pytest.mark.parametrize("letters", ["a", "a ", "1.", "<", "@", "é-", "sam "])
def test_what_is_too_long_for_a_name_is_refused_unread_and_not_repeated(letters: str) -> None:
    with pytest.raises(UnclearPerson) as refused:
        one_called(letters * 100_000, PEOPLE, lambda each: pytest.fail("Nobody is looked at."))
    assert str(refused.value) == "Keep this to 500 characters."


def test_the_longest_name_and_address_are_still_somebody() -> None:
    name, email = "n" * 200, f"{'a' * 190}@b.example"
    assert one_called(f"{name} <{email}>", [(name, email)], lambda each: each) == (name, email)


def test_a_word_that_is_typed_often_is_sought_once() -> None:
    assert one_called("oka " * 100, PEOPLE, lambda each: each)[0] == "Sam Okafor"


def test_a_short_list_stays_a_list(site: Site) -> None:
    page = site.guest("alex").get(OPS).text
    assert '<select id="seats-acute-person1"' in page
    assert "datalist" not in page


def test_seats_are_filled_by_typing_and_keep_who_sits_there(crowded: Site) -> None:
    alex = crowded.guest("alex")
    page = alex.get(OPS).text
    assert 'value="Jo Lind &lt;jo@acute.example&gt;"' in page
    assert 'aria-label="Person in row 1"' in page
    fields = {
        "person1": "Jo Lind <jo@acute.example>",
        "holds1": "yes",
        "person2": "celik 0004",
        "deputy1": "sam okafor",
    }
    answer = alex.post(f"{OPS}/seats/acute", {**fields, "version": version_on(alex, OPS)})
    assert (answer.status_code, went_to(answer)) == (303, OPS)
    agreed = agreed_in(crowded)
    seats = [each for each in agreed.bodies["ops"].seats if each.organisation == "acute"]
    names = [(agreed.people[each.person_id].name, each.deputy_id) for each in seats]
    assert names == [("Jo Lind", crowded.cast.sam.id), ("Péter Çelik 0004", None)]


def test_who_is_not_clear_is_refused_and_what_was_typed_stays(crowded: Site) -> None:
    alex = crowded.guest("alex")
    fields = {"person1": "celik", "holds1": "yes", "deputy1": "Sam Okafor"}
    answer = alex.post(f"{OPS}/seats/acute", {**fields, "version": version_on(alex, OPS)})
    assert answer.status_code == 422
    assert "“celik” may be Péter Çelik 0000 &lt;crowd0000@crowd.example&gt;" in answer.text
    assert "Give the address of one." in answer.text
    assert 'name="person1" value="celik"' in answer.text
    assert 'name="deputy1" value="Sam Okafor"' in answer.text


def test_a_colleague_is_named_by_typing(crowded: Site) -> None:
    with crowded.db.write() as session:
        ref = make_issue(session, crowded.cast).ref
    sam = crowded.guest("sam")
    page = sam.get(f"/issues/{ref}").text
    assert 'list="colleague-colleague-people"' in page
    assert 'aria-describedby="colleague-colleague-hint"' in page
    wrong = sam.post(f"/issues/{ref}/colleague", {"colleague": "celik"})
    assert (wrong.status_code, 'value="celik"' in wrong.text) == (422, True)
    assert "Choose a colleague of Riverside Hospitals. “celik” may be" in wrong.text
    other_side = sam.post(f"/issues/{ref}/colleague", {"colleague": "Kim Tran"})
    assert (other_side.status_code, "Nobody here is called “Kim Tran”" in other_side.text) == (422, True)
    assert sam.post(f"/issues/{ref}/colleague", {"colleague": "Jo Lind"}).status_code == 303


def test_a_colleague_for_several_is_named_by_typing(crowded: Site) -> None:
    with crowded.db.write() as session:
        refs = [make_issue(session, crowded.cast).ref for _ in range(2)]
    sam = crowded.guest("sam")
    assert 'list="several-colleague-people"' in sam.get("/issues").text
    fields = {"ref": refs, "do": "colleague", "colleague": "jo@acute.example", "back": "/issues", "once": "x"}
    answer = sam.post("/several", fields)
    assert "given to a colleague" in sam.follow(answer.headers["location"]).text


def test_leads_of_an_area_are_named_by_typing(crowded: Site) -> None:
    alex = crowded.guest("alex")
    address = "/arrangements/RIV/service-areas"
    assert 'name="leads.acute"' in alex.get(address).text
    wrong = alex.post(address, {"name": "Night", "leads.acute": "celik"})
    assert (wrong.status_code, 'name="leads.acute" value="celik"' in wrong.text) == (422, True)
    assert alex.post(address, {"name": "Night", "leads.acute": "Sam Okafor"}).status_code == 303
    assert agreed_in(crowded).service_area("night") is not None


def test_owners_of_a_decision_are_named_by_typing(crowded: Site) -> None:
    priya = crowded.guest("priya")
    assert 'name="owners.acute"' in priya.get(DECIDING).text
    said = {"what": "Ring first", "due_on": "2026-06-01", "owners.acute": "Sam Okafor", "owners.council": "celik"}
    wrong = priya.post(DECIDING, said)
    assert (wrong.status_code, "“celik” may be" in wrong.text) == (422, True)
    assert 'name="owners.council" value="celik"' in wrong.text
    assert 'name="owners.acute" value="Sam Okafor"' in wrong.text
    assert "has no place on this page" not in wrong.text
    fields = {**said, "owners.council": "kim@council.example", "themes": ["authority"]}
    assert priya.post(DECIDING, fields).status_code == 303


def proposed(guest: Guest, asked: str) -> list[str]:
    return re.findall(r'<option value="([^&]+) &lt;', guest.get(f"/people/RIV/names?{asked}").text)


def test_names_are_proposed_of_the_side_that_is_asked_for_a_dozen_at_most(crowded: Site) -> None:
    sam = crowded.guest("sam")
    assert proposed(sam, "of=colleague&colleague=oka") == ["Sam Okafor"]
    assert proposed(sam, "of=person1&person1=kim&side=council") == ["Kim Tran"]
    assert proposed(sam, "of=colleague&colleague=kim") == []
    assert proposed(sam, "of=x&x=oka&side=mars") == []
    assert len(proposed(sam, "of=colleague&colleague=celik")) == 12


def test_strangers_are_proposed_nobody(crowded: Site) -> None:
    assert crowded.guest("stan").get("/people/RIV/names?of=x&x=sam&side=acute").status_code == 404
