"""Whatever a lead sends wrong, the refusal names names: no short names, and nothing of the language of the file."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from tests.pages.arrangements.forms_on_page import person_address
from tests.pages.arrangements.test_ladders import PROPOSED
from tests.pages.arrangements.test_nobody_arranges_alone import FORMS, LADDER, addresses, version_for
from tests.pages.arrangements.test_setting_up import FREIGHT
from tests.site import Guest, Site
from tracker.exchange.charter.meanings import PLACES

AT = "/arrangements/RIV"
KEYS = {"acute", "council", "community", "ops", "operational", "deciding", "directors", "steering"}
FIELDS = {key for _, _, keys in PLACES.values() for key in keys if "_" in key} | {"or_at_most", "service_area"}
OF_THE_FILE = ("[[", "]]", "[report]", "allowed is", "allowed are", "did you mean", "default = true", "a table")
WEEK = {"name": "Riverside Hospitals", "zone": "Europe/London"}
ROUTE = {"key": "new", "ladder": "operational"}
TOLD = re.compile(r'<(?:div class="problems"|p class="error")[^>]*>.*?</(?:div|p)>(?:\s*<ul>.*?</ul>)?', re.DOTALL)

# What a lead of the Hospitals sends, and what of the refusal names what it is about.
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("/organisations/acute", {**WEEK, "mon": "01:00-02:00"}, "Riverside Council"),
    ("/organisations/acute", {**WEEK, "mon": "9 to 5"}, "is no opening span"),
    ("/organisations/acute", {**WEEK, "zone": "Nowhere", "mon": "09:00-17:00"}, "Europe/London"),
    ("/organisations", {**FREIGHT, "mon": "01:00-02:00", "tue": ""}, "Humber Freight"),
    ("/organisations", {**FREIGHT, "key": "any"}, "any of them"),
    ("/bodies", {"key": "ops", "name": "Again", "often": "never"}, "a body with this short name"),
    ("/bodies/ops/retirement", {}, "the Operational ladder"),
    ("/bodies/ops/seats/acute", {"person1": "kim@council.example"}, "Kim Tran does not belong to Riverside Hospitals"),
    ("/bodies/ops/seats/acute", {"person1": "jo@acute.example", "deputy1": "jo@acute.example"}, "Jo Lind"),
    ("/bodies/ops/seats/acute", {"person1": "gone@acute.example"}, "Operational managers"),
    ("/bodies/ops", {"name": "Ops", "often": "written", "meets": "DTSTART:20260106T100000"}, "time zone"),
    ("/ladders/operational/proposal", {**LADDER, "body1": "gone"}, "the Operational ladder"),
    ("/ladders/operational/proposal", {**PROPOSED, "limit1": "", "pause_cap": "long"}, "Give a limit"),
    ("/ladders/operational/proposal", {**PROPOSED, "body1": "", "reopens_to_escalate": "0"}, "Give a body"),
    ("/ladders/operational/retirement", {}, "The Operational ladder"),
    ("/ladders", {**PROPOSED, "key": "operational", "name": "Again"}, "a ladder with this short name"),
    ("/ladders", {"key": "empty", "name": "Empty", "reopens_to_escalate": "2"}, "at least one tier"),
    ("/routes", {**ROUTE, "start": "quality"}, "the Operational ladder"),
    ("/routes", {**ROUTE, "ladder": "gone"}, "route new"),
    ("/routes", {**ROUTE, "leads": ["council sam@acute.example"]}, "Sam Okafor does not belong to Riverside Council"),
    ("/service-areas", {"name": "Beds", "answers": "gone"}, "the service area Beds"),
    ("/service-areas", {"name": "None"}, "cannot be its short name"),
    ("/clauses", {"key": "1 1", "topic": "NONE", "title": ""}, "Choose a topic"),
    ("/themes", {"name": "Late", "group": "gone", "topic": "GOV"}, "the theme Late"),
    ("/partnership", {"name": "", "zone": "London"}, "Give a time zone"),
    ("/partnership", {"name": "RIV", "zone": "Europe/London", "identifiers": "Nowhere"}, "Give countries by two"),
    ("/report", {"recent_months": "0"}, "1 or more"),
]  # fmt: skip


def told(text: str) -> str:
    """What the page says is wrong."""
    return unescape(re.sub(r"<[^>]+>", " ", " ".join(TOLD.findall(text))))


def of_the_file(said: str) -> list[str]:
    """What in a refusal only somebody who writes a file would know."""
    keys = [key for key in KEYS if re.search(rf"(?<![\w@.]){key}(?![\w.])", said)]
    return [*keys, *(each for each in (*OF_THE_FILE, *FIELDS) if each in said)]


def send(guest: Guest, address: str, fields: Mapping[str, Any]) -> tuple[int, str]:
    answer = guest.post(address, {**fields, "version": version_for(guest, address)})
    return answer.status_code, told(answer.text)


@pytest.fixture
def ready(site: Site) -> Site:
    """With a body that is no tier of a ladder."""
    site.guest("alex").post(f"{AT}/bodies", {"key": "quality", "name": "Quality group", "often": "never"})
    return site


def test_what_cannot_be_is_refused_by_names_and_in_plain_words(ready: Site) -> None:
    alex = ready.guest("alex")
    for address, fields, named in WRONG:
        status, said = send(alex, f"{AT}{address}", fields)
        assert status in (409, 422), (address, fields)
        assert named in said, (address, fields, said)
        assert of_the_file(said) == [], (address, fields, said)


def test_the_last_lead_does_not_go_and_the_refusal_names_whose(ready: Site) -> None:
    status, said = send(ready.guest("alex"), person_address("acute", "alex@acute.example"), {"roles": ["manager"]})
    assert status == 422
    assert "Riverside Hospitals would have no lead; each organisation needs one." in said
    assert of_the_file(said) == []


def test_whatever_is_sent_to_whichever_form_is_answered_in_plain_words(ready: Site) -> None:
    """Nothing, and rubbish in every field that some form has."""
    alex = ready.guest("alex")
    names = {name for forms in FORMS.values() for form in forms for name in form} - {"key"}
    rubbish = {**dict.fromkeys(names, "§ rubbish"), "key": "§ rubbish"}
    refused = 0
    for path, found in addresses(ready).items():
        for fields in ({}, rubbish):
            status, said = send(alex, found[0], fields)
            assert status < 500, (path, fields)
            assert of_the_file(said) == [], (path, fields, said)
            refused += status in (409, 422)
    assert refused >= 20
