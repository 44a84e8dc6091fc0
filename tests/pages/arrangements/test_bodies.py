"""A body: any lead changes it, each organisation's lead its own seats."""

import pytest

from tests.pages.arrangements.forms_on_page import agreed_in, all_agree, version_on
from tests.site import Guest, Site, went_to

OPS = "/arrangements/RIV/bodies/ops"
SEATS = f"{OPS}/seats/acute"


def test_the_page_says_when_a_body_meets_and_who_sits_there(site: Site) -> None:
    text = site.guest("mo").get("/arrangements/RIV/bodies/steering").text
    assert "Meets every Tuesday at 10:00." in text
    assert "28 Apr, 10:00" in text
    assert "Priya Nair" in text


def test_a_lead_says_when_a_body_meets(site: Site) -> None:
    fields = {"name": "Managers", "often": "monthly", "first_on": "2026-05-21", "at": "13:30"}
    assert _keep(site.guest("chris"), OPS, fields) == 303
    all_agree(site)
    body = agreed_in(site).bodies["ops"]
    assert body.name == "Managers"
    assert body.meets == "DTSTART;TZID=Europe/London:20260521T133000 RRULE:FREQ=MONTHLY;BYDAY=3TH"


def test_a_body_can_meet_when_called(site: Site) -> None:
    assert (
        _keep(site.guest("chris"), "/arrangements/RIV/bodies/steering", {"name": "Steering", "often": "never"}) == 303
    )
    all_agree(site)
    assert agreed_in(site).bodies["steering"].meets is None


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"often": "weekly"}, "Give the day of the first meeting."),
        ({"often": "weekly", "first_on": "2026-05-21"}, "Give the hour of the meetings."),
        ({"often": "written"}, "Write the recurrence down, or choose how often."),
        ({"often": "written", "meets": "on Tuesdays"}, "Give a recurrence as calendars write it"),
        (
            {"often": "written", "meets": "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=SECONDLY"},
            "has “SECONDLY” as FREQ, where DAILY, WEEKLY, MONTHLY, YEARLY are taken",
        ),
        ({"often": "weekly", "first_on": "soon", "at": "10:00"}, "Give a date, as in 2026-05-07."),
    ],
    ids=["no day", "no hour", "nothing written", "no recurrence", "every second", "no date"],
)
def test_meetings_that_cannot_be_come_back_with_the_reason(site: Site, fields: dict[str, str], said: str) -> None:
    answer = site.guest("chris").post(OPS, {"name": "Managers", **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Managers"' in answer.text


def test_a_lead_changes_the_seats_of_their_organisation_and_no_others(site: Site) -> None:
    rows = {"person1": "rita@acute.example", "holds1": "yes", "deputy1": "sam@acute.example"}
    rows |= {"person2": "jo@acute.example", "holds2": "yes", "chair2": "yes", "person3": ""}
    assert _keep(site.guest("alex"), SEATS, rows, page=OPS) == 303
    agreed = agreed_in(site)
    seats = [(agreed.people[each.person_id].name, each.holds, each.chair) for each in agreed.bodies["ops"].seats]
    assert seats[:2] == [("Rita Moss", True, False), ("Jo Lind", True, True)]
    assert [name for name, _, _ in seats[2:]] == ["Lee Ford", "Bea Lund"]


@pytest.mark.parametrize(
    "rows, said",
    [
        ({f"person{number}": "Jo Lind" for number in range(201)}, "Name at most 200 people, deputies among them."),
        ({"person1": "x " * 1_000}, "Keep this to 500 characters."),
        ({"deputy1": "a@" * 1_000, "person1": "jo@acute.example"}, "Keep this to 500 characters."),
    ],
    ids=["too many", "a long name", "a long address"],
)
def test_more_than_a_form_has_is_refused_before_anybody_is_sought(site: Site, rows: dict[str, str], said: str) -> None:
    alex = site.guest("alex")
    before = agreed_in(site).bodies["ops"].seats
    answer = alex.post(SEATS, {**rows, "version": version_on(alex, OPS)})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert agreed_in(site).bodies["ops"].seats == before


@pytest.mark.parametrize(
    "rows, said",
    [
        ({"person1": "kim@council.example"}, "Kim Tran does not belong to Riverside Hospitals."),
        ({"person1": "jo@acute.example", "deputy1": "jo@acute.example"}, "Jo Lind cannot be their own deputy."),
        ({"person1": "jo@acute.example", "person2": "jo@acute.example"}, "Jo Lind has two seats there; one is enough."),
        ({"person1": "who@acute.example"}, "What was chosen is not there, or not any more; look again at the seats of"),
    ],
    ids=["of another side", "own deputy", "twice", "nobody"],
)
def test_seats_that_do_not_fit_come_back_with_the_reason(site: Site, rows: dict[str, str], said: str) -> None:
    alex = site.guest("alex")
    answer = alex.post(SEATS, {**rows, "version": version_on(alex, OPS)})
    assert answer.status_code == 422
    assert said in answer.text


def test_the_seats_of_another_organisation_are_not_theirs_to_change(site: Site) -> None:
    assert site.guest("chris").post(SEATS, {"person1": "jo@acute.example"}).status_code == 403
    assert "seats/acute" not in site.guest("chris").get(OPS).text
    assert site.guest("nora").post(SEATS).status_code == 404


def test_a_lead_adds_a_body(site: Site) -> None:
    answer = site.guest("alex").post("/arrangements/RIV/bodies", {"key": "panel", "name": "Panel"})
    assert went_to(answer) == "/arrangements/RIV/bodies/panel"
    assert "Nobody sits here for Riverside Hospitals" in site.guest("mo").get("/arrangements/RIV/bodies/panel").text


def test_a_body_that_is_there_already_is_not_added_again(site: Site) -> None:
    answer = site.guest("alex").post("/arrangements/RIV/bodies", {"key": "ops", "name": "Panel"})
    assert answer.status_code == 422
    assert "There is a body with this short name already." in answer.text


def test_who_leads_nothing_changes_no_body(site: Site) -> None:
    assert site.guest("jo").post(OPS, {"name": "Mine", "often": "never"}).status_code == 403
    assert site.guest("jo").post("/arrangements/RIV/bodies", {"key": "panel", "name": "Panel"}).status_code == 403


def _keep(guest: Guest, address: str, fields: dict[str, str], page: str = "") -> int:
    return guest.post(address, {**fields, "version": version_on(guest, page or address)}).status_code
